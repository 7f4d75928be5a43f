"""Answering a person, taking a conversation on, and marking what was dealt with. Acts never commit."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from webapp.accounts import audit
from webapp.accounts.model import Account
from webapp.cases import acts as cases
from webapp.conversations.answering import recipient_of
from webapp.conversations.model import ANSWERED, DONE, Incoming
from webapp.conversations.thread import same_phone
from webapp.db import db
from webapp.outbox import queue
from webapp.people.model import Person

REPLY_PRIORITY = 0


def reply(incoming: Incoming, body: str, account: Account, now: datetime, seen_up_to: int = 0) -> datetime:
    """Queue `body` to the number that wrote. Returns when it leaves: now, or at the next hour that suits the phone.

    With it all is answered of this phone that the officer saw, the text `seen_up_to` being the last of it.
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
    handle(incoming, account, now, how=ANSWERED, seen_up_to=seen_up_to)
    return leaves_at


def handle(incoming: Incoming, account: Account, now: datetime, how: str = DONE, seen_up_to: int = 0) -> None:
    """A human has dealt with this text, and with those of its phone up to the last one that was seen.

    What a relative wrote about the same person, or the person from elsewhere, still waits for an answer.
    """
    seen = sa.or_(Incoming.id == incoming.id, Incoming.id <= seen_up_to)
    for case in cases.open_cases_of(sa.select(Incoming.id).where(same_phone(incoming), seen)):
        cases.take_on(case, account, now)
    handled = _change(incoming, seen, handled_at=now, handled_by_id=account.id, handled_how=how)
    if handled:
        audit.changed("handled", "incoming", incoming.id, incoming.area_code)


def assign(incoming: Incoming, holder: Account | None, account: Account, now: datetime) -> bool:
    """This officer takes care of what waits of this phone; None: nobody any more. False if nothing waits."""
    holder_id, since = (holder.id, now) if holder else (None, None)
    assigned = _change(incoming, sa.true(), assigned_to_id=holder_id, assigned_at=since)
    if assigned:
        audit.changed("assigned" if holder else "released", "incoming", incoming.id, incoming.area_code)
    return assigned > 0


def _change(incoming: Incoming, which: sa.ColumnElement[bool], **values: Any) -> int:
    """Set this in what still waits of this phone. Returns how many texts that are."""
    waiting = sa.and_(Incoming.for_human, Incoming.handled_at.is_(None), Incoming.area_code == incoming.area_code)
    statement = sa.update(Incoming).where(same_phone(incoming), waiting, which).values(values)
    result = db.session.execute(statement.execution_options(synchronize_session="fetch"))
    return int(result.rowcount)  # type: ignore[attr-defined]  # the result of an UPDATE


def person_of(incoming: Incoming) -> Person | None:
    return db.session.get(Person, incoming.person_id) if incoming.person_id else None
