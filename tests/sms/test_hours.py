"""Texts arrive by day, by the clock of whoever gets them, and not during Friday prayer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms.hours import closes_at, next_allowed

JAKARTA = "Asia/Jakarta"
ZONES = [JAKARTA, "Asia/Makassar", "Asia/Jayapura", "Asia/Hong_Kong", "Asia/Riyadh", "Asia/Tokyo", "Europe/Berlin"]


def local(text: str, zone: str = JAKARTA) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("asked", "allowed"),
    [
        ("2026-12-01 09:00", "2026-12-01 09:00"),
        ("2026-12-01 19:59:59", "2026-12-01 19:59:59"),
        ("2026-12-01 20:00", "2026-12-02 08:00"),
        ("2026-12-01 23:30", "2026-12-02 08:00"),
        ("2026-12-01 03:10", "2026-12-01 08:00"),
        ("2026-12-04 11:29", "2026-12-04 11:29"),
        ("2026-12-04 11:30", "2026-12-04 13:00"),
        ("2026-12-04 12:59", "2026-12-04 13:00"),
        ("2026-12-04 13:00", "2026-12-04 13:00"),
        ("2026-12-03 12:00", "2026-12-03 12:00"),
    ],
)
def test_quiet_hours_and_friday_prayer(asked: str, allowed: str) -> None:
    assert next_allowed(local(asked), JAKARTA) == local(allowed)


@pytest.mark.parametrize(
    ("open_at", "hours", "closes"),
    [
        ("2026-12-01 19:59", (8, 20), "2026-12-01 20:00"),
        ("2026-12-04 09:00", (8, 20), "2026-12-04 11:30"),
        ("2026-12-04 13:00", (8, 20), "2026-12-04 20:00"),
        ("2026-12-01 16:30", (16, 17), "2026-12-01 17:00"),
        ("2026-12-01 23:30", (22, 5), "2026-12-02 05:00"),
        ("2026-12-01 23:30", (18, 24), "2026-12-02 00:00"),
        ("2026-12-01 09:00", (7, 7), "2026-12-01 20:00"),
    ],
)
def test_when_the_hours_end(open_at: str, hours: tuple[int, int], closes: str) -> None:
    assert closes_at(local(open_at), JAKARTA, from_hour=hours[0], until_hour=hours[1]) == local(closes)


def test_the_recipients_clock_counts() -> None:
    moment = datetime(2026, 12, 1, 0, 30, tzinfo=UTC)
    assert next_allowed(moment, JAKARTA) == local("2026-12-01 08:00")
    assert next_allowed(moment, "Asia/Makassar") == moment
    assert next_allowed(moment, "Asia/Hong_Kong") == moment


def test_prayer_is_minded_in_indonesian_zones_unless_told_otherwise() -> None:
    prayer = datetime(2026, 12, 4, 12, 0)
    assert next_allowed(prayer.replace(tzinfo=ZoneInfo("Asia/Hong_Kong")), "Asia/Hong_Kong").hour == 4
    assert next_allowed(local("2026-12-04 12:00"), JAKARTA, indonesian=False) == local("2026-12-04 12:00")
    moment = prayer.replace(tzinfo=ZoneInfo("Asia/Riyadh"))
    assert next_allowed(moment, "Asia/Riyadh", indonesian=True) == local("2026-12-04 13:00", "Asia/Riyadh")


def test_safe_hours_may_span_midnight_and_equal_hours_mean_the_usual_ones() -> None:
    assert next_allowed(local("2026-12-01 12:00"), JAKARTA, from_hour=21, until_hour=6) == local("2026-12-01 21:00")
    assert next_allowed(local("2026-12-02 02:00"), JAKARTA, from_hour=21, until_hour=6) == local("2026-12-02 02:00")
    assert next_allowed(local("2026-12-01 22:00"), JAKARTA, from_hour=9, until_hour=9) == local("2026-12-02 08:00")


def test_safe_hours_that_lie_inside_the_prayer_wait_for_another_day() -> None:
    allowed = next_allowed(local("2026-12-04 12:10"), JAKARTA, from_hour=12, until_hour=13)
    assert allowed == local("2026-12-05 12:00")


@given(
    st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),
    st.sampled_from(ZONES),
    st.integers(0, 23),
    st.integers(0, 24),
)
def test_it_is_never_earlier_never_quiet_and_stays_where_it_is(
    moment: datetime, zone: str, from_hour: int, until_hour: int
) -> None:
    allowed = next_allowed(moment, zone, from_hour=from_hour, until_hour=until_hour)
    assert allowed.tzinfo is UTC
    assert moment <= allowed <= moment + timedelta(days=3)
    assert next_allowed(allowed, zone, from_hour=from_hour, until_hour=until_hour) == allowed
    hour = allowed.astimezone(ZoneInfo(zone)).hour
    if from_hour < until_hour:
        assert from_hour <= hour < until_hour
