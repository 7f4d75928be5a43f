"""Pages on which a broadcast is put together: whom it is for, what it says, when it goes."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, request, url_for
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from webapp import clock
from webapp.accounts import submissions
from webapp.accounts.access import current_account
from webapp.broadcasts import acts, describing, drafting, meaning, presenter, queries, saved, testing, typed, words
from webapp.broadcasts.composing_form import AUDIENCE, LISTS, ComposingForm
from webapp.broadcasts.drafting import Beginning
from webapp.broadcasts.model import Broadcast
from webapp.broadcasts.states import DRAFT, WAITING, MoveNotAllowed
from webapp.db import db, needs_network, only_reads
from webapp.page import go_to, invalid, page_or_part, row_id, stored, stored_part, wants_part
from webapp.people.choices import LANGUAGES
from webapp.people.fields import complain

blueprint = Blueprint("composing", __name__)

STORED = _l("The draft is stored. Nothing has been sent.")
CHANGED = _l("Somebody else changed this broadcast meanwhile. Look at it again.")
REPLACES = _l("This draft was changed meanwhile. What you typed stands here; storing it once more replaces the other.")
ON_ITS_WAY = _l("The test text is on its way to your phone.")
AT_NIGHT = _l("The test text comes in the morning: at night nobody is texted.")
SAME_NAME = _l("Your area has an audience with this name. Choose another one.")


@blueprint.get("/broadcasts/new")
def new() -> Response:
    """Empty, or begun with `copy=` a broadcast, `audience=` a saved one, a `list=`, or areas of the address."""
    begun = _beginning()
    form = drafting.form_for(current_account, clock.now(), begun.data.get("areas", ()), formdata=None, data=begun.data)
    return page_or_part("broadcasts/new.html", "broadcasts/new.html", **_context(form, begun=begun))


@blueprint.post("/broadcasts")
@needs_network
def create() -> Response | tuple[str, int]:
    now = clock.now()
    form = drafting.form_for(current_account, now)
    copied_from = _number(form.copied_from.data)
    source = queries.get(copied_from) if copied_from else None
    if not form.validate_on_submit():
        return _invalid(form)
    broadcast = acts.draft(current_account, drafting.draft_of(form, source.id if source else None), now)
    meaning.count_if_small(broadcast, now)
    return stored(_page_of(broadcast), STORED)


@blueprint.get("/broadcasts/<int:broadcast_id>/edit")
def edit(broadcast_id: int) -> Response:
    broadcast = queries.my_draft(broadcast_id)
    if broadcast.state != DRAFT:
        return _look_again(broadcast, CHANGED)
    data = drafting.stored(broadcast)
    form = drafting.form_for(current_account, clock.now(), data["areas"], formdata=None, data=data)
    return page_or_part("broadcasts/edit.html", "broadcasts/edit.html", **_context(form, broadcast))


@blueprint.post("/broadcasts/<int:broadcast_id>/edit")
@needs_network
def update(broadcast_id: int) -> Response | tuple[str, int]:
    broadcast, now = queries.my_draft(broadcast_id), clock.now()
    form = drafting.form_for(current_account, now)
    if not form.validate_on_submit():
        return _invalid(form, broadcast)
    try:
        locked = acts.locked(broadcast, _number(form.version.data) or 0)
        acts.change(locked, current_account, drafting.draft_of(form), now)
    except MoveNotAllowed:
        return _look_again(broadcast, CHANGED)
    except acts.VersionChanged:
        # What was typed stays: whoever stores it again knows that it replaces something.
        form.version.data = str(broadcast.version)
        complain(form.title, REPLACES)
        return _invalid(form, broadcast)
    meaning.count_if_small(locked, now)
    return stored(_page_of(locked), _l("The draft is changed. Nothing has been sent."))


@blueprint.post("/broadcasts/count")
@only_reads
def count() -> Response:
    """What is typed so far comes to, as one types; without a script the whole form with it."""
    now = clock.now()
    form = drafting.form_for(current_account, now)
    return _page_or_part("broadcasts/_count.html", form, typed.count(form, now))


@blueprint.post("/broadcasts/places")
@only_reads
def places() -> Response:
    """Areas whose name is typed, beside those that are ticked already."""
    form = drafting.form_for(current_account, clock.now())
    return _page_or_part("broadcasts/_areas.html", form)


@blueprint.post("/broadcasts/measure")
@only_reads
def measure() -> Response:
    """How long the words of one language are; with `use` they are put into letters that every phone has."""
    use = request.form.get("use", "")
    language = next((one for one in (use, request.args.get("language", "")) if one in LANGUAGES), "id")
    form = drafting.words_form() if wants_part() else drafting.form_for(current_account, clock.now())
    words_of = form[f"body_{language}"]
    if use:
        words_of.data = typed.measured(language, words_of.data or "", form.columns).measure.offered
    part = "broadcasts/_words.html" if use else "broadcasts/_measure.html"
    answer = _page_or_part(part, form, measured=typed.measured(language, words_of.data or "", form.columns))
    if use:
        answer.headers["HX-Trigger"] = "words-used"
    return answer


@blueprint.post("/broadcasts/audiences")
@needs_network
@submissions.without_key
def save_audience() -> Response | tuple[str, int]:
    """Whom the form means, under a name. The form itself stays as it was filled in."""
    now = clock.now()
    form = drafting.form_for(current_account, now)
    form.validate()
    form.forget(*AUDIENCE, "audience_name")
    broadcast = _edited(form)
    if not form.audience_name.data:
        complain(form.audience_name, _l("Give the audience a name."))
    if form.errors:
        return _invalid(form, broadcast)
    audience_id = saved.save(current_account, form.audience_name.data, form.recipients.data, form.criteria, now)
    if audience_id is None:
        complain(form.audience_name, SAME_NAME)
        return _invalid(form, broadcast)
    flash(str(_l("The audience is saved. Go on with the broadcast.")))
    form.audience_name.data = ""
    location = url_for("broadcasts.composing.new", audience=audience_id)
    return stored_part(location, _template(broadcast), **_context(form, broadcast))


@blueprint.post("/broadcasts/audiences/<int:audience_id>/removal")
@needs_network
def remove_audience(audience_id: int) -> Response:
    saved.remove(saved.mine(audience_id))
    return stored(url_for("broadcasts.composing.new"), _l("The audience is removed."))


@blueprint.post("/broadcasts/<int:broadcast_id>/test")
@needs_network
def send_test(broadcast_id: int) -> Response:
    """The text as it would reach somebody, to the phone of whoever asks for it."""
    broadcast = queries.of_my_office(broadcast_id)
    if broadcast.state not in (DRAFT, WAITING):
        abort(404)
    now = clock.now()
    try:
        testing.send(broadcast, current_account, request.form.get("language", ""), now)
    except testing.NoPhone:
        return _look_again(broadcast, _l("Your account has no phone. Whoever invited you can enter one."))
    except testing.TooManyTests:
        return _look_again(broadcast, _l("Five test texts of this broadcast were sent to you today. That is enough."))
    except testing.NotWritten:
        return _look_again(broadcast, _l("The words are not right yet. Change the draft: it says there what is wrong."))
    return stored(_page_of(broadcast), AT_NIGHT if testing.arrives(now) > now else ON_ITS_WAY)


def _beginning() -> Beginning:
    if copy := request.args.get("copy", ""):
        return drafting.copy_of(queries.get(_number(copy) or abort(404)), current_account)
    if number := request.args.get("list", ""):
        return drafting.of_list(drafting.usable_list(number))
    if audience := request.args.get("audience", ""):
        return drafting.of_audience(saved.get(_number(audience) or abort(404)), current_account)
    return drafting.fresh(request.args.getlist("area")[:20])


def _invalid(form: ComposingForm, broadcast: Broadcast | None = None) -> tuple[str, int]:
    # First undone, then read: what was read before would be read once more, row by row.
    db.session.rollback()
    return invalid(_template(broadcast), **_context(form, broadcast))


def _number(text: Any) -> int | None:
    """An id or a version of a form or an address; None for anything else."""
    try:
        return row_id(str(text or ""))
    except ValueError:
        return None


def _edited(form: ComposingForm) -> Broadcast | None:
    """The draft whose form this is; None on the page of a new one. 404 for others'."""
    broadcast_id = _number(form.broadcast_id.data)
    return queries.my_draft(broadcast_id) if broadcast_id else None


