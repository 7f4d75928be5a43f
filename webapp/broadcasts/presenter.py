"""What the page of a broadcast shows, by its state and by who reads it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import gettext

from webapp.accounts.access import current_account
from webapp.areas.codes import is_within
from webapp.broadcasts import acts, describing, forecast, queries, ready, samples, words
from webapp.broadcasts.course import course_of
from webapp.broadcasts.form import CancelForm, GiveBackForm, PauseForm, ReadForm, RejectForm
from webapp.broadcasts.meaning import meant_by
from webapp.broadcasts.model import Broadcast
from webapp.broadcasts.states import CANCELLED, DRAFT, PAUSED, WAITING, may_move


def page_of(broadcast: Broadcast, now: datetime, **forms: Any) -> dict[str, Any]:
    """Everything for the page. `forms` that were filled in wrongly take the place of empty ones."""
    office = is_within(broadcast.area_code, current_account.area_code)
    names = [row.area.name for row in broadcast.areas]
    audience = describing.audience_of(broadcast.recipients, broadcast.criteria, names)
    if broadcast.recipient_list is not None:
        audience[1:] = [(gettext("List"), broadcast.recipient_list.name)]
    common = {
        "broadcast": broadcast,
        "words": words,
        "office": office,
        "audience": audience,
        "timing": describing.when_of(broadcast),
        "events": queries.events(broadcast.id) if office else [],
        "describing": describing,
        "foretold": forecast.read(broadcast.forecast) if broadcast.forecast else None,
        "course": course_of(broadcast, now) if office and broadcast.approved_at else None,
    }
    return common | (_for_office(broadcast, now, forms) if office else {})


def _for_office(broadcast: Broadcast, now: datetime, forms: dict[str, Any]) -> dict[str, Any]:
    is_mine, state = broadcast.drafted_by_id == current_account.id, broadcast.state
    preview = ready.preview_of(broadcast, now) if state in (DRAFT, WAITING) else None
    alone = preview is not None and not preview.needs_second
    approves = queries.approves(current_account, broadcast)
    return {
        "preview": preview,
        "samples": samples.of(meant_by(broadcast, now), broadcast.bodies, now) if preview else [],
        "alone": alone,
        "may_change": is_mine and state == DRAFT,
        "may_hand_over": is_mine and state == DRAFT and not alone,
        "may_approve": (is_mine and alone and state == DRAFT) or (approves and state == WAITING),
        "may_give_back": state == WAITING,
        "may_reject": approves and state == WAITING,
        "may_pause": may_move(state, PAUSED),
        "may_resume": state == PAUSED and (broadcast.pause_reason != acts.GROWN or approves),
        "may_cancel": may_move(state, CANCELLED),
        "read_form": forms.get("read_form") or ReadForm(formdata=None, version=broadcast.version),
        "give_back_form": forms.get("give_back_form") or GiveBackForm(formdata=None),
        "reject_form": forms.get("reject_form") or RejectForm(formdata=None),
        "pause_form": forms.get("pause_form") or PauseForm(formdata=None),
        "cancel_form": forms.get("cancel_form") or CancelForm(formdata=None),
    }
