"""What pages ask of the outbox: bounded counts, what went wrong, and whether anybody sends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from sms.states import DELIVERED, FAILED, QUEUED, SENDING, SENT, SUPPRESSED, UNKNOWN
from webapp.accounts.access import visible
from webapp.db import db
from webapp.outbox.checks import PRIORITIES
from webapp.outbox.model import Message, Worker
from webapp.outbox.workers import SILENT_AFTER
from webapp.people.model import Person
from webapp.routes import queries as routes
from webapp.routes.choice import OF_THE_SETTINGS
from webapp.routes.model import RouteState

PAGE = 30
#: Nobody needs the exact number beyond this, and no page counts a whole table.
COUNTED = 1000
#: States that a page counts, in the order of a text's life.
SHOWN = (QUEUED, SENDING, UNKNOWN, SENT, DELIVERED, FAILED, SUPPRESSED)
#: States that a human should look at.
TROUBLED = (FAILED, UNKNOWN)
WORKERS = 10


@dataclass(frozen=True)
class Health:
    """How the sending is, without anything personal."""

    #: Seconds since the newest sign of life; None if there never was one.
    silent_for: float | None
    #: Texts that are due, counted up to COUNTED.
    due: int

    @property
    def is_sending(self) -> bool:
        return _is_alive(self.silent_for)


def counts() -> dict[str, int]:
    """State → how many texts of the reader's area, each counted up to COUNTED + 1."""
    return {state: _counted(Message.state == state, visible(Message.area_code)) for state in SHOWN}


def troubled(before_id: int | None) -> tuple[Sequence[Any], int | None]:
    """(text, person or None) of failed and unknown texts in the reader's area, the newest first.

    Besides, where the next page begins. What went to a reporter is counted above, but stands in no list.
    """
    # Literals, so that the partial index is used.
    literal: list[sa.ColumnElement[str]] = [sa.literal_column(f"'{state}'") for state in TROUBLED]
    query = (
        sa.select(Message, Person)
        .outerjoin(Person, Person.id == Message.person_id)
        .where(Message.state.in_(literal), visible(Message.area_code), Message.private.is_(False))
        .order_by(Message.id.desc())
        .limit(PAGE + 1)
    )
    if before_id:
        query = query.where(Message.id < before_id)
    rows = db.session.execute(query).all()
    return rows[:PAGE], rows[PAGE - 1][0].id if len(rows) > PAGE else None


def workers() -> Sequence[Worker]:
    """Those that gave a sign of life last."""
    return db.session.scalars(sa.select(Worker).order_by(Worker.beat_at.desc()).limit(WORKERS)).all()


def pauses(real_now: datetime) -> Sequence[RouteState]:
    """Routes that are closed now."""
    query = sa.select(RouteState).where(RouteState.paused_until > real_now).order_by(RouteState.name)
    return db.session.scalars(query).all()


def sending_stopped(real_now: datetime) -> bool:
    """Has no worker given a sign of life lately? Then texts wait, and pages must say so."""
    return not _is_alive(_silent_for(real_now))


def _silent_for(real_now: datetime) -> float | None:
    newest = db.session.scalar(sa.select(sa.func.max(Worker.beat_at)))
    return max(0.0, (real_now - newest).total_seconds()) if newest else None


def _is_alive(silent_for: float | None) -> bool:
    return silent_for is not None and silent_for < SILENT_AFTER.total_seconds()


def health(now: datetime, real_now: datetime) -> Health:
    due = 0
    waits = Message.state == sa.literal_column(f"'{QUEUED}'")
    for route in (OF_THE_SETTINGS, *routes.codes(db.session)):
        for priority in sorted(set(PRIORITIES.values())):
            due += _counted(waits, Message.route == route, Message.priority == priority, Message.due_at <= now)
    return Health(_silent_for(real_now), min(due, COUNTED))


def _counted(*conditions: sa.ColumnElement[bool]) -> int:
    """Up to COUNTED + 1, so that an index is read no further."""
    some = aliased(sa.select(sa.literal(1)).select_from(Message).where(*conditions).limit(COUNTED + 1).subquery())
    return db.session.scalar(sa.select(sa.func.count()).select_from(some)) or 0
