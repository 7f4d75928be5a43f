"""The same form sent twice is stored once, also when both arrive at the same moment."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
import sqlalchemy as sa
from flask import Flask, request
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, scoped_session
from werkzeug.test import TestResponse
from werkzeug.wrappers import Response

from tests.conftest import Login, new_client
from tests.people import Cast
from webapp import clock
from webapp.accounts import access
from webapp.accounts.model import AccessGrant, Submission
from webapp.db import db
from webapp.page import invalid, stored

KEY = "3f0e1d2c-0000-4000-8000-00000000000a"
Send = Callable[..., TestResponse]
#: The page below is added to the application.
pytestmark = pytest.mark.settings()


@pytest.fixture
def notes(app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that stores one row for each form, slowly, and refuses an empty one."""
    monkeypatch.setitem(access.RULES, "take_note", access.ANYONE_IN)

    @app.post("/notes")
    def take_note() -> Response | tuple[str, int]:
        if not request.form["words"]:
            return invalid("error.html", words={"title": "No", "advice": "Write something."}, code=422)
        now, account = clock.real_now(), access.current_account
        note = AccessGrant(
            account_id=account.id, reason=request.form["words"], granted_at=now, until=now + timedelta(1)
        )
        db.session.add(note)
        db.session.flush()
        time.sleep(0.05)
        return stored(f"/notes/{note.id}")


@pytest.fixture
def client(app: Flask, notes: None, cast: Cast, login: Login) -> FlaskClient:
    client = new_client(app)
    login(client, cast.facilitator)
    return client


def send(client: FlaskClient, words: str = "hello", key: str = KEY, **others: str) -> TestResponse:
    return client.post("/notes", data={"words": words, "client_id": key, **others})


def count(db_session: scoped_session[Session]) -> int:
    return db_session.scalar(sa.select(sa.func.count(AccessGrant.id))) or 0


def test_a_repeat_gets_the_first_answer(client: FlaskClient, db_session: scoped_session[Session]) -> None:
    first = send(client)
    assert first.status_code == 303
    assert [send(client).location for _ in range(5)] == [first.location] * 5
    assert count(db_session) == 1


def test_a_repeat_with_another_token_is_still_the_same_form(
    client: FlaskClient, db_session: scoped_session[Session]
) -> None:
    assert send(client, csrf_token="old").location == send(client, csrf_token="new").location
    assert count(db_session) == 1


def test_the_same_key_with_other_words_is_refused(client: FlaskClient, db_session: scoped_session[Session]) -> None:
    send(client)
    answer = send(client, words="something else")
    assert answer.status_code == 409
    assert "<h1>" in answer.text
    assert count(db_session) == 1


def test_a_form_that_did_not_fit_leaves_its_key_free(client: FlaskClient, db_session: scoped_session[Session]) -> None:
    assert send(client, words="").status_code == 422
    assert db_session.scalar(sa.select(Submission.id)) is None
    assert send(client, words="now with words").status_code == 303


def test_another_account_may_use_the_same_key(
    app: Flask, client: FlaskClient, cast: Cast, login: Login, db_session: scoped_session[Session]
) -> None:
    stranger = new_client(app)
    login(stranger, cast.stranger)
    assert send(client).location != send(stranger).location
    assert count(db_session) == 2


@pytest.mark.parametrize("key", ["", "x", "x" * 37, "' OR 1=1 -- aaaaaaaa", "éééééééééééééééé"])
def test_a_key_that_is_none_is_400(client: FlaskClient, db_session: scoped_session[Session], key: str) -> None:
    assert send(client, key=key).status_code == 400
    assert count(db_session) == 0


def test_what_was_typed_cannot_be_guessed_from_the_fingerprint(
    client: FlaskClient, db_session: scoped_session[Session]
) -> None:
    send(client)
    assert len(db_session.scalars(sa.select(Submission)).one().fingerprint) == 64


def test_two_at_the_same_moment_are_stored_once(
    app: Flask, client: FlaskClient, cast: Cast, db_session: scoped_session[Session]
) -> None:
    cookie = client.get_cookie("desmigratif")
    assert cookie is not None
    clients = [new_client(app) for _ in range(4)]
    for other in clients:
        other.set_cookie("desmigratif", cookie.value)
    together = Barrier(len(clients))

    def send_in_thread(other: FlaskClient) -> TestResponse:
        together.wait()
        with app.app_context():
            return send(other)

    with ThreadPoolExecutor(len(clients)) as pool:
        answers = list(pool.map(send_in_thread, clients))
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.location for answer in answers}) == 1
    assert count(db_session) == 1
