"""The pretend network behaves, misbehaves as it is told, and remembers everything it took."""

from __future__ import annotations

import multiprocessing
import random
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sms.gateways import GatewayError, LookUp, Outgoing, Polled, Receipt, Uncertain, Webhooks
from sms.gateways.build import build
from sms.gateways.simulator import BUSY, NO_SUCH_NUMBER, UNDELIVERED, Behaviour, Simulator

SRI, TUMINI = "+6281234567801", "+6281234567802"
AT_ONCE = Behaviour(delay_seconds=0)


@pytest.fixture
def network(tmp_path: Path) -> Simulator:
    simulator = Simulator(tmp_path / "new folder" / "simulator.db", chance=random.Random(1))
    simulator.behave(AT_ONCE)
    return simulator


def text(reference: str = "ref1", to: str = SRI, body: str = "Halo") -> Outgoing:
    return Outgoing(reference, to, body)


def question(reference: str = "ref1") -> LookUp:
    return LookUp(reference, SRI, "Halo", datetime.now(UTC))


def later(seconds: float = 1) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=seconds)


def test_a_text_reaches_its_phone_and_receipts_tell(network: Simulator) -> None:
    accepted = network.send(text())
    assert [t.body for t in network.thread(SRI, 10)] == ["Halo"]
    receipts = network.poll(later())
    assert receipts == [
        Receipt("ref1", accepted.provider_id, "sent"),
        Receipt("ref1", accepted.provider_id, "delivered"),
    ]
    assert network.poll(later()) == receipts
    network.acknowledge(receipts[:1])
    assert network.poll(later()) == receipts[1:]
    network.acknowledge(receipts)
    assert network.poll(later()) == []
    found = network.look_up(question())
    assert found is not None
    assert (found.provider_id, found.status) == (accepted.provider_id, "delivered")
    assert network.look_up(question("never sent")) is None


def test_a_delayed_text_arrives_later(network: Simulator) -> None:
    network.behave(Behaviour(delay_seconds=60))
    network.send(text())
    assert network.thread(SRI, 10) == []
    assert network.poll(later()) == []
    assert len(network.poll(later(61))) == 2
    found = network.look_up(question())
    assert found is not None
    assert found.status == "sent"


def test_it_refuses_as_it_is_told(network: Simulator) -> None:
    network.behave(Behaviour(fail_percent=100, failure=BUSY))
    with pytest.raises(GatewayError) as busy:
        network.send(text())
    network.behave(Behaviour(fail_percent=100, failure=NO_SUCH_NUMBER))
    with pytest.raises(GatewayError) as unknown:
        network.send(text())
    assert (busy.value.permanent, unknown.value.permanent, unknown.value.flag_number) == (False, True, True)
    assert list(network.handed_over()) == []


def test_an_undelivered_text_is_taken_and_fails_by_receipt(network: Simulator) -> None:
    network.behave(Behaviour(delay_seconds=0, fail_percent=100, failure=UNDELIVERED))
    accepted = network.send(text())
    assert network.thread(SRI, 10) == []
    assert network.poll(later())[-1] == Receipt("ref1", accepted.provider_id, "failed", UNDELIVERED)


def test_a_dropped_answer_is_uncertain_and_the_text_can_be_looked_up(network: Simulator) -> None:
    network.behave(Behaviour(delay_seconds=0, drop_answer_percent=100))
    with pytest.raises(Uncertain):
        network.send(text())
    assert network.look_up(question()) is not None
    assert list(network.handed_over()) == [("ref1", SRI, "Halo")]


def test_receipts_come_twice_and_in_any_order(network: Simulator) -> None:
    network.behave(Behaviour(delay_seconds=0, duplicate_receipts=True, reorder_receipts=True))
    for number in range(10):
        network.send(text(f"ref{number}"))
    receipts = network.poll(later())
    assert len(receipts) == 40
    first = {r.reference: r.status for r in reversed(receipts) if isinstance(r, Receipt)}
    assert set(first.values()) == {"sent", "delivered"}
    network.acknowledge(receipts)
    assert network.poll(later()) == []


def test_phones_stand_with_the_newest_text_first(network: Simulator) -> None:
    network.send(text(to=SRI))
    network.send(text(to=TUMINI))
    assert [p.number for p in network.phones(10)] == [TUMINI, SRI]
    network.answer(SRI, "YA")
    (newest,) = network.phones(1)
    assert newest.number == SRI
    assert network.phone(newest.id) == newest
    assert network.phone(99) is None
    assert [(t.from_phone, t.body) for t in network.thread(SRI, 10)] == [(False, "Halo"), (True, "YA")]
    assert [t.body for t in network.thread(SRI, 1)] == ["YA"]


def test_web_and_worker_share_one_network(network: Simulator, tmp_path: Path) -> None:
    other = build("simulator", {"file": tmp_path / "new folder" / "simulator.db"})
    other.send(text())
    assert [t.body for t in network.thread(SRI, 10)] == ["Halo"]
    assert isinstance(network, Polled)
    assert not isinstance(network, Webhooks)


def test_threads_and_processes_lose_nothing(tmp_path: Path) -> None:
    file = tmp_path / "simulator.db"
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=send_many, args=(file, f"p{n}", 50)) for n in range(2)]
    for process in processes:
        process.start()
    network = Simulator(file)
    threads = [threading.Thread(target=lambda n=n: send_with(network, f"t{n}", 50)) for n in range(4)]
    for thread in threads:
        thread.start()
    for worker in [*threads, *processes]:
        worker.join(30)
    references = [reference for reference, _, _ in network.handed_over()]
    assert len(references) == len(set(references)) == 300


def send_many(file: Path, name: str, count: int) -> None:
    send_with(Simulator(file), name, count)


def send_with(network: Simulator, name: str, count: int) -> None:
    for number in range(count):
        network.send(text(f"{name}-{number}", to=f"+62812345{number:05}"))


def test_it_is_quick(network: Simulator) -> None:
    began = time.perf_counter()
    send_with(network, "quick", 1000)
    assert time.perf_counter() - began < 3
