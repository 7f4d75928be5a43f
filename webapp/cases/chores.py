"""The worker's part: a case whose next step is due climbs, whatever the hour."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from webapp.cases import acts
from webapp.cases.model import Case
from webapp.db import db

#: So many in one round; each commits by itself, so that a fault in one holds up no other.
ROUND = 50


def climb_due(now: datetime) -> int:
    """Tell the next officers of every unanswered case that is due. Commits. Returns how many cases moved."""
    due = sa.select(Case.id).where(Case.next_step_at <= now).order_by(Case.next_step_at).limit(ROUND)
    ids = list(db.session.scalars(due))
    db.session.rollback()
    return sum(_move(case_id, now) for case_id in ids)


def _move(case_id: int, now: datetime) -> bool:
    case = db.session.get_one(Case, case_id, populate_existing=True)
    if case.next_step_at is None or case.next_step_at > now:
        db.session.rollback()
        return False
    moved = acts.remind(case, now) if case.acknowledged_at is not None else acts.climb(case, now)
    db.session.commit()
    return moved
