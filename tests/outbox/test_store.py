"""Claims, leases and settlements on both databases."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from flask import Flask

from sms.dispatch import Dispatcher
from sms.gateways import Accepted, Outgoing, Receipt
from sms.handover import Limits
from sms.outbox import Failed, Known, Later, NotTaken, Outcome, Pause, Released, StoreUnavailable, Taken, Unsure
from tests.outbox.conftest import Write, store_of, stored
from tests.outbox.crowd import MORNING, gather
from tests.people import Cast
from webapp import clock
from webapp.db import db
from webapp.outbox import checks, statements
from webapp.outbox.model import Message, Text, Worker
from webapp.outbox.store import SqlStore
from webapp.people.model import NumberState
from webapp.routes.model import RouteState

SOON = timedelta(minutes=1)


class TestClaim:
    def test_words_are_rendered_in_the_language_of_the_person(self, write: Write, store: SqlStore) -> None:
        db.session.execute(sa.update(Text).where(Text.code == "R1", Text.language == "jv").values(enabled=True))
        keys = write(language="jv"), write(language="su")
        bodies = {h.id: h.outgoing.body for h in store.claim_due(10, MORNING).handovers}
        assert bodies[stored(keys[0]).id].startswith("Desmigratif: Sri, bidhal 1 Des.")
        assert bodies[stored(keys[1]).id].startswith("Desmigratif: Sri, berangkat 1 Des."), "not enabled: Indonesian"

    def test_the_newest_enabled_version_is_used(self, write: Write, store: SqlStore) -> None:
        for version, body, enabled in ((2, "Baru {n}", True), (3, "Belum disetujui {n}", False)):
            text = {"code": "R1", "language": "id", "version": version, "body": body, "enabled": enabled}
            db.session.add(Text(**text, created_at=MORNING))
        key = write()
        assert store.claim_due(10, MORNING).handovers[0].outgoing.body == "Baru Sri"
        assert stored(key).text_version == 2

    def test_a_text_remembers_the_version_of_the_language_that_was_used(self, write: Write, store: SqlStore) -> None:
        of_javanese = sa.update(Text).where(Text.code == "R1", Text.language == "jv")
        db.session.execute(of_javanese.values(enabled=True, version=7))
        spoken, fallen_back, waiting = write(language="jv"), write(language="su"), write(due_at=MORNING + SOON)
        by_hand = write(text_code="", body="Besok saya datang", values={})
        store.claim_due(10, MORNING)
        versions = [stored(key).text_version for key in (spoken, fallen_back, waiting, by_hand)]
        assert versions == [7, 1, 0, 0]

    def test_what_is_handed_over_is_stored_before(self, write: Write, store: SqlStore) -> None:
        key = write()
        handover = store.claim_due(10, MORNING).handovers[0]
        message = stored(key)
        assert (message.state, message.lease_owner, message.attempts) == ("sending", "worker-1", 1)
        assert (message.body, message.reference) == (handover.outgoing.body, handover.outgoing.reference)
        assert (message.segments, message.price_rupiah, message.gateway) == (1, 350, "told")
        assert clock.real_now() - message.handed_at < timedelta(seconds=5), "not the day of a demonstration"
        assert message.lease_until - clock.real_now() == pytest.approx(timedelta(seconds=60), abs=timedelta(seconds=5))

    def test_words_of_a_human_are_counted_in_segments(self, write: Write, store: SqlStore) -> None:
        key = write(purpose="reply", text_code="", values={}, body="a" * 161)
        store.claim_due(10, MORNING)
        assert (stored(key).segments, stored(key).price_rupiah) == (2, 700)

    def test_a_text_without_words_fails_and_keeps_nothing_back(self, write: Write, store: SqlStore) -> None:
        gone, lacking, good = write(text_code="XX"), write(values={}), write()
        assert [h.id for h in store.claim_due(10, MORNING).handovers] == [stored(good).id]
        assert {(stored(key).state, stored(key).reason) for key in (gone, lacking)} == {("failed", "no_words")}

    @pytest.mark.parametrize(
        ("columns", "seconds"),
        [
            ({}, 60),
            ({"purpose": "alarm"}, 3600),
            ({"purpose": "alarm", "expires_at": MORNING.replace(hour=13, minute=5)}, 360),
        ],
        ids=["day", "any hour", "expires"],
    )
    def test_it_is_valid_for_an_hour_its_hours_and_its_meaning(
        self, write: Write, store: SqlStore, columns: dict[str, object], seconds: int
    ) -> None:
        evening = MORNING.replace(hour=12, minute=59)  # 19:59 in Jakarta
        write(now=evening, **columns)
        outgoing = store.claim_due(10, evening).handovers[0].outgoing
        assert outgoing.seconds_left(9999) == pytest.approx(seconds, abs=5), "by the machine's clock"

    def test_what_is_not_due_waits(self, write: Write, store: SqlStore) -> None:
        write(due_at=MORNING + SOON)
        assert store.claim_due(10, MORNING).examined == 0

    def test_answers_go_before_reminders_and_these_before_notices(self, write: Write, store: SqlStore) -> None:
        purposes = ("notice", "reminder", "reply", "alarm", "reminder")
        keys = [write(purpose=p, due_at=MORNING - SOON + timedelta(seconds=n)) for n, p in enumerate(purposes)]
        handovers = store.claim_due(4, MORNING).handovers
        assert [h.id for h in handovers] == [stored(keys[n]).id for n in (2, 3, 1, 4)]

    def test_of_one_class_the_longest_waiting_goes_first(self, write: Write, store: SqlStore) -> None:
        young, old = write(due_at=MORNING), write(due_at=MORNING - SOON)
        assert [h.id for h in store.claim_due(1, MORNING).handovers] == [stored(old).id]
        assert stored(young).state == "queued"

    @pytest.mark.own_database
    @pytest.mark.parametrize("route", ["", "modem"])
    def test_only_an_index_is_read(self, app: Flask, route: str) -> None:
        facts = {"priority": 5, "limit": 10, **checks.moments(MORNING)}
        plan = explain(statements.due(route), facts)
        assert "ix_messages_due" in plan
        for table in ("messages", "people", "phones", "consents"):
            assert f"Seq Scan on {table}" not in plan
            assert f"SCAN {table}" not in plan


def explain(query: sa.Select, facts: dict) -> str:
    """The plan of the statement as the driver gets it."""
    with db.engine.connect() as connection:
        seen = []
        sa.event.listen(connection, "before_cursor_execute", lambda *call: seen.append(call[2:4]))
        connection.execute(query, facts)
        statement, parameters = seen[-1]
        if db.engine.dialect.name == "postgresql":
            # Of a handful of rows the planner would rather read them all.
            connection.execute(sa.text("SET LOCAL enable_seqscan = off"))
            connection.execute(sa.text("SET LOCAL enable_bitmapscan = off"))
        prefix = "EXPLAIN QUERY PLAN " if db.engine.dialect.name == "sqlite" else "EXPLAIN "
        return "\n".join(str(row) for row in connection.exec_driver_sql(prefix + statement, parameters))


class TestSettlement:
    def test_a_text_that_was_taken_is_sent(self, write: Write, store: SqlStore) -> None:
        key = write(expects="yes_no")
        store.claim_due(10, MORNING)
        assert store.settle([Taken(stored(key).id, "SM1", segments=2, price=900)], MORNING + SOON) == 1
        message = stored(key)
        assert (message.state, message.provider_id, message.lease_owner) == ("sent", "SM1", None)
        assert (message.segments, message.price_rupiah) == (2, 900)
        assert message.sent_at == MORNING + SOON, "with that its question is open"

    def test_a_transient_refusal_waits_for_its_time(self, write: Write, store: SqlStore) -> None:
        key = write()
        store.claim_due(10, MORNING)
        store.settle([Later(stored(key).id, 90, "429")], MORNING)
        message = stored(key)
        assert (message.state, message.reason, message.error_code) == ("queued", "not_taken", "429")
        assert message.due_at == MORNING + timedelta(seconds=90)
        assert message.attempts == 1
        assert store.claim_due(10, MORNING).examined == 0
        assert store.claim_due(10, MORNING + timedelta(seconds=90)).handovers[0].attempt == 2

    def test_a_final_refusal_may_flag_the_number(self, write: Write, store: SqlStore) -> None:
        keys = write(due_at=MORNING - SOON), write()
        first = store.claim_due(1, MORNING).handovers[0]
        store.settle([Failed(first.id, "rejected", "21211", dead_number=True)], MORNING)
        assert (stored(keys[0]).state, stored(keys[0]).error_code) == ("failed", "21211")
        assert db.session.get(NumberState, first.outgoing.to).invalid_at == MORNING
        db.session.rollback()
        store.claim_due(10, MORNING)
        assert stored(keys[1]).reason == "invalid_number"

    def test_a_text_that_is_given_back_has_not_been_tried(self, write: Write, store: SqlStore) -> None:
        key = write()
        store.claim_due(10, MORNING)
        store.settle([Released(stored(key).id)], MORNING)
        assert (stored(key).state, stored(key).attempts) == ("queued", 0)
        assert store.claim_due(10, MORNING).examined == 1

    def test_many_kinds_at_once(self, write: Write, store: SqlStore) -> None:
        keys = [write() for _ in range(4)]
        ids = [stored(key).id for key in keys]
        store.claim_due(10, MORNING)
        outcomes = [Taken(ids[0], "a"), Later(ids[1], 5, "x"), Released(ids[2]), Unsure(ids[3], 60, "answer_lost")]
        assert store.settle(outcomes, MORNING) == 4
        assert [stored(key).state for key in keys] == ["sent", "queued", "queued", "unknown"]

    @pytest.mark.parametrize(
        ("outcome", "state"),
        [
            (lambda i: Later(i, 60, "busy"), "queued"),
            (lambda i: Failed(i, "rejected", "21211"), "failed"),
            (lambda i: Unsure(i, 60, "answer_lost"), "unknown"),
            (lambda i: Released(i), "queued"),
        ],
    )
    def test_many_of_one_kind_at_once(
        self, write: Write, store: SqlStore, outcome: Callable[[int], Outcome], state: str
    ) -> None:
        keys = [write() for _ in range(3)]
        store.claim_due(10, MORNING)
        assert store.settle([outcome(stored(key).id) for key in keys], MORNING) == 3
        assert {stored(key).state for key in keys} == {state}

    def test_a_provider_that_repeats_an_id_keeps_nothing_back(self, write: Write, store: SqlStore) -> None:
        keys = write(), write()
        store.claim_due(10, MORNING)
        assert store.settle([Taken(stored(key).id, "same") for key in keys], MORNING) == 2

    def test_a_receipt_that_is_faster_stays(self, write: Write, store: SqlStore) -> None:
        key = write()
        store.claim_due(10, MORNING)
        store.receive([Receipt(stored(key).reference, "SM1", "delivered")], MORNING)
        assert store.settle([Taken(stored(key).id, "SM1")], MORNING + SOON) == 0
        assert stored(key).state == "delivered"


class TestLease:
    def test_a_lease_that_ran_out_leaves_a_doubt(self, write: Write) -> None:
        key, stalled, other = write(), store_of("stalled"), store_of("other")
        stalled.claim_due(10, MORNING)
        assert other.mark_cut_off(0, MORNING) == 0
        self._pass(SOON)
        assert other.mark_cut_off(30, MORNING) == 1
        assert (stored(key).state, stored(key).reason) == ("unknown", "cut_off")
        assert other.claim_due(10, MORNING).examined == 0
        assert other.claim_doubts(10, MORNING + SOON) == [], "the provider's list may lag behind"
        self._pass(SOON)
        (doubt,) = other.claim_doubts(10, MORNING + SOON)
        message = stored(key)
        assert (doubt.id, doubt.attempt) == (message.id, 1)
        assert 110 < doubt.age < 180, "by the clock of the database, which no demonstration moves"
        assert (doubt.question.reference, doubt.question.body) == (message.reference, message.body)
        assert doubt.question.since == message.handed_at

    def test_one_worker_asks_at_a_time(self, write: Write) -> None:
        self._doubt(write())
        assert len(store_of("a").claim_doubts(10, MORNING)) == 1
        assert store_of("b").claim_doubts(10, MORNING) == []

    def test_a_doubt_of_another_gateway_is_not_asked_here(self, write: Write) -> None:
        self._doubt(write())
        elsewhere = SqlStore(db.engine, gateway="other", owner="b", lease=60, price_rupiah=350)
        assert elsewhere.claim_doubts(10, MORNING) == []

    @pytest.mark.parametrize(
        ("outcome", "state"),
        [
            (lambda i: Known(i, "sent", "SM1"), "sent"),
            (lambda i: Known(i, "delivered", "SM1"), "delivered"),
            (lambda i: Known(i, "failed", "SM1", "30008"), "failed"),
            (lambda i: NotTaken(i), "queued"),
            (lambda i: Unsure(i, 600, "cannot_tell"), "unknown"),
            (lambda i: Failed(i, "gave_up", ""), "failed"),
        ],
    )
    def test_what_asking_settles(self, write: Write, outcome: Callable[[int], Outcome], state: str) -> None:
        key, asking = write(), store_of("asking")
        self._doubt(key)
        (doubt,) = asking.claim_doubts(10, MORNING)
        assert asking.settle([outcome(doubt.id)], MORNING) == 1
        assert stored(key).state == state
        assert asking.claim_doubts(10, MORNING) == []
        assert stored(key).attempts == 1

    def test_a_decision_needs_the_lease(self, write: Write) -> None:
        key, late = write(), store_of("late")
        self._doubt(key, late)
        message_id = stored(key).id
        for decision in (Later(message_id, 1, ""), Released(message_id), Failed(message_id, "rejected", "")):
            assert late.settle([decision], MORNING) == 0
        assert stored(key).state == "unknown"

    def test_a_fact_does_not_so_a_text_that_was_given_up_for_lost_is_not_sent_again(self, write: Write) -> None:
        key, late, other = write(), store_of("late"), store_of("other")
        self._doubt(key, late)
        (doubt,) = other.claim_doubts(10, MORNING)
        other.settle([NotTaken(doubt.id)], MORNING)
        assert late.settle([Taken(doubt.id, "SM1")], MORNING) == 1
        assert stored(key).state == "sent"
        assert other.claim_due(10, MORNING).examined == 0

    def test_ids_of_other_texts_to_the_number_are_told_when_asking(self, write: Write, store: SqlStore) -> None:
        known, doubtful = write(), write()
        store.claim_due(10, MORNING)
        unsure = Unsure(stored(doubtful).id, 0, "answer_lost")
        store.settle([Taken(stored(known).id, "SM1"), unsure], MORNING)
        (doubt,) = store.claim_doubts(10, MORNING)
        assert doubt.question.taken == {"SM1"}

    @staticmethod
    def _pass(duration: timedelta) -> None:
        """As much time passes on the clock by which leases run out."""
        for message in db.session.scalars(sa.select(Message)):
            message.lease_until -= duration
            message.handed_at -= duration
        db.session.commit()

    @staticmethod
    def _doubt(key: str, owner: SqlStore | None = None) -> None:
        worker = owner or store_of("dead")
        worker.claim_due(10, MORNING)
        message_id = stored(key).id
        db.session.execute(
            sa.update(Message).where(Message.id == message_id).values(lease_until=clock.real_now() - SOON)
        )
        db.session.commit()
        worker.mark_cut_off(0, MORNING)


class TestPresence:
    def test_workers_of_a_route_count_each_other(self, app: Flask) -> None:
        one, two = store_of("one"), store_of("two")
        assert one.beat(0).workers == 1
        assert two.beat(0).workers == 2
        two.leave(7)
        assert one.beat(0).workers == 1
        assert db.session.get(Worker, "two").handed_over == 7

    def test_a_silent_worker_does_not_count(self, app: Flask) -> None:
        store_of("dead").beat(0)
        long_ago = clock.real_now() - timedelta(minutes=2)
        db.session.execute(sa.update(Worker).values(beat_at=long_ago))
        db.session.commit()
        assert store_of("one").beat(0).workers == 1

    def test_a_pause_is_heard_by_the_others_until_it_ends(self, app: Flask) -> None:
        one, two = store_of("one"), store_of("two")
        one.pause(Pause(0.3, "20003"))
        beat = two.beat(0)
        assert beat.pause.reason == "20003"
        assert 0 < beat.pause.seconds <= 0.3
        time.sleep(0.35)
        assert two.beat(0).pause.seconds == 0


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("workers", [2, 4])
def test_several_workers_drain_without_a_double_claim(app: Flask, cast: Cast, workers: int) -> None:
    gather(cast, people=100, texts_each=10)
    handed_over: Counter[str] = Counter()
    lock = threading.Lock()

    def send(text: Outgoing) -> Accepted:
        with lock:
            handed_over[text.reference] += 1
        return Accepted(text.reference)

    gateway = SimpleNamespace(name="told", send=send)
    limits = Limits(in_flight=4, batch=25)
    stores = [store_of(f"w{n}") for n in range(workers)]
    # It has what a dispatcher asks of a gateway here: a name, and `send`.
    dispatchers = [Dispatcher(gateway, store, limits, lambda: MORNING) for store in stores]  # type: ignore[arg-type]
    threads = [threading.Thread(target=dispatcher.run, args=(True,)) for dispatcher in dispatchers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert set(handed_over.values()) == {1}
    assert len(handed_over) == 1000
    assert all(dispatcher.handed_over for dispatcher in dispatchers), "each had its share"
    assert set(db.session.scalars(sa.select(Message.state).distinct())) == {"sent"}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_database_that_is_away_is_told_as_such(app: Flask, tmp_path: Path) -> None:
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'no' / 'such.db'}")
    store = SqlStore(engine, gateway="told", owner="w", lease=60, price_rupiah=350)
    with pytest.raises(StoreUnavailable):
        store.claim_due(1, MORNING)


def test_news_is_a_sign_of_life_but_not_our_own_clean_up(write: Write, store: SqlStore) -> None:
    """A daemon's database can be tidied with no daemon alive: that ends no silence."""
    store.receive([Receipt("f" * 32, "x", "failed", "expired")], MORNING)
    assert db.session.get(RouteState, "told") is None
    db.session.rollback()
    store.receive([Receipt("f" * 32, "x", "failed", "expired"), Receipt("e" * 32, "y", "sent")], MORNING)
    assert db.session.get_one(RouteState, "told").heard_at is not None
