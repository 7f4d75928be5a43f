"""Pages of a person's path: consents, stages, and the mark 'outside the legal path'."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, render_template, url_for
from flask_babel import format_date, gettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from webapp import clock, kept_on_phone, moments
from webapp.accounts.access import current_account
from webapp.errors import Words
from webapp.page import invalid, stored
from webapp.people import consent, editing, wording
from webapp.people.choices import HOW, PURPOSES, STAGES
from webapp.people.model import Person
from webapp.people.path_form import ConsentForm, NonproceduralForm, ReversalForm, StageForm
from webapp.people.queries import people_of
from webapp.people.questions import YES
from webapp.people.stages import DECEASED

consents = Blueprint("consents", __name__)
path = Blueprint("path", __name__)
MOVED_MEANWHILE = Words(
    _l("The stage has changed meanwhile"),
    _l("Somebody took this step back, or another followed. Open the person again and look. Nothing was stored."),
)

WITHDRAWN_MEANWHILE = Words(
    _l("This consent was withdrawn meanwhile"),
    _l("What the person said later counts. Ask the person again. Nothing was stored."),
)


@consents.get("/people/<int:person_id>/consents")
def index(person_id: int) -> str:
    person = people_of(current_account).get(person_id)
    return render_template("people/consents.html", **_ledger(person, ConsentForm(formdata=None)))


@consents.post("/people/<int:person_id>/consents")
def create(person_id: int) -> Response | tuple[str, int]:
    person, form = people_of(current_account).to_change(person_id), ConsentForm()
    if not form.validate_on_submit():
        return invalid("people/consents.html", **_ledger(person, form))
    now = clock.now()
    written = kept_on_phone.written_at(now)
    if any(given and consent.withdrawn_since(person.id, purpose, written) for purpose, given in form.consents.items()):
        abort(409, WITHDRAWN_MEANWHILE)
    for purpose, given in form.consents.items():
        person.record_consent(
            purpose,
            given,
            account=current_account,
            now=now,
            how=form.how.data,
            witness=form.witness.data,
            language=wording.LANGUAGE,
            said_at=written,
        )
    return stored(url_for("people.consents.index", person_id=person.id), _l("It stands in the ledger."))


@path.get("/people/<int:person_id>/stage")
def stage(person_id: int) -> str:
    person, today = people_of(current_account).get(person_id), moments.today()
    form = StageForm(formdata=None, from_stage=person.stage, today=today, data={"on_day": today})
    return render_template("people/stage.html", **_path(person, form), edit=editing.of_stage(person))


@path.post("/people/<int:person_id>/stage")
def move(person_id: int) -> Response | tuple[str, int]:
    person, now = people_of(current_account).to_change(person_id), clock.now()
    form, edit = StageForm(from_stage=person.stage, today=moments.today()), editing.of_stage(person)
    if form.stage.data == person.stage:
        return stored(url_for("people.show", person_id=person.id), _noted_already(person))
    if not form.validate_on_submit() or edit.contradicts(form, {"stage": form.stage.data}):
        return invalid("people/stage.html", **_path(person, form), edit=edit)
    for stage in edit.values.values():
        person.move_to(stage, on_day=form.on_day.data, account=current_account, now=now, reason=form.reason.data)
    edit.tell(current_account, now)
    if person.stage == DECEASED:
        return stored(url_for("people.show", person_id=person.id), _l("Stored. No text goes to this person any more."))
    return _stored(person)


@path.get("/people/<int:person_id>/stage/reversal")
def reversal(person_id: int) -> str:
    person = people_of(current_account).get(person_id)
    return render_template("people/reversal.html", **_reversal(person, ReversalForm(formdata=None)))


@path.post("/people/<int:person_id>/stage/reversal")
def reverse(person_id: int) -> Response | tuple[str, int]:
    person, form = people_of(current_account).to_change(person_id), ReversalForm()
    newest = person.newest_move()
    if newest is None or str(newest.id) != form.move_id.data:
        abort(409, MOVED_MEANWHILE)
    if not form.validate_on_submit():
        return invalid("people/reversal.html", **_reversal(person, form))
    person.take_back_move(account=current_account, now=clock.now(), reason=form.reason.data) or abort(404)
    return _stored(person)


@path.get("/people/<int:person_id>/nonprocedural")
def mark(person_id: int) -> str:
    person = people_of(current_account).get(person_id)
    form = NonproceduralForm(formdata=None, data={"marked": "yes" if person.nonprocedural else "no"})
    return render_template("people/nonprocedural.html", person=person, form=form, edit=editing.of_mark(person))


@path.post("/people/<int:person_id>/nonprocedural")
def set_mark(person_id: int) -> Response | tuple[str, int]:
    person, form, now = people_of(current_account).to_change(person_id), NonproceduralForm(), clock.now()
    edit = editing.of_mark(person)
    if not form.validate_on_submit() or edit.contradicts(form, {"nonprocedural": form.marked.data == YES}):
        return invalid("people/nonprocedural.html", person=person, form=form, edit=edit)
    marked = edit.values.get("nonprocedural", person.nonprocedural)
    person.mark_nonprocedural(marked, account=current_account, now=now, reason=form.reason.data)
    edit.tell(current_account, now)
    return _stored(person)


def _ledger(person: Person, form: ConsentForm) -> dict[str, Any]:
    words = {"purposes": PURPOSES, "how": HOW, "wording": wording.current(), "version": wording.WORDING}
    lines = {"ledger": consent.ledger(person.id), "consents": consent.current(person.id)}
    return {"person": person, "form": form, **lines, **words}


def _path(person: Person, form: StageForm) -> dict[str, Any]:
    return {"person": person, "form": form, "stages": STAGES, "newest": person.newest_move()}


def _noted_already(person: Person) -> str:
    """Somebody else was faster with the same step; the day may be another, so it is said."""
    newest = person.newest_move()
    day = format_date(newest.on_day, "d MMM y") if newest else ""
    return gettext("Noted already: %(stage)s, since %(day)s. Nothing was changed.", stage=STAGES[person.stage], day=day)


def _reversal(person: Person, form: ReversalForm) -> dict[str, Any]:
    return {"person": person, "form": form, "stages": STAGES, "newest": person.newest_move()}


def _stored(person: Person) -> Response:
    return stored(url_for("people.show", person_id=person.id), _l("Stored. The reminders follow the new facts."))
