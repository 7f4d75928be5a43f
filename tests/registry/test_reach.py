"""Which phone may get which text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.people.reach import Reach, choose

NOW = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
LATELY, LONG_AGO = NOW - timedelta(days=10), NOW - timedelta(days=200)


@dataclass(frozen=True)
class Phone:
    id: int = 1
    number: str = "+6281234567801"
    reader: str = "self"
    do_not_text: bool = False
    safe_from_hour: int | None = None
    safe_until_hour: int | None = None
    added_at: datetime = LATELY
    confirmed_at: datetime | None = None
    removed_at: datetime | None = None


@dataclass(frozen=True)
class State:
    stopped_at: datetime | None = None
    wrong_person_at: datetime | None = None
    invalid_at: datetime | None = None
    heard_at: datetime | None = None
    doubted_at: datetime | None = None


CONFIRMED = Phone(confirmed_at=LATELY)
OWN = Phone(2, "+6281234567802")
FAMILYS = Phone(3, "+6281234567803", reader="family")
UNKNOWN = Phone(4, "+6281234567804", reader="unknown")
EMPLOYERS = Phone(5, "+6281234567805", reader="employer")


def reach(*phones: Phone, sensitivity: str = "personal", **known: Any) -> Reach:
    facts: dict[str, Any] = {"number_states": {}, "consent": True, "age": 30, "now": NOW} | known
    return choose(phones=phones, sensitivity=sensitivity, **facts)


def test_a_personal_text_goes_to_the_confirmed_own_phone_first() -> None:
    assert reach(FAMILYS, OWN, CONFIRMED) == Reach(CONFIRMED)


def test_else_to_an_own_phone() -> None:
    assert reach(FAMILYS, OWN) == Reach(OWN)


@pytest.mark.parametrize("phone", [FAMILYS, UNKNOWN])
def test_where_others_read_only_the_neutral_text_goes(phone: Phone) -> None:
    assert reach(phone) == Reach(phone, neutral=True)


def test_a_public_text_goes_there_as_it_is() -> None:
    assert reach(FAMILYS, sensitivity="public") == Reach(FAMILYS)


def test_a_sensitive_text_needs_a_confirmed_phone() -> None:
    assert reach(CONFIRMED, sensitivity="sensitive") == Reach(CONFIRMED)
    assert reach(OWN, sensitivity="sensitive") == Reach(OWN, neutral=True, reason="not_confirmed")


def test_after_180_days_of_silence_a_confirmation_is_too_old() -> None:
    silent = Phone(added_at=LONG_AGO, confirmed_at=LONG_AGO)
    heard = {silent.number: State(heard_at=LATELY)}
    assert reach(silent, sensitivity="sensitive").neutral
    assert reach(silent, sensitivity="sensitive", number_states=heard) == Reach(silent)


def test_after_180_days_of_silence_a_number_may_be_somebody_elses() -> None:
    silent = Phone(added_at=LONG_AGO)
    assert reach(silent) == Reach(silent, neutral=True, reason="not_confirmed")
    assert not reach(silent, number_states={silent.number: State(heard_at=LATELY)}).neutral
    assert not reach(silent, sensitivity="public").neutral


@pytest.mark.parametrize(
    ("phone", "state", "reason"),
    [
        (OWN, State(stopped_at=LATELY), "stopped"),
        (OWN, State(wrong_person_at=LATELY), "wrong_person"),
        (OWN, State(invalid_at=LATELY), "invalid_number"),
        (Phone(do_not_text=True), State(), "do_not_text"),
        (EMPLOYERS, State(), "employer_phone"),
    ],
)
def test_why_a_phone_may_not_be_used(phone: Phone, state: State, reason: str) -> None:
    assert reach(phone, number_states={phone.number: state}) == Reach(None, reason=reason)


def test_another_phone_is_used_when_one_may_not_be() -> None:
    assert reach(OWN, FAMILYS, number_states={OWN.number: State(invalid_at=LATELY)}) == Reach(FAMILYS, neutral=True)


def test_a_removed_phone_is_no_phone() -> None:
    assert reach(Phone(removed_at=LATELY)) == Reach(None, reason="no_phone")
    assert reach() == Reach(None, reason="no_phone")


def test_without_consent_nothing() -> None:
    assert reach(CONFIRMED, consent=False) == Reach(None, reason="no_consent")


def test_a_stop_explains_why_there_is_no_consent() -> None:
    stopped = {OWN.number: State(stopped_at=LATELY)}
    assert reach(OWN, consent=False, number_states=stopped) == Reach(None, reason="stopped")
    assert reach(CONFIRMED, consent=False, number_states=stopped) == Reach(None, reason="no_consent")


def test_no_minor_is_texted() -> None:
    assert reach(CONFIRMED, age=17) == Reach(None, reason="minor")
    assert reach(CONFIRMED, age=18).phone
    assert reach(CONFIRMED, age=None).phone


MOMENTS = st.sampled_from([None, LATELY, LONG_AGO])
PHONES = st.lists(
    st.builds(
        Phone,
        id=st.integers(1, 9),
        number=st.sampled_from(["+621", "+622", "+623"]),
        reader=st.sampled_from(["self", "family", "employer", "unknown"]),
        do_not_text=st.booleans(),
        confirmed_at=MOMENTS,
        removed_at=MOMENTS,
    ),
    max_size=4,
)
STATES = st.dictionaries(
    st.sampled_from(["+621", "+622", "+623"]), st.builds(State, MOMENTS, MOMENTS, MOMENTS, MOMENTS)
)


@given(
    PHONES, STATES, st.booleans(), st.none() | st.integers(0, 90), st.sampled_from(["public", "personal", "sensitive"])
)
def test_nobody_is_ever_reached_who_must_not_be(
    phones: list[Phone], states: dict[str, State], consent: bool, age: int | None, sensitivity: str
) -> None:
    found = reach(*phones, sensitivity=sensitivity, number_states=states, consent=consent, age=age)
    phone = found.phone
    if phone is None:
        assert found.reason
        return
    state = states.get(phone.number, State())
    assert consent
    assert age is None or age >= 18
    assert not any((phone.removed_at, phone.do_not_text, phone.reader == "employer"))
    assert not any((state.stopped_at, state.wrong_person_at, state.invalid_at))
    if not found.neutral:
        assert phone.reader == "self" or sensitivity == "public"
        assert sensitivity != "sensitive" or phone.confirmed_at
