"""Reads of the inbox: what waits for a human, and whether it may be answered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import sqlalchemy as sa
from flask import abort
from sqlalchemy import Row
from sqlalchemy.orm import joinedload

from webapp.accounts.access import visible
from webapp.accounts.model import COORDINATOR, FACILITATOR, Account
from webapp.areas.codes import areas_above
from webapp.conversations.hearing import said_openly
from webapp.conversations.model import ANSWERED, HELP, Incoming
from webapp.conversations.thread import same_phone
from webapp.db import db
from webapp.people.model import EMPLOYER, Person, Phone

PAGE = 30
MOST_COLLEAGUES = 40

#: A text, whom it is about, and that person's phone with the number that wrote, if it is in use.
Line = Row[tuple[Incoming, Person | None, Phone | None]]
#: Lines of one page, and the id before which the next begins, if there is one.
Found = tuple[Sequence[Line], int | None]
NOTHING: Found = ((), None)


def calls_for_help(before_id: int | None = None) -> Found:
    """Calls for help in the reader's area that nobody has dealt with, and where the next page begins.

    A list of its own: however many texts came since, none of them pushes a call off the page.
    """
    return _page(Incoming.handled_at.is_(None), _says(HELP), before_id=before_id)


def taken_on(account_id: int, before_id: int | None = None) -> Found:
    """What this officer has taken on and not dealt with yet, the newest first."""
    return _page(Incoming.handled_at.is_(None), Incoming.assigned_to_id == account_id, before_id=before_id)


def answered(before_id: int | None = None) -> Found:
    """What an officer of the reader's area answered, the newest first."""
    how = sa.literal(ANSWERED, literal_execute=True)
    return _page(Incoming.handled_how == how, before_id=before_id)


def inbox(waiting_only: bool, before_id: int | None = None) -> Found:
    """The other texts for a human in the reader's area, the newest first, and where the next page begins."""
    if waiting_only:
        return _page(Incoming.handled_at.is_(None), sa.not_(_says(HELP)), before_id=before_id)
    return _page(sa.or_(Incoming.handled_at.is_not(None), sa.not_(_says(HELP))), before_id=before_id)


def _says(command: str) -> sa.ColumnElement[bool]:
    """Written out in the statement: SQLite then knows that the index of these texts holds them all."""
    return Incoming.command == sa.literal(command, literal_execute=True)


def _page(*conditions: sa.ColumnElement[bool], before_id: int | None) -> Found:
    theirs = sa.and_(Phone.person_id == Incoming.person_id, Phone.number == Incoming.number, Phone.removed_at.is_(None))
    query = (
        sa.select(Incoming, Person, Phone)
        .outerjoin(Person, Person.id == Incoming.person_id)
        .outerjoin(Phone, theirs)
        .where(visible(Incoming.area_code), Incoming.for_human, Incoming.private.is_(False), *conditions)
        .options(joinedload(Incoming.assigned_to), joinedload(Incoming.contact))
        .order_by(Incoming.id.desc())
        .limit(PAGE + 1)
    )
    if before_id:
        query = query.where(Incoming.id < before_id)
    rows = cast(Sequence[Line], db.session.execute(query).all())
    return rows[:PAGE], rows[PAGE - 1][0].id if len(rows) > PAGE else None


def get(incoming_id: int) -> Incoming:
    """The text, if the reader's area holds it; else 404."""
    shown = sa.and_(visible(Incoming.area_code), Incoming.private.is_(False))
    query = sa.select(Incoming).where(Incoming.id == incoming_id, shown)
    return db.session.scalar(query) or abort(404)


def colleagues(incoming: Incoming) -> Sequence[Account]:
    """Who may take care of it: whoever works for the place of the text, or for an area above it."""
    above = areas_above(incoming.area_code)
    roles = (FACILITATOR, COORDINATOR)
    query = (
        sa.select(Account)
        .where(Account.area_code.in_(above), Account.role.in_(roles), Account.closed_at.is_(None))
        .order_by(sa.func.length(Account.area_code).desc(), Account.name)
        .limit(MOST_COLLEAGUES)
    )
    return db.session.scalars(query).all()


def holder_of(incoming: Incoming) -> Account | None:
    """Who takes care of what still waits of this phone."""
    query = (
        sa.select(Account)
        .join(Incoming, Incoming.assigned_to_id == Account.id)
        .where(same_phone(incoming), Incoming.for_human, Incoming.handled_at.is_(None))
        .order_by(Incoming.id.desc())
    )
    return db.session.scalar(query.limit(1))


def waits(incoming: Incoming) -> bool:
    """Does a text of this phone still wait for a human?"""
    open_one = sa.exists().where(same_phone(incoming), Incoming.for_human, Incoming.handled_at.is_(None))
    return bool(db.session.scalar(sa.select(open_one)))


def why_no_reply(incoming: Incoming) -> str:
    """Why a human's answer to this number would be held back; '' if it goes.

    Outbox/checks.py says the same when it leaves, but for a private text after STOP, of which no page may know.
    """
    state = said_openly(incoming.number)
    for said, reason in ((state.stopped_at, "stopped"), (state.wrong_person_at, "wrong_person")):
        if said is not None and (state.heard_at is None or state.heard_at <= said):
            return reason
    holders = db.session.scalars(
        sa.select(Phone).where(Phone.number == incoming.number, Phone.removed_at.is_(None)).limit(20)
    ).all()
    if any(phone.reader == EMPLOYER for phone in holders):
        return "employer_phone"
    return "do_not_text" if any(phone.do_not_text for phone in holders) else ""
