"""When a text falls due: by the clock of each recipient, spread over the hours in which it may arrive."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from sms.hours import next_allowed
from webapp.broadcasts import timing

#: A Tuesday, ten in the morning in Jakarta.
NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
DAY = date(2026, 11, 27)


def due(zone: str = "Asia/Jakarta", **facts: object) -> list[datetime]:
    usual: dict[str, object] = {"send_on": None, "send_minute": 0, "spread_hours": 0, "now": NOW}
    return timing.due_times(zone, **(usual | facts))  # type: ignore[arg-type]  # facts of one test


def test_without_a_day_it_goes_now() -> None:
    assert due() == [NOW]


@pytest.mark.parametrize("zone", ["Asia/Jakarta", "Asia/Makassar", "Asia/Taipei", "Asia/Riyadh"])
def test_with_a_day_it_goes_at_that_minute_of_each_clock(zone: str) -> None:
    (moment,) = due(zone, send_on=DAY, send_minute=9 * 60 + 30)
    local = moment.astimezone(ZoneInfo(zone))
    assert (local.date(), local.hour, local.minute) == (DAY, 9, 30)


def test_a_moment_that_has_passed_means_now() -> None:
    assert due(send_on=NOW.date(), send_minute=0) == [NOW]


def test_by_night_it_waits_for_the_morning_but_an_emergency_does_not() -> None:
    night = NOW + timedelta(hours=12)
    (moment,) = due(now=night)
    assert moment == next_allowed(night, "Asia/Jakarta") > night
    assert due(now=night, any_hour=True) == [night]


def test_it_is_spread_evenly_and_never_over_the_night() -> None:
    found = due(spread_hours=24)
    assert len(found) == timing.steps(24) == 288
    assert found == sorted(set(found))
    assert all(next_allowed(moment, "Asia/Jakarta") == moment for moment in found)
    # 24 hours of 12 hours a day end in the morning of the third day.
    assert found[-1] - found[0] > timedelta(days=1)


def test_the_worker_begins_before_the_first_clock_strikes() -> None:
    zones = ["Asia/Jakarta", "Asia/Tokyo", "Asia/Riyadh"]
    begins = timing.starts_at(zones, DAY, 540, NOW)
    assert begins == due("Asia/Tokyo", send_on=DAY, send_minute=540)[0] - timing.BEGIN_BEFORE
    assert timing.starts_at(zones, None, 0, NOW) == NOW
    assert timing.starts_at(zones, NOW.date(), 0, NOW) == NOW


def test_it_is_of_use_until_its_last_day_ends_in_java() -> None:
    end = timing.expires_at(NOW, useful_until=DAY, spread_hours=5)
    assert end == datetime(2026, 11, 27, 17, 0, tzinfo=UTC)
    assert timing.expires_at(NOW, useful_until=None, spread_hours=5) == NOW + timedelta(days=3, hours=5)
    assert timing.expires_at(NOW, useful_until=None, spread_hours=0, emergency=True) == NOW + timedelta(days=1)


def test_the_month_is_that_of_java() -> None:
    assert timing.month_of(datetime(2026, 11, 30, 18, 0, tzinfo=UTC)) == date(2026, 12, 1)
    assert timing.month_of(datetime(2026, 11, 30, 16, 0, tzinfo=UTC)) == date(2026, 11, 1)
