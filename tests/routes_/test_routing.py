"""Texts get a route when they are queued, and another one when routes come and go."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from sms.outbox import Pause, Released, Taken
from tests.outbox.conftest import Write, stored
from tests.outbox.conftest import write as write  # a fixture
from tests.outbox.crowd import MORNING
from tests.people import HOME, OTHER_VILLAGE, Cast
from tests.plans import plan, statements
from tests.routes_.making import make_route
from webapp import clock
from webapp.db import db
from webapp.outbox import queue, routing
from webapp.outbox.model import Message
from webapp.outbox.store import SqlStore
from webapp.routes import states
from webapp.routes.model import Route, RouteState

SOON = timedelta(minutes=1)


def store_on(route: Route, owner: str = "worker-1") -> SqlStore:
    facts = {"gateway": route.code, "route": route.code, "daily_limit": route.daily_limit}
    price = route.price_rupiah
    db.session.rollback()
    return SqlStore(db.engine, owner=owner, lease=60, price_rupiah=price, **facts)


def divide() -> int:
    moved = routing.look_after_routes(MORNING)
    db.session.expire_all()
    return moved


def settle_down() -> None:
    """Until nothing moves any more, as the worker does round after round."""
    for _ in range(10):
        if not divide():
            return
    raise AssertionError("texts move for ever")


def route_of(key: str) -> str:
    return stored(key).route


def test_without_rows_everything_goes_by_the_settings(write: Write, cast: Cast) -> None:
    assert route_of(write()) == ""
    assert divide() == 0


def test_a_new_text_gets_the_route_that_fits(write: Write, cast: Cast) -> None:
    make_route("modem", areas=HOME, prefixes="+62812", purposes="reply,reminder", rank=1)
    make_route("kantor", rank=5)
    make_route("mati", enabled=False, rank=0)
    assert route_of(write()) == "modem"
    assert route_of(write(purpose="notice")) == "kantor"
    assert route_of(write(number="+85251234567")) == "kantor"
    assert route_of(write(area_code=OTHER_VILLAGE)) == "kantor"


def test_many_at_once_each_get_theirs(cast: Cast) -> None:
    make_route("notices", purposes="notice")
    rows = [
        {
            "key": f"t:{n}",
            "purpose": ("notice", "reply")[n % 2],
            "number": "+62812",
            "area_code": HOME,
            "due_at": MORNING,
        }
        for n in range(10)
    ]
    queue.enqueue_many(rows, MORNING)
    found = dict(db.session.execute(sa.select(Message.key, Message.route)).tuples().all())
    assert found == {f"t:{n}": ("notices", "")[n % 2] for n in range(10)}


def test_a_planned_text_that_changes_may_change_its_route(cast: Cast) -> None:
    make_route("hongkong", prefixes="+852")
    row = {"key": "d:1", "purpose": "reminder", "number": "+6281234567801", "area_code": HOME, "due_at": MORNING}
    queue.sync("departure:1", [row], MORNING)
    queue.sync("departure:1", [row | {"number": "+85251234567"}], MORNING)
    db.session.commit()
    assert route_of("d:1") == "hongkong"


def test_a_worker_claims_only_its_own_route(write: Write, cast: Cast) -> None:
    modem = make_route("modem", purposes="reply")
    mine, others = write(purpose="reply"), write()
    plain = SqlStore(db.engine, gateway="told", owner="w", lease=60, price_rupiah=350)
    assert [h.id for h in store_on(modem).claim_due(10, MORNING).handovers] == [stored(mine).id]
    assert [h.id for h in plain.claim_due(10, MORNING).handovers] == [stored(others).id]
    assert (stored(mine).gateway, stored(mine).price_rupiah) == ("modem", 200)
    assert (stored(others).gateway, stored(others).price_rupiah) == ("told", 350)


def test_doubts_are_asked_of_the_route_that_took_them(write: Write, cast: Cast) -> None:
    modem = make_route("modem")
    key = write()
    store_on(modem).claim_due(10, MORNING)
    late = clock.real_now() - SOON
    db.session.execute(sa.update(Message).where(Message.key == key).values(lease_until=late))
    db.session.commit()
    plain = SqlStore(db.engine, gateway="told", owner="w", lease=60, price_rupiah=350)
    plain.mark_cut_off(0, MORNING)
    assert plain.claim_doubts(10, MORNING) == []
    assert [doubt.id for doubt in store_on(modem, "another").claim_doubts(10, MORNING)] == [stored(key).id]


class TestRest:
    @pytest.fixture
    def first(self, cast: Cast) -> Route:
        make_route("second", rank=2)
        return make_route("first", rank=1)

    def test_the_next_one_takes_over_in_the_same_transaction(self, write: Write, first: Route) -> None:
        key = write()
        assert route_of(key) == "first"
        store_on(first).pause(Pause(900, "20003"))
        assert route_of(key) == "second"
        assert route_of(write()) == "second"
        state = db.session.get_one(RouteState, "first")
        assert (state.pause_reason, state.last_error) == ("20003", "20003")

    def test_what_is_given_back_late_follows(self, write: Write, first: Route) -> None:
        key, store = write(), store_on(first)
        store.claim_due(10, MORNING)
        store.pause(Pause(900, "20003"))
        assert route_of(key) == "first", "under way"
        store.settle([Released(stored(key).id)], MORNING)
        settle_down()
        assert route_of(key) == "second"

    def test_after_the_rest_one_text_tries_it_and_all_come_back_once_it_was_taken(
        self, write: Write, first: Route
    ) -> None:
        keys, store = [write(purpose="notice") for _ in range(5)], store_on(first)
        store.pause(Pause(900, "unreachable"))
        assert {route_of(key) for key in keys} == {"second"}
        settle_down()
        self._rest_is_over()
        settle_down()
        routes = [route_of(key) for key in keys]
        assert sorted(routes) == ["first", *["second"] * 4], "one text tries it"
        handover = store.claim_due(10, MORNING).handovers[0]
        store.settle([Taken(handover.id, "x")], MORNING)
        assert store.beat(1).pause.seconds == 0
        assert db.session.get_one(RouteState, "first").paused_until is None, "proven"
        settle_down()
        assert [route_of(key) for key in keys] == ["first"] * 5

    def test_while_it_is_tried_a_new_notice_may_go_by_it_and_an_answer_may_not(
        self, write: Write, first: Route
    ) -> None:
        store_on(first).pause(Pause(900, "unreachable"))
        self._rest_is_over()
        assert route_of(write(purpose="notice")) == "first"
        assert route_of(write(purpose="reply")) == "second"

    def test_what_waits_there_for_another_day_does_not_keep_it_from_its_trial(self, write: Write, first: Route) -> None:
        store = store_on(first)
        store.pause(Pause(900, "unreachable"))
        self._rest_is_over()
        later, due = write(due_at=clock.now() + timedelta(days=20)), write(purpose="notice")
        db.session.execute(sa.update(Message).where(Message.key == due).values(route="second"))
        db.session.commit()
        settle_down()
        assert (route_of(later), route_of(due)) == ("first", "first")

    @pytest.mark.parametrize("under_way", [False, True])
    def test_one_at_a_time_tries_it(self, write: Write, first: Route, under_way: bool) -> None:
        store = store_on(first)
        store.pause(Pause(900, "unreachable"))
        self._rest_is_over()
        keys = [write(purpose="notice") for _ in range(3)]
        db.session.execute(sa.update(Message).values(route="second"))
        db.session.commit()
        settle_down()
        if under_way:
            store.claim_due(10, MORNING)
        settle_down()
        assert [route_of(key) for key in keys].count("first") == 1

    def test_nothing_urgent_is_the_first_text_of_a_trial(self, write: Write, first: Route) -> None:
        keys = write(purpose="alarm"), write(purpose="reply")
        store_on(first).pause(Pause(900, "unreachable"))
        self._rest_is_over()
        settle_down()
        assert [route_of(key) for key in keys] == ["second", "second"]

    def test_a_failed_trial_sends_it_to_rest_again(self, write: Write, first: Route) -> None:
        key, store = write(), store_on(first)
        store.pause(Pause(900, "unreachable"))
        self._rest_is_over()
        settle_down()
        assert route_of(key) == "first"
        store.pause(Pause(900, "unreachable"))
        assert route_of(key) == "second"

    def test_a_longer_rest_is_not_made_shorter(self, first: Route, cast: Cast) -> None:
        states.rest_by_hand(db.session, "first", "Kartu SIM diganti")
        db.session.commit()
        store_on(first).pause(Pause(60, "unreachable"))
        db.session.expire_all()
        assert db.session.get_one(RouteState, "first").pause_reason == "by_hand"

    def test_one_opened_by_hand_is_open_at_once(self, write: Write, first: Route) -> None:
        key = write()
        states.rest_by_hand(db.session, "first", "Kartu SIM diganti")
        db.session.commit()
        settle_down()
        assert route_of(key) == "second"
        states.open_up(db.session, "first")
        db.session.commit()
        settle_down()
        assert route_of(key) == "first"

    def test_an_edited_route_takes_what_fits_it_now(self, write: Write, first: Route) -> None:
        keys = write(), write(purpose="notice")
        settle_down()
        db.session.get_one(Route, first.id).purposes = "notice"
        db.session.commit()
        settle_down()
        assert [route_of(key) for key in keys] == ["second", "first"]

    @staticmethod
    def _rest_is_over() -> None:
        db.session.execute(sa.update(RouteState).values(paused_until=clock.real_now() - SOON))
        db.session.commit()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_nobody_waits_for_a_planner(app: Flask, write: Write, cast: Cast) -> None:
    """A text that somebody else's transaction holds is left for the next round. SQLite has one writer at a time."""
    key, other = write(), write()
    make_route("modem")
    with db.engine.connect() as planner, planner.begin():
        planner.execute(sa.select(Message.id).where(Message.key == key).with_for_update())
        assert divide() == 1
    assert (route_of(key), route_of(other)) == ("", "modem")
    settle_down()
    assert route_of(key) == "modem"


@pytest.mark.own_database
def test_a_round_without_news_reads_only_texts_of_closed_routes(app: Flask, cast: Cast) -> None:
    make_route("first")
    make_route("second")
    states.rest_by_hand(db.session, "first", "Kartu SIM diganti")
    db.session.commit()
    settle_down()
    with statements() as sent:
        divide()
    updates = [one for one in sent if one[0].startswith("UPDATE messages")]
    assert len(updates) == 3, "one for each priority at the one route that is closed"
    for update in updates:
        how = plan(*update)
        assert "ix_messages_due" in how
        assert "ix_messages_state_area_code" not in how, "it goes through all that wait"
        assert "SCAN messages" not in how
