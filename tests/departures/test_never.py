"""Whatever happens in whatever order, of what leaves: never without consent, never in quiet hours, never twice.

The outbox is drained as the worker does it, after plans have been made from all that the acts changed.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sms.outbox import Taken
from tests.people import Cast
from webapp.callbacks import intake
from webapp.db import db
from webapp.departures import acts, upkeep
from webapp.departures.model import ChecklistItem, Departure
from webapp.outbox.model import Message
from webapp.outbox.store import SqlStore
from webapp.people import consent
from webapp.people.model import NumberState, Person, Phone

BEGIN = datetime(2026, 9, 1, 2, 0, tzinfo=UTC)
LEAVES = date(2026, 12, 1)
NUMBER = "+6281234567801"
JAKARTA = ZoneInfo("Asia/Jakarta")


class World:
    """One migrant with one departure, a clock, and what left for which phone."""

    def __init__(self, cast: Cast, store: SqlStore, number: int) -> None:
        self.store, self.now, self.officer = store, BEGIN, cast.facilitator
        self.person = Person.register(
            area_code=self.officer.area_code, name="Sri Ke", sex="f", birth_year=1990, account=self.officer, now=BEGIN
        )
        self.number = f"+62819{number:08}"
        self.phone = self.person.add_phone(self.number, "self", account=self.officer, now=BEGIN)
        self.departure = acts.record(
            self.person, self.officer, BEGIN, destination_code="TW", scheme="p3mi", planned_on=LEAVES
        )
        self.incoming = 0

    def consent(self, given: bool) -> None:
        self.person.record_consent("sms", given, account=self.officer, now=self.now)

    def reader(self, reader: str) -> None:
        self.person.change_phone(self.phone, account=self.officer, now=self.now, reader=reader)

    def hush(self, quiet: bool) -> None:
        self.person.change_phone(self.phone, account=self.officer, now=self.now, do_not_text=quiet)

    def hours(self, begin: int | None, end: int | None) -> None:
        self.person.change_phone(
            self.phone, account=self.officer, now=self.now, safe_from_hour=begin, safe_until_hour=end
        )

    def write(self, words: str) -> None:
        self.incoming += 1
        db.session.commit()
        intake.receive("simulator", f"{self.number}-{self.incoming}", self.number, words, self.now)
        self.person = db.session.get_one(Person, self.person.id)

    def move(self, days: int) -> None:
        acts.change(self.departure, self.officer, self.now, planned_on=LEAVES + timedelta(days=days))

    def tick(self, code: str) -> None:
        item = db.session.get_one(ChecklistItem, code)
        acts.tick(self.departure, item, self.officer, self.now, done_on=self.now.date())

    def wait(self, hours: int) -> None:
        """Time goes by; the worker does its rounds and sends what is due."""
        self.now += timedelta(hours=hours)
        upkeep.plan_due(self.now)
        db.session.commit()
        claim = self.store.claim_due(100, self.now)
        for handover in claim.handovers:
            self.check(db.session.get_one(Message, handover.id, populate_existing=True))
        db.session.rollback()
        self.store.settle([Taken(h.id, f"P{h.id}") for h in claim.handovers], self.now)

    def check(self, message: Message) -> None:
        if message.purpose == "reply" or message.person_id != self.person.id:
            return
        phone = db.session.get_one(Phone, message.phone_id, populate_existing=True)
        state = db.session.get(NumberState, self.number, populate_existing=True)
        line = consent.current(self.person.id)["sms"]
        assert line is not None, "sent without consent"
        assert line.given, "sent without consent"
        assert state is None or not (state.stopped_at or state.wrong_person_at), "sent after STOP or SALAH"
        assert phone.reader != "employer"
        assert not phone.do_not_text
        assert message.text_code == "KN" or phone.reader == "self", "personal words on a phone that others read"
        safe = (phone.safe_from_hour, phone.safe_until_hour)
        begin, end = safe if None not in safe else (8, 20)
        if message.zone == "Asia/Jakarta":
            assert begin <= self.now.astimezone(JAKARTA).hour < end, "sent in quiet hours"


Event = Callable[[World], None]
EVENTS: dict[str, Event] = {
    "agrees": lambda world: world.consent(True),
    "takes it back": lambda world: world.consent(False),
    "own phone": lambda world: world.reader("self"),
    "family reads": lambda world: world.reader("family"),
    "employer reads": lambda world: world.reader("employer"),
    "do not text": lambda world: world.hush(True),
    "text again": lambda world: world.hush(False),
    "evenings": lambda world: world.hours(21, 23),
    "half a choice": lambda world: world.hours(21, None),
    "usual hours": lambda world: world.hours(None, None),
    "STOP": lambda world: world.write("Stop"),
    "MULAI": lambda world: world.write("mulai"),
    "SALAH": lambda world: world.write("salah"),
    "YA": lambda world: world.write("ya"),
    "TIDAK": lambda world: world.write("tidak"),
    "1": lambda world: world.write("1"),
    "earlier": lambda world: world.move(-20),
    "later": lambda world: world.move(25),
    "back": lambda world: world.move(0),
    "visa": lambda world: world.tick("visa"),
    "an hour": lambda world: world.wait(1),
    "half a day": lambda world: world.wait(13),
    "three days": lambda world: world.wait(70),
    "three weeks": lambda world: world.wait(24 * 21 + 3),
}


@pytest.fixture
def cast_once(cast: Cast) -> Cast:
    return cast


# The acts are the same on both databases, and so are the statements, which test_checks.py runs on both.
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(happens=st.lists(st.sampled_from(sorted(EVENTS)), min_size=4, max_size=14))
def test_nothing_leaves_that_may_not(app: Flask, cast_once: Cast, happens: list[str]) -> None:
    store = SqlStore(db.engine, gateway="told", owner="worker-1", lease=60, price_rupiah=350)
    number = db.session.scalar(sa.select(sa.func.count()).select_from(Person)) or 0
    world = World(cast_once, store, number)
    for name in ("agrees", "an hour", *happens, "three weeks", "three weeks", "half a day", "three days"):
        EVENTS[name](world)
        db.session.commit()
    sent = db.session.scalars(
        sa.select(Message.key).where(Message.person_id == world.person.id, Message.sent_at.is_not(None))
    ).all()
    assert len(sent) == len(set(sent))
    assert db.session.get_one(Departure, world.departure.id).person_id == world.person.id
