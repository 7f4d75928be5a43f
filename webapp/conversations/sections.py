"""What a person wrote to us, in their timeline."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from webapp.conversations import welcome
from webapp.conversations.model import Incoming
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


def _bring_along(person: Person) -> None:
    move_along(Incoming, person)


def texts_from(person_id: int, before: datetime | None, limit: int) -> list[sections.Entry]:
    """Texts that this person sent, the newest first."""
    theirs = sa.and_(Incoming.person_id == person_id, Incoming.private.is_(False))
    query = sa.select(Incoming).where(theirs).order_by(Incoming.id.desc()).limit(limit)
    if before is not None:
        query = query.where(Incoming.received_at < before)
    return [
        sections.Entry(i.received_at, "incoming", "conversations/_entry.html", {"incoming": i})
        for i in db.session.scalars(query)
    ]
