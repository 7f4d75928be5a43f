"""Loads the demonstration through the same acts that pages use, so that everything stands as it would."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import chain

import sqlalchemy as sa
from flask import current_app

from webapp import clock
from webapp.accounts import passwords
from webapp.accounts.model import FACILITATOR, Account
from webapp.agencies import acts as agencies
from webapp.agencies.reading import Listed
from webapp.areas.model import Area
from webapp.config import Settings
from webapp.db import db, insert
from webapp.demo import broadcasts, people, reports, routes, texts, warnings
from webapp.demo.history import Past
from webapp.demo.rows import NATION_ZONE, Row, day, rows
from webapp.people.model import NumberState, Phone

#: Said on top of the list, so that nobody takes it for the official one.
AGENCY_SOURCE = "Contoh untuk demonstrasi; semua perusahaan ini rekaan"


def is_loaded() -> bool:
    """Also true where somebody works already: nobody's own database gets people who do not exist."""
    return db.session.scalar(sa.select(Account.id).limit(1)) is not None


def load(now: datetime) -> None:
    """Add accounts, agencies and people with departures, and what they told and asked; all counted from the day of
    `now`. The caller commits.
    """
    settings: Settings = current_app.config["SETTINGS"]
    officers = {row["username"]: _account(row, now) for row in rows("accounts.csv")}
    db.session.flush()
    load_agencies(now)
    people.load(officers, now)
    past = Past(now, settings.sms_price_rupiah)
    reports.load(officers, now, past)
    texts.load(officers, now, past)
    warnings.load(officers, now)
    broadcasts.load(officers, now)
    if settings.sms_gateway == "simulator":
        # Beside a real provider a pretended route would swallow texts that are meant for somebody.
        routes.load()


def load_agencies(now: datetime) -> None:
    """A list of agencies that do not exist, as of the day of the demonstration."""
    today = clock.day_of(now, NATION_ZONE)
    listed = [
        Listed(row["name"], row["licence"], row["city"], row["status"], day(row["expires_in"], today))
        for row in rows("agencies.csv")
    ]
    agencies.replace(listed, AGENCY_SOURCE, today)


def open_doors() -> list[str]:
    """User names of accounts that the passwords of the demonstration open: everybody can read these here."""
    known = {row["username"]: row["password"] for row in rows("accounts.csv")}
    query = sa.select(Account.username, Account.password_hash).where(Account.username.in_(known))
    found = db.session.execute(query.where(Account.closed_at.is_(None)).order_by(Account.username))
    return [name for name, password_hash in found.tuples() if passwords.fits(password_hash, known[name])]


def published() -> frozenset[str]:
    """Passwords that everybody can read here."""
    return frozenset(row["password"] for row in rows("accounts.csv"))


def hush(now: datetime) -> int:
    """Let nobody who is invented be texted: with a real provider their numbers may be somebody's.

    Phones of people are marked as on their page. A number alone, of an officer or of somebody unknown who wrote, is
    halted as after SALAH, which also holds back alarms and answers. Returns how many were hushed now.
    """
    numbers = set(invented_numbers())
    phones = sa.update(Phone).where(Phone.number.in_(numbers), ~Phone.do_not_text).values(do_not_text=True)
    hushed: int = db.session.execute(phones).rowcount  # type: ignore[attr-defined]  # an UPDATE has a rowcount
    return hushed + sum(_halt(number, now) for number in sorted(numbers - _of_people(numbers)))


def _of_people(numbers: set[str]) -> set[str]:
    """Numbers that are the phones of people: of these the page of the person says it."""
    return set(db.session.scalars(sa.select(Phone.number).where(Phone.number.in_(numbers))))


def invented_numbers() -> Iterator[str]:
    """Every number, E.164, to which the demonstration could send a text."""
    officers = (row["phone"] for row in rows("accounts.csv"))
    return chain(officers, people.numbers(), texts.numbers())


def _halt(number: str, now: datetime) -> bool:
    """Was it halted now, and not before?"""
    halted = insert(NumberState).values(number=number, wrong_person_at=now)
    statement = halted.on_conflict_do_update(
        index_elements=["number"],
        set_={"wrong_person_at": now},
        where=NumberState.wrong_person_at.is_(None),
    )
    return db.session.scalar(statement.returning(NumberState.number)) is not None


def _account(row: Row, now: datetime) -> Account:
    account = Account(
        username=row["username"],
        name=row["name"],
        role=row["role"],
        area_code=row["area_code"],
        phone=row["phone"],
        password_hash=passwords.hashed(row["password"]),
        created_at=now,
    )
    db.session.add(account)
    db.session.get_one(Area, row["area_code"]).participates = row["role"] == FACILITATOR
    return account
