"""Workers that die at any moment lose no text and send none twice; what they left in the air is asked about."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.faults.fleet import Fleet, RecordingProvider, recording_provider
from tests.outbox.crowd import gather
from tests.people import Cast
from webapp.db import db
from webapp.outbox.model import Message, Worker

pytestmark = pytest.mark.own_database

PEOPLE, TEXTS_EACH = 250, 20
KILLS = 30
WORKERS = 3
#: Each text takes up to twice this long at the provider, so that the killing ends before the texts do.
SLOWEST = 0.05


@pytest.mark.slow
def test_none_is_lost_and_none_is_sent_twice(app: Flask, database_url: str, cast: Cast, tmp_path: Path) -> None:
    gather(cast, PEOPLE, TEXTS_EACH)
    with recording_provider(tmp_path, SLOWEST) as provider, Fleet(database_url, str(provider.port)) as fleet:
        cut_off = kill_at_random(fleet)
        assert waiting() > 0, "the killing went on after the last text"
        provider.hurry()
        wait_until(lambda: states() == {"sent": PEOPLE * TEXTS_EACH}, seconds=40)

        taken = provider.taken
        assert taken.keys() == stored_references()
        assert set(taken.values()) == {1}, "a text was handed over twice"
        assert_each_was_asked_about(cut_off, provider)


def kill_at_random(fleet: Fleet) -> set[str]:
    """KILLS times, a worker that is at work dies and another starts. Returns what they were sending."""
    cut_off: set[str] = set()
    for _ in range(WORKERS):
        fleet.start()
    for _ in range(KILLS):
        wait_until(lambda: bool(at_work(fleet)), seconds=20)
        time.sleep(random.uniform(0, 0.25))
        victim = random.choice(at_work(fleet))
        assert is_served(victim) or db.engine.dialect.name == "sqlite"
        fleet.kill(victim)
        wait_until(lambda name=victim: not is_served(name), seconds=20)
        cut_off |= being_sent_by(victim)
        fleet.start()
    return cut_off


def assert_each_was_asked_about(cut_off: set[str], provider: RecordingProvider) -> None:
    assert len(cut_off) >= KILLS, "the workers died in their sleep"
    assert cut_off <= provider.asked


def at_work(fleet: Fleet) -> list[str]:
    """Workers that have begun to claim."""
    begun = set(read(sa.select(Worker.id)))
    return [name for name in fleet.running if name in begun]


def is_served(name: str) -> bool:
    """Has PostgreSQL a process for this worker? It still stores what a dead one had asked for. SQLite has none."""
    if db.engine.dialect.name == "sqlite":
        return False
    query = sa.text("SELECT count(*) FROM pg_stat_activity WHERE application_name = :name")
    return bool(read(query.bindparams(name=name))[0])


def being_sent_by(name: str) -> set[str]:
    return set(read(sa.select(Message.reference).where(Message.state == "sending", Message.lease_owner == name)))


def waiting() -> int:
    return len(read(sa.select(Message.id).where(Message.state == "queued")))


def stored_references() -> set[str]:
    return set(read(sa.select(Message.reference)))


def states() -> dict[str, int]:
    with db.engine.connect().execution_options(reads=True) as connection:
        query = sa.select(Message.state, sa.func.count()).group_by(Message.state)
        return dict(connection.execute(query).all())


def read(query: sa.Executable) -> list:
    """The first column, as it is stored now, without holding anything up."""
    with db.engine.connect().execution_options(reads=True) as connection:
        return list(connection.scalars(query))


def wait_until(condition: Callable[[], bool], seconds: float) -> None:
    give_up_at = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < give_up_at, f"still {states()} after {seconds} seconds"
        time.sleep(0.01)
