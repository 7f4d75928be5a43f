"""On which day a text counts as a notice, and until which day it is of use."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa
from flask import Flask

from tests.broadcasts.making import again, approved, draft, work
from tests.broadcasts.test_sending import claim, texts_of
from tests.people import Cast
from tests.warnings.crowd import MORNING, willing
from webapp.broadcasts import acts, ready
from webapp.db import db
from webapp.outbox.model import Message

EVENING = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)  # 21.00 in Jakarta
AFTERNOON = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)  # 17.00


def words(number: int) -> dict[str, str]:
    return {"id": f"Desmigratif: kabar {number}. Tanya {{hp}}"}


def test_what_is_let_out_in_the_evening_is_a_notice_of_the_morrow(app: Flask, cast: Cast) -> None:
    (person_id,) = willing(cast, 1)
    for number in range(4):
        work(approved(cast, now=EVENING, bodies=words(number)), EVENING)
    due = Counter(db.session.scalars(sa.select(Message.due_at).where(Message.person_id == person_id)))
    assert list(due.values()) == [2]


def test_what_is_halted_counts_as_a_notice_for_it_may_go_on(app: Flask, cast: Cast) -> None:
    (person_id,) = willing(cast, 1)
    one = work(approved(cast, bodies=words(1)))
    acts.pause(acts.locked(one), cast.coordinator, "look", MORNING)
    db.session.commit()
    work(one)
    for number in (2, 3):
        work(approved(cast, bodies=words(number)))
    acts.resume(acts.locked(again(one)), cast.coordinator, MORNING)
    db.session.commit()
    work(one)
    claim()
    its = (Message.person_id == person_id, Message.state == "sending")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Message).where(*its)) == 2


def test_a_spread_that_ends_after_the_last_useful_day_is_too_late(app: Flask, cast: Cast) -> None:
    willing(cast, 3)
    today = date(2026, 11, 24)
    for hours, until, is_late in ((12, today, True), (1, today, False), (12, today + timedelta(days=1), False)):
        broadcast = draft(cast, now=AFTERNOON, spread_hours=hours, useful_until=until)
        assert ("too_late" in ready.preview_of(broadcast, AFTERNOON).obstacles) is is_late


def test_resumed_after_days_it_begins_then_and_is_of_use_for_days(app: Flask, cast: Cast) -> None:
    willing(cast, 3)
    broadcast = approved(cast)
    acts.pause(acts.locked(broadcast), cast.coordinator, "look", MORNING)
    db.session.commit()
    later = MORNING + timedelta(days=4)
    acts.resume(acts.locked(again(broadcast)), cast.coordinator, later)
    db.session.commit()
    broadcast = work(broadcast, later)
    texts = texts_of(broadcast)
    assert {(text.due_at, text.expires_at) for text in texts} == {(later, later + timedelta(days=3))}
    assert claim(later) == len(texts) >= 3
