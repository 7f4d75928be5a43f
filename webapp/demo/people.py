"""People who do not exist, with their departures, through the same acts that pages use."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from webapp import clock
from webapp.accounts.model import Account
from webapp.db import db
from webapp.demo.rows import Row, day, rows
from webapp.departures import acts, planning
from webapp.departures.model import ChecklistItem, Departure
from webapp.people.model import DATA, SELF, SMS, Person

#: Papers in the order in which they were done, this many days apart, after so many days of being registered.
DAYS_BETWEEN_PAPERS, DAYS_BEFORE = 5, 150
OFFICE_HOUR = time(3, 0)
PASSPORT_YEARS = 4


def load(officers: dict[str, Account], now: datetime) -> None:
    """Everybody of people.csv, with departures counted from the day of `now`."""
    for row in rows("people.csv"):
        officer = officers[row["officer"]]
        since = _since(row, officer, now)
        person = _person(row, officer, since)
        _departure(row, person, officer, since, now)


def numbers() -> list[str]:
    """Of all phones in people.csv, and of the relatives."""
    own = [row["number"] for row in rows("people.csv")]
    return own + [_relatives(number) for number in own]


def _since(row: Row, officer: Account, now: datetime) -> datetime:
    """When the person was registered: long enough before leaving that every paper has a day of its own."""
    today = clock.day_of(now, officer.area.zone)
    known = min(day(row["leaves_in"], today) or today, today)
    return datetime.combine(known - timedelta(days=DAYS_BEFORE), OFFICE_HOUR, UTC)


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
    leaves_on = day(row["leaves_in"], today)
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
        contract_end=day(row["ends_in"], today),
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


def _relatives(number: str) -> str:
    return f"{number[:-3]}2{number[-2:]}"
