"""When a route rests, why, and when it is trusted again. Pure.

One that failed is tried after its rest with few texts, until one is taken. One that reached its limit, was
silent, had no worker or was rested by a person is not in doubt: it is simply open again.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

#: The worker of its own is not there.
NO_WORKER = "no_worker"
#: Its limit of a day is reached; no sign of life; a person said so.
DAILY_LIMIT, SILENT, BY_HAND = "daily_limit", "silent", "by_hand"
#: Its settings cannot be used.
CONFIGURATION = "configuration"
NO_DOUBT = (DAILY_LIMIT, SILENT, BY_HAND, NO_WORKER)
#: Ends when it is heard again, or when a person opens it.
UNTIL_FURTHER_NOTICE = datetime(2200, 1, 1, tzinfo=UTC)
#: Limits are counted by its days.
DAYS_OF = ZoneInfo("Asia/Jakarta")

OPEN, TRIED, RESTING = "open", "tried", "resting"


def state_of(paused_until: datetime | None, reason: str, now: datetime) -> str:
    """OPEN, RESTING, or TRIED: the rest is over, and nothing has proved yet that it works."""
    if paused_until is None:
        return OPEN
    if paused_until > now:
        return RESTING
    return OPEN if reason in NO_DOUBT else TRIED


def is_silent(heard_at: datetime, silent_after: int | None, now: datetime) -> bool:
    """`silent_after` in minutes; None: no sign of life is expected."""
    return silent_after is not None and now - heard_at > timedelta(minutes=silent_after)


def until_tomorrow(now: datetime) -> timedelta:
    """How long until the next day of the limits begins."""
    local = now.astimezone(DAYS_OF)
    midnight = (local + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight - local
