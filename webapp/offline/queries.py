"""Kept forms that an account may see: those of its area, and its own."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from flask import abort
from sqlalchemy.orm import joinedload

from webapp.accounts import audit
from webapp.accounts.access import current_account, visible
from webapp.accounts.model import FACILITATOR
from webapp.db import db
from webapp.offline.model import KeptForm

PAGE = 10


def is_mine(area_code: str) -> bool:
    """Is this village the account's own, or below its area?"""
    return bool(db.session.scalar(sa.select(visible(sa.literal(area_code)))))


def may_be_seen(kept_id: int) -> bool:
    """For the photos of this form."""
    return db.session.scalar(sa.select(KeptForm.id).where(KeptForm.id == kept_id, _may_be_seen())) is not None


def _may_be_seen() -> sa.ColumnElement[bool]:
    own = KeptForm.account_id == current_account.id
    if current_account.role == FACILITATOR:
        return sa.or_(own, sa.and_(visible(KeptForm.area_code), KeptForm.confidential.is_(False)))
    return sa.or_(own, visible(KeptForm.area_code))


def get(kept_id: int) -> KeptForm:
    """With writer and person; 404 if it is for another area and of another writer."""
    query = sa.select(KeptForm).where(KeptForm.id == kept_id, _may_be_seen())
    kept = db.session.scalar(query.options(joinedload(KeptForm.account), joinedload(KeptForm.person))) or abort(404)
    audit.seen("kept_form", kept.id, kept.area_code)
    return kept


def open_forms(after: int | None = None) -> tuple[Sequence[KeptForm], int | None]:
    """Those of the area that nobody has seen to, the newest first, and the id after which it goes on."""
    query = (
        sa.select(KeptForm)
        .where(visible(KeptForm.area_code), _may_be_seen(), KeptForm.settled_at.is_(None))
        .options(joinedload(KeptForm.person), joinedload(KeptForm.account))
        .order_by(KeptForm.id.desc())
        .limit(PAGE + 1)
    )
    if after is not None:
        query = query.where(KeptForm.id < after)
    rows = db.session.scalars(query).all()
    return rows[:PAGE], rows[PAGE - 1].id if len(rows) > PAGE else None
