"""Web server and worker die at any moment of a broadcast: everybody gets exactly one text, or it is said why not."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.broadcasts.making import allow
from tests.faults.fleet import Fleet, RecordingProvider, recording_provider
from tests.faults.officer import Officer, listening
from tests.people import HOME, REGENCY, Cast
from tests.warnings.crowd import willing
from webapp.broadcasts import forecast
from webapp.broadcasts.model import Broadcast, BroadcastEvent, SmsBudget, cause_of
from webapp.broadcasts.sending import AFTERWARDS
from webapp.db import db
from webapp.outbox.model import Hold, Message, Worker

pytestmark = pytest.mark.own_database

PEOPLE = 30
KILLS = 30
WORKERS = 2
#: Pairs of officers, each of whom brings one broadcast after the other on its way.
PAIRS = 3
SLOWEST = 0.03
ENDED = ("done", "cancelled")
FORM = {"recipients": "migrants", "areas": HOME, "when": "now"}
#: For how many people each page was read: as many as there are.
READ = "9999"
WORDS = "Desmigratif: {n}, bursa kerja di {desa} pukul 9. Tanya {hp}. Nomor"
#: Given the fleet, the officers, and how many forms were answered when the last one died: who may die now.
Moment = Callable[[Fleet, "list[Pair]", int], set[str]]


@pytest.mark.slow(seconds=45)
def test_everybody_gets_one_text_whoever_dies(app: Flask, database_url: str, cast: Cast, tmp_path: Path) -> None:
    willing(cast, PEOPLE)
    allow(cast, REGENCY)
    db.session.remove()
    with recording_provider(tmp_path, SLOWEST) as provider, listening() as web:
        arguments = (database_url, str(provider.port), str(web.fileno()), str(time.time()))
        with Fleet(*arguments, module="tests.faults.broadcasting", files=[web.fileno()]) as fleet:
            pairs = kill_at_random(app, fleet, web.getsockname()[1])
            provider.hurry()
            wait_until(lambda: not unfinished(), seconds=60)
            assert sum(pair.cut_off for pair in pairs) > 0, "the web servers died in their sleep"
            assert provider.asked, "the workers died in their sleep"
            assert sum(pair.made for pair in pairs) == len(broadcasts())
            assert_each_got_one(provider)
            assert_money_agrees()
            # What is cancelled stays held until its texts have lost their meaning.
            cancelled = {broadcast.cause for broadcast in broadcasts() if broadcast.state == "cancelled"}
            assert set(read(sa.select(Hold.cause))) <= cancelled


def kill_at_random(app: Flask, fleet: Fleet, port: int) -> list[Pair]:
    """KILLS times, a web server or a worker dies and another starts, while officers work."""
    fleet.start("web")
    for _ in range(WORKERS):
        fleet.start()
    pairs, enough = [Pair(port, number) for number in range(PAIRS)], Event()
    with ThreadPoolExecutor(PAIRS) as pool:
        at_work = [pool.submit(pair.work, app, enough) for pair in pairs]
        try:
            for _ in range(KILLS):
                kill_one(fleet, random.choice(MOMENTS), pairs)
        finally:
            enough.set()
        for one in at_work:
            one.result()
    return pairs


def kill_one(fleet: Fleet, moment: Moment, pairs: list[Pair]) -> None:
    """A while after it has begun its work, or just while it is in the middle of something."""
    answered = answers(pairs)
    found: list[str] = []

    def is_there() -> bool:
        found[:] = [name for name in fleet.running if name in moment(fleet, pairs, answered)]
        return bool(found)

    wait_until(is_there, seconds=60)
    if moment not in (sending, answering):
        time.sleep(random.uniform(0, 0.4))
    victim = random.choice(found)
    fleet.kill(victim)
    fleet.start(victim.partition("-")[0])


def serving(fleet: Fleet, pairs: list[Pair], answered: int) -> set[str]:
    """The web server, if it has answered a form since the last one died."""
    return web_of(fleet) if answers(pairs) > answered else set()


def answering(fleet: Fleet, pairs: list[Pair], answered: int) -> set[str]:
    """The same, while another form is on its way."""
    return serving(fleet, pairs, answered) if any(pair.waits for pair in pairs) else set()


def working(_fleet: Fleet, _pairs: list[Pair], _answered: int) -> set[str]:
    """Workers that have begun to claim."""
    return set(read(sa.select(Worker.id)))


def sending(_fleet: Fleet, _pairs: list[Pair], _answered: int) -> set[str]:
    return set(read(sa.select(Message.lease_owner).where(Message.state == "sending")))


def web_of(fleet: Fleet) -> set[str]:
    return {name for name in fleet.running if name.startswith("web")}


MOMENTS: tuple[Moment, ...] = (serving, answering, working, sending)


def answers(pairs: list[Pair]) -> int:
    return sum(pair.answered for pair in pairs)


class Pair:
    """Ratna drafts, a second officer approves; they pause, resume and cancel as it comes."""

    def __init__(self, port: int, number: int) -> None:
        self._ratna, self._second = Officer(port, "ratna"), Officer(port, random.choice(("bambang", "dewi")))
        self._number = number
        self.made = 0

    @property
    def cut_off(self) -> int:
        return self._ratna.cut_off + self._second.cut_off

    @property
    def answered(self) -> int:
        return self._ratna.answered + self._second.answered

    @property
    def waits(self) -> bool:
        return self._ratna.waits or self._second.waits

    def work(self, app: Flask, enough: Event) -> None:
        with app.app_context():
            while not enough.is_set():
                self.made += 1
                it = self._bring_on_its_way(f"{self._number}-{self.made}")
                wait_until(lambda it=it: enough.is_set() or stand(it)[0] in ENDED, seconds=60)

    def _bring_on_its_way(self, title: str) -> int:
        page = self._ratna.post("/broadcasts", **FORM, title=title, body_id=f"{WORDS} {title}")
        it = int(page.rpartition("/")[2])
        self._until(it, "waiting", lambda version: self._ratna.post(f"{page}/submission", version=version, people=READ))
        self._until(it, "approved", lambda version: self._second.post(f"{page}/approval", version=version, people=READ))
        while random.random() < 0.5:
            time.sleep(random.uniform(0, 0.4))
            self._until(it, "paused", lambda _: self._second.post(f"{page}/pause", why="look"))
            time.sleep(random.uniform(0, 0.2))
            self._until(
                it, "sending", lambda version: self._second.post(f"{page}/resumption", version=version, people=READ)
            )
        if random.random() < 0.3:
            if random.random() < 0.5:
                wait_until(lambda: has_gone(it) or stand(it)[0] in ENDED, seconds=60)
            self._until(it, "cancelled", lambda _: self._ratna.post(f"{page}/cancellation", why="mistake"))
        return it

    def _until(self, it: int, state: str, act: Callable[[str], object]) -> None:
        """Until it is in this state, or further on its way than that."""
        beyond = {"waiting": ("waiting",), "approved": ("approved", "sending"), "sending": ("sending", "scheduled")}
        give_up_at = time.monotonic() + 60
        while True:
            now, version = stand(it)
            if now in (*beyond.get(state, (state,)), *ENDED):
                return
            assert time.monotonic() < give_up_at, f"{now} does not become {state}"
            act(str(version))


def assert_each_got_one(provider: RecordingProvider) -> None:
    taken = provider.taken
    assert set(taken.values()) == {1}, "a text was handed over twice"
    assert taken.keys() == set(read(sa.select(Message.reference).where(Message.state == "sent")))
    for broadcast in broadcasts():
        texts = texts_of(broadcast)
        people = Counter(person_id for person_id, _, _ in texts)
        assert set(people.values()) <= {1}
        states = {(state, reason) for _, state, reason in texts}
        if broadcast.state == "done":
            assert forecast.read(broadcast.forecast).recipients == len(people) > PEOPLE
            assert states == {("sent", "")}
        else:
            assert states <= {("sent", ""), ("withdrawn", "no_longer_planned")}
        kinds = Counter(kinds_of(broadcast))
        assert {kinds[kind] for kind in ("drafted", "handed_over", "approved")} == {1}


def assert_money_agrees() -> None:
    for broadcast in broadcasts():
        spent = sa.select(sa.func.coalesce(sa.func.sum(Message.price_rupiah), 0))
        sent = read(spent.where(Message.cause == broadcast.cause, Message.state == "sent"))
        assert [broadcast.reserved_rupiah] == sent
    reserved = sum(broadcast.reserved_rupiah for broadcast in broadcasts())
    assert read(sa.select(SmsBudget.reserved_rupiah)) == [reserved]


def unfinished() -> list[tuple[int, str]]:
    """Broadcasts that have not ended, or of which something may still come back: those are looked at again soon, by the
    clock of the workers, which is another one than this process has."""
    columns = (Broadcast.id, Broadcast.state, Broadcast.look_at, Broadcast.ended_at)
    return [
        (it, state)
        for it, state, look_at, ended_at in rows(sa.select(*columns))
        if state not in ENDED or (state == "cancelled" and look_at and look_at - ended_at < AFTERWARDS)
    ]


def broadcasts() -> list[Broadcast]:
    db.session.remove()
    return list(db.session.scalars(sa.select(Broadcast).order_by(Broadcast.id)))


def texts_of(broadcast: Broadcast) -> list[tuple[int, str, str]]:
    return rows(sa.select(Message.person_id, Message.state, Message.reason).where(Message.cause == broadcast.cause))


def kinds_of(broadcast: Broadcast) -> Iterator[str]:
    return iter(read(sa.select(BroadcastEvent.kind).where(BroadcastEvent.broadcast_id == broadcast.id)))


def has_gone(it: int) -> bool:
    """One text of it at least."""
    return bool(read(sa.select(Message.id).where(Message.cause == cause_of(it), Message.state == "sent").limit(1)))


def stand(it: int) -> tuple[str, int]:
    """State and version."""
    return rows(sa.select(Broadcast.state, Broadcast.version).where(Broadcast.id == it))[0]


def read(query: sa.Select) -> list:
    return [row[0] for row in rows(query)]


def rows(query: sa.Select) -> list:
    """As it is stored now, without holding anything up."""
    with db.engine.connect().execution_options(reads=True) as connection:
        return [tuple(row) for row in connection.execute(query)]


def wait_until(condition: Callable[[], bool], seconds: float) -> None:
    give_up_at = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < give_up_at, f"still {unfinished()} after {seconds} seconds"
        time.sleep(0.02)
