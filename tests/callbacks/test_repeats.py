"""The same text with another id is one text; a text that somebody sent twice is two."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from sms.gateways import IncomingText
from tests.callbacks.test_at_once import AT_ONCE, together
from tests.people import Cast
from tests.plans import plan, statements
from tests.routes_.making import make_route
from webapp.callbacks import intake
from webapp.conversations.model import Incoming, IncomingRepeat
from webapp.db import db
from webapp.outbox import ears
from webapp.outbox.model import Message

NOW = datetime(2026, 11, 30, 2, 0, tzinfo=UTC)
SRI, TUMINI = "+6281234567801", "+6281234567802"


def come(provider_id: str, seconds: float | None = 0, **others: str | float) -> None:
    """A text of Sri that the phone got so many seconds after NOW."""
    text = {"gateway": "hp", "number": SRI, "body": "1"} | others
    sent_at = None if seconds is None else NOW + timedelta(seconds=seconds)
    intake.receive(provider_id=provider_id, sent_at=sent_at, now=NOW, **text)  # type: ignore[arg-type]  # values of several types


def texts() -> list[str]:
    db.session.expire_all()
    return list(db.session.scalars(sa.select(Incoming.provider_id).order_by(Incoming.id)))


def repeats() -> list[str]:
    return list(db.session.scalars(sa.select(IncomingRepeat.provider_id).order_by(IncomingRepeat.id)))


@pytest.mark.parametrize("seconds", [0, 5, -5, 4.9])
def test_within_the_window_it_is_one_text_with_one_effect(cast: Cast, seconds: float) -> None:
    come("a", body="STOP")
    come("b", seconds, body="STOP")
    assert texts() == ["a"]
    assert repeats() == ["b"]
    assert db.session.scalars(sa.select(Message.text_code)).all() == ["KSTOP"]


def test_a_repeat_that_is_repeated_changes_nothing(cast: Cast) -> None:
    come("a")
    for _ in range(3):
        come("b")
        come("a")
    assert (texts(), repeats()) == (["a"], ["b"])


@pytest.mark.parametrize(
    "other",
    [
        {"seconds": 6},
        {"seconds": -6},
        {"seconds": None},
        {"number": TUMINI},
        {"body": "2"},
        {"body": "1 "},
        {"gateway": "hp-lain"},
        {"repeat_seconds": 0, "seconds": 1},
    ],
)
def test_whatever_differs_is_another_text(cast: Cast, other: dict) -> None:
    come("a")
    come("b", **other)
    assert texts() == ["a", "b"]
    assert repeats() == []


def test_without_a_clock_the_same_word_twice_is_two_texts(cast: Cast) -> None:
    come("a", None)
    come("b", None)
    assert texts() == ["a", "b"]


def test_the_window_is_a_setting_of_the_route(cast: Cast) -> None:
    make_route("modem", repeat_seconds=30)
    for gateway, count in (("modem", 1), ("lain", 2)):
        for n, seconds in enumerate((0, 20)):
            text = IncomingText(f"{gateway}-{n}", SRI, "1", NOW + timedelta(seconds=seconds))
            ears.hear(gateway, [text])
        found = db.session.scalar(sa.select(sa.func.count()).where(Incoming.gateway == gateway))
        assert found == count


def test_a_repeat_is_known_after_the_words_were_put_away(cast: Cast) -> None:
    """Of a report whose sender must not be known neither words nor number are kept."""
    come("a", body="LAPOR calo di desa")
    db.session.execute(sa.update(Incoming).values(body="", number="", private=True))
    db.session.commit()
    come("b", body="LAPOR calo di desa")
    assert texts() == ["a"]


def test_at_the_same_moment_it_is_still_one(app: Flask, cast: Cast) -> None:
    ids = [f"text-{n}" for n in range(AT_ONCE)]

    def receive(number: int) -> None:
        intake.receive("hp", ids[number], SRI, "STOP", NOW, sent_at=NOW + timedelta(milliseconds=number))

    together(app, receive)
    assert len(texts()) == 1
    assert sorted(texts() + repeats()) == ids
    assert db.session.scalars(sa.select(Message.text_code)).all() == ["KSTOP"]


@pytest.mark.own_database
def test_it_is_found_by_its_index(app: Flask, cast: Cast) -> None:
    with statements() as sent:
        come("a")
    (query,) = [one for one in sent if "repeat_hash IN" in one[0]]
    assert "ix_incoming_repeat" in plan(*query)
