"""A report or a safe word changes nothing on the pages of the village: neither whether nor when one can answer."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient

from tests.callbacks.saying import SRI, say
from tests.conftest import Login
from tests.people import SINCE, Cast
from webapp import clock
from webapp.cases import safe_words
from webapp.conversations import hearing, queries
from webapp.conversations.answering import recipient_of
from webapp.db import db

#: Half past two of the night in the village, and the morning after it.
NIGHT = datetime(2026, 12, 1, 19, 30, tzinfo=UTC)
MORNING = datetime(2026, 12, 2, 1, 0, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
REPORT, SAFE_WORD = "LAPOR Pak Darto minta uang muka 5 juta di Kroya", "kembang sepatu"
#: Also while a report is being told, when free words belong to it.
OPEN = "INFO"
KEYS = re.compile(r"[0-9a-f-]{36}|[0-9a-f]{64}")


@pytest.fixture(autouse=True)
def safe_word(cast: Cast) -> None:
    safe_words.set_word(cast.migrant, SAFE_WORD, cast.facilitator, SINCE)
    db.session.commit()


@pytest.mark.parametrize("word", ["STOP", "SALAH"])
@pytest.mark.parametrize("private", [REPORT, SAFE_WORD])
def test_after_stop_a_private_text_brings_no_form_back(
    client: FlaskClient, cast: Cast, login: Login, word: str, private: str
) -> None:
    now = clock.now()
    said = say(word, SRI, now)
    login(client, cast.facilitator)

    def page() -> str:
        return KEYS.sub("", client.get(f"/inbox/{said.id}").text)

    before = page()
    assert "/replies" not in before
    assert say(private, SRI, now + HOUR).private
    assert page() == before
    assert client.post(f"/inbox/{said.id}/replies", data={"body": "halo"}).status_code == 422
    say(OPEN, SRI, now + 2 * HOUR)
    assert "/replies" in page()
    say(word, SRI, now + 3 * HOUR)
    assert queries.why_no_reply(said)


@pytest.mark.parametrize("private", [REPORT, SAFE_WORD])
def test_an_answer_leaves_no_earlier_for_a_private_text(cast: Cast, private: str) -> None:
    text = say("bu saya takut", SRI, NIGHT - 2 * HOUR)
    assert recipient_of(text).reads_at(NIGHT) == MORNING
    say(private, SRI, NIGHT - MINUTE)
    assert recipient_of(text).reads_at(NIGHT) == MORNING
    say(OPEN, SRI, NIGHT - MINUTE)
    assert recipient_of(text).reads_at(NIGHT) == NIGHT


def test_a_private_text_keeps_no_phone_confirmed(cast: Cast) -> None:
    text = say("halo", SRI, SINCE)
    say(REPORT, SRI, SINCE + timedelta(days=170))
    later = SINCE + timedelta(days=190)
    assert recipient_of(text).read_by(later) == "self"
    say("halo lagi", SRI, SINCE + timedelta(days=175))
    assert recipient_of(text).read_by(later) == "confirmed"


def test_a_number_that_never_wrote_openly_was_not_heard(cast: Cast) -> None:
    assert hearing.heard_openly(SRI) is None
    assert say(REPORT, SRI, NIGHT).private
    assert hearing.heard_openly(SRI) is None
    assert hearing.said_openly(SRI) not in db.session
