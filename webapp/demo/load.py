"""Loads the demonstration through the same acts that pages use, so that reminders are planned as they would be."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import sqlalchemy as sa

from sms.states import QUEUED, WITHDRAWN
from webapp import clock
from webapp.accounts import passwords
from webapp.accounts.model import Account
from webapp.agencies import acts as agencies
from webapp.agencies.reading import Listed
from webapp.areas.model import Area
from webapp.db import db
from webapp.demo.tables import Row, rows
from webapp.departures import acts, planning
from webapp.departures.model import ChecklistItem, Departure
from webapp.outbox.model import Message
from webapp.people.model import DATA, SELF, SMS, Person, Phone

#: Said on top of the list, so that nobody takes it for the official one.
AGENCY_SOURCE = "Contoh untuk demonstrasi; semua perusahaan ini rekaan"
#: Papers in the order in which they were done, this many days apart, after so many days of being registered.
DAYS_BETWEEN_PAPERS, DAYS_BEFORE = 5, 150
OFFICE_HOUR = time(3, 0)
PASSPORT_YEARS = 4
NATION_ZONE = "Asia/Jakarta"


def is_loaded() -> bool:
    """Also true where somebody works already: nobody's own database gets people who do not exist."""
    return db.session.scalar(sa.select(Account.id).limit(1)) is not None


def load(now: datetime) -> None:
    """Add accounts, agencies and people, with departures counted from the day of `now`. The caller commits."""
    officers = {row["username"]: _account(row, now) for row in rows("accounts.csv")}
    db.session.flush()
    load_agencies(now)
    for row in rows("people.csv"):
        officer = officers[row["officer"]]
        since = _since(row, officer, now)
        person = _person(row, officer, since)
        _departure(row, person, officer, since, now)


def load_agencies(now: datetime) -> None:
    """A list of agencies that do not exist, as of the day of the demonstration."""
    today = clock.day_of(now, NATION_ZONE)
    listed = [
        Listed(row["name"], row["licence"], row["city"], row["status"], _day(row["expires_in"], today))
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


def hush() -> int:
    """Let nobody invented be texted: with a real provider their numbers may be somebody's. Returns how many were."""
    numbers = [row["number"] for row in rows("people.csv")] + [row["from"] for row in rows("texts.csv")]
    phones = sa.update(Phone).where(Phone.number.in_(numbers), ~Phone.do_not_text).values(do_not_text=True)
    officers = [row["phone"] for row in rows("accounts.csv")]
    accounts = sa.update(Account).where(Account.phone.in_(officers)).values(phone=None)
    waiting = sa.update(Message).where(Message.number.in_([*numbers, *officers]), Message.state == QUEUED)
    db.session.execute(waiting.values(state=WITHDRAWN, reason="do_not_text"))
    return sum(db.session.execute(statement).rowcount for statement in (phones, accounts))  # type: ignore[attr-defined]  # an UPDATE has a rowcount


def _since(row: Row, officer: Account, now: datetime) -> datetime:
    """When the person was registered: long enough before leaving that every paper has a day of its own."""
    today = clock.day_of(now, officer.area.zone)
    known = min(_day(row["leaves_in"], today) or today, today)
    return datetime.combine(known - timedelta(days=DAYS_BEFORE), OFFICE_HOUR, UTC)


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
    db.session.get_one(Area, row["area_code"]).participates = row["role"] == "facilitator"
    return account


def _person(row: Row, officer: Account, now: datetime) -> Person:
    person = Person.register(
        area_code=officer.area_code,
        name=row["name"],
        sex=row["sex"],
        birth_date=date.fromisoformat(row["born"]),
        language=row["language"],
        account=officer,
        now=now,
    )
    person.record_consent(DATA, True, account=officer, now=now)
    phone = person.add_phone(row["number"], row["reader"], account=officer, now=now)
    # Confirmed before texts are agreed to: nobody here is asked anew whose phone it is.
    if row["reader"] == SELF:
        person.confirm_phone(phone, now=now)
    if row["sms"] == "1":
        person.record_consent(SMS, True, account=officer, now=now)
    # The relative's number is the next but a hundred: +62 812-0000-02xx.
    person.add_contact(row["contact"], row["relation"], _relatives(row["number"]), account=officer, now=now)
    return person


def _departure(row: Row, person: Person, officer: Account, since: datetime, now: datetime) -> None:
    """Entered soon after registration; what followed happened on days of its own. Planned as of `now`."""
    today = clock.day_of(now, person.area.zone)
    leaves_on = _day(row["leaves_in"], today)
    departure = acts.record(
        person,
        officer,
        since + timedelta(hours=1),
        destination_code=row["destination"],
        scheme=row["scheme"],
        sector=row["sector"],
        job=row["job"],
        agency=row["agency"],
        planned_on=leaves_on,
        planned_month=None if leaves_on else (today + timedelta(days=90)).replace(day=1),
        contract_start=leaves_on if row["ends_in"] else None,
        contract_end=_day(row["ends_in"], today),
    )
    _tick(departure, row["done"].split(), officer, min(today, leaves_on or today))
    if leaves_on is not None and leaves_on < today:
        acts.leave(departure, officer, datetime.combine(leaves_on, OFFICE_HOUR, UTC), leaves_on)
        if today - leaves_on > timedelta(days=30):
            acts.arrive(departure, datetime.combine(leaves_on + timedelta(days=7), OFFICE_HOUR, UTC))
    planning.replan([departure.id], now)


def _tick(departure: Departure, codes: list[str], officer: Account, last: date) -> None:
    """Papers done one after the other, the newest some days before `last`."""
    for back, code in reversed(list(enumerate(reversed(codes), start=1))):
        item = db.session.get_one(ChecklistItem, code)
        done_on = last - timedelta(days=back * DAYS_BETWEEN_PAPERS)
        expires_on = done_on.replace(year=done_on.year + PASSPORT_YEARS, day=1) if item.has_expiry else None
        moment = datetime.combine(done_on, OFFICE_HOUR, UTC)
        acts.tick(departure, item, officer, moment, done_on=done_on, expires_on=expires_on)


def _day(days: str, today: date) -> date | None:
    return today + timedelta(days=int(days)) if days else None


def _relatives(number: str) -> str:
    return f"{number[:-3]}2{number[-2:]}"
