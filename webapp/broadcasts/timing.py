"""When the texts of a broadcast fall due, by the clock of each recipient. Pure.

Spread texts keep to the hours in which they may arrive at all (sms/hours.py), so that what would fall into the night
does not come as a crowd in the morning.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sms.hours import next_allowed

#: A spread broadcast goes in steps of so long: each person's step is told by their number.
STEP = timedelta(minutes=5)
MOST_SPREAD_HOURS = 24
#: The worker begins so long before the first clock strikes.
BEGIN_BEFORE = timedelta(minutes=10)
#: Later it has lost its meaning, unless the office says until when it is of use.
GOOD_FOR, EMERGENCY_GOOD_FOR = timedelta(days=3), timedelta(days=1)
#: The office's days end by this clock.
OFFICE_ZONE = "Asia/Jakarta"
OFFICE = ZoneInfo(OFFICE_ZONE)


def steps(spread_hours: int) -> int:
    """Into how many steps the texts are divided; 1: all at once."""
    return max(1, int(timedelta(hours=spread_hours) / STEP))


def due_times(
    zone: str, *, send_on: date | None, send_minute: int, spread_hours: int, now: datetime, any_hour: bool = False
) -> list[datetime]:
    """For each step when it falls due in this zone; UTC.

    Without a day: from now. With one: from this minute of that day on the clock of the zone, or from now if that has
    passed. `any_hour`: an emergency, which also comes at night.
    """
    moment = begin(zone, send_on, send_minute, now)
    found = []
    for _ in range(steps(spread_hours)):
        moment = moment if any_hour else next_allowed(moment, zone)
        found.append(moment)
        moment += STEP
    return found


def last_due(*, send_on: date | None, send_minute: int, spread_hours: int, now: datetime, any_hour: bool) -> datetime:
    """When the last of its texts falls due, by the office's clock; UTC."""
    moments = due_times(
        OFFICE_ZONE, send_on=send_on, send_minute=send_minute, spread_hours=spread_hours, now=now, any_hour=any_hour
    )
    return moments[-1]


def begin(zone: str, send_on: date | None, send_minute: int, now: datetime) -> datetime:
    """The chosen moment by the clock of this zone, never before now; UTC."""
    if send_on is None:
        return now
    chosen = datetime.combine(send_on, time(send_minute // 60, send_minute % 60), ZoneInfo(zone))
    return max(now, chosen.astimezone(UTC))


def starts_at(zones: Iterable[str], send_on: date | None, send_minute: int, now: datetime) -> datetime:
    """When the worker has to begin: a little before the earliest of these clocks, or now."""
    if send_on is None:
        return now
    return max(now, min(begin(zone, send_on, send_minute, now) for zone in zones) - BEGIN_BEFORE)


def expires_at(begins: datetime, *, useful_until: date | None, spread_hours: int, emergency: bool = False) -> datetime:
    """After which nothing of it goes out: at the end of its last useful day, else some days after the last step."""
    if useful_until is not None:
        return datetime.combine(useful_until + timedelta(days=1), time(), OFFICE).astimezone(UTC)
    return begins + timedelta(hours=spread_hours) + (EMERGENCY_GOOD_FOR if emergency else GOOD_FOR)


def day_of_arrival(now: datetime) -> date:
    """In Jakarta: what is let out in the evening arrives on the morrow, and is a notice of that day."""
    return office_day(next_allowed(now, OFFICE_ZONE))


def office_day(moment: datetime) -> date:
    """The day of the office at this moment."""
    return moment.astimezone(OFFICE).date()


def month_of(moment: datetime) -> date:
    """The month whose budget pays for what begins at this moment."""
    return office_day(moment).replace(day=1)
