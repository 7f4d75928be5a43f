"""The inbox: texts that a human must read, each with its conversation and a reply."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, abort, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from webapp import clock
from webapp.accounts import audit
from webapp.accounts.access import current_account
from webapp.accounts.model import Account
from webapp.conversations import acts, canned, canned_views, queries, readers, words
from webapp.conversations.answering import recipient_of
from webapp.conversations.form import ReplyForm
from webapp.conversations.model import Incoming
from webapp.conversations.thread import Mark, mark, thread
from webapp.moments import moment
from webapp.outbox.reasons import sentence
from webapp.page import invalid, page_or_part, row_id, stored

blueprint = Blueprint("conversations", __name__)
blueprint.register_blueprint(canned_views.blueprint)
#: What stands in the form for no officer.
NOBODY = "nobody"
#: What the inbox may be narrowed to.
FILTERS = {"mine": lambda before: queries.taken_on(current_account.id, before), "answered": queries.answered}


@blueprint.get("/inbox")
def index() -> Response:
    """Calls for help that wait, and below them all other texts; `calls` asks for the calls alone, further on."""
    show, before = request.args.get("show", ""), request.args.get("before", type=row_id)
    if show in FILTERS:
        found, next_before = FILTERS[show](before)
        return _index(show, list(found), None, next_before)
    # On the pages that follow the first, the calls have been seen.
    calls, next_call = queries.calls_for_help(before) if show == "calls" or before is None else queries.NOTHING
    others, next_before = queries.NOTHING if show == "calls" else queries.inbox(show != "all", before)
    return _index("all" if show == "all" else "", [*calls, *others], next_call, next_before)


def _index(show: str, lines: list[Any], next_call: int | None, next_before: int | None) -> Response:
    return page_or_part(
        "conversations/index.html",
        "conversations/_lines.html",
        lines=lines,
        next_call=next_call,
        next_before=next_before,
        show=show,
        waiting=show in ("", "mine"),
    )


@blueprint.get("/inbox/<int:incoming_id>")
def show(incoming_id: int) -> Response:
    incoming = queries.get(incoming_id)
    audit.seen("incoming", incoming.id, incoming.area_code)
    before, since = (request.args.get(name, type=mark) for name in ("before", "since"))
    part = "conversations/_earlier.html" if before else "conversations/_thread.html"
    form = _form(incoming)
    if chosen := request.args.get("canned", type=row_id):
        _fill(form, incoming, chosen)
    return page_or_part("conversations/show.html", part, **_page(incoming, form, before, since))


def _fill(form: ReplyForm, incoming: Incoming, canned_id: int) -> None:
    """With the words of a canned reply, to be changed before they are sent."""
    one = canned.usable(canned_id, current_account)
    if one is not None:
        form.body.data = canned.merged(one.body, canned.values_for(incoming, acts.person_of(incoming), current_account))


@blueprint.post("/inbox/<int:incoming_id>/replies")
def reply(incoming_id: int) -> Response | tuple[str, int]:
    incoming = queries.get(incoming_id)
    form = _form(incoming)
    if not form.validate_on_submit():
        return invalid("conversations/show.html", **_page(incoming, form))
    now = clock.now()
    leaves_at = acts.reply(incoming, form.text, current_account, now, _seen_up_to())
    return stored(url_for("conversations.show", incoming_id=incoming.id), _on_its_way(leaves_at, now))


@blueprint.post("/inbox/<int:incoming_id>/handling")
def handle(incoming_id: int) -> Response:
    acts.handle(queries.get(incoming_id), current_account, clock.now(), seen_up_to=_seen_up_to())
    return stored(url_for("conversations.index"), _l("Marked as done."))


@blueprint.post("/inbox/<int:incoming_id>/assignment")
def assign(incoming_id: int) -> Response:
    """An officer takes the conversation on, hands it to a colleague, or lets NOBODY hold it."""
    incoming = queries.get(incoming_id)
    holder = _colleague(incoming, request.form.get("holder", ""))
    if not acts.assign(incoming, holder, current_account, clock.now()):
        return stored(url_for("conversations.show", incoming_id=incoming.id), _l("Nothing waits here any more."))
    words = _l("%(name)s takes care of it.", name=holder.name) if holder else _l("It is anybody's again.")
    return stored(url_for("conversations.show", incoming_id=incoming.id), words)


def _colleague(incoming: Incoming, text: str) -> Account | None:
    """One of those who may take care of it; 404 for anybody else."""
    if text == NOBODY:
        return None
    found = next((one for one in queries.colleagues(incoming) if str(one.id) == text), None)
    return found or abort(404)


def _seen_up_to() -> int:
    """The id of the newest text that stood on the page of the form."""
    return request.form.get("seen", 0, type=row_id)


def _on_its_way(leaves_at: datetime, now: datetime) -> Any:
    if leaves_at <= now:
        return _l("Your answer is on its way.")
    return _l("Your answer leaves later, in the hours of this phone: %(when)s.", when=moment(leaves_at))


def _form(incoming: Incoming) -> ReplyForm:
    return ReplyForm(sender=current_account.name, refusal=_refusal(incoming))


def _refusal(incoming: Incoming) -> Any:
    """A sentence, if this number may not be answered: it should be called instead."""
    code = queries.why_no_reply(incoming)
    return _l("%(reason)s Please call instead.", reason=sentence(code)) if code else None


def _page(incoming: Incoming, form: ReplyForm, before: Mark | None = None, since: Mark | None = None) -> dict[str, Any]:
    person, read_by = acts.person_of(incoming), recipient_of(incoming).read_by(clock.now())
    return {
        "incoming": incoming,
        "person": person,
        "name": words.name_of(incoming, person),
        "note": words.NOTES.get(read_by),
        "goes_to": words.goes_to(incoming, person, read_by),
        "is_sure": read_by == readers.CONFIRMED,
        "thread": thread(incoming, before, since),
        "is_newest": before is None,
        "form": form,
        "holder": queries.holder_of(incoming),
        "waits": queries.waits(incoming),
        "colleagues": queries.colleagues(incoming),
        "canned": canned.usable_by(current_account),
    }
