"""Whatever happens in whatever order, of what leaves: never without consent, never in quiet hours, never twice.

The outbox is drained as the worker does it, after plans have been made from all that the acts changed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from sms.outbox import Taken
from tests.people import Cast
from webapp.callbacks import intake
from webapp.db import db
from webapp.departures import acts, corrections, upkeep
from webapp.departures.model import ChecklistItem
from webapp.outbox.model import Message
from webapp.outbox.store import SqlStore
from webapp.people import consent
from webapp.people.model import NumberState, Person, Phone

BEGIN = datetime(2026, 9, 1, 2, 0, tzinfo=UTC)
LEAVES = date(2026, 12, 1)
NUMBER = "+6281234567801"


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
        #: How often each text was handed over, by (departure, rule, day it counts from, repetition).
        self.handed_over: Counter[tuple[str, ...]] = Counter()

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

    def take(self, act: str, *facts: Any) -> None:
        """An act on the departure, if it follows what it is now."""
        if acts.possible(act, self.departure):
            module = acts if hasattr(acts, act) else corrections
            getattr(module, act)(self.departure, self.officer, self.now, *facts)

    @property
    def today(self) -> date:
        return self.now.date()

    def wait(self, hours: int) -> None:
        """Time goes by; the worker does its rounds and sends what is due."""
        self.now += timedelta(hours=hours)
        upkeep.plan_due(self.now)
        db.session.commit()
        claim = self.store.claim_due(100, self.now)
        for handover in claim.handovers:
            message = db.session.get_one(Message, handover.id, populate_existing=True)
            self.check(message)
            if message.purpose == "reminder":
                self.handed_over[tuple(message.key.split(":")[1:])] += 1
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
        assert begin <= self.now.astimezone(ZoneInfo(message.zone)).hour < end, "sent in quiet hours"


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
    "leaves": lambda world: world.take("leave", world.today),
    "left long ago": lambda world: world.take("leave", world.today - timedelta(days=20)),
    "has not left": lambda world: world.take("take_back_leaving", "salah orang", LEAVES),
    "another day": lambda world: world.take("correct_leaving", world.today - timedelta(days=3)),
    "comes home": lambda world: world.take("come_home", world.today),
    "is not home": lambda world: world.take("take_back_return", "salah orang"),
    "is postponed": lambda world: world.take("postpone", "sakit"),
    "is cancelled": lambda world: world.take("cancel", "ragu"),
    "goes on": lambda world: world.take("resume", "jadi", LEAVES),
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
# What went out is still of use when the plan is made anew, before leaving and after it.
@example(happens=["half a day", "later"])
@example(happens=["leaves", "three days", "three days", "half a day", "another day", "half a day"])
@given(happens=st.lists(st.sampled_from(sorted(EVENTS)), min_size=4, max_size=14))
def test_nothing_leaves_that_may_not(app: Flask, cast_once: Cast, happens: list[str]) -> None:
    store = SqlStore(db.engine, gateway="told", owner="worker-1", lease=60, price_rupiah=350)
    number = db.session.scalar(sa.select(sa.func.count()).select_from(Person)) or 0
    world = World(cast_once, store, number)
    for name in ("agrees", "an hour", *happens, "three weeks", "three weeks", "half a day", "three days"):
        EVENTS[name](world)
        db.session.commit()
    assert [text for text, times in world.handed_over.items() if times > 1] == []
