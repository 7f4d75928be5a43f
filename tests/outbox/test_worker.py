"""The worker as a process: the command, a graceful stop, chores, and what its logs hold."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from sms.gateways import Accepted, Outgoing
from sms.handover import Limits
from tests.faults.fleet import ROOT, Fleet, recording_provider
from tests.outbox.conftest import Write
from tests.outbox.crowd import gather
from tests.people import Cast
from webapp import clock
from webapp.db import db
from webapp.outbox import chores, worker
from webapp.outbox.model import Message, Worker


def states() -> dict[str, int]:
    db.session.rollback()
    counted = db.session.execute(sa.select(Message.state, sa.func.count()).group_by(Message.state)).all()
    db.session.rollback()
    return dict(counted)


def wait_until(condition: Callable[[], bool]) -> None:
    give_up_at = time.monotonic() + 15
    while not condition():
        assert time.monotonic() < give_up_at, states()
        time.sleep(0.05)


def test_a_graceful_stop_finishes_calls_and_gives_the_rest_back(
    app: Flask, database_url: str, cast: Cast, tmp_path: Path
) -> None:
    gather(cast, people=20, texts_each=10)
    with recording_provider(tmp_path, slowest=0.3) as provider, Fleet(database_url, str(provider.port)) as fleet:
        name = fleet.start()
        wait_until(lambda: sum(provider.taken.values()) > 5)
        assert fleet.stop(name)
        taken = provider.taken
    stopped = db.session.get_one(Worker, name)
    assert stopped.stopped_at is not None
    assert stopped.handed_over == len(taken)
    assert states() == {"sent": len(taken), "queued": 200 - len(taken)}
    given_back = sa.select(sa.func.max(Message.attempts)).where(Message.state == "queued")
    assert db.session.scalar(given_back) == 0


def test_the_command_sends_what_is_due_once_and_ends(
    app: Flask, database_url: str, write: Write, tmp_path: Path
) -> None:
    real_now = clock.real_now()
    write(purpose="alarm", now=real_now)
    write(purpose="alarm", now=real_now, due_at=real_now + timedelta(days=1))
    ended = send_once(database_url, tmp_path)
    assert ended.returncode == 0, ended.stderr
    assert states() == {"sent": 1, "queued": 1}
    assert "+62" not in ended.stderr
    assert "Desmigratif:" not in ended.stderr


def test_its_logs_are_lines_that_a_machine_reads(app: Flask, database_url: str, write: Write, tmp_path: Path) -> None:
    write(purpose="alarm", now=clock.real_now())
    lines = send_once(database_url, tmp_path).stderr.splitlines()
    ends = [json.loads(line) for line in lines if "worker ends" in line]
    assert ends[0]["handed_over"] == 1


def send_once(database_url: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """`flask worker --once`, with a simulated network of this test's own."""
    command = [sys.executable, "-m", "flask", "--app", "webapp", "worker", "--once"]
    environment = os.environ | {"DATABASE_URL": database_url, "SMS_GATEWAY": "simulator"}
    environment["SIMULATOR_URL"] = f"sqlite:///{folder / 'network.db'}"
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)


class NullGateway:
    """Takes everything."""

    name, can_receive = "null", False

    def send(self, text: Outgoing) -> Accepted:
        return Accepted(text.reference)


@pytest.fixture
def no_signals(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test's own process keeps its ears."""
    monkeypatch.setattr(worker, "stop_on_signals", lambda *_: None)


@pytest.mark.usefixtures("no_signals")
def test_what_a_chore_queues_is_sent_in_the_same_run(app: Flask, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    def answer(now: object) -> int:
        if states():
            return 0
        write(purpose="alarm", now=clock.now())
        return 1

    def broken(now: object) -> int:
        raise RuntimeError("not today")

    monkeypatch.setattr(chores, "CHORES", [broken, answer])
    assert worker.work(NullGateway(), Limits(), 350, once=True) == 1  # type: ignore[arg-type]  # it cannot look up
    assert states() == {"sent": 1}


def test_names_of_workers_differ_and_fit() -> None:
    names = {worker.new_name() for _ in range(100)}
    assert len(names) == 100
    assert max(map(len, names)) <= 32
