"""Until when a report must have had its first look (DOMAIN, brokers): a day; at once if it is urgent. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from webapp.brokers.states import FIRST_LOOK, RECEIVED

FIRST_LOOK_WITHIN = timedelta(hours=24)


def due_at(state: str, *, urgent: bool, received_at: datetime) -> datetime | None:
    """None once the first look is over. An urgent report is due when it comes, until somebody has taken it on."""
    if state not in FIRST_LOOK:
        return None
    return received_at if urgent and state == RECEIVED else received_at + FIRST_LOOK_WITHIN


def is_overdue(state: str, *, urgent: bool, received_at: datetime, now: datetime) -> bool:
    due = due_at(state, urgent=urgent, received_at=received_at)
    return due is not None and due <= now


def overdue_since(now: datetime) -> datetime:
    """What was received before this and is not urgent is overdue."""
    return now - FIRST_LOOK_WITHIN
