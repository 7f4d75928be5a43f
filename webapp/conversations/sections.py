"""What a person wrote to us, in their timeline."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from webapp.accounts.model import Account
from webapp.cases.model import Case
from webapp.cases.signals import case_closed
from webapp.conversations import welcome, words
from webapp.conversations.model import DONE, HELP, Incoming
from webapp.db import db
from webapp.people import sections
from webapp.people.model import Person
from webapp.people.signals import moved_house, person_changed, person_reviewed
from webapp.people.villagers import move_along


def register() -> None:
    """Show texts in the timeline, ask new phones whose they are, follow who moves. Called by create_app."""
    sections.add_source(texts_from)
    person_changed.connect(welcome.ask)
    person_reviewed.connect(welcome.ask)
    moved_house.connect(_bring_along)
    case_closed.connect(_read_calls)


def _bring_along(person: Person) -> None:
    move_along(Incoming, person)


def _read_calls(case: Case, *, account: Account, now: datetime, **_: Any) -> None:
    """The texts that called for help are dealt with when their case is closed; a report has none."""
    if not (case.person_id or case.number):
        return
    whose = Incoming.person_id == case.person_id if case.person_id else Incoming.number == case.number
    waiting = sa.update(Incoming).where(whose, Incoming.command == HELP, Incoming.handled_at.is_(None))
    db.session.execute(waiting.values(handled_at=now, handled_by_id=account.id, handled_how=DONE))


def texts_from(person_id: int, before: datetime | None, limit: int) -> list[sections.Entry]:
    """Texts that this person sent, or a relative about them, the newest first."""
    theirs = sa.and_(Incoming.person_id == person_id, Incoming.private.is_(False))
    query = sa.select(Incoming).where(theirs).options(joinedload(Incoming.contact))
    query = query.order_by(Incoming.id.desc()).limit(limit)
    if before is not None:
        query = query.where(Incoming.received_at < before)
    return [
        sections.Entry(i.received_at, "incoming", "conversations/_entry.html", _wrote(i))
        for i in db.session.scalars(query)
    ]


def _wrote(incoming: Incoming) -> dict[str, Any]:
    return {"incoming": incoming, "relative": words.relative(incoming.contact) if incoming.contact else ""}
