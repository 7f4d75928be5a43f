"""The tables beside this file, and the moments and days that they count from the day of the demonstration."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from webapp import clock

FOLDER = Path(__file__).parent
#: Of the offices whose work is told.
NATION_ZONE = "Asia/Jakarta"
Row = dict[str, str]


def rows(name: str) -> Iterator[Row]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def day(days: str, today: date) -> date | None:
    """So many days after today; before it with a minus; None where nothing is written."""
    return today + timedelta(days=int(days)) if days else None


def moment(row: Row, now: datetime) -> datetime:
    """`days_ago` at the hour `at` in Jakarta. Never still to come, whatever the hour of `now`."""
    on_day = clock.day_of(now, NATION_ZONE) - timedelta(days=int(row["days_ago"]))
    told = datetime.combine(on_day, time.fromisoformat(row["at"]), ZoneInfo(NATION_ZONE)).astimezone(UTC)
    return min(told, now)
