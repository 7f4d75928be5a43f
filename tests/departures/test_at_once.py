"""Two people who act on one departure at the same moment: the later plans from what the earlier stored."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from threading import Thread

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.people import Cast
from webapp.db import db
from webapp.departures import acts, planning
from webapp.departures.model import ChecklistItem, Departure
from webapp.outbox.model import Message

NOW = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
LEAVES, LATER = date(2026, 12, 20), date(2026, 12, 30)


def waiting_keys() -> set[str]:
    return set(db.session.scalars(sa.select(Message.key).where(Message.state == "queued")))


def wait_for_a_waiting_connection() -> None:
    waits = sa.text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
    give_up_at = time.monotonic() + 20
    with db.engine.connect() as connection:
        while not connection.scalar(waits):
            connection.rollback()
            assert time.monotonic() < give_up_at, "the second act did not wait for the first"
            time.sleep(0.02)


# SQLite lets one writer begin at a time: tests/accounts/test_submissions.py shows that the others wait.
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_paper_ticked_while_the_day_is_moved_does_not_bring_the_old_day_back(app: Flask, cast: Cast) -> None:
    siti = cast.facilitator
    departure = acts.record(cast.migrant, siti, NOW, destination_code="TW", scheme="p3mi", planned_on=LEAVES)
    db.session.commit()
    departure_id, siti_id = departure.id, siti.id

    def tick() -> None:
        with app.app_context():
            planning.lock([departure_id])
            visa, mine = db.session.get_one(ChecklistItem, "visa"), db.session.get_one(Departure, departure_id)
            account = db.session.get_one(type(siti), siti_id)
            acts.tick(mine, visa, account, NOW, done_on=NOW.date())
            db.session.commit()
            db.session.remove()

    acts.change(departure, siti, NOW, planned_on=LATER)
    second = Thread(target=tick)
    second.start()
    wait_for_a_waiting_connection()
    db.session.commit()
    second.join(20)
    days = {key.split(":")[3] for key in waiting_keys() if ":R" in key}
    assert days == {LATER.isoformat()}


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_an_act_that_knew_the_old_day_plans_from_the_new_one(app: Flask, cast: Cast) -> None:
    """Even one that did not lock beforehand: planning itself locks and looks again."""
    siti = cast.facilitator
    departure = acts.record(cast.migrant, siti, NOW, destination_code="TW", scheme="p3mi", planned_on=LEAVES)
    db.session.commit()
    departure_id = departure.id

    def replan() -> None:
        with app.app_context():
            known = db.session.get_one(Departure, departure_id)
            assert known.planned_on == LEAVES
            planning.replan([departure_id], NOW + timedelta(minutes=1))
            assert known.planned_on == LATER
            db.session.commit()
            db.session.remove()

    acts.change(departure, siti, NOW, planned_on=LATER)
    second = Thread(target=replan)
    second.start()
    wait_for_a_waiting_connection()
    db.session.commit()
    second.join(20)
    assert {key.split(":")[3] for key in waiting_keys() if ":R" in key} == {LATER.isoformat()}
