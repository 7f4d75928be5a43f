"""Audiences with a name: those of one's own area and of areas above can be used, one's own removed. None commits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from flask import abort

from webapp.accounts import audit
from webapp.accounts.access import current_account
from webapp.accounts.model import Account
from webapp.areas.codes import areas_above
from webapp.audiences.criteria import Criteria
from webapp.broadcasts.model import SavedAudience
from webapp.db import db, insert

#: The name of one in the audit log.
SUBJECT = "saved_audience"
MOST_SHOWN = 100


def usable() -> Sequence[SavedAudience]:
    """Of the reader's area and of those above, by name."""
    return db.session.scalars(_usable().order_by(SavedAudience.name, SavedAudience.id).limit(MOST_SHOWN)).all()


def get(audience_id: int) -> SavedAudience:
    """One that the reader may use; else 404."""
    return db.session.scalar(_usable().where(SavedAudience.id == audience_id)) or abort(404)


def mine(audience_id: int) -> SavedAudience:
    """One of exactly the reader's area, to remove; else 404."""
    query = sa.select(SavedAudience).where(
        SavedAudience.id == audience_id, SavedAudience.area_code == current_account.area_code
    )
    return db.session.scalar(query) or abort(404)


def save(account: Account, name: str, recipients: str, criteria: Criteria, now: datetime) -> int | None:
    """Its id; None if the area has one with this name. The unique index decides."""
    row = {"area_code": account.area_code, "name": name, "recipients": recipients, "asked": criteria.stored()}
    statement = insert(SavedAudience).values(**row, created_by_id=account.id, created_at=now)
    statement = statement.on_conflict_do_nothing(index_elements=["area_code", "name"])
    audience_id: int | None = db.session.scalar(statement.returning(SavedAudience.id))
    if audience_id is not None:
        audit.changed("created", SUBJECT, audience_id, account.area_code)
    return audience_id


def remove(audience: SavedAudience) -> None:
    audit.changed("removed", SUBJECT, audience.id, audience.area_code)
    db.session.delete(audience)


def _usable() -> sa.Select[tuple[SavedAudience]]:
    return sa.select(SavedAudience).where(SavedAudience.area_code.in_(areas_above(current_account.area_code)))
