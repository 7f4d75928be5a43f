"""Words that no keyword explains: a human reads them, and whoever wrote is told so once a day."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.callbacks.test_who_wrote import MOTHER, NOW, SRI, STRANGER, say
from tests.people import Cast
from webapp.callbacks import replies
from webapp.conversations import acts
from webapp.db import db
from webapp.outbox.model import Message

HOUR = timedelta(hours=1)


def answers(number: str) -> list[str]:
    query = sa.select(Message.text_code).where(Message.number == number, Message.purpose == "reply")
    return list(db.session.scalars(query.order_by(Message.id)))


@pytest.mark.parametrize("number", [SRI, MOTHER, STRANGER])
@pytest.mark.parametrize("words", ["Bu, kapan saya berangkat?", "YA", "3"])
def test_whoever_writes_learns_that_it_is_read(app: Flask, cast: Cast, number: str, words: str) -> None:
    cast.migrant.add_contact("Suminah", "mother", MOTHER, account=cast.facilitator, now=NOW)
    db.session.commit()
    incoming = say(words, number)
    assert incoming.for_human
    assert answers(number) == ["KX"]


def test_it_is_said_once_a_day(app: Flask, cast: Cast) -> None:
    for hours in (0, 1, 23, 25):
        say("halo bu", SRI, NOW + hours * HOUR)
    assert answers(SRI) == ["KX", "KX"]


def test_after_another_answer_it_is_not_said(app: Flask, cast: Cast) -> None:
    say("INFO", STRANGER)
    say("terima kasih bu", STRANGER, NOW + HOUR)
    assert answers(STRANGER) == ["KINFO0"]


def test_nobody_who_talks_with_an_officer_is_interrupted(app: Flask, cast: Cast) -> None:
    first = say("Bu, kapan saya berangkat?", SRI, NOW - timedelta(days=5))
    acts.reply(first, "Tanggal 5, Mbak.", cast.facilitator, NOW)
    db.session.commit()
    say("Baik bu, jam berapa?", SRI, NOW + HOUR)
    assert answers(SRI) == ["KX", ""], "five days ago the programme's, now the officer's alone"


def test_a_robot_is_not_told(app: Flask, cast: Cast) -> None:
    say("Pesan otomatis: nomor ini tidak menerima balasan", STRANGER)
    assert answers(STRANGER) == []


def test_two_robots_end(app: Flask, cast: Cast) -> None:
    for minutes in range(200):
        say(f"Anda nomor {minutes} dalam antrean", STRANGER, NOW + timedelta(minutes=minutes))
    assert len(answers(STRANGER)) == 1
    assert replies.TEXTS_AN_HOUR < 200
