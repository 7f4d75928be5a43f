"""The same text, and different texts of one number, arriving at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from threading import Barrier, Thread

import sqlalchemy as sa
from flask import Flask

from tests.people import Cast
from webapp.callbacks import intake
from webapp.cases import safe_words
from webapp.cases.model import Case
from webapp.conversations.model import Incoming
from webapp.db import db
from webapp.outbox.model import Message
from webapp.people.model import Consent

NOW = datetime(2026, 11, 30, 2, 0, tzinfo=UTC)
SRI = "+6281234567801"
AT_ONCE = 6


def together(app: Flask, work: Callable[[int], None]) -> None:
    """Run `work` in several threads that begin at the same moment."""
    db.session.commit()
    barrier = Barrier(AT_ONCE)

    def one(number: int) -> None:
        with app.app_context():
            barrier.wait(10)
            work(number)
            db.session.remove()

    threads = [Thread(target=one, args=(number,)) for number in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)


def test_one_text_delivered_many_times_at_once_takes_effect_once(app: Flask, cast: Cast) -> None:
    together(app, lambda _: intake.receive("simulator", "same", SRI, "STOP", NOW))
    assert db.session.scalars(sa.select(Incoming.command)).all() == ["stop"]
    assert db.session.scalars(sa.select(Message.text_code)).all() == ["KSTOP"]
    withdrawn = sa.select(sa.func.count()).where(Consent.person_id == cast.migrant.id, Consent.given.is_(False))
    assert db.session.scalar(withdrawn) == 1


def test_many_texts_of_one_number_at_once_are_each_understood(app: Flask, cast: Cast) -> None:
    together(app, lambda number: intake.receive("simulator", f"text-{number}", SRI, "halo bu", NOW))
    intake.understand_rest(NOW)
    rows = db.session.execute(sa.select(Incoming.command, Incoming.understood_at)).tuples().all()
    assert rows == [("text", NOW)] * AT_ONCE


def test_two_phones_that_call_for_one_person_at_once_are_one_case(app: Flask, cast: Cast) -> None:
    """Her own, and that of her sister, who is registered herself: both write the safe word."""
    phones = [SRI, "+6281366667777"]
    cast.withdrew.add_phone(phones[1], "self", account=cast.facilitator, now=NOW)
    cast.migrant.add_contact("Tumini", "sibling", phones[1], account=cast.facilitator, now=NOW)
    safe_words.set_word(cast.migrant, "kembang sepatu", cast.facilitator, NOW)
    together(app, lambda n: intake.receive("simulator", f"text-{n}", phones[n % 2], "kembang sepatu", NOW))
    intake.understand_rest(NOW)
    assert db.session.scalars(sa.select(Case.kind)).all() == ["safe_word"]
