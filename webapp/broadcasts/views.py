"""Pages of broadcasts: the list, one of them, and what officers do with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, flash, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from webapp import clock
from webapp.accounts.access import current_account
from webapp.broadcasts import (
    acts,
    composing_views,
    course,
    expanding,
    following_views,
    list_views,
    meaning,
    presenter,
    progress,
    queries,
    ready,
    states,
    words,
)
from webapp.broadcasts.budget import BudgetExceeded
from webapp.broadcasts.form import CancelForm, GiveBackForm, PauseForm, ReadForm, RejectForm
from webapp.broadcasts.model import Broadcast
from webapp.broadcasts.states import DRAFT, MoveNotAllowed, has_grown
from webapp.db import db, needs_network
from webapp.page import go_to, invalid, page_or_part, row_id, stored

blueprint = Blueprint("broadcasts", __name__)
for part in (composing_views.blueprint, list_views.blueprint, *following_views.blueprints):
    blueprint.register_blueprint(part)

CHANGED = _l("Somebody else changed this broadcast meanwhile. Look at it again.")
NOT_YET = _l("It may not be sent yet. The page says why.")
TICK = _l('Tick "Yes, send it once more" below.')
GREW = _l("Many more people would get it than the page said. Look at the number again.")
PAUSED = _l("It is paused. Nothing more of it goes out until somebody lets it go on.")
TAKEN_BACK = _l("It is cancelled.")
OVER_BUDGET = _l("The budget of the month does not cover it any more. The page says what is left.")


@blueprint.get("/broadcasts")
def index() -> Response:
    broadcasts, next_before = queries.page(request.args.get("before", type=row_id))
    return page_or_part(
        "broadcasts/index.html",
        "broadcasts/_rows.html",
        broadcasts=broadcasts,
        next_before=next_before,
        waiting=queries.waiting_for(current_account),
        forecast_of=acts.forecast_of,
        words=words,
    )


@blueprint.get("/broadcasts/<int:broadcast_id>")
def show(broadcast_id: int) -> Response:
    context = presenter.page_of(queries.get(broadcast_id), clock.now())
    return page_or_part("broadcasts/show.html", "broadcasts/show.html", **context)


@blueprint.post("/broadcasts/<int:broadcast_id>/submission")
@needs_network
def submit(broadcast_id: int) -> Response | tuple[str, int]:
    """To a second officer."""
    broadcast, form, now = queries.my_draft(broadcast_id), ReadForm(), clock.now()
    if not form.validate_on_submit():
        return _invalid(broadcast_id, read_form=form)

    def hand_over(it: Broadcast) -> None:
        _require_ready(it, form)
        acts.hand_over(it, current_account, now)

    return _act(broadcast, hand_over, _l("It waits for a second officer now."), form.read_version)


@blueprint.post("/broadcasts/<int:broadcast_id>/approval")
@needs_network
def approve(broadcast_id: int) -> Response | tuple[str, int]:
    """By a second officer; by its drafter where none is asked."""
    broadcast, form, now = queries.of_my_office(broadcast_id), ReadForm(), clock.now()
    if not form.validate_on_submit():
        return _invalid(broadcast_id, read_form=form)
    is_mine = broadcast.drafted_by_id == current_account.id
    if not is_mine and not queries.approves(current_account, broadcast):
        abort(403)

    def send(it: Broadcast) -> None:
        found = _require_ready(it, form)
        # Nobody approves their own; alone one only lets out what is small, before it was handed over.
        if is_mine and (found.needs_second or it.state != DRAFT):
            raise NotReady
        if not is_mine and it.state == DRAFT:
            raise NotReady
        acts.approve(it, current_account, expanding.zones(), now)

    return _act(broadcast, send, _l("It is approved. The texts go out at their hour."), form.read_version)


@blueprint.post("/broadcasts/<int:broadcast_id>/return")
@needs_network
def give_back(broadcast_id: int) -> Response | tuple[str, int]:
    broadcast, form, now = queries.of_my_office(broadcast_id), GiveBackForm(), clock.now()
    if not form.validate_on_submit():
        return _invalid(broadcast_id, give_back_form=form)
    why, note = form.why.data, form.note.data
    return _act(broadcast, lambda it: acts.give_back(it, current_account, why, now, note), _l("It is a draft again."))


@blueprint.post("/broadcasts/<int:broadcast_id>/rejection")
@needs_network
def reject(broadcast_id: int) -> Response | tuple[str, int]:
    broadcast, form, now = queries.of_my_office(broadcast_id), RejectForm(), clock.now()
    if not form.validate_on_submit():
        return _invalid(broadcast_id, reject_form=form)
    if not queries.approves(current_account, broadcast):
        abort(403)
    why, note = form.why.data, form.note.data
    return _act(
        broadcast, lambda it: acts.reject(it, current_account, why, now, note), _l("It is refused. Nothing was sent.")
    )


@blueprint.post("/broadcasts/<int:broadcast_id>/pause")
@needs_network
def pause(broadcast_id: int) -> Response | tuple[str, int]:
    broadcast, form, now = queries.of_my_office(broadcast_id), PauseForm(), clock.now()
    if not form.validate_on_submit():
        return _invalid(broadcast_id, pause_form=form)
    why = form.why.data

    def halt(it: Broadcast) -> str | None:
        acts.pause(it, current_account, why, now)
        return f"{PAUSED} {course.halted_of(it, progress.note(it, now))}" if _is_quickly_counted(it) else None

    return _act(broadcast, halt, PAUSED)


@blueprint.post("/broadcasts/<int:broadcast_id>/resumption")
@needs_network
def resume(broadcast_id: int) -> Response | tuple[str, int]:
    """What has grown beyond what was approved is looked at by somebody else than its drafter, as an approval is."""
    broadcast, form, now = queries.of_my_office(broadcast_id), ReadForm(), clock.now()
    if not form.validate_on_submit():
        return _invalid(broadcast_id, read_form=form)

    def go_on(it: Broadcast) -> None:
        if not queries.may_resume(current_account, it):
            abort(403)
        if it.pause_reason == states.GROWN:
            _require_same(it, form)
        acts.resume(it, current_account, now)

    return _act(broadcast, go_on, _l("It goes on."), form.read_version)


@blueprint.post("/broadcasts/<int:broadcast_id>/cancellation")
@needs_network
def cancel(broadcast_id: int) -> Response | tuple[str, int]:
    broadcast, form, now = queries.of_my_office(broadcast_id), CancelForm(), clock.now()
    if not form.validate_on_submit():
        return _invalid(broadcast_id, cancel_form=form)
    why = form.why.data
    if broadcast.approved_at is None and broadcast.drafted_by_id != current_account.id:
        abort(403)

    def take_back(it: Broadcast) -> str | None:
        acts.cancel(it, current_account, why, now)
        if it.approved_at is None or not _is_quickly_counted(it):
            return None
        return f"{TAKEN_BACK} {course.ended_of(it, progress.note(it, now))}"

    return _act(broadcast, take_back, TAKEN_BACK)


class CountChanged(Exception):
    """Many more would get it than the page said that was read."""


class NotReady(Exception):
    """Something stands against it, and its page says what."""


class NotOnceMore(Exception):
    """The same was said a moment ago, and nobody has ticked that it is meant to go out again."""


def _require_ready(broadcast: Broadcast, form: ReadForm) -> ready.Preview:
    """Counts a small one once more: what is put aside is what it costs now.

    Raises NotReady, NotOnceMore, CountChanged.
    """
    now = clock.now()
    if meaning.is_small(meaning.meant_by(broadcast, now)):
        meaning.count(broadcast, now)
    _require_same(broadcast, form)
    found = ready.preview_of(broadcast, now)
    if not found.may_go:
        raise NotReady
    if found.said is not None and not form.again.data:
        raise NotOnceMore
    return found


def _is_quickly_counted(broadcast: Broadcast) -> bool:
    """What has gone of a very great one is not counted before it is halted: the worker does that, seconds later."""
    found = acts.forecast_of(broadcast)
    return found is not None and found.recipients <= meaning.MOST_AT_ONCE


def _require_same(broadcast: Broadcast, form: ReadForm) -> None:
    """Whoever decides has read for how many it is. Raises CountChanged."""
    found = acts.forecast_of(broadcast)
    if found is not None and has_grown(form.read_people, found.recipients):
        raise CountChanged


def _act(
    broadcast: Broadcast, act: Callable[[Broadcast], str | None], message: Any, version: int | None = None
) -> Response | tuple[str, int]:
    """Lock it, do it, store it, with what the act says or `message`; who comes too late, or too early, looks again."""
    location = url_for("broadcasts.show", broadcast_id=broadcast.id)
    try:
        said = act(acts.locked(broadcast, version))
    except (acts.VersionChanged, MoveNotAllowed):
        return _look_again(location, CHANGED)
    except CountChanged:
        # What was counted stays: the page tells it now.
        flash(str(GREW), "error")
        return stored(location)
    except acts.NotCounted:
        return _look_again(location, NOT_YET)
    except NotReady:
        # Often for what was counted just now: it stays, or the page would not say why.
        flash(str(NOT_YET), "error")
        return stored(location)
    except NotOnceMore:
        return _look_again(location, TICK)
    except BudgetExceeded:
        return _look_again(location, OVER_BUDGET)
    return stored(location, said or message)


def _look_again(location: str, message: Any) -> Response:
    db.session.rollback()
    flash(str(message), "error")
    return go_to(location)


def _invalid(broadcast_id: int, **forms: Any) -> tuple[str, int]:
    broadcast = queries.of_my_office(broadcast_id)
    return invalid("broadcasts/show.html", **presenter.page_of(broadcast, clock.now(), **forms))
