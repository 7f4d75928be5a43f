"""What the server answers to a form that a phone had kept: facts for its script, and when it was made."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import Login, new_client
from tests.offline.sending import LATER, NOW, SENT_AT, send
from tests.people import NEIGHBOUR, Cast
from webapp import clock
from webapp.accounts import acts, sessions
from webapp.accounts.housekeeping import FORM_KEYS
from webapp.accounts.model import Submission
from webapp.db import db
from webapp.kept_on_phone import OLDEST
from webapp.people.model import Event

KEY = "3f0e1d2c-0000-4000-8000-00000000000c"
NOTE = {"words": "Sudah ke Cilacap"}


@pytest.fixture
def siti(client: FlaskClient, cast: Cast, login: Login) -> FlaskClient:
    login(client, cast.facilitator)
    return client


@pytest.fixture
def path(cast: Cast) -> str:
    return f"/people/{cast.migrant.id}/notes"


def notes() -> int:
    return db.session.scalar(sa.select(sa.func.count(Event.id)).where(Event.kind == "note")) or 0


def test_a_stored_form_is_answered_with_its_receipt(siti: FlaskClient, path: str, cast: Cast) -> None:
    answer = send(siti, path, NOTE, key=KEY)
    submission = db.session.scalars(sa.select(Submission)).one()
    assert answer.status_code == 200
    assert answer.json == {
        "receipt": str(submission.id),
        "location": f"/people/{cast.migrant.id}#timeline",
        "message": "Catatan tersimpan.",
    }


def test_a_repeat_gets_the_same_receipt(siti: FlaskClient, path: str) -> None:
    first, repeat = (send(siti, path, NOTE, key=KEY).json or {} for _ in range(2))
    assert (repeat["receipt"], repeat["location"]) == (first["receipt"], first["location"])
    assert notes() == 1


def test_nobody_reads_messages_of_forms_that_went_out_by_themselves(siti: FlaskClient, path: str) -> None:
    send(siti, path, NOTE)
    assert "Catatan tersimpan." not in siti.get("/").text
    send(siti, path, NOTE, how=NOW)
    assert "Catatan tersimpan." in siti.get("/").text


def test_the_phones_clock_tells_how_long_ago_not_when(siti: FlaskClient, path: str) -> None:
    before = clock.real_now()
    send(siti, path, NOTE)
    submission = db.session.scalars(sa.select(Submission)).one()
    assert submission.made_at is not None
    assert abs(submission.made_at - (before - timedelta(hours=1))) < timedelta(seconds=30)
    assert submission.clock_offset == pytest.approx(before.timestamp() - SENT_AT / 1000, abs=30)


@pytest.mark.parametrize(
    ("saved", "sent"), [("", ""), ("x", "y"), ("9" * 15, "1"), (str(SENT_AT), str(SENT_AT - 5000))]
)
def test_no_clock_of_a_phone_makes_a_form_impossible(siti: FlaskClient, path: str, saved: str, sent: str) -> None:
    now = clock.real_now()
    answer = send(siti, path, NOTE, how={"Saved-Form": "later", "Saved-At": saved, "Sent-At": sent})
    assert answer.status_code == 200
    made_at = db.session.scalars(sa.select(Submission)).one().made_at
    assert made_at is not None
    assert now - OLDEST - timedelta(minutes=1) <= made_at <= clock.real_now()


def test_a_form_of_another_account_is_not_taken(siti: FlaskClient, path: str, cast: Cast) -> None:
    """Two people share a phone; the second has logged in, and the first one's form goes out."""
    answer = send(siti, path, NOTE | {"account": str(cast.stranger.id)})
    assert (answer.status_code, answer.headers["Saved-Form-Reason"]) == (401, "other")
    assert notes() == 0


def test_the_same_key_with_other_words_says_where_the_first_is(siti: FlaskClient, path: str, cast: Cast) -> None:
    send(siti, path, NOTE, key=KEY)
    answer = send(siti, path, {"words": "Anders"}, key=KEY)
    assert (answer.status_code, answer.headers["Saved-Form-Reason"]) == (409, "key")
    assert (answer.json or {})["location"] == f"/people/{cast.migrant.id}#timeline"
    assert notes() == 1


def test_what_does_not_fit_comes_back_as_a_page(siti: FlaskClient, path: str) -> None:
    answer = send(siti, path, {"words": ""})
    assert answer.status_code == 422
    assert "error-summary" in answer.text


def test_errors_are_facts_where_nobody_looks_and_pages_where_somebody_does(siti: FlaskClient) -> None:
    assert (send(siti, "/people/999999/notes", NOTE).json or {})["title"] == "Halaman ini tidak ada"
    assert "<h1>Halaman ini tidak ada</h1>" in send(siti, "/people/999999/notes", NOTE, how=NOW).text


@pytest.mark.parametrize("how", [LATER, NOW])
def test_the_log_in_has_ended(siti: FlaskClient, path: str, cast: Cast, how: dict[str, str]) -> None:
    sessions.end_all(cast.facilitator, clock.real_now())
    answer = send(siti, path, NOTE, how=how)
    assert (answer.status_code, answer.headers["Saved-Form-Reason"]) == (401, "login")


def test_the_account_is_closed(siti: FlaskClient, path: str, cast: Cast) -> None:
    acts.close(cast.facilitator, clock.real_now())
    answer = send(siti, path, NOTE)
    assert (answer.status_code, answer.headers["Saved-Form-Reason"]) == (401, "closed")
    assert "koordinator" in (answer.json or {})["advice"]


def test_every_answer_says_whose_it_is(app: Flask, siti: FlaskClient, cast: Cast, login: Login) -> None:
    assert siti.get("/").headers["Account"] == f"{cast.facilitator.id} id copies"
    coordinator = new_client(app)
    login(coordinator, cast.coordinator)
    assert coordinator.get("/").headers["Account"] == f"{cast.coordinator.id} id"
    assert new_client(app).get("/login").headers["Account"] == "0"


def test_the_key_of_a_phone_is_its_owners(app: Flask, siti: FlaskClient, cast: Cast, login: Login) -> None:
    first, again = ((siti.post("/offline/key").json or {})["key"] for _ in range(2))
    stranger = new_client(app)
    login(stranger, cast.stranger)
    assert first == again != (stranger.post("/offline/key").json or {})["key"]
    assert first.encode() not in (cast.facilitator.phone_key_encrypted or b"")
    assert new_client(app).post("/offline/key").status_code == 401
    assert cast.stranger.area_code == NEIGHBOUR


@pytest.mark.parametrize("saved", [SENT_AT - int(OLDEST / timedelta(milliseconds=1)) - 1, 0])
def test_a_form_whose_key_may_be_forgotten_is_for_a_human(siti: FlaskClient, path: str, saved: int) -> None:
    """Stored before, answer lost, phone in a drawer for three months: stored again it would stand there twice."""
    old = LATER | {"Saved-At": str(saved)}
    assert send(siti, path, NOTE, key=KEY, how=old).status_code == 409
    assert notes() == 0
    send(siti, path, NOTE, key=KEY)
    assert send(siti, path, NOTE, key=KEY, how=old).status_code == 200, "its key is known: a repeat"
    assert notes() == 1
    fields = {"path": path, "title": "Catatan", "words": "[]", "body": "words=x"}
    assert send(siti, "/kept-forms", fields, how=old).status_code == 200
    made_at = db.session.scalars(sa.select(Submission.made_at).order_by(Submission.id.desc())).first()
    assert made_at is not None
    assert made_at >= clock.real_now() - OLDEST - timedelta(minutes=1)
    assert OLDEST < FORM_KEYS
