"""Two officers who close one task at the same moment: one is first, and nobody's words are lost."""

from __future__ import annotations

from threading import Thread

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.departures.test_at_once import wait_for_a_waiting_connection
from tests.people import Cast
from webapp import clock
from webapp.accounts.model import Account
from webapp.db import db
from webapp.people.history import Event
from webapp.people.tasks import Task, close_task, open_task


# SQLite lets one writer begin at a time: tests/accounts/test_submissions.py shows that the others wait.
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_the_second_waits_and_knows(app: Flask, cast: Cast) -> None:
    now = clock.now()
    open_task("t:1", cast.migrant, "call_back", now)
    db.session.commit()
    task, ratna = db.session.scalars(sa.select(Task)).one(), cast.coordinator.id
    task_id, was_first = task.id, []

    def close_too() -> None:
        with app.app_context():
            mine = db.session.get_one(Task, task_id)
            assert mine.done_at is None
            was_first.append(close_task(mine, db.session.get_one(Account, ratna), "juga sudah", now))
            db.session.commit()
            db.session.remove()

    assert close_task(task, cast.facilitator, "sudah ditelepon", now)
    db.session.flush()
    second = Thread(target=close_too)
    second.start()
    wait_for_a_waiting_connection()
    db.session.commit()
    second.join(20)
    assert was_first == [False]
    assert task.outcome == "sudah ditelepon"
    told = db.session.scalars(sa.select(Event).where(Event.kind == "task_done")).all()
    assert {event.facts["outcome"] for event in told} == {"sudah ditelepon", "juga sudah"}
