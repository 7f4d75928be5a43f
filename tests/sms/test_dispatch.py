"""The engine with an outbox in memory: what goes, what waits, what is asked, and how it stops."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from sms.dispatch import Dispatcher, hears_nothing
from sms.gateways import (
    Accepted,
    Found,
    Gateway,
    GatewayError,
    Heartbeat,
    IncomingText,
    LookUp,
    News,
    Outgoing,
    Receipt,
    Uncertain,
)
from sms.handover import Limits
from sms.listening import Hear, Heard
from sms.outbox import Failed, Handover, Known, Later, NotTaken, Pause, Released, StoreUnavailable, Taken, Unsure
from tests.sms.memory_store import MemoryStore, ToldGateway, doubt, now, texts

LIMITS = Limits(in_flight=8, batch=50, lease=30, provider=1, ask_after=60, trouble=1000)


def drain(gateway: Gateway, store: MemoryStore, limits: Limits = LIMITS) -> Dispatcher:
    dispatcher = Dispatcher(gateway, store, limits, now)
    dispatcher.run(once=True)
    return dispatcher


def refusing(error: Exception) -> ToldGateway:
    def refuse(_: Outgoing) -> Accepted:
        raise error

    return ToldGateway(refuse)


def test_everything_that_is_due_is_handed_over_once() -> None:
    gateway, store = ToldGateway(), MemoryStore(texts(500))
    dispatcher = drain(gateway, store)
    assert sorted(gateway.sent) == sorted(f"r{n}" for n in range(500))
    assert {(o.id, o.provider_id) for o in store.of(Taken)} == {(n, f"P-r{n}") for n in range(500)}
    assert dispatcher.handed_over == 500
    assert store.left


def test_texts_are_in_flight_side_by_side_and_no_more_than_allowed() -> None:
    gateway, store = ToldGateway(seconds=0.02), MemoryStore(texts(80))
    started = time.monotonic()
    drain(gateway, store)
    assert gateway.most_at_once == LIMITS.in_flight
    assert time.monotonic() - started < 80 * 0.02 / 3


def test_a_route_is_not_driven_faster_than_its_rate() -> None:
    gateway, store = ToldGateway(), MemoryStore(texts(20))
    started = time.monotonic()
    drain(gateway, store, replace(LIMITS, per_second=40))
    assert time.monotonic() - started >= 19 / 40 - 0.11


def test_a_slow_route_claims_only_what_it_can_begin_soon() -> None:
    store = MemoryStore(texts(12))
    drain(ToldGateway(), store, replace(LIMITS, per_second=4.0, beat=0.05))
    assert max(store.claims) <= 4


def test_workers_share_the_rate_of_their_route() -> None:
    store = MemoryStore(texts(10), workers=4)
    started = time.monotonic()
    drain(ToldGateway(), store, replace(LIMITS, per_second=80))
    assert time.monotonic() - started >= 9 / 20 - 0.11


def test_a_permanent_refusal_is_final() -> None:
    store = MemoryStore(texts(1))
    drain(refusing(GatewayError(permanent=True, code="21211", flag_number=True)), store)
    assert store.outcomes == [Failed(0, "rejected", "21211", dead_number=True)]


def test_a_transient_refusal_is_tried_later() -> None:
    store = MemoryStore(texts(1))
    drain(refusing(GatewayError(permanent=False, code="429", retry_after=90)), store)
    assert store.outcomes == [Later(0, 90, "429")]


def test_attempts_end() -> None:
    store = MemoryStore(texts(1, attempt=LIMITS.attempts))
    drain(refusing(GatewayError(permanent=False, code="503")), store)
    assert store.outcomes == [Failed(0, "gave_up", "503")]


@pytest.mark.parametrize("error", [Uncertain("no_answer"), RuntimeError("a bug in a library")])
def test_a_lost_answer_is_asked_about_and_not_sent_again(error: Exception) -> None:
    gateway, store = refusing(error), MemoryStore(texts(1))
    drain(gateway, store)
    assert store.outcomes == [Unsure(0, LIMITS.ask_after, "answer_lost")]
    assert gateway.sent == ["r0"]


def test_a_fault_of_the_account_closes_the_route_and_gives_the_texts_back() -> None:
    gateway, store = refusing(GatewayError(permanent=False, code="20003", pause_route=True)), MemoryStore(texts(100))
    drain(gateway, store, replace(LIMITS, in_flight=1))
    assert gateway.sent == ["r0"]
    assert store.pauses == [Pause(LIMITS.pause, "20003")]
    assert len(store.of(Released)) == LIMITS.batch
    assert len(store.due) == 100 - LIMITS.batch


def test_a_provider_that_takes_nothing_is_left_alone_for_a_while() -> None:
    gateway, store = refusing(GatewayError(permanent=False, code="no_connection")), MemoryStore(texts(200))
    drain(gateway, store, replace(LIMITS, trouble=20, in_flight=4))
    assert store.pauses == [Pause(LIMITS.rest, "unreachable")]
    assert len(gateway.sent) < 200


def test_a_provider_that_cannot_even_be_reached_is_left_alone_sooner_and_its_texts_do_not_wait() -> None:
    gateway, store = refusing(GatewayError(permanent=False, code="no_connection")), MemoryStore(texts(10, attempt=5))
    drain(gateway, store, replace(LIMITS, unreached=2, unreached_wait=3.0, per_second=10))
    assert 2 <= len(gateway.sent) < 5
    assert store.pauses == [Pause(LIMITS.rest, "unreachable")]
    assert all(later.seconds <= 3 for later in store.of(Later))


def test_after_a_pause_one_text_tries_the_route() -> None:
    gateway = refusing(GatewayError(permanent=False, code="20003", pause_route=True))
    store = MemoryStore(texts(60))
    dispatcher = Dispatcher(gateway, store, replace(LIMITS, pause=0.2, in_flight=1, idle=0.05, beat=0.05), now)
    thread = threading.Thread(target=dispatcher.run)
    thread.start()
    time.sleep(0.7)
    dispatcher.stop()
    thread.join()
    assert 2 <= len(gateway.sent) <= 4
    assert store.claims[1:] == [1] * (len(store.claims) - 1)


def test_a_route_that_another_worker_closed_is_left_alone() -> None:
    gateway, store = ToldGateway(), MemoryStore(texts(5), paused=Pause(60, "20003"))
    drain(gateway, store)
    assert gateway.sent == []


def test_a_route_that_was_opened_again_is_used() -> None:
    gateway, store = ToldGateway(), MemoryStore(texts(5), paused=Pause(60, "20003"))
    dispatcher = Dispatcher(gateway, store, replace(LIMITS, beat=0.05, idle=0.05), now)
    thread = threading.Thread(target=dispatcher.run)
    thread.start()
    store.paused = Pause(0)
    time.sleep(0.5)
    dispatcher.stop()
    thread.join()
    assert len(store.of(Taken)) == 5


class TestDoubts:
    @pytest.mark.parametrize("status", ["sent", "delivered", "failed"])
    def test_what_the_provider_has_is_settled(self, status: str) -> None:
        store = MemoryStore(doubts=[doubt(7)])
        drain(ToldGateway(know=lambda _: Found("P7", status, "30008")), store)  # type: ignore[arg-type]  # one of three
        assert store.outcomes == [Known(7, status, "P7", "30008")]

    def test_what_it_surely_does_not_have_waits_again_and_is_sent_at_once(self) -> None:
        class Requeueing(MemoryStore):
            def settle(self, outcomes: list, now: datetime) -> int:  # type: ignore[override, type-arg]  # any outcomes
                self.due += [t for t in texts(8) if any(isinstance(o, NotTaken) and o.id == t.id for o in outcomes)]
                return super().settle(outcomes, now)

        gateway, store = ToldGateway(), Requeueing(doubts=[doubt(7)])
        drain(gateway, store)
        assert store.of(NotTaken) == [NotTaken(7)]
        assert gateway.sent == ["r7"]

    def test_what_it_cannot_tell_stays_unknown(self) -> None:
        def cannot_tell(_: LookUp) -> Found | None:
            raise GatewayError(permanent=False, code="no_answer")

        gateway, store = ToldGateway(know=cannot_tell), MemoryStore(doubts=[doubt(7, age=3600)])
        drain(gateway, store)
        assert store.outcomes == [Unsure(7, 1800, "cannot_tell")]
        assert gateway.sent == []

    def test_what_was_tried_too_often_is_given_up(self) -> None:
        store = MemoryStore(doubts=[doubt(7, attempt=LIMITS.attempts)])
        drain(ToldGateway(), store)
        assert store.outcomes == [Failed(7, "gave_up", "")]


def test_what_is_valid_no_longer_is_given_back() -> None:
    late, good = (
        Handover(n, Outgoing(f"r{n}", "+628", "Halo", datetime.now(UTC) + timedelta(seconds=left)), 1)
        for n, left in enumerate((-1, 60))
    )
    gateway, store = ToldGateway(), MemoryStore([late, good])
    drain(gateway, store)
    assert gateway.sent == ["r1"]
    assert store.of(Released) == [Released(0)]


def test_a_lease_with_too_little_left_for_a_call_is_given_back() -> None:
    def clock() -> float:
        """The lanes stall for a minute before they look."""
        stalled = threading.current_thread().name.startswith("lane")
        return time.monotonic() + (60 if stalled else 0)

    gateway, store = ToldGateway(), MemoryStore(texts(3))
    Dispatcher(gateway, store, LIMITS, now, clock=clock).run(once=True)
    assert gateway.sent == []
    assert store.of(Released) == [Released(0), Released(1), Released(2)]


def test_a_lease_shorter_than_a_call_is_refused() -> None:
    with pytest.raises(ValueError, match="ends before"):
        Limits(lease=10, provider=30)


def test_a_stop_finishes_what_is_under_way_and_gives_the_rest_back() -> None:
    gateway, store = ToldGateway(seconds=0.2), MemoryStore(texts(40))
    dispatcher = Dispatcher(gateway, store, LIMITS, now)
    thread = threading.Thread(target=dispatcher.run)
    thread.start()
    while not gateway.sent:
        time.sleep(0.01)
    dispatcher.stop()
    thread.join(timeout=5)
    assert not thread.is_alive()
    assert {o.id for o in store.of(Taken)} == {int(reference[1:]) for reference in gateway.sent}
    assert len(store.of(Taken)) + len(store.of(Released)) == 40
    assert store.left


@pytest.mark.parametrize("call", ["settle", "claim_due"])
def test_a_store_that_is_away_for_a_moment_loses_nothing(call: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sms.dispatch.STORE_RETRY_SECONDS", 0.05)
    gateway, store = ToldGateway(), MemoryStore(texts(30), failing=[call, call])
    drain(gateway, store)
    assert len(gateway.sent) == 30
    assert {o.id for o in store.of(Taken)} == set(range(30))


class PolledGateway(ToldGateway):
    """Tells `news` until it hears that it was stored."""

    def __init__(self, *news: News) -> None:
        super().__init__()
        self.news, self.asked = list(news), 0

    def poll(self, now: datetime) -> list[News]:
        self.asked += 1
        return list(self.news)

    def acknowledge(self, news: Sequence[News]) -> None:
        self.news = [one for one in self.news if one not in news]


RECEIPT, STOP, ALIVE = Receipt("r1", "P1", "delivered"), IncomingText("I1", "0812", "STOP"), Heartbeat(battery=80)


def listen(gateway: PolledGateway, store: MemoryStore, hear: Hear, until: Callable[[], bool]) -> None:
    dispatcher = Dispatcher(gateway, store, replace(LIMITS, poll=0.02, idle=0.05), now, hear=hear)
    thread = threading.Thread(target=dispatcher.run)
    thread.start()
    give_up_at = time.monotonic() + 10
    while not until() and time.monotonic() < give_up_at:
        time.sleep(0.01)
    dispatcher.stop()
    thread.join()


def test_what_a_polled_gateway_tells_is_stored_then_acknowledged() -> None:
    gateway, store, heard = PolledGateway(STOP, RECEIPT, ALIVE), MemoryStore(), list[Heard]()
    Dispatcher(gateway, store, LIMITS, now, hear=heard.extend).run(once=True)
    assert store.receipts == [RECEIPT]
    assert heard == [STOP, ALIVE]
    assert gateway.news == []


def test_a_text_that_could_not_be_stored_is_told_again() -> None:
    gateway, store, heard = PolledGateway(STOP, RECEIPT), MemoryStore(), list[Heard]()
    faults = [RuntimeError("the database is away"), StoreUnavailable()]

    def hear(news: Sequence[Heard]) -> None:
        if faults:
            raise faults.pop()
        heard.extend(news)

    listen(gateway, store, hear, until=lambda: not gateway.news)
    assert heard == [STOP]
    assert set(store.receipts) == {RECEIPT}


def test_receipts_that_could_not_be_stored_are_told_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sms.dispatch.STORE_RETRY_SECONDS", 0.05)
    gateway, store = PolledGateway(RECEIPT), MemoryStore(failing=["receive"])
    listen(gateway, store, hears_nothing, until=lambda: not gateway.news)
    assert store.receipts == [RECEIPT]


def test_an_acknowledgement_that_fails_tells_the_same_again() -> None:
    class Deaf(PolledGateway):
        def acknowledge(self, news: Sequence[News]) -> None:
            if self.asked < 3:
                raise OSError("no line")
            super().acknowledge(news)

    gateway, heard = Deaf(STOP), list[Heard]()
    listen(gateway, MemoryStore(), heard.extend, until=lambda: not gateway.news)
    assert heard == [STOP] * 3


def test_a_gateway_is_not_asked_twice_at_once() -> None:
    class Slow(PolledGateway):
        def poll(self, now: datetime) -> list[News]:
            found = super().poll(now)
            time.sleep(0.2)
            return found

    gateway = Slow(STOP)
    heard = list[Heard]()
    listen(gateway, MemoryStore(), heard.extend, until=lambda: not gateway.news)
    assert heard == [STOP]


class Careful(ToldGateway):
    def __init__(self) -> None:
        super().__init__()
        self.looked_after = 0

    def maintain(self) -> None:
        self.looked_after += 1
        raise GatewayError(permanent=False, code="no_line")


class CarefulAndPolled(Careful, PolledGateway):
    """Both."""


def test_a_gateway_is_looked_after_once_an_hour_and_goes_on_being_asked() -> None:
    gateway, heard = CarefulAndPolled(), list[Heard]()
    gateway.news.append(STOP)
    listen(gateway, MemoryStore(), heard.extend, until=lambda: bool(gateway.looked_after) and gateway.asked > 5)
    assert gateway.looked_after == 1
    assert heard == [STOP]


def test_a_gateway_that_calls_us_is_looked_after_too_and_sends_meanwhile() -> None:
    gateway, store = Careful(), MemoryStore(texts(3))
    drain(gateway, store)
    assert gateway.looked_after == 1
    assert len(store.of(Taken)) == 3


def test_a_gateway_that_cannot_be_polled_keeps_nothing_back() -> None:
    class BrokenPoll(PolledGateway):
        def poll(self, now: datetime) -> list[News]:
            raise OSError("no line")

    store = MemoryStore(texts(3))
    drain(BrokenPoll(), store)
    assert len(store.of(Taken)) == 3


def test_chores_are_done_and_their_texts_go_at_once() -> None:
    store = MemoryStore()

    def chore() -> int:
        if not store.claims:
            return 0
        store.due += texts(1) if not store.of(Taken) else []
        return 1

    gateway = ToldGateway()
    dispatcher = Dispatcher(gateway, store, replace(LIMITS, repair=0.05, idle=60), now, chore)
    thread = threading.Thread(target=dispatcher.run)
    thread.start()
    time.sleep(0.6)
    dispatcher.stop()
    thread.join()
    assert gateway.sent[0] == "r0"
