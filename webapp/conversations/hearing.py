"""When a number was last heard of, as far as pages may tell.

NumberState.heard_at also counts what is private (a report, a safe word). A page that went by it would tell the village
that such a text came.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from webapp.conversations.model import Incoming
from webapp.db import db
from webapp.people.model import NumberState


def heard_openly(number: str) -> datetime | None:
    """When the newest text of this number took effect that is not private; None if there is none."""
    query = (
        sa.select(Incoming.understood_at)
        .where(Incoming.number == number, Incoming.private.is_(False), Incoming.understood_at.is_not(None))
        .order_by(Incoming.id.desc())
    )
    return db.session.scalar(query.limit(1))


def said_openly(number: str) -> NumberState:
    """What this number told us, as if nothing private had come from it. A copy, not stored."""
    state = db.session.get(NumberState, number) or NumberState(number=number)
    return NumberState(
        number=number,
        stopped_at=state.stopped_at,
        wrong_person_at=state.wrong_person_at,
        invalid_at=state.invalid_at,
        heard_at=heard_openly(number),
        doubted_at=state.doubted_at,
    )
