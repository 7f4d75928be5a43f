"""All texts of a cause are halted in one moment, taken out of the queue in portions, and let go on, whoever claims."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.at_once import at_once
from tests.outbox.conftest import store_of
from tests.outbox.crowd import MORNING, gather
from tests.people import Cast
from tests.plans import plan, reads_whole_table, statements
from webapp.db import db
from webapp.outbox import holding
from webapp.outbox.model import Hold, Message
from webapp.outbox.store import SqlStore

NOTICE, OTHER = "broadcast:7", "broadcast:77"


@pytest.fixture
def texts(cast: Cast) -> None:
    """Twenty due texts, ten of each cause."""
    gather(cast, 20, 1)
    ids = db.session.scalars(sa.select(Message.id).order_by(Message.id)).all()
    for cause, half in ((NOTICE, ids[:10]), (OTHER, ids[10:])):
        db.session.execute(sa.update(Message).where(Message.id.in_(half)).values(cause=cause))
    db.session.commit()


def claim(store: SqlStore, limit: int = 100) -> list[int]:
    db.session.commit()
    return [handover.id for handover in store.claim_due(limit, MORNING).handovers]


def states(cause: str = NOTICE) -> Counter[tuple[str, str]]:
    db.session.commit()
    rows = db.session.execute(sa.select(Message.state, Message.reason).where(Message.cause == cause)).all()
    db.session.commit()
    return Counter((state, reason) for state, reason in rows)


def causes(ids: list[int]) -> Counter[str]:
    return Counter(db.session.scalars(sa.select(Message.cause).where(Message.id.in_(ids))))


@pytest.mark.usefixtures("texts")
def test_what_is_held_is_not_claimed_and_what_is_not_is(store: SqlStore) -> None:
    holding.hold(NOTICE)
    assert causes(claim(store)) == {OTHER: 10}
    assert holding.is_held(NOTICE)
    holding.release(NOTICE)
    assert not holding.is_held(NOTICE)
    assert causes(claim(store)) == {NOTICE: 10}


@pytest.mark.usefixtures("texts")
def test_a_hold_that_is_undone_holds_nothing(store: SqlStore) -> None:
    holding.hold(NOTICE)
    db.session.rollback()
    assert causes(claim(store)) == {NOTICE: 10, OTHER: 10}


@pytest.mark.usefixtures("texts")
def test_held_and_let_go_twice_is_as_once(store: SqlStore) -> None:
    holding.hold(NOTICE)
    holding.hold(NOTICE)
    db.session.commit()
    assert db.session.scalars(sa.select(Hold.cause)).all() == [NOTICE]
    holding.release(NOTICE)
    holding.release(NOTICE)
    assert len(claim(store)) == 20


@pytest.mark.usefixtures("texts")
def test_texts_are_parked_and_put_back_in_portions(store: SqlStore) -> None:
    waits, parked = ("queued", ""), ("withdrawn", holding.PARKED)
    assert [holding.park(NOTICE, MORNING, 4) for _ in range(4)] == [4, 4, 2, 0]
    assert (states(), states(OTHER)) == ({parked: 10}, {waits: 10})
    assert causes(claim(store)) == {OTHER: 10}
    assert [holding.put_back(NOTICE, MORNING, 4) for _ in range(4)] == [4, 4, 2, 0]
    assert states() == {waits: 10}
    assert causes(claim(store)) == {NOTICE: 10}


@pytest.mark.usefixtures("texts")
def test_taken_back_for_good_is_what_waits_and_what_is_parked(store: SqlStore) -> None:
    for_good = ("withdrawn", "no_longer_planned")
    holding.park(NOTICE, MORNING, 3)
    assert [holding.take_back(NOTICE, "no_longer_planned", MORNING, 6) for _ in range(3)] == [6, 4, 0]
    assert states() == {for_good: 10}
    assert holding.put_back(NOTICE, MORNING) == holding.park(NOTICE, MORNING) == 0
    assert causes(claim(store)) == {OTHER: 10}


@pytest.mark.usefixtures("texts")
def test_what_has_gone_or_was_withdrawn_for_another_reason_stays_as_it_is(store: SqlStore) -> None:
    some = db.session.scalars(sa.select(Message.id).where(Message.cause == NOTICE).order_by(Message.id)).all()
    kinds = [("sent", ""), ("withdrawn", "stopped"), ("suppressed", "minor"), ("unknown", "answer_lost")]
    for text_id, (state, reason) in zip(some, kinds, strict=False):
        db.session.execute(sa.update(Message).where(Message.id == text_id).values(state=state, reason=reason))
    assert holding.park(NOTICE, MORNING) == holding.put_back(NOTICE, MORNING) == 6
    assert holding.take_back(NOTICE, "no_longer_planned", MORNING) == 6
    assert states() == Counter(kinds) + Counter({("withdrawn", "no_longer_planned"): 6})


@pytest.mark.parametrize("away", [holding.park, lambda cause, now, limit: holding.take_back(cause, "stop", now, limit)])
@pytest.mark.usefixtures("texts")
def test_of_claim_and_halt_at_once_each_text_gets_one(app: Flask, away: Callable[..., int]) -> None:
    claimed: list[int] = []

    def claims(name: str) -> Callable[[], None]:
        def all_of_them() -> None:
            store = store_of(name)
            while found := store.claim_due(1, MORNING).handovers:
                claimed.extend(handover.id for handover in found)

        return all_of_them

    def halt() -> None:
        while away(NOTICE, MORNING, 1):
            db.session.commit()
        db.session.commit()

    at_once(app, claims("worker-1"), halt, claims("worker-2"))
    halt()  # what a claim held just then, and left
    assert len(claimed) == len(set(claimed))
    left = db.session.scalars(sa.select(Message.id).where(Message.state == "withdrawn")).all()
    assert set(left).isdisjoint(claimed)
    assert len(claimed) + len(left) == 20
    assert states().keys() <= {("sending", ""), ("withdrawn", holding.PARKED), ("withdrawn", "stop")}


@pytest.mark.own_database
@pytest.mark.usefixtures("texts")
def test_a_hold_costs_the_claim_a_look_at_one_index(store: SqlStore) -> None:
    holding.hold(NOTICE)
    db.session.commit()
    with statements() as sent:
        claim(store)
    (due, *_) = [each for each in sent if "held_causes" in each[0]]
    how = plan(*due)
    assert "ix_messages_due" in how
    assert not reads_whole_table(how, "messages")
    assert "pk_held_causes" in how or "autoindex_held_causes" in how


@pytest.mark.own_database
@pytest.mark.usefixtures("texts")
def test_halting_finds_its_texts_by_their_cause(app: Flask) -> None:
    with statements() as sent:
        holding.park(NOTICE, MORNING)
        holding.put_back(NOTICE, MORNING)
        holding.take_back(NOTICE, "no_longer_planned", MORNING)
    db.session.commit()
    moves = [each for each in sent if each[0].startswith("UPDATE messages")]
    assert len(moves) == 3
    for move in moves:
        how = plan(*move)
        assert "ix_messages_cause" in how
        assert not reads_whole_table(how, "messages")
