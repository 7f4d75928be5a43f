"""When a text may arrive: by day, by the recipient's clock, and not during Friday prayer."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

FROM_HOUR, UNTIL_HOUR = 8, 20
INDONESIAN_ZONES = frozenset({"Asia/Jakarta", "Asia/Pontianak", "Asia/Makassar", "Asia/Jayapura"})
FRIDAY = 4
PRAYER_BEGINS, PRAYER_ENDS = time(11, 30), time(13)


def next_allowed(
    moment: datetime,
    zone: str,
    *,
    indonesian: bool | None = None,
    from_hour: int = FROM_HOUR,
    until_hour: int = UNTIL_HOUR,
) -> datetime:
    """The first moment, not before `moment`, at which a text may arrive; UTC.

    `zone` is the recipient's IANA zone. Hours are whole and local: from the first, until before the
    second; a first hour after the second spans midnight (safe hours of somebody who works by day);
    equal hours, or hours that no clock has, mean the usual 8 to 20. `indonesian`: mind Friday prayer,
    11:30 to 13:00; None decides by the zone.
    """
    if from_hour == until_hour or not (0 <= from_hour < 24 and 0 <= until_hour <= 24):
        from_hour, until_hour = FROM_HOUR, UNTIL_HOUR
    prays = zone in INDONESIAN_ZONES if indonesian is None else indonesian
    local = moment.astimezone(ZoneInfo(zone))
    while True:
        if not _is_open(local.hour, from_hour, until_hour):
            local = _next_at(local, from_hour)
        elif prays and _is_friday_prayer(local):
            local = _next_at(local, PRAYER_ENDS.hour)
        else:
            return local.astimezone(UTC)


def closes_at(moment: datetime, zone: str, *, from_hour: int = FROM_HOUR, until_hour: int = UNTIL_HOUR) -> datetime:
    """When the hours end in which a text may arrive, if `moment` is one of them (next_allowed); UTC."""
    if from_hour == until_hour or not (0 <= from_hour < 24 and 0 <= until_hour <= 24):
        until_hour = UNTIL_HOUR
    local = moment.astimezone(ZoneInfo(zone))
    end = _next_at(local, until_hour % 24)
    if zone in INDONESIAN_ZONES and local.weekday() == FRIDAY and local.time() < PRAYER_BEGINS:
        end = min(end, local.replace(hour=PRAYER_BEGINS.hour, minute=PRAYER_BEGINS.minute, second=0, microsecond=0))
    return end.astimezone(UTC)


def _is_open(hour: int, from_hour: int, until_hour: int) -> bool:
    if from_hour < until_hour:
        return from_hour <= hour < until_hour
    return hour >= from_hour or hour < until_hour


def _is_friday_prayer(local: datetime) -> bool:
    return local.weekday() == FRIDAY and PRAYER_BEGINS <= local.time() < PRAYER_ENDS


def _next_at(local: datetime, hour: int) -> datetime:
    """The next time that the local clock stands at this hour."""
    at = local.replace(hour=hour, minute=0, second=0, microsecond=0, fold=0)
    return at if at > local else at + timedelta(days=1)
