"""The first text to a person's own phone: it asks whether the number is theirs and texts are welcome (K0).

Only an answer from the phone itself confirms it; sensitive texts wait for that (DOMAIN, safety).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sms.hours import next_allowed
from webapp import clock
from webapp.outbox import queue
from webapp.outbox.officers import first_name, officers_of, reply_number
from webapp.people import consent
from webapp.people.model import SELF, SMS, Person, Phone
from webapp.people.reach import ADULT, PERSONAL

TEXT, EXPECTS = "K0", "confirm"


def ask(person: Person, *, now: datetime, **_: Any) -> None:
    """Queue the question for each own phone that was never asked. Told of every change of a person.

    The phone's id is in the key, so a phone is asked once for ever, whatever changes.
    """
    unconfirmed = [phone for phone in person.phones_in_use if phone.reader == SELF and phone.confirmed_at is None]
    if unconfirmed and _may_be_texted(person, now):
        queue.enqueue_many([_row(person, phone, now) for phone in unconfirmed], now)


def _may_be_texted(person: Person, now: datetime) -> bool:
    """With consent to texts, and nobody under 18. Both, and the phone, are checked again at the claim."""
    age = person.age_on(clock.day_of(now, person.area.zone))
    given = consent.current(person.id)[SMS]
    return (age is None or age >= ADULT) and given is not None and given.given


def _row(person: Person, phone: Phone, now: datetime) -> dict[str, Any]:
    officer = officers_of({person.area_code}).get(person.area_code)
    return {
        "key": f"welcome:{phone.id}",
        "purpose": "welcome",
        "person_id": person.id,
        "phone_id": phone.id,
        "number": phone.number,
        "area_code": person.area_code,
        "text_code": TEXT,
        "values": {"ptg": first_name(officer.name) if officer else "desa", "hp": reply_number(officer)},
        "language": person.language,
        "sensitivity": PERSONAL,
        "expects": EXPECTS,
        "due_at": next_allowed(now, person.area.zone),
    }
