"""What was sent to a person, in their timeline."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from sms.states import QUEUED, WITHDRAWN
from webapp.db import db
from webapp.outbox import reasons, texts
from webapp.outbox.checks import is_listed
from webapp.outbox.model import Message
from webapp.people import sections
from webapp.people.model import Person
from webapp.people.signals import moved_house
from webapp.people.villagers import move_along

#: What never began to happen is shown by the plan, not by the timeline.
NOT_YET = (QUEUED, WITHDRAWN)


def register() -> None:
    """Let the timeline of people show the texts to them, and follow who moves. Called by create_app."""
    sections.add_source(texts_to)
    moved_house.connect(_bring_along)


def _bring_along(person: Person) -> None:
    # What goes to a list stays with the office that brought it (checks.is_listed).
    move_along(Message, person, ~is_listed())


def texts_to(person_id: int, before: datetime | None, limit: int) -> list[sections.Entry]:
    """Texts to this person that went, or should have gone, the newest first."""
    at = sa.func.coalesce(Message.sent_at, Message.updated_at)
    query = (
        sa.select(Message)
        .where(Message.person_id == person_id, Message.state.not_in(NOT_YET), Message.private.is_(False))
        .order_by(at.desc(), Message.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(at < before)
    return [_entry(message) for message in db.session.scalars(query)]


def _entry(message: Message) -> sections.Entry:
    context = {"message": message, "words": texts.words_of(message), "reason": reasons.sentence(message.reason)}
    return sections.Entry(message.sent_at or message.updated_at, "text", "outbox/_entry.html", context)
