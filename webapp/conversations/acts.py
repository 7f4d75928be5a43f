"""Answering a person, and marking a text as dealt with. Acts never commit."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from webapp.accounts import audit
from webapp.accounts.model import Account
from webapp.conversations.answering import recipient_of
from webapp.conversations.model import Incoming
from webapp.db import db
from webapp.outbox import queue
from webapp.people.model import Person

REPLY_PRIORITY = 0


def reply(incoming: Incoming, body: str, account: Account, now: datetime) -> datetime:
    """Queue `body` to the number that wrote. Returns when it leaves: now, or at the next hour that suits the phone.

    That a form sent twice is one reply, submissions see to.
    """
    recipient = recipient_of(incoming)
    leaves_at = recipient.reads_at(now)
    queue.enqueue(
        key=f"human:{incoming.id}:{uuid4().hex}",
        purpose="reply",
        **recipient.columns,
        body=body,
        priority=REPLY_PRIORITY,
        due_at=leaves_at,
        created_by_id=account.id,
        now=now,
    )
    audit.changed("replied", "incoming", incoming.id, incoming.area_code)
    handle(incoming, account, now)
    return leaves_at


def handle(incoming: Incoming, account: Account, now: datetime) -> None:
    """A human has dealt with this text."""
    if incoming.handled_at is None:
        incoming.handled_at, incoming.handled_by_id = now, account.id
        audit.changed("handled", "incoming", incoming.id, incoming.area_code)


def person_of(incoming: Incoming) -> Person | None:
    return db.session.get(Person, incoming.person_id) if incoming.person_id else None
