"""What a provider tells moves a text forward only, in every order and number."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sms.gateways import Receipt
from sms.outbox import Taken
from sms.states import FACTS, RANKS, STATES, after_fact
from tests.outbox.conftest import Write, stored
from tests.outbox.crowd import MORNING
from tests.people import Cast
from webapp.db import db
from webapp.outbox import receipts
from webapp.outbox.model import Message
from webapp.outbox.store import SqlStore
from webapp.people.model import NumberState

LATER = MORNING + timedelta(minutes=5)


def take_in(*news: Receipt, gateway: str = "told") -> int:
    number = receipts.apply(db.session, gateway, news, LATER)
    db.session.commit()
    return number


def sent(write: Write, store: SqlStore) -> Message:
    """A text that the provider took as SM1."""
    key = write(expects="yes_no")
    store.claim_due(10, MORNING)
    store.settle([Taken(stored(key).id, "SM1")], MORNING)
    return stored(key)


def test_a_receipt_finds_its_text_by_reference_or_by_the_providers_id(write: Write, store: SqlStore) -> None:
    message = sent(write, store)
    assert take_in(Receipt(None, "SM1", "failed", "30003")) == 1
    assert (stored(message.key).state, stored(message.key).reason) == ("failed", "not_delivered")
    assert stored(message.key).error_code == "30003"
    assert take_in(Receipt(message.reference, "SM1", "delivered")) == 1
    arrived = stored(message.key)
    assert (arrived.state, arrived.reason, arrived.error_code) == ("delivered", "", "")
    assert (arrived.sent_at, arrived.delivered_at) == (MORNING, LATER)


def test_a_receipt_for_nobody_changes_nothing(write: Write, store: SqlStore) -> None:
    message = sent(write, store)
    assert take_in(Receipt("f" * 32, "SM9", "delivered"), Receipt(None, "SM9", "failed")) == 0
    assert take_in(Receipt(None, "SM1", "delivered"), gateway="other") == 0
    assert stored(message.key).state == "sent"


def test_a_receipt_that_is_faster_than_our_own_note_tells_everything(write: Write, store: SqlStore) -> None:
    key = write()
    store.claim_due(10, MORNING)
    take_in(Receipt(stored(key).reference, "SM1", "delivered"))
    message = stored(key)
    assert (message.state, message.provider_id, message.sent_at) == ("delivered", "SM1", LATER)
    assert (message.lease_owner, message.lease_until) == (None, None)


def test_a_dead_number_is_flagged_once(write: Write, store: SqlStore) -> None:
    message = sent(write, store)
    for _ in range(2):
        take_in(Receipt(None, "SM1", "failed", "30005", flag_number=True))
    assert db.session.get_one(NumberState, message.number).invalid_at == LATER


def test_what_a_receipt_says_has_failed_is_not_sent_again(write: Write, store: SqlStore) -> None:
    """Also if it might pass another time: it may have arrived all the same."""
    for code in ("30001", "30002", "30003", "30008"):
        message = sent(write, store)
        take_in(Receipt(message.reference, "SM1", "failed", code))
        assert (stored(message.key).state, stored(message.key).error_code) == ("failed", code)
    assert not store.claim_due(10, LATER + timedelta(days=1)).handovers
    assert db.session.get(NumberState, message.number) is None


def test_what_the_number_said_itself_stays(write: Write, store: SqlStore) -> None:
    message = sent(write, store)
    db.session.add(NumberState(number=message.number, heard_at=MORNING))
    db.session.commit()
    take_in(Receipt(message.reference, "SM1", "failed", "30006", flag_number=True))
    state = db.session.get_one(NumberState, message.number)
    assert (state.heard_at, state.invalid_at) == (MORNING, LATER)


def test_a_late_failure_of_another_gateway_does_not_touch_what_this_one_has_sent(write: Write, store: SqlStore) -> None:
    message = sent(write, store)
    late = Receipt(message.reference, message.reference, "failed", "expired", flag_number=True)
    assert take_in(late, gateway="first") == 0
    assert (stored(message.key).state, stored(message.key).gateway) == ("sent", "told")
    assert db.session.get(NumberState, message.number) is None
    assert take_in(late) == 1
    assert stored(message.key).state == "failed"


def test_an_arrival_counts_from_any_gateway_and_the_text_stays_whose_it_was(write: Write, store: SqlStore) -> None:
    message = sent(write, store)
    assert take_in(Receipt(message.reference, "other", "delivered"), gateway="first") == 1
    arrived = stored(message.key)
    assert (arrived.state, arrived.gateway, arrived.provider_id) == ("delivered", "told", "SM1")


def test_what_waits_again_belongs_to_whoever_says_that_it_went(write: Write, store: SqlStore) -> None:
    key = write()
    assert take_in(Receipt(stored(key).reference, "A1", "sent"), gateway="first") == 1
    assert (stored(key).state, stored(key).gateway) == ("sent", "first")


@pytest.fixture
def message_id(write: Write) -> int:
    return stored(write()).id


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(state=st.sampled_from(STATES), news=st.lists(st.sampled_from(FACTS), max_size=6), together=st.booleans())
def test_every_order_and_repetition_ends_in_the_right_state(
    app: Flask, cast: Cast, message_id: int, state: str, news: list[str], together: bool
) -> None:
    facts = {"gateway": "told", "provider_id": None, "sent_at": None, "delivered_at": None}
    db.session.execute(sa.update(Message).values(state=state, **facts))
    reference = db.session.scalars(sa.select(Message.reference).where(Message.id == message_id)).one()
    told = [Receipt(reference, "SM1", fact) for fact in news]  # type: ignore[arg-type]  # drawn from FACTS
    for batch in [told] if together else [[receipt] for receipt in told]:
        receipts.apply(db.session, "told", batch, LATER)

    expected = state
    for fact in news:
        expected = after_fact(expected, fact)
    message = db.session.get_one(Message, message_id, populate_existing=True)
    assert message.state == expected
    assert RANKS[message.state] == max([RANKS[state], *(RANKS[fact] for fact in news)])
    assert (message.delivered_at is not None) == (message.state == "delivered" and state != "delivered")
    db.session.rollback()
