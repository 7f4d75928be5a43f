"""Messages a second, and the waits between attempts."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms.pacing import Asking, Backoff, TokenBucket


@dataclass
class Clock:
    seconds: float = 0.0

    def __call__(self) -> float:
        return self.seconds


@given(st.floats(0.01, 500), st.lists(st.floats(0, 3), min_size=1, max_size=60))
def test_a_route_never_gets_more_than_its_rate(rate: float, pauses: list[float]) -> None:
    clock = Clock()
    bucket = TokenBucket(rate, clock)
    begun = 0
    for pause in pauses:
        clock.seconds += pause
        begun += bucket.take(1000)
        assert begun <= clock.seconds * rate + 1.0001


def test_a_slow_route_sends_one_text_every_ten_seconds() -> None:
    clock = Clock()
    bucket = TokenBucket(0.1, clock)
    assert bucket.take(5) == 1
    assert bucket.wait() == pytest.approx(10)
    clock.seconds = 9.9
    assert bucket.take(5) == 0
    clock.seconds = 10.1
    assert bucket.take(5) == 1


def test_an_idle_route_saves_up_a_tenth_of_a_second_at_the_most() -> None:
    clock = Clock()
    bucket = TokenBucket(50, clock)
    clock.seconds = 3600
    assert bucket.take(1000) == 5


def test_without_a_limit_everything_begins() -> None:
    bucket = TokenBucket(math.inf)
    assert bucket.take(10_000) == 10_000
    assert bucket.wait() == 0


def test_a_changed_rate_holds_from_now_on() -> None:
    clock = Clock()
    bucket = TokenBucket(10, clock)
    bucket.take(1)
    bucket.rate = 5
    clock.seconds = 0.15
    assert bucket.take(1) == 0
    clock.seconds = 0.21
    assert bucket.take(1) == 1


@given(st.integers(1, 200))
def test_waits_double_up_to_a_limit_and_are_spread_out(attempt: int) -> None:
    backoff = Backoff(first=10, longest=100)
    waits = [backoff.seconds(attempt) for _ in range(50)]
    assert all(0 <= wait <= min(100, 10 * 2 ** (attempt - 1)) for wait in waits)
    assert len(set(waits)) > 1


def test_a_provider_that_names_a_wait_is_obeyed() -> None:
    assert Backoff(first=1).seconds(1, at_least=300) == 300


def test_an_old_doubt_is_asked_about_more_rarely() -> None:
    asking = Asking(soonest=60)
    assert [asking.seconds(age) for age in (0, 100, 3600, 10**6)] == [60, 60, 1800, 21600]
