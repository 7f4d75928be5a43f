"""Lists that an officer may see."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from flask import abort

from webapp.accounts.access import visible
from webapp.audiences import report
from webapp.audiences.model import RecipientList, RecipientListRow
from webapp.audiences.report import Report
from webapp.db import db

PAGE = 20


def get(list_id: int) -> RecipientList:
    """One of the officer's area or below; 404 for any other."""
    return db.session.scalar(_visible().where(RecipientList.id == list_id)) or abort(404)


def page(before: int | None = None) -> tuple[Sequence[RecipientList], int | None]:
    """The newest that still hold recipients, or those before this id; and the id before which the next page begins."""
    query = _visible().where(RecipientList.emptied_at.is_(None)).order_by(RecipientList.id.desc()).limit(PAGE + 1)
    if before is not None:
        query = query.where(RecipientList.id < before)
    found = db.session.scalars(query).all()
    return found[:PAGE], found[PAGE - 1].id if len(found) > PAGE else None


def report_of(one: RecipientList) -> Report:
    return report.from_json(one.report)


def first_rows(one: RecipientList, most: int) -> Sequence[RecipientListRow]:
    """For a preview with real recipients. Whoever shows them says so in the log of who saw what."""
    query = sa.select(RecipientListRow).where(RecipientListRow.list_id == one.id)
    return db.session.scalars(query.order_by(RecipientListRow.row).limit(most)).all()


def _visible() -> sa.Select[tuple[RecipientList]]:
    return sa.select(RecipientList).where(visible(RecipientList.area_code))
