"""Reads of the inbox: what waits for a human, and whether it may be answered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import sqlalchemy as sa
from flask import abort
from sqlalchemy import Row

from webapp.accounts.access import visible
from webapp.conversations.model import HELP, Incoming
from webapp.db import db
from webapp.people.model import EMPLOYER, NumberState, Person, Phone

PAGE = 30

Line = Row[tuple[Incoming, Person | None]]
#: Lines of one page, and the id before which the next begins, if there is one.
Found = tuple[Sequence[Line], int | None]
NOTHING: Found = ((), None)


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
