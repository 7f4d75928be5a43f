"""The first text to a person's own phone: it asks whether the number is theirs and texts are welcome (K0).

Only an answer from the phone itself confirms it; sensitive texts wait for that (DOMAIN, safety).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from sms.hours import next_allowed
from webapp import clock
from webapp.db import db
from webapp.outbox import queue
from webapp.outbox.model import Message
from webapp.outbox.officers import first_name, officers_of, reply_number
from webapp.people import consent, stages
from webapp.people.model import SELF, SMS, NumberState, Person, Phone
from webapp.people.reach import ADULT, PERSONAL, SILENCE, safe_hours
from webapp.people.whereabouts import zone_of

TEXT, EXPECTS = "K0", "confirm"
#: Asked later than this it would only surprise.
GOOD_FOR = timedelta(days=7)
#: Nobody is asked who is in trouble, out of contact or dead; who does not leave for now is asked once they do.
STAGES = ",".join(stages.PHASES)


def ask(person: Person, *, now: datetime, **_: Any) -> None:
    """Queue the question for each own phone that must be asked, and take back what need not be asked any more.

    Told of every change of a person, and daily while texts are planned. A phone is asked once after it was
    entered, and once more after each silence of 180 days: the moment since when is in the key. Of two such
    moments within a week one question is enough.
    """
    phones = [phone for phone in person.phones if phone.reader == SELF]
    states = _states(phones) if phones else {}
    due = {phone.id: since for phone in phones if (since := _unsure_since(phone, states.get(phone.number), now))}
    for phone_id in _just_asked(due, now):
        del due[phone_id]
    allowed = bool(due) and _may_be_texted(person, now)
    for phone in phones:
        wanted = [_row(person, phone, due[phone.id], now)] if allowed and phone.id in due else []
        queue.sync(_cause(phone.id), wanted, now)


def _unsure_since(phone: Phone, state: NumberState | None, now: datetime) -> datetime | None:
    """Since when nobody knows whose phone this is; None if it is known, or the phone may not be asked."""
    if phone.removed_at is not None or phone.do_not_text or (state is not None and _is_halted(state)):
        return None
    doubted_at = state.doubted_at if state is not None else None
    if doubted_at is not None and max(phone.added_at, phone.confirmed_at or phone.added_at) <= doubted_at:
        return _period(doubted_at, now)
    if phone.confirmed_at is None:
        return _period(phone.added_at, now)
    heard_at = state.heard_at if state is not None and state.heard_at is not None else phone.confirmed_at
    last = max(phone.confirmed_at, heard_at)
    return _period(last, now) if now - last > SILENCE else None


def _just_asked(phone_ids: Collection[int], now: datetime) -> list[int]:
    """Of these phones those that have the question still before them: a new doubt asks it no second time."""
    if not phone_ids:
        return []
    asked = sa.select(Message.phone_id).where(Message.cause.in_([_cause(phone_id) for phone_id in phone_ids]))
    return list(db.session.scalars(asked.where(Message.sent_at > now - GOOD_FOR, Message.sent_at <= now).distinct()))


def _cause(phone_id: int) -> str:
    return f"welcome:{phone_id}"


def _period(since: datetime, now: datetime) -> datetime:
    """The beginning of the present stretch of 180 days without a YA: each is asked once."""
    return since + SILENCE * max(0, (now - since) // SILENCE)


def _is_halted(state: NumberState) -> bool:
    return bool(state.stopped_at or state.wrong_person_at or state.invalid_at)


def _states(phones: list[Phone]) -> dict[str, NumberState]:
    query = sa.select(NumberState).where(NumberState.number.in_([phone.number for phone in phones]))
    return {state.number: state for state in db.session.scalars(query)}


def _may_be_texted(person: Person, now: datetime) -> bool:
    """On the path, with consent to texts, and nobody under 18. These, and the phone, are checked again at the claim."""
    if person.stage not in stages.PHASES:
        return False
    age = person.age_on(clock.day_of(now, person.area.zone))
    given = consent.current(person.id)[SMS]
    return (age is None or age >= ADULT) and given is not None and given.given


def _row(person: Person, phone: Phone, since: datetime, now: datetime) -> dict[str, Any]:
    officer = officers_of({person.area_code}).get(person.area_code)
    zone = zone_of(person)
    begin, end = safe_hours(phone)
    due_at = next_allowed(now, zone, from_hour=begin, until_hour=end)
    return {
        "key": f"welcome:{phone.id}:{since:%Y%m%d%H%M%S}",
        "purpose": "welcome",
        "person_id": person.id,
        "phone_id": phone.id,
        "number": phone.number,
        "area_code": person.area_code,
        "zone": zone,
        "text_code": TEXT,
        "values": {
            "ptg": first_name(officer.name) if officer else "desa",
            "hp": reply_number(officer, abroad=zone != person.area.zone),
        },
        "language": person.language,
        "sensitivity": PERSONAL,
        "stages": STAGES,
        "expects": EXPECTS,
        "due_at": due_at,
        "expires_at": due_at + GOOD_FOR,
    }
