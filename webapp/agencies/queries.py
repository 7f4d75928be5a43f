"""The list in pages by name, or those of it whose name holds every word that was typed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from webapp.agencies.model import Agency, key_of
from webapp.db import db, like_literal

PAGE = 100


@dataclass(frozen=True)
class Page:
    """Some agencies in order, and the id after which the next page begins, if there is one."""

    agencies: Sequence[Agency]
    next_after: int | None


def page(after: int | None, q: str) -> Page:
    """The next agencies. What holds no letter at all finds nothing."""
    words = key_of(q).split()
    if q.strip() and not words:
        return Page([], None)
    query = sa.select(Agency).where(*(Agency.name_key.like(f"%{like_literal(w)}%", escape="\\") for w in words))
    if after is not None and (row := _row(after)):
        query = query.where(sa.tuple_(Agency.name_key, Agency.id) > (row.name_key, row.id))
    found = db.session.scalars(query.order_by(Agency.name_key, Agency.id).limit(PAGE + 1)).all()
    return Page(found[:PAGE], found[PAGE - 1].id if len(found) > PAGE else None)


def everything() -> Page:
    """The whole list, for a phone: what it cannot show without a network would look as if it had no licence."""
    return Page(db.session.scalars(sa.select(Agency).order_by(Agency.name_key, Agency.id)).all(), None)


def published() -> tuple[str, date] | None:
    """Source and as-of date of the list, which all its rows share; None if there is no list yet."""
    row = db.session.execute(sa.select(Agency.source, Agency.as_of).limit(1)).first()
    return (row.source, row.as_of) if row else None


def _row(agency_id: int) -> sa.Row[tuple[str, int]] | None:
    """Where the last one seen stands. One that went with a newer list begins the list anew."""
    return db.session.execute(sa.select(Agency.name_key, Agency.id).where(Agency.id == agency_id)).first()
