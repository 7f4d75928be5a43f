"""What a pretend phone shows: its texts, with the programme's time of each, which the network does not know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa

from sms.gateways.simulator import Phone as PretendPhone
from sms.gateways.simulator import PhoneText, Simulator
from webapp.conversations.model import Incoming
from webapp.db import db
from webapp.outbox.model import Message
from webapp.people.model import Person, Phone

LONGEST = 40


@dataclass(frozen=True)
class Bubble:
    """One text on the phone."""

    body: str
    at: datetime
    from_phone: bool


def bubbles(simulator: Simulator, number: str) -> list[Bubble]:
    """The newest texts of this phone, the oldest of them first."""
    texts = simulator.thread(number, LONGEST)
    times = _sent(texts) | _received(texts)
    return [
        Bubble(t.body, times.get(t.reference or t.provider_id) or datetime.fromtimestamp(t.at, UTC), bool(t.from_phone))
        for t in texts
    ]


def names_of(phones: Sequence[PretendPhone]) -> dict[str, str]:
    """Number → whose phone it is, for the invented people of a demonstration."""
    query = sa.select(Phone.number, Person.name).join(Person, Person.id == Phone.person_id)
    return dict(db.session.execute(query.where(Phone.number.in_([phone.number for phone in phones]))).tuples().all())


def _sent(texts: Sequence[PhoneText]) -> dict[str, datetime]:
    references = [text.reference for text in texts if text.reference]
    at = sa.func.coalesce(Message.sent_at, Message.handed_at)
    rows = db.session.execute(sa.select(Message.reference, at).where(Message.reference.in_(references)))
    return {reference: moment for reference, moment in rows if moment is not None}


def _received(texts: Sequence[PhoneText]) -> dict[str, datetime]:
    ids = [text.provider_id for text in texts if text.from_phone]
    query = sa.select(Incoming.provider_id, Incoming.received_at)
    rows = db.session.execute(query.where(Incoming.gateway == Simulator.name, Incoming.provider_id.in_(ids)))
    return dict(rows.tuples().all())
