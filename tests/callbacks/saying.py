"""Somebody writes, the worker looks: for tests of what a number may be told afterwards."""

from __future__ import annotations

from datetime import datetime
from itertools import count

import sqlalchemy as sa

from webapp.callbacks import intake
from webapp.conversations.model import Incoming
from webapp.db import db
from webapp.outbox.model import Message
from webapp.outbox.store import SqlStore

SRI, STRANGER = "+6281234567801", "+6281299990000"
_ids = count(1)


def say(words: str, number: str, now: datetime) -> Incoming:
    """The text, once it took effect."""
    provider_id = f"said-{next(_ids)}"
    intake.receive("simulator", provider_id, number, words, now)
    return db.session.scalars(sa.select(Incoming).where(Incoming.provider_id == provider_id)).one()


def leave_at(now: datetime) -> list[str]:
    """Words of the texts that the worker takes at this moment."""
    db.session.commit()
    store = SqlStore(db.engine, gateway="told", owner="worker", lease=60, price_rupiah=0)
    words = [handover.outgoing.body for handover in store.claim_due(100, now).handovers]
    db.session.expire_all()
    return words


def planned(number: str = SRI) -> list[str]:
    """Reminders that wait for this number, by rule."""
    query = sa.select(Message).where(Message.number == number, Message.state == "queued", Message.purpose == "reminder")
    db.session.expire_all()
    return [message.rule for message in db.session.scalars(query.order_by(Message.due_at))]
