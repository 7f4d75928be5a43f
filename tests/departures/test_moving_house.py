"""Who moves to another village takes everything along: the old village sees none of it, the new one all."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import Login, new_client
from tests.people import NEIGHBOUR, Cast
from webapp.callbacks import intake
from webapp.db import db
from webapp.departures import acts
from webapp.departures.model import Departure
from webapp.outbox.model import Message

NOW = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)


@pytest.fixture
def paths(cast: Cast) -> list[str]:
    """A departure, an open question about it, and a text to read; then Sri moves to the next village."""
    sri = cast.migrant
    departure = acts.record(
        sri, cast.facilitator, NOW, destination_code="TW", scheme="p3mi", planned_on=date(2026, 11, 9)
    )
    question = db.session.scalars(sa.select(Message).where(Message.text_code == "R9")).one()
    question.state, question.sent_at = "sent", NOW
    db.session.commit()
    intake.receive("simulator", "in-1", "+6281234567801", "kapan ada pelatihan bu?", NOW)
    incoming_id = db.session.scalar(sa.text("SELECT max(id) FROM incoming"))
    sri.move_house(NEIGHBOUR, account=cast.coordinator, now=NOW)
    db.session.commit()
    return [f"/departures/{departure.id}", f"/questions/{question.id}", f"/inbox/{incoming_id}", f"/people/{sri.id}"]


def test_only_the_new_village_sees_it(
    app: Flask, client: FlaskClient, cast: Cast, login: Login, paths: list[str]
) -> None:
    old, new = client, new_client(app)
    login(old, cast.facilitator)
    login(new, cast.stranger)
    for path in paths:
        assert (old.get(path).status_code, new.get(path).status_code) == (404, 200), path
    assert "Sri Wahyuni" not in old.get("/").text + old.get("/inbox").text
    assert "Sri Wahyuni" in new.get("/inbox").text


@pytest.mark.usefixtures("paths")
def test_texts_name_the_officer_of_the_new_village() -> None:
    assert db.session.scalars(sa.select(Departure.area_code)).one() == NEIGHBOUR
    assert set(db.session.scalars(sa.select(Message.area_code))) == {NEIGHBOUR}
    planned = db.session.scalars(sa.select(Message).where(Message.state == "queued", Message.purpose == "reminder"))
    assert {message.values["ptg"] for message in planned} == {"Joko"}
