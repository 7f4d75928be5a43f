"""What monitors, coordinators and the timeline are told."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from sms.outbox import Failed, Pause, Taken, Unsure
from tests.conftest import Login
from tests.outbox.conftest import Write, store_of, stored
from tests.outbox.crowd import MORNING
from tests.people import Cast
from webapp import clock
from webapp.db import db
from webapp.outbox import queries, sections
from webapp.outbox.model import Message, Worker
from webapp.outbox.reasons import SENTENCES, STATES, sentence
from webapp.outbox.store import SqlStore


class TestHealth:
    def test_a_fresh_installation_has_no_worker(self, client: FlaskClient) -> None:
        response = client.get("/health")
        assert response.status_code == 200
        assert response.json == {"status": "no worker", "database": "ok", "worker_seconds": None, "due": 0}

    def test_a_living_worker_and_what_waits_for_it(self, client: FlaskClient, write: Write, store: SqlStore) -> None:
        store.beat(0)
        for days in (-1, 1):
            write(due_at=clock.now() + timedelta(days=days))
        told = client.get("/health").json
        assert told["status"] == "ok"
        assert told["worker_seconds"] < 5
        assert told["due"] == 1

    def test_a_worker_that_is_silent(self, client: FlaskClient, store: SqlStore) -> None:
        store.beat(0)
        db.session.execute(sa.update(Worker).values(beat_at=clock.real_now() - timedelta(minutes=5)))
        assert client.get("/health").json["status"] == "no worker"

    def test_a_database_that_does_not_answer(self, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
        def away(*_: object) -> None:
            raise sa.exc.OperationalError("", {}, Exception())

        monkeypatch.setattr(queries, "health", away)
        response = client.get("/health")
        assert (response.status_code, response.json["database"]) == (503, "unavailable")


@pytest.fixture
def troubled(write: Write, store: SqlStore) -> list[Message]:
    """One text that was refused, one that is in doubt, one that was sent, one that waits."""
    keys = [write() for _ in range(3)]
    ids = [stored(key).id for key in keys]
    store.claim_due(10, MORNING)
    outcomes = [Failed(ids[0], "rejected", "30007"), Unsure(ids[1], 60, "answer_lost"), Taken(ids[2], "SM1")]
    store.settle(outcomes, MORNING)
    return [stored(key) for key in [*keys, write(due_at=MORNING + timedelta(days=1))]]


class TestPage:
    def test_a_coordinator_sees_counts_and_what_went_wrong(
        self, client: FlaskClient, login: Login, cast: Cast, troubled: list[Message]
    ) -> None:
        login(client, cast.coordinator)
        page = client.get("/outbox").text
        assert page.count("Sri Wahyuni") == 2
        assert troubled[0].number not in page
        assert "30007" in page
        for code in ("rejected", "answer_lost"):
            assert str(sentence(code)) in page

    def test_of_another_area_nothing(
        self, client: FlaskClient, login: Login, cast: Cast, troubled: list[Message]
    ) -> None:
        login(client, cast.other_coordinator)
        assert "Sri Wahyuni" not in client.get("/outbox").text

    def test_it_is_not_for_facilitators(self, client: FlaskClient, login: Login, cast: Cast) -> None:
        login(client, cast.facilitator)
        assert client.get("/outbox").status_code == 403

    def test_a_silent_sender_and_a_closed_route_are_told(
        self, client: FlaskClient, login: Login, cast: Cast, store: SqlStore
    ) -> None:
        store.pause(Pause(600, "20003"))
        login(client, cast.nation)
        page = client.get("/outbox").text
        assert "notice is-bad" in page
        assert "20003" in page
        store.beat(3)
        assert "notice is-bad" not in client.get("/outbox").text

    def test_the_list_goes_on(self, client: FlaskClient, login: Login, cast: Cast, write: Write) -> None:
        for _ in range(queries.PAGE + 5):
            write()
        db.session.execute(sa.update(Message).values(state="failed", reason="rejected"))
        login(client, cast.coordinator)
        first = client.get("/outbox").text
        assert first.count("Sri Wahyuni") == queries.PAGE
        before = first.partition("/outbox?before=")[2].partition('"')[0]
        assert client.get(f"/outbox?before={before}").text.count("Sri Wahyuni") == 5

    def test_counting_stops_where_nobody_needs_the_number(
        self, client: FlaskClient, login: Login, cast: Cast, troubled: list[Message], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(queries, "COUNTED", 0)
        login(client, cast.coordinator)
        assert client.get("/outbox").status_code == 200


def test_the_timeline_shows_what_went_or_should_have_gone(app: Flask, cast: Cast, troubled: list[Message]) -> None:
    entries = sections.texts_to(cast.migrant.id, None, 10)
    assert {entry.context["message"].state for entry in entries} == {"failed", "unknown", "sent"}
    assert all(entry.context["words"].startswith("Desmigratif: Sri") for entry in entries)
    assert sections.texts_to(cast.migrant.id, MORNING, 10) == []


def test_the_timeline_is_part_of_the_persons_page(
    client: FlaskClient, login: Login, cast: Cast, troubled: list[Message]
) -> None:
    login(client, cast.facilitator)
    assert "Desmigratif: Sri" in client.get(f"/people/{cast.migrant.id}").text


def test_every_reason_and_state_has_words(app: Flask) -> None:
    assert set(STATES) == set(queries.SHOWN) | {"expired", "withdrawn"}
    assert all(str(words).endswith(".") for words in SENTENCES.values())
    assert sentence("") == ""


def test_two_workers_are_both_shown(client: FlaskClient, login: Login, cast: Cast) -> None:
    for name in ("one", "two"):
        store_of(name).beat(5)
    store_of("two").leave(6)
    login(client, cast.nation)
    page = client.get("/outbox").text
    assert page.count("Told") == 2
