"""Pages of people: finding, registering, reading and editing. What happens to them is in path_views.py."""

from __future__ import annotations

from flask import Blueprint, abort, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from webapp import clock, kept_on_phone, moments
from webapp.accounts import audit
from webapp.accounts.access import current_account
from webapp.db import needs_network, only_reads
from webapp.page import invalid, page_or_part, row_id, shown_once, stored
from webapp.people import contact_views, editing, path_views, presenter, registration, shared_phones, villages
from webapp.people.choices import ALIKE
from webapp.people.form import EditForm, NoteForm, RegistrationForm
from webapp.people.queries import people_of

blueprint = Blueprint("people", __name__)
blueprint.register_blueprint(contact_views.phones)
blueprint.register_blueprint(contact_views.contacts)
blueprint.register_blueprint(path_views.consents)
blueprint.register_blueprint(path_views.path)


@blueprint.get("/people")
def index() -> Response:
    stage = request.args.get("stage", "")
    page = people_of(current_account).page(request.args.get("after", type=row_id), "", stage)
    return page_or_part("people/index.html", "people/_rows.html", **presenter.rows(page, "", stage))


@blueprint.route("/people/search", methods=["GET", "POST"])
@only_reads
def search() -> Response:
    """By POST: names, numbers and NIK stand in no address, so in no history, log or forwarded link.

    Its address alone, opened anew, is the list.
    """
    q, stage = request.form.get("q", "")[:80], request.form.get("stage", "")
    page = people_of(current_account).page(request.form.get("after", type=row_id), q, stage)
    return page_or_part("people/index.html", "people/_rows.html", **presenter.rows(page, q, stage))


@blueprint.get("/people/new")
def new() -> Response:
    village = villages.chosen(current_account, request.args.get("village", ""))
    if village is None:
        q = request.args.get("q", "")[:80]
        offered = villages.offered(current_account, q)
        return page_or_part("people/village.html", "people/_villages.html", offered=offered, q=q, person=None)
    form = RegistrationForm(formdata=None, today=moments.today())
    return page_or_part("people/new.html", "people/new.html", **presenter.registration(form, village))


@blueprint.post("/people")
def create() -> Response | tuple[str, int]:
    code = request.form.get("area_code", "")
    # A form of a phone may come when its writer already works in another village: nobody is registered there instead.
    village = (villages.named(current_account, code) if code else villages.chosen(current_account, "")) or abort(404)
    form = RegistrationForm(today=moments.today())
    if not form.validate_on_submit() or form.again.data:
        return invalid("people/new.html", **presenter.registration(form, village))
    if not form.different_person.data and (likely := registration.likely(form, village, current_account)):
        return invalid("people/likely.html", form=form, likely=likely, village=village, alike=ALIKE)
    if shared_phones.refused_at_registration(form):
        return invalid("people/new.html", **presenter.registration(form, village))
    now = clock.now()
    person = registration.register(form, village, current_account, now, kept_on_phone.written_at(now))
    return stored(url_for("people.show", person_id=person.id), _l("Registered."))


@blueprint.get("/people/<int:person_id>")
def show(person_id: int) -> Response:
    person = people_of(current_account).get(person_id)
    before = request.args.get("before", type=presenter.moment)
    return page_or_part("people/show.html", "people/_timeline.html", **presenter.page_of(person, before, NoteForm()))


@blueprint.get("/people/<int:person_id>/edit")
def edit(person_id: int) -> Response:
    person = people_of(current_account).get(person_id)
    form = editing.form_of(person, moments.today())
    edit = editing.of_details(person)
    return page_or_part("people/edit.html", "people/edit.html", person=person, form=form, edit=edit)


@blueprint.post("/people/<int:person_id>")
def update(person_id: int) -> Response | tuple[str, int]:
    person, now = people_of(current_account).to_change(person_id), clock.now()
    form, edit = EditForm(today=moments.today(), person_id=person.id), editing.of_details(person)
    if not form.validate_on_submit() or edit.contradicts(form, form.fields):
        return invalid("people/edit.html", person=person, form=form, edit=edit)
    person.change(current_account, now, **edit.values)
    edit.tell(current_account, now)
    return stored(url_for("people.show", person_id=person.id), _l("Stored."))


@blueprint.get("/people/<int:person_id>/village")
def village(person_id: int) -> Response:
    person, q = people_of(current_account).get(person_id), request.args.get("q", "")[:80]
    offered = villages.offered(current_account, q)
    return page_or_part("people/village.html", "people/_villages.html", offered=offered, q=q, person=person)


@blueprint.post("/people/<int:person_id>/village")
def move_house(person_id: int) -> Response:
    person = people_of(current_account).to_change(person_id)
    home = villages.named(current_account, request.form.get("area_code", "")) or abort(404)
    if person.area_code not in (request.form.get("from_code", person.area_code), home.code):
        abort(409, villages.moved_meanwhile(person, home))
    person.move_house(home.code, account=current_account, now=clock.now())
    return stored(url_for("people.show", person_id=person.id), _l("Stored."))


@blueprint.post("/people/<int:person_id>/notes")
def note(person_id: int) -> Response | tuple[str, int]:
    person, form = people_of(current_account).to_change(person_id), NoteForm()
    if not form.validate_on_submit():
        return invalid("people/show.html", **presenter.page_of(person, None, form))
    person.note(form.words.data, account=current_account, now=clock.now())
    return stored(url_for("people.show", person_id=person.id, _anchor="timeline"), _l("The note is stored."))


@blueprint.post("/people/<int:person_id>/nik-views")
@needs_network
def reveal_nik(person_id: int) -> Response:
    person = people_of(current_account).get(person_id)
    audit.changed("seen", "nik", person.id, person.area_code)
    back = url_for("people.show", person_id=person.id)
    return shown_once(back, "people/nik.html", person=person, nik=person.nik)
