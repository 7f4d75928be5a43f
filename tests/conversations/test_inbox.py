"""The inbox: who reads what, answering, and that one press of the button is one answer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from tests.conftest import Login
from tests.people import HOME, Cast
from webapp import clock
from webapp.areas.codes import NATION
from webapp.callbacks import intake
from webapp.conversations.model import Incoming
from webapp.conversations.queries import PAGE
from webapp.db import db
from webapp.outbox.model import Message

NOW = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
KEY = "3f0c9d6e-0000-4000-8000-000000000001"


def wrote(cast: Cast, body: str = "Bu, paspor saya belum jadi", *, known: bool = True, number: int = 0) -> int:
    person = cast.migrant
    text = Incoming(
        gateway="simulator",
        provider_id=f"in-{body[:8]}-{number}",
        number=person.phones[0].number if known else "+6285700000001",
        body=body,
        received_at=NOW + timedelta(minutes=number),
        command="text",
        person_id=person.id if known else None,
        area_code=person.area_code if known else NATION,
        for_human=True,
    )
    db.session.add(text)
    db.session.commit()
    return text.id


def replies() -> list[Message]:
    return list(db.session.scalars(sa.select(Message).where(Message.purpose == "reply")))


def test_the_facilitator_of_the_village_reads_and_answers(client: FlaskClient, cast: Cast, login: Login) -> None:
    text = wrote(cast)
    login(client, cast.facilitator)
    assert "paspor saya belum jadi" in client.get("/inbox").text
    assert "Sri Wahyuni" in client.get(f"/inbox/{text}").text
    response = client.post(f"/inbox/{text}/replies", data={"body": "Besok ke balai desa ya", "client_id": KEY})
    assert response.status_code == 303
    (reply,) = replies()
    assert (reply.number, reply.area_code) == ("+6281234567801", HOME)
    assert reply.body == "Siti, Desmigratif: Besok ke balai desa ya", "a text says who speaks"
    assert db.session.get_one(Incoming, text).handled_at is not None
    assert "paspor saya belum jadi" not in client.get("/inbox").text
    assert "paspor saya belum jadi" in client.get("/inbox?show=all").text


def test_the_same_form_sent_twice_is_one_answer(client: FlaskClient, cast: Cast, login: Login) -> None:
    text = wrote(cast)
    login(client, cast.facilitator)
    for _ in range(3):
        client.post(f"/inbox/{text}/replies", data={"body": "Baik", "client_id": KEY})
    assert len(replies()) == 1


@pytest.mark.parametrize("who", ["stranger", "other_coordinator"])
def test_another_area_sees_nothing_and_can_do_nothing(client: FlaskClient, cast: Cast, login: Login, who: str) -> None:
    text = wrote(cast)
    login(client, getattr(cast, who))
    assert "paspor" not in client.get("/inbox").text
    assert client.get(f"/inbox/{text}").status_code == 404
    assert client.post(f"/inbox/{text}/replies", data={"body": "x"}).status_code == 404
    assert client.post(f"/inbox/{text}/handling").status_code == 404
    assert replies() == []


@pytest.mark.parametrize(("who", "sees"), [("nation", True), ("coordinator", False), ("facilitator", False)])
def test_unknown_numbers_are_for_the_national_office(
    client: FlaskClient, cast: Cast, login: Login, who: str, sees: bool
) -> None:
    text = wrote(cast, "Halo, saya di penampungan", known=False)
    login(client, getattr(cast, who))
    assert ("penampungan" in client.get("/inbox").text) is sees
    assert (client.get(f"/inbox/{text}").status_code == 200) is sees


@pytest.mark.parametrize("body", ["", "   ", "x" * 400])
def test_a_bad_answer_is_shown_again_with_what_was_typed(
    client: FlaskClient, cast: Cast, login: Login, body: str
) -> None:
    text = wrote(cast)
    login(client, cast.facilitator)
    response = client.post(f"/inbox/{text}/replies", data={"body": body})
    assert response.status_code == 422
    assert body.strip() in response.text
    assert replies() == []
    assert db.session.get_one(Incoming, text).handled_at is None


def test_a_long_inbox_comes_in_parts(client: FlaskClient, cast: Cast, login: Login) -> None:
    for number in range(PAGE + 3):
        wrote(cast, f"pesan {number:02}", number=number)
    login(client, cast.facilitator)
    first = client.get("/inbox").text
    assert "pesan 32" in first
    assert "pesan 00" not in first
    assert first.count("Sri Wahyuni") == 1, "one row for one person"
    following = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert "pesan 02" in client.get(following).text


def test_done_without_an_answer(client: FlaskClient, cast: Cast, login: Login) -> None:
    text = wrote(cast)
    login(client, cast.facilitator)
    assert client.post(f"/inbox/{text}/handling").status_code == 303
    assert db.session.get_one(Incoming, text).handled_by_id == cast.facilitator.id
    assert replies() == []


@pytest.mark.parametrize(("words", "meaning"), [("STOP", "Tidak mau SMS lagi"), ("SALAH", "Ini bukan nomornya")])
def test_a_lone_word_is_explained_to_whoever_must_act_on_it(
    client: FlaskClient, cast: Cast, login: Login, words: str, meaning: str
) -> None:
    login(client, cast.facilitator)
    intake.receive("simulator", "lone-word", cast.migrant.phones[0].number, words, clock.now())
    assert meaning in client.get("/").text
    assert meaning in client.get("/inbox").text
