"""What the page of a broadcast shows, by its state and by who reads it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext

from webapp.accounts.access import current_account
from webapp.areas.codes import is_within
from webapp.broadcasts import acts, describing, queries, ready, samples, states, words
from webapp.broadcasts.course import course_of
from webapp.broadcasts.form import CancelForm, GiveBackForm, PauseForm, ReadForm, RejectForm
from webapp.broadcasts.meaning import meant_by
from webapp.broadcasts.model import OVERSPENT, Broadcast, BroadcastEvent
from webapp.broadcasts.states import CANCELLED, DRAFT, PAUSED, WAITING, may_move

#: Halted for these, its numbers have to be looked at again.
TO_LOOK_AT = (states.GROWN, "budget")
#: State and newest event of one whose drafter is told why.
DECIDED = ((DRAFT, "given_back"), (states.REJECTED, "rejected"), (PAUSED, "paused"), (CANCELLED, "cancelled"))


def page_of(broadcast: Broadcast, now: datetime, **forms: Any) -> dict[str, Any]:
    """Everything for the page. `forms` that were filled in wrongly take the place of empty ones."""
    office = is_within(broadcast.area_code, current_account.area_code)
    names = [row.area.name for row in broadcast.areas]
    audience = describing.audience_of(broadcast.recipients, broadcast.criteria, names)
    if broadcast.recipient_list is not None:
        audience[1:] = [(gettext("List"), broadcast.recipient_list.name)]
    events = queries.events(broadcast.id) if office else []
    common = {
        "broadcast": broadcast,
        "words": words,
        "office": office,
        "audience": audience,
        "timing": describing.when_of(broadcast),
        "events": events,
        "decided": decided_of(broadcast, events),
        "describing": describing,
        "foretold": acts.forecast_of(broadcast),
        "course": course_of(broadcast, now) if office and broadcast.approved_at else None,
    }
    return common | (_for_office(broadcast, now, forms) if office else {})


def _for_office(broadcast: Broadcast, now: datetime, forms: dict[str, Any]) -> dict[str, Any]:
    state = broadcast.state
    preview = ready.preview_of(broadcast, now) if state in (DRAFT, WAITING) else None
    halted = ready.preview_of(broadcast, now) if state == PAUSED and broadcast.pause_reason in TO_LOOK_AT else None
    alone = preview is not None and not preview.needs_second
    may = _acts(broadcast, alone)
    return may | {
        "has_next": any(may.values()),
        "is_mine": broadcast.drafted_by_id == current_account.id,
        "preview": preview,
        "halted": halted,
        "samples": samples.of(meant_by(broadcast, now), broadcast.bodies, now) if preview else [],
        "alone": alone,
        "setters": queries.whom_to_ask_for_money(broadcast.area_code) if preview and preview.is_over else [],
        "read_form": forms.get("read_form")
        or ReadForm(formdata=None, version=broadcast.version, people=_people(preview or halted)),
        "give_back_form": forms.get("give_back_form") or GiveBackForm(formdata=None),
        "reject_form": forms.get("reject_form") or RejectForm(formdata=None),
        "pause_form": forms.get("pause_form") or PauseForm(formdata=None),
        "cancel_form": forms.get("cancel_form") or CancelForm(formdata=None),
    }


def _acts(broadcast: Broadcast, alone: bool) -> dict[str, bool]:
    """What the reader may do with it now. `alone`: no second officer is asked."""
    is_mine, state = broadcast.drafted_by_id == current_account.id, broadcast.state
    approves = queries.approves(current_account, broadcast)
    return {
        "may_change": is_mine and state == DRAFT,
        "may_hand_over": is_mine and state == DRAFT and not alone,
        "may_approve": (is_mine and alone and state == DRAFT) or (approves and state == WAITING),
        "may_give_back": state == WAITING,
        "may_reject": approves and state == WAITING,
        "may_pause": may_move(state, PAUSED),
        "may_resume": state == PAUSED and queries.may_resume(current_account, broadcast),
        # What was not approved is thrown away by its drafter; another one refuses it.
        "may_cancel": may_move(state, CANCELLED) and (is_mine or broadcast.approved_at is not None),
    }


def decided_of(broadcast: Broadcast, events: Sequence[BroadcastEvent]) -> BroadcastEvent | None:
    """By which an officer gave it back, refused, paused or cancelled it, as long as that stands."""
    newest = next((event for event in reversed(events) if event.kind != OVERSPENT), None)
    if newest is None or newest.account is None or (broadcast.state, newest.kind) not in DECIDED:
        return None
    is_taken_back = newest.kind == "given_back" and newest.account_id == broadcast.drafted_by_id
    return None if is_taken_back else newest


def _people(preview: ready.Preview | None) -> int | None:
    """How many get it as the page says it: whoever approves approves so many."""
    return preview.forecast.recipients if preview and preview.forecast else None
