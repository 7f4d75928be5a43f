"""Whom a broadcast reaches, when, how often and beside what: help first, nobody at night, nobody too often."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.broadcasts.making import again, approved, draft, work
from tests.broadcasts.test_lists import STRANGER, bring, to_list
from tests.broadcasts.test_sending import claim, texts_of
from tests.people import HOME, SINCE, Cast
from tests.warnings.crowd import MORNING, willing
from webapp.broadcasts import acts, queries
from webapp.broadcasts.model import Broadcast
from webapp.db import db
from webapp.departures.model import Departure
from webapp.outbox import queue
from webapp.outbox.model import Message
from webapp.people.model import Phone

FLOOD = {"id": "Desmigratif: banjir di pelabuhan. Tanya {hp}"}


def in_riyadh(cast: Cast) -> Phone:
    """The phone of somebody of the home village who works there."""
    (person_id,) = willing(cast, 1, stage="working")
    db.session.add(
        Departure(
            person_id=person_id,
            area_code=HOME,
            scheme="p3mi",
            created_by_id=cast.facilitator.id,
            destination_code="SA",
            departed_on=date(2026, 1, 1),
            state="open",
            created_at=SINCE,
            updated_at=SINCE,
        )
    )
    db.session.commit()
    return db.session.scalars(sa.select(Phone).where(Phone.person_id == person_id)).one()


def settle(broadcast: Broadcast) -> None:
    db.session.execute(
        sa.update(Message)
        .where(Message.cause == broadcast.cause, Message.state == "sending")
        .values(state="sent", sent_at=MORNING)
    )
    db.session.commit()


def test_a_call_for_help_passes_an_emergency_to_many(app: Flask, cast: Cast) -> None:
    willing(cast, 30)
    work(approved(cast, emergency=True, reason="port", bodies=FLOOD))
    later = MORNING + timedelta(seconds=5)
    queue.enqueue(
        key="case:1:alarm",
        purpose="alarm",
        number="+6281300000003",
        area_code="33.01",
        body="BANTU",
        sensitivity="public",
        due_at=later,
        now=later,
    )
    db.session.commit()
    claim(later, limit=20)
    db.session.expire_all()
    assert db.session.scalar(sa.select(Message.state).where(Message.key == "case:1:alarm")) == "sending"


def test_what_was_cancelled_half_way_has_been_said(app: Flask, cast: Cast) -> None:
    willing(cast, 4)
    one = work(approved(cast))
    assert claim(limit=3) == 3
    settle(one)
    acts.cancel(acts.locked(again(one)), cast.coordinator, "mistake", MORNING)
    db.session.commit()
    work(one)
    other = draft(cast)
    assert queries.said_lately(other, MORNING) == again(one)


def test_what_was_cancelled_before_it_began_has_not(app: Flask, cast: Cast) -> None:
    willing(cast, 4)
    one = approved(cast, send_on=date(2026, 11, 30), send_minute=600)
    acts.cancel(acts.locked(one), cast.coordinator, "mistake", MORNING)
    db.session.commit()
    assert queries.said_lately(draft(cast), MORNING) is None


def test_people_of_a_list_are_not_woken_abroad(app: Flask, cast: Cast) -> None:
    early = datetime(2026, 11, 24, 1, 5, tzinfo=UTC)  # 8.05 in Jakarta, 4.05 in Riyadh
    mine = in_riyadh(cast).number
    one = bring(cast, "+966501234567;Rini;A;B", f"{mine};Wati;A;B", f"{STRANGER};Udin;A;B")
    broadcast = work(to_list(cast, one, now=early), early)
    claim(early)
    found = {text.number: text for text in texts_of(broadcast)}
    assert {found[number].zone for number in ("+966501234567", mine)} == {"Asia/Riyadh"}
    assert {found[number].state for number in ("+966501234567", mine)} == {"queued"}
    assert (found[STRANGER].zone, found[STRANGER].state) == ("Asia/Jakarta", "sending")
    # A number that begins with 0 cannot be called from there.
    assert str(found["+966501234567"].values["hp"]).startswith("+62")


def test_a_family_at_home_is_not_woken_by_the_clock_abroad(app: Flask, cast: Cast) -> None:
    phone = in_riyadh(cast)
    phone.reader, phone.confirmed_at = "family", None
    db.session.commit()
    night = datetime(2026, 11, 24, 16, 30, tzinfo=UTC)  # 23.30 in Jakarta, 19.30 in Riyadh
    broadcast = work(approved(cast, now=night), night)
    claim(night)
    (text,) = [text for text in texts_of(broadcast) if text.person_id == phone.person_id]
    assert (text.zone, text.state) == ("Asia/Jakarta", "queued")


def test_a_stranger_gets_no_more_notices_a_day_than_anybody(app: Flask, cast: Cast) -> None:
    for _ in range(4):
        work(to_list(cast, bring(cast, f"{STRANGER};Rini;A;B")))
    claim()
    to_them = sa.select(sa.func.count()).where(Message.number == STRANGER, Message.state == "sending")
    assert db.session.scalar(to_them) == 2


def test_what_is_spread_over_night_counts_on_both_days(app: Flask, cast: Cast) -> None:
    people = willing(cast, 12)
    evening = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)  # 19.00
    for number in range(5):
        words = {"id": f"Desmigratif: kabar {number}. Tanya {{hp}}"}
        work(approved(cast, now=evening, bodies=words, spread_hours=2), evening)
    texts = db.session.scalars(sa.select(Message).where(Message.person_id.in_(people), Message.purpose == "notice"))
    each_day = Counter((text.person_id, (text.due_at + timedelta(hours=7)).date()) for text in texts)
    assert max(each_day.values()) == 2


@pytest.mark.parametrize("days", [2, 400])
def test_a_text_of_which_nothing_is_told_keeps_no_money_for_ever(app: Flask, cast: Cast, days: int) -> None:
    willing(cast, 4)
    broadcast = work(approved(cast))
    claim()
    settle(broadcast)
    first = texts_of(broadcast)[0].id
    db.session.execute(sa.update(Message).where(Message.id == first).values(state="unknown"))
    db.session.commit()
    later = MORNING + timedelta(days=days)
    assert work(broadcast, later).state == ("sending" if days == 2 else "done")
