"""Pages of urgent cases: who sees which, what a tap does, and that nothing is told twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from tests.callbacks.saying import SRI, STRANGER, say
from tests.conftest import Login
from tests.people import Cast
from webapp import clock
from webapp.cases.model import Case
from webapp.conversations.model import Incoming
from webapp.db import db
from webapp.people.model import Task


@pytest.fixture
def called(cast: Cast) -> int:
    """Sri wrote BANTU. Returns the id of her case."""
    say("BANTU saya disekap", SRI, clock.now() - timedelta(minutes=10))
    return db.session.scalars(sa.select(Case.id)).one()


def case(case_id: int) -> Case:
    db.session.expire_all()
    return db.session.get_one(Case, case_id)


def test_it_stands_on_top_of_today_and_once(client: FlaskClient, cast: Cast, login: Login, called: int) -> None:
    login(client, cast.facilitator)
    page = client.get("/").text
    assert page.count("Sri Wahyuni") == 1
    assert f"/cases/{called}" in page


def test_taking_it_on_is_seen_by_the_others(client: FlaskClient, cast: Cast, login: Login, called: int) -> None:
    login(client, cast.facilitator)
    assert client.post(f"/cases/{called}/acknowledgement").status_code == 303
    login(client, cast.coordinator)
    assert "Siti Aminah" in client.get("/cases").text
    client.post(f"/cases/{called}/acknowledgement")
    assert case(called).acknowledged_by_id == cast.facilitator.id


def test_closing_ends_task_and_text_too(client: FlaskClient, cast: Cast, login: Login, called: int) -> None:
    login(client, cast.facilitator)
    client.post(f"/cases/{called}/notes", data={"words": "Ditelepon, tidak diangkat"})
    client.post(f"/cases/{called}/closure", data={"outcome": "Sudah aman di rumah"})
    assert case(called).outcome == "Sudah aman di rumah"
    assert db.session.scalars(sa.select(Task).where(Task.done_at.is_(None))).all() == []
    assert db.session.scalars(sa.select(Incoming).where(Incoming.handled_at.is_(None))).all() == []
    assert "Sri Wahyuni" not in client.get("/").text
    page = client.get("/cases?show=closed").text
    assert "Sri Wahyuni" in page
    assert "Ditelepon, tidak diangkat" in client.get(f"/cases/{called}").text


def test_whoever_answers_the_text_takes_care(client: FlaskClient, cast: Cast, login: Login, called: int) -> None:
    login(client, cast.facilitator)
    text = case(called).incoming_id
    client.post(f"/inbox/{text}/replies", data={"body": "Saya telepon sekarang"})
    assert case(called).acknowledged_by_id == cast.facilitator.id
    assert case(called).closed_at is None


def test_answering_a_later_text_of_the_conversation_takes_care_too(
    client: FlaskClient, cast: Cast, login: Login, called: int
) -> None:
    say("saya takut", SRI, clock.now() - timedelta(minutes=5))
    later = db.session.scalars(sa.select(Incoming.id).order_by(Incoming.id.desc())).first()
    login(client, cast.facilitator)
    client.post(f"/inbox/{later}/replies", data={"body": "Saya telepon sekarang", "seen": str(later)})
    assert case(called).acknowledged_by_id == cast.facilitator.id


def test_what_a_colleague_takes_care_of_is_none_of_ones_own_calls(
    client: FlaskClient, cast: Cast, login: Login, called: int
) -> None:
    login(client, cast.facilitator)
    client.post(f"/cases/{called}/acknowledgement")
    assert "Perlu ditelepon" in client.get("/").text, "it stays one's own until it is closed"
    login(client, cast.coordinator)
    page = client.get("/").text
    assert "Perlu ditelepon" not in page
    assert page.count("Sri Wahyuni") == 1
    assert "Permintaan bantuan yang ditangani rekan" in page


@pytest.mark.parametrize("who", ["stranger", "other_coordinator"])
def test_another_area_knows_nothing(client: FlaskClient, cast: Cast, login: Login, called: int, who: str) -> None:
    login(client, getattr(cast, who))
    assert "Sri Wahyuni" not in client.get("/cases").text
    assert client.get(f"/cases/{called}").status_code == 404
    assert client.post(f"/cases/{called}/acknowledgement").status_code == 404
    assert client.post(f"/cases/{called}/closure", data={"outcome": "x"}).status_code == 404
    assert case(called).acknowledged_at is None


@pytest.mark.parametrize("hidden", [{"bypass_village": True}, {"kind": "report"}])
def test_what_the_village_must_not_see_it_does_not_see(
    client: FlaskClient, cast: Cast, login: Login, called: int, hidden: dict[str, object]
) -> None:
    db.session.execute(sa.update(Case).values(hidden))
    db.session.commit()
    login(client, cast.facilitator)
    assert client.get(f"/cases/{called}").status_code == 404
    assert f"/cases/{called}" not in client.get(f"/people/{cast.migrant.id}").text
    login(client, cast.coordinator)
    assert client.get(f"/cases/{called}").status_code == 200


def test_an_unknown_caller_is_the_nations(client: FlaskClient, cast: Cast, login: Login) -> None:
    say("TOLONG SAYA", STRANGER, clock.now())
    unknown = db.session.scalars(sa.select(Case.id)).one()
    login(client, cast.coordinator)
    assert client.get(f"/cases/{unknown}").status_code == 404
    login(client, cast.nation)
    assert client.get(f"/cases/{unknown}").status_code == 200


@pytest.mark.parametrize(("address", "field"), [("notes", "words"), ("closure", "outcome")])
def test_empty_words_are_asked_for(
    client: FlaskClient, cast: Cast, login: Login, called: int, address: str, field: str
) -> None:
    login(client, cast.facilitator)
    assert client.post(f"/cases/{called}/{address}", data={field: " "}).status_code == 422
    assert case(called).closed_at is None
