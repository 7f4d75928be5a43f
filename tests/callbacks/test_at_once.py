"""The same text, and different texts of one number, arriving at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from threading import Barrier, Thread

import sqlalchemy as sa
from flask import Flask

from tests.people import Cast
from webapp.callbacks import intake
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
