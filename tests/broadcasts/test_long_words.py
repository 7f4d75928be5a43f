"""However long words become with their values, they keep nothing else back, and nobody pays for what no one reads."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from sms.text import MOST_SEGMENTS
from tests.broadcasts.making import approved, draft, work
from tests.broadcasts.test_lists import OTHER, STRANGER
from tests.broadcasts.test_sending import claim
from tests.people import Cast
from tests.warnings.crowd import MORNING, willing
from webapp.audiences import acts as lists
from webapp.audiences.known import check
from webapp.audiences.listed import read
from webapp.audiences.model import RecipientList
from webapp.broadcasts import forecast, ready
from webapp.broadcasts.model import LONGEST_BODY
from webapp.db import db
from webapp.outbox import queue
from webapp.outbox.model import Message
from webapp.outbox.reasons import SENTENCES

CELL = "x" * 58


def bring_wide(cast: Cast, *rows: str) -> RecipientList:
    """A list with ten columns of its own."""
    header = "No HP;Nama;" + ";".join(f"Kolom {letter}" for letter in "abcdefghij")
    account = cast.account("ratna")
    one = lists.keep(check(read("\n".join((header, *rows)).encode()), account.area_code), "P", account, MORNING)
    assert lists.accept(one, MORNING)
    db.session.commit()
    return one


def test_a_row_that_is_too_long_ends_alone_and_costs_nothing(app: Flask, cast: Cast) -> None:
    one = bring_wide(cast, f"{STRANGER};Rini;" + ";".join([CELL] * 10), f"{OTHER};Wati;" + ";".join("abcdefghij"))
    named = " ".join(f"{{{key}}}" for key, _ in one.columns)
    words = {"id": f"Desmigratif: {named} {named} {named} tanya {{hp}}"}
    broadcast = work(approved(cast, areas=["33.01"], recipients="listed", list_id=one.id, bodies=words))
    found = forecast.read(broadcast.forecast)
    assert (found.left_out, found.recipients) == ({"too_long": 1}, 1)
    alarm = {"purpose": "alarm", "number": "+6281300000003", "area_code": "33.01", "body": "Darurat"}
    queue.enqueue(key="alarm:1", sensitivity="public", due_at=MORNING, now=MORNING, **alarm)
    db.session.commit()
    assert claim() == 2
    texts = db.session.scalars(sa.select(Message).where(Message.cause == broadcast.cause)).all()
    ends = {text.number: (text.state, text.reason) for text in texts}
    assert ends == {STRANGER: ("failed", "too_long"), OTHER: ("sending", "")}
    assert "too_long" in SENTENCES
    assert sum(text.price_rupiah for text in texts) == found.rupiah


def test_what_is_long_but_not_too_long_goes_whole(app: Flask, cast: Cast) -> None:
    one = bring_wide(cast, f"{STRANGER};Rini;" + ";".join([CELL] * 10))
    named = " ".join(f"{{{key}}}" for key, _ in one.columns)
    words = {"id": f"Desmigratif: {named} {named} tanya {{hp}}"}
    broadcast = work(approved(cast, areas=["33.01"], recipients="listed", list_id=one.id, bodies=words))
    assert claim() == 1
    (text,) = db.session.scalars(sa.select(Message).where(Message.cause == broadcast.cause))
    assert (text.state, text.body.count(CELL)) == ("sending", 20)
    assert len(text.body) > 1_000
    assert text.segments <= MOST_SEGMENTS


@pytest.mark.parametrize("length", [321, LONGEST_BODY])
def test_words_of_four_segments_are_approved_and_go(app: Flask, cast: Cast, length: int) -> None:
    willing(cast, 1)
    begin, end = "Desmigratif: ", " balas YA"
    words = {"id": begin + "a" * (length - len(begin + end)) + end}
    assert ready.preview_of(draft(cast, bodies=words), MORNING).obstacles == ("no_budget",)
    broadcast = work(approved(cast, bodies=words))
    assert claim()
    bodies = set(db.session.scalars(sa.select(Message.body).where(Message.cause == broadcast.cause)))
    assert bodies == {words["id"]}
