"""What a route takes in a day: counted at the claim, never more than its limit, given back if it did not go."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread

import pytest
import sqlalchemy as sa
from flask import Flask

from sms.outbox import Failed, Later, NotTaken, Outcome, Released, Taken, Unsure
from tests.outbox.conftest import Write, stored
from tests.outbox.conftest import write as write  # a fixture
from tests.outbox.crowd import MORNING, gather
from tests.people import Cast
from tests.routes_.making import make_route
from tests.routes_.test_routing import route_of, settle_down, store_on
from webapp import clock
from webapp.db import db
from webapp.outbox.model import Message
from webapp.outbox.store import SqlStore
from webapp.routes.model import RouteDay, RouteState
from webapp.routes.queries import day_of
from webapp.routes.rest import until_tomorrow


def today() -> tuple[int, int, int]:
    """(texts, segments, rupiah)"""
    db.session.rollback()
    row = db.session.scalars(sa.select(RouteDay)).one()
    found = row.texts, row.segments, row.rupiah
    db.session.rollback()
    return found


def test_texts_segments_and_rupiah_are_counted(write: Write, cast: Cast) -> None:
    modem = make_route("modem")
    write()
    write(purpose="reply", text_code="", values={}, body="a" * 161)
    store_on(modem).claim_due(10, MORNING)
    assert today() == (2, 3, 600)


def test_the_route_of_the_settings_keeps_no_count(write: Write, cast: Cast) -> None:
    make_route("modem", purposes="notice")
    key = write()
    assert route_of(key) == ""
    plain = SqlStore(db.engine, gateway="told", owner="w", lease=60, price_rupiah=350)
    assert len(plain.claim_due(10, MORNING).handovers) == 1
    assert db.session.scalars(sa.select(RouteDay)).all() == []


def test_at_the_limit_it_rests_until_midnight_and_the_next_one_takes_over(write: Write, cast: Cast) -> None:
    make_route("second", rank=2)
    modem = make_route("modem", daily_limit=2, rank=1)
    keys, store = [write() for _ in range(3)], store_on(modem)
    assert len(store.claim_due(10, MORNING).handovers) == 2
    assert store.claim_due(10, MORNING).examined == 0
    assert [route_of(key) for key in keys].count("second") == 1
    state = db.session.get_one(RouteState, "modem")
    assert state.pause_reason == "daily_limit"
    assert timedelta(0) < state.paused_until - clock.real_now() <= timedelta(days=1)
    assert state.paused_until.astimezone(UTC).hour == 17, "midnight in Jakarta"
    assert today()[0] == 2


def test_the_next_day_it_is_open_without_a_trial(write: Write, cast: Cast) -> None:
    modem = make_route("modem", daily_limit=1)
    keys, store = [write() for _ in range(4)], store_on(modem)
    store.claim_due(10, MORNING)
    store.claim_due(10, MORNING)
    db.session.execute(sa.update(RouteDay).values(day=day_of(clock.real_now()) - timedelta(days=1)))
    db.session.execute(sa.update(RouteState).values(paused_until=clock.real_now() - timedelta(seconds=1)))
    db.session.commit()
    settle_down()
    assert Counter(route_of(key) for key in keys) == {"modem": 4}
    assert len(store.claim_due(10, MORNING).handovers) == 1


@pytest.mark.parametrize(
    ("outcome", "left"),
    [
        (lambda i: Released(i), 0),
        (lambda i: Later(i, 60, "busy"), 0),
        (lambda i: Failed(i, "rejected", "21211"), 0),
        (lambda i: NotTaken(i), 0),
        (lambda i: Unsure(i, 60, "answer_lost"), 1),
        (lambda i: Taken(i, "SM1"), 1),
    ],
)
def test_what_did_not_go_is_given_back_once(write: Write, cast: Cast, outcome: object, left: int) -> None:
    modem = make_route("modem")
    key, store = write(), store_on(modem)
    store.claim_due(10, MORNING)
    told: Outcome = outcome(stored(key).id)  # type: ignore[operator]  # of the table above
    for _ in range(2):
        store.settle([told], MORNING)
    assert today() == (left, left, left * 200)


def test_a_text_of_yesterday_is_given_back_to_yesterday(write: Write, cast: Cast) -> None:
    modem = make_route("modem")
    key, store = write(), store_on(modem)
    store.claim_due(10, MORNING)
    yesterday = clock.real_now() - timedelta(days=1)
    db.session.execute(sa.update(Message).values(handed_at=yesterday))
    db.session.execute(sa.update(RouteDay).values(day=day_of(yesterday)))
    db.session.commit()
    store.settle([Released(stored(key).id)], MORNING)
    row = db.session.scalars(sa.select(RouteDay)).one()
    assert (row.day, row.texts) == (day_of(yesterday), 0)


@pytest.mark.own_database
def test_two_workers_at_once_do_not_pass_the_limit(app: Flask, cast: Cast) -> None:
    modem = make_route("modem", daily_limit=25)
    gather(cast, people=20, texts_each=4)
    stores, barrier, taken = [store_on(modem, f"w{n}") for n in range(3)], Barrier(3), Counter[int]()

    def claim(number: int) -> None:
        with app.app_context():
            barrier.wait(10)
            for _ in range(8):
                handovers = stores[number].claim_due(4, MORNING).handovers
                taken.update(handover.id for handover in handovers)

    threads = [Thread(target=claim, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(taken) == 25
    assert set(taken.values()) == {1}
    assert today()[0] == 25


def test_days_are_those_of_jakarta() -> None:
    late = datetime(2026, 11, 30, 17, 30, tzinfo=UTC)
    assert day_of(late) == date(2026, 12, 1)
    assert until_tomorrow(late) == timedelta(hours=23, minutes=30)
    assert until_tomorrow(datetime(2026, 11, 30, 16, 59, tzinfo=UTC)) == timedelta(minutes=1)
