"""The safe word: set once, read by nobody, heard in any spelling, and answered with something harmless."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from sms.text import segments
from tests.callbacks.saying import SRI, STRANGER, leave_at, say
from tests.conftest import Login
from tests.people import Cast
from webapp import clock
from webapp.cases import safe_words
from webapp.cases.model import SAFE_WORD, Case, SafeWord
from webapp.conversations.model import Incoming
from webapp.db import db
from webapp.outbox.model import Message

WORD = "Kembang Sepatu"


@pytest.fixture
def agreed(cast: Cast) -> None:
    safe_words.set_word(cast.migrant, WORD, cast.facilitator, clock.now())
    db.session.commit()


@pytest.mark.usefixtures("agreed")
@pytest.mark.parametrize("said", ["kembang sepatu", "KEMBANG  SEPATU!", " Kembang, sepatu. "])
def test_it_raises_the_alarm_under_a_harmless_answer(cast: Cast, said: str) -> None:
    incoming = say(said, SRI, clock.now())
    found = db.session.scalars(sa.select(Case)).one()
    assert (found.kind, found.person_id) == (SAFE_WORD, cast.migrant.id)
    answer = [words for words in leave_at(clock.now()) if "INFO" in words]
    assert len(answer) == 1
    assert segments(answer[0]) == 1
    for telling in ("bantu", "darurat", "aman", "bahaya", "telepon", "polisi"):
        assert telling not in answer[0].lower()
    assert (incoming.body, incoming.person_id, incoming.private) == ("", None, True)


@pytest.mark.usefixtures("agreed")
def test_nobody_reads_the_word_anywhere(client: FlaskClient, cast: Cast, login: Login) -> None:
    say(WORD, SRI, clock.now())
    case_id = db.session.scalars(sa.select(Case.id)).one()
    login(client, cast.facilitator)
    for page in ("/", "/inbox", "/inbox?show=all", f"/people/{cast.migrant.id}", f"/cases/{case_id}"):
        assert "epatu" not in client.get(page).text, page
    row = db.session.scalars(sa.select(SafeWord)).one()
    assert b"epatu" not in row.word_encrypted


@pytest.mark.usefixtures("agreed")
def test_it_is_this_persons_alone(cast: Cast) -> None:
    say(WORD, STRANGER, clock.now())
    say(f"{WORD} saya beli di pasar", SRI, clock.now())
    assert db.session.scalars(sa.select(Case)).all() == []


@pytest.mark.usefixtures("agreed")
def test_the_phone_of_a_relative_calls_too(cast: Cast) -> None:
    cast.migrant.add_contact("Suminah", "mother", "+6281377776666", account=cast.facilitator, now=clock.now())
    db.session.commit()
    say(WORD, "+6281377776666", clock.now())
    assert db.session.scalars(sa.select(Case.person_id)).one() == cast.migrant.id


@pytest.mark.parametrize(
    ("word", "why"), [("ya", "short"), ("STOP", "keyword"), ("bantu", "keyword"), ("Terima kasih", "everyday"),
                      ("x" * 31, "long"), (WORD, "")],
)  # fmt: skip
def test_not_every_word_will_do(word: str, why: str) -> None:
    assert safe_words.why_not(word) == why


def test_it_is_set_changed_and_removed_on_a_page(client: FlaskClient, cast: Cast, login: Login) -> None:
    login(client, cast.facilitator)
    address = f"/people/{cast.migrant.id}/safe-word"
    assert client.post(address, data={"word": "ya"}).status_code == 422
    assert client.post(address, data={"word": WORD}).status_code == 303
    assert client.post(address, data={"word": "pohon jati tua"}).status_code == 303
    assert WORD not in client.get(address).text
    say(WORD, SRI, clock.now())
    assert db.session.scalars(sa.select(Case)).all() == []
    client.post(f"{address}/removal")
    assert db.session.scalars(sa.select(SafeWord)).all() == []


@pytest.mark.usefixtures("agreed")
def test_its_answer_stands_in_no_conversation(cast: Cast) -> None:
    say(WORD, SRI, clock.now())
    answer = db.session.scalars(sa.select(Message).where(Message.text_code == "KSAFE")).one()
    assert answer.private
    assert answer.person_id is None
    assert db.session.scalars(sa.select(Incoming.person_id)).one() is None
