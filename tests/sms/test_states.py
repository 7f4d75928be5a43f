"""The table of moves says what DESIGN says, and facts only go forward."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms.states import (
    DELIVERED,
    FACTS,
    FAILED,
    MOVES,
    NOT_SENT,
    QUEUED,
    RANKS,
    SENDING,
    SENT,
    STATES,
    UNKNOWN,
    after_fact,
    may_decide,
    sources,
)


def test_every_state_is_in_the_table() -> None:
    assert MOVES.keys() == RANKS.keys()
    assert {to for moves in MOVES.values() for to in moves} <= set(STATES)


def test_only_a_waiting_text_is_sent() -> None:
    assert sources(SENDING) == (QUEUED,)


@pytest.mark.parametrize("state", FACTS)
def test_no_decision_undoes_what_the_provider_said(state: str) -> None:
    assert MOVES[state] == ()


def test_a_text_in_the_air_is_never_withdrawn() -> None:
    assert not any(may_decide(state, end) for state in (SENDING, UNKNOWN) for end in NOT_SENT)


def test_an_unknown_text_comes_from_one_that_was_sent() -> None:
    assert set(sources(UNKNOWN)) == {SENDING, UNKNOWN}


@given(st.sampled_from(STATES), st.lists(st.sampled_from(FACTS), min_size=1))
def test_facts_end_in_the_same_state_in_every_order_and_number(state: str, facts: list[str]) -> None:
    for fact in facts:
        state = after_fact(state, fact)
    strongest = max(facts, key=RANKS.__getitem__)
    assert RANKS[state] >= RANKS[strongest]
    for fact in facts:
        assert after_fact(state, fact) == state


@pytest.mark.parametrize(
    ("state", "fact", "then"),
    [
        (SENDING, DELIVERED, DELIVERED),  # the receipt is faster than our own note
        (DELIVERED, SENT, DELIVERED),
        (DELIVERED, FAILED, DELIVERED),
        (FAILED, SENT, FAILED),
        (FAILED, DELIVERED, DELIVERED),  # an arrival proves that the failure was none
        (QUEUED, SENT, SENT),  # taken for lost, but the provider had it: it must not go again
        ("withdrawn", SENT, SENT),
    ],
)
def test_what_a_fact_makes_of_a_state(state: str, fact: str, then: str) -> None:
    assert after_fact(state, fact) == then
