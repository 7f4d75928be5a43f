"""To whom an answer goes, and when: the number that wrote, by the clock and in the hours of whose phone it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from sms.hours import FROM_HOUR, UNTIL_HOUR, next_allowed
from webapp.conversations import readers
from webapp.conversations.hearing import heard_openly, said_openly
from webapp.conversations.model import Incoming
from webapp.db import db
from webapp.outbox.checks import AWAKE_FOR
from webapp.people.model import SELF, Person, Phone
from webapp.people.reach import has_safe_hours, is_confirmed, safe_hours
from webapp.people.whereabouts import zone_of

#: National office: it reads what unknown numbers write.
ZONE_OF_THE_OFFICE = "Asia/Jakarta"


@dataclass(frozen=True)
class Recipient:
    """Who gets the answer to a text."""

    incoming: Incoming
    phone: Phone | None
    zone: str
    #: Of whoever has this number.
    phones: Sequence[Phone] = ()

    @property
    def columns(self) -> dict[str, Any]:
        """Columns of the outbox."""
        text = self.incoming
        who = {"number": text.number, "area_code": text.area_code, "person_id": text.person_id}
        return who | {"phone_id": self.phone.id if self.phone else None, "zone": self.zone}

    def reads_at(self, now: datetime) -> datetime:
        """When an officer's answer may arrive: at once only for whoever wrote just now, and without chosen hours.

        Outbox/checks.py says the same when it leaves, but for a private text, of which the officer must not know:
        then the words could have left at once, and leave later.
        """
        chosen = self.phone is not None and has_safe_hours(self.phone)
        if not chosen and _is_awake(self.incoming.number, now):
            return now
        begin, end = safe_hours(self.phone) if self.phone else (FROM_HOUR, UNTIL_HOUR)
        return next_allowed(now, self.zone, from_hour=begin, until_hour=end)

    def read_by(self, now: datetime) -> str:
        """Who reads it there (readers.READERS)."""
        text = self.incoming
        theirs = next((phone for phone in self.phones if phone.person_id == text.person_id), None)
        noted = readers.by_notes(text, theirs)
        if theirs is None or noted != SELF:
            return noted
        if any(phone.person_id != text.person_id for phone in self.phones):
            return readers.SHARED
        states = {text.number: said_openly(text.number)}
        return readers.CONFIRMED if is_confirmed(theirs, states, now) else SELF


def recipient_of(incoming: Incoming) -> Recipient:
    phones = db.session.scalars(_PHONES, {"number": incoming.number, "person": incoming.person_id}).all()
    return Recipient(incoming, phones[0] if phones else None, _zone(incoming, phones), phones)


#: Of several people with this number first whoever chose hours, then the one who wrote.
_PHONES = (
    sa.select(Phone)
    .where(Phone.number == sa.bindparam("number"), Phone.removed_at.is_(None))
    .order_by(
        sa.and_(Phone.safe_from_hour.is_not(None), Phone.safe_until_hour.is_not(None)).desc(),
        (Phone.person_id == sa.bindparam("person")).desc(),
        Phone.id.desc(),
    )
)


def _zone(incoming: Incoming, phones: Sequence[Phone]) -> str:
    """Who reads a relative's phone, or one of the family, is at home, wherever the person is; else nobody knows."""
    person = db.session.get(Person, incoming.person_id) if incoming.person_id else None
    if person is None:
        return ZONE_OF_THE_OFFICE
    own = any(phone.person_id == person.id and phone.reader == SELF for phone in phones)
    return zone_of(person) if own else person.area.zone


def _is_awake(number: str, now: datetime) -> bool:
    heard_at = heard_openly(number)
    return heard_at is not None and now - heard_at <= AWAKE_FOR