def _page_or_part(part: str, form: ComposingForm, found: typed.Typed | None = None, **more: Any) -> Response:
    if wants_part():
        return page_or_part(part, part, form=form, typed=found, live=True, **_helpers(), **more)
    if found is None:
        form.forget()
    broadcast = _edited(form)
    return page_or_part(_template(broadcast), part, **_context(form, broadcast, found))


def _context(
    form: ComposingForm,
    broadcast: Broadcast | None = None,
    found: typed.Typed | None = None,
    begun: Beginning | None = None,
) -> dict[str, Any]:
    """Everything for the page of a new broadcast or of a draft."""
    return {
        "form": form,
        "broadcast": broadcast,
        "typed": found,
        "measures": typed.measures(form),
        "audiences": saved.usable(),
        "decided": presenter.decided_of(broadcast, queries.events(broadcast.id)) if broadcast else None,
        "left_out": _said(begun) if begun else "",
        **_helpers(),
    }


def _helpers() -> dict[str, Any]:
    return {"words": words, "describing": describing, "chosen": drafting.chosen, "lists": LISTS}


def _said(begun: Beginning) -> str:
    """What it does not begin with."""
    if begun.without_list:
        return gettext("It went to a list, which is not copied. Bring the list again, or choose who gets it.")
    if not begun.left_out:
        return ""
    return ngettext(
        "%(num)s area is not yours and was left out.", "%(num)s areas are not yours and were left out.", begun.left_out
    )


def _template(broadcast: Broadcast | None) -> str:
    return "broadcasts/edit.html" if broadcast else "broadcasts/new.html"


def _page_of(broadcast: Broadcast) -> str:
    return url_for("broadcasts.show", broadcast_id=broadcast.id)


def _look_again(broadcast: Broadcast, message: Any) -> Response:
    location = _page_of(broadcast)
    db.session.rollback()
    flash(str(message), "error")
    return go_to(location)
