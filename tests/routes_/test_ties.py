"""Texts in doubt when their route is changed or switched off: whoever is reached now is not asked about them."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from sms.outbox import Later, Taken, Unsure
from tests.callbacks.phone_events import PHONE
from tests.conftest import Login
from tests.outbox.conftest import Write, stored
from tests.outbox.conftest import write as write  # a fixture
from tests.outbox.crowd import MORNING
from tests.people import Cast
from tests.routes_.making import make_route, network_of
from tests.routes_.test_crew import ask_now, crew, rounds, states
from tests.routes_.test_routing import store_on
from tests.routes_.test_secrets import FORM
from webapp import clock
from webapp.db import db
from webapp.outbox.crew import Crew
from webapp.outbox.model import Message
from webapp.outbox.store import SqlStore
from webapp.routes import signals
from webapp.routes.model import Route

__all__ = ["crew"]  # a fixture


@pytest.fixture
def phone(cast: Cast) -> Route:
    return make_route("hp", kind="android", gateway=PHONE)


def claimed(write: Write, store: SqlStore) -> str:
    key = write()
    store.claim_due(10, MORNING)
    return key


def cut(route: Route) -> None:
    db.session.rollback()
    signals.ties_cut.send(db.session.get_one(Route, route.id))
    db.session.commit()


def state_of(key: str) -> tuple[str, str]:
    return stored(key).state, stored(key).reason


def test_what_is_in_doubt_ends_and_a_human_looks(write: Write, phone: Route) -> None:
    other = make_route("lain", rank=1, purposes="notice")
    store = store_on(phone)
    key = claimed(write, store)
    store.settle([Unsure(stored(key).id, 60, "answer_lost")], MORNING)
    cut(other)
    assert state_of(key) == ("unknown", "answer_lost")
    cut(phone)
    assert state_of(key) == ("failed", "cannot_tell")
    ask_now()
    assert store.claim_doubts(10, MORNING) == []


@pytest.mark.parametrize(
    ("changes", "state"),
    [({"setting_sim": "2"}, "failed"), ({"enabled": None}, "failed"), ({"name": "HP Kroya 2"}, "unknown")],
    ids=["settings", "off", "name"],
)
def test_an_administrator_changes_it(
    client: FlaskClient, login: Login, cast: Cast, write: Write, phone: Route, changes: dict[str, str], state: str
) -> None:
    store = store_on(phone)
    key = claimed(write, store)
    store.settle([Unsure(stored(key).id, 60, "answer_lost")], MORNING)
    login(client, cast.administrator)
    facts = {name: value for name, value in (FORM | changes).items() if value is not None}
    assert client.post(f"/routes/{phone.id}", data=facts).status_code == 303
    assert stored(key).state == state
    assert client.post(f"/routes/{phone.id}/closure").status_code == 303
    assert state_of(key) == ("failed", "cannot_tell")


def test_what_is_being_handed_over_is_settled_by_what_comes_out(write: Write, phone: Route) -> None:
    store = store_on(phone)
    keys = [write() for _ in range(3)]
    store.claim_due(10, MORNING)
    cut(phone)
    taken, later, unsure = keys
    outcomes = [Taken(stored(taken).id, "x"), Later(stored(later).id, 60, "429"), Unsure(stored(unsure).id, 60, "lost")]
    store.settle(outcomes, MORNING)
    assert [state_of(key) for key in keys] == [("sent", ""), ("queued", "not_taken"), ("failed", "cannot_tell")]
    store.claim_due(10, MORNING + timedelta(hours=1))
    store.settle([Unsure(stored(later).id, 60, "answer_lost")], MORNING)
    assert state_of(later) == ("unknown", "answer_lost"), "handed over after the change"


def test_what_was_cut_off_meanwhile_ends_too(write: Write, phone: Route) -> None:
    store = store_on(phone)
    key = claimed(write, store)
    cut(phone)
    db.session.execute(sa.update(Message).values(lease_until=clock.real_now() - timedelta(minutes=1)))
    db.session.commit()
    assert store.mark_cut_off(60, MORNING) == 1
    assert state_of(key) == ("failed", "cannot_tell")


def test_the_worker_ends_what_it_began_before_it_heard_of_the_change(app: Flask, write: Write, crew: Crew) -> None:
    make_route("hp")
    network_of("hp", drop_answer_percent=100, delay_seconds=99_999.0)
    key = write(purpose="alarm", now=clock.real_now())
    rounds(crew, lambda: states().get(("unknown", "hp")) == 1)
    with db.engine.begin() as connection:
        connection.execute(sa.update(Route).values(enabled=False))
    rounds(crew, lambda: states().get(("failed", "hp")) == 1)
    assert state_of(key) == ("failed", "cannot_tell")
