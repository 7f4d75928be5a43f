"""Reads of the inbox: what waits for a human, and one conversation from both sides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

import sqlalchemy as sa
from flask import abort
from sqlalchemy import Row

from webapp.accounts.access import visible
from webapp.conversations.model import HELP, Incoming
from webapp.db import db
from webapp.outbox import texts
from webapp.outbox.checks import ACCOUNT
from webapp.outbox.model import Message
from webapp.people.model import EMPLOYER, NumberState, Person, Phone

PAGE = 30
THREAD = 60

Line = Row[tuple[Incoming, Person | None]]
#: Lines of one page, and the id before which the next begins, if there is one.
Found = tuple[Sequence[Line], int | None]
NOTHING: Found = ((), None)


@dataclass(frozen=True)
class Bubble:
    """One text of a conversation, from either side."""

    at: datetime
    incoming: Incoming | None = None
    message: Message | None = None

    @property
    def words(self) -> str:
        """What was said: as it arrived, as a human wrote it, or the stock text with its values."""
        if self.incoming is not None:
            return self.incoming.body
        assert self.message is not None
        return texts.words_of(self.message)


def calls_for_help(before_id: int | None = None) -> Found:
    """Calls for help in the reader's area that nobody has dealt with, and where the next page begins.

    A list of its own: however many texts came since, none of them pushes a call off the page.
    """
    return _page(Incoming.handled_at.is_(None), _says(HELP), before_id=before_id)


def inbox(waiting_only: bool, before_id: int | None = None) -> Found:
    """The other texts for a human in the reader's area, the newest first, and where the next page begins."""
    if waiting_only:
        return _page(Incoming.handled_at.is_(None), sa.not_(_says(HELP)), before_id=before_id)
    return _page(sa.or_(Incoming.handled_at.is_not(None), sa.not_(_says(HELP))), before_id=before_id)


def _says(command: str) -> sa.ColumnElement[bool]:
    """Written out in the statement: SQLite then knows that the index of these texts holds them all."""
    return Incoming.command == sa.literal(command, literal_execute=True)


def _page(*conditions: sa.ColumnElement[bool], before_id: int | None) -> Found:
    query = (
        sa.select(Incoming, Person)
        .outerjoin(Person, Person.id == Incoming.person_id)
        .where(visible(Incoming.area_code), Incoming.for_human, *conditions)
        .order_by(Incoming.id.desc())
        .limit(PAGE + 1)
    )
    if before_id:
        query = query.where(Incoming.id < before_id)
    rows = cast(Sequence[Line], db.session.execute(query).all())
    return rows[:PAGE], rows[PAGE - 1][0].id if len(rows) > PAGE else None


def get(incoming_id: int) -> Incoming:
    """The text, if the reader's area holds it; else 404."""
    query = sa.select(Incoming).where(Incoming.id == incoming_id, visible(Incoming.area_code))
    return db.session.scalar(query) or abort(404)


def why_no_reply(incoming: Incoming) -> str:
    """Why a human's answer to this number would be held back (outbox/checks.py says the same); '' if it goes."""
    state = db.session.get(NumberState, incoming.number) or NumberState(number=incoming.number)
    for said, reason in ((state.stopped_at, "stopped"), (state.wrong_person_at, "wrong_person")):
        if said is not None and (state.heard_at is None or state.heard_at <= said):
            return reason
    holders = db.session.scalars(
        sa.select(Phone).where(Phone.number == incoming.number, Phone.removed_at.is_(None)).limit(20)
    ).all()
    if any(phone.reader == EMPLOYER for phone in holders):
        return "employer_phone"
    return "do_not_text" if any(phone.do_not_text for phone in holders) else ""


def thread(incoming: Incoming) -> list[Bubble]:
    """The newest texts to and from this person (or relative, or unknown number), the oldest of them first."""
    if incoming.contact_id:
        # A relative of two migrants wrote about each of them by themselves.
        mine = sa.and_(Incoming.number == incoming.number, Incoming.person_id == incoming.person_id)
        ours = sa.and_(Message.number == incoming.number, Message.person_id == incoming.person_id)
    elif incoming.person_id:
        mine, ours = Incoming.person_id == incoming.person_id, Message.person_id == incoming.person_id
    else:
        mine, ours = (
            Incoming.number == incoming.number,
            sa.and_(Message.number == incoming.number, Message.person_id.is_(None)),
        )
    received = db.session.scalars(sa.select(Incoming).where(mine).order_by(Incoming.id.desc()).limit(THREAD))
    written = db.session.scalars(
        sa.select(Message)
        # Texts to officers as such hold their invitation codes.
        .where(ours, Message.purpose != ACCOUNT)
        .where(Message.state.in_(("queued", "sending", "unknown", "sent", "delivered", "failed")))
        .order_by(Message.id.desc())
        .limit(THREAD)
    )
    bubbles = [Bubble(i.received_at, incoming=i) for i in received]
    bubbles += [
        Bubble(m.sent_at or m.created_at, message=m) for m in written if m.state != "queued" or m.purpose == "reply"
    ]
    return sorted(bubbles, key=lambda b: b.at)[-THREAD:]
