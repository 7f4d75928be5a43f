"""The consent ledger: what holds now is the newest line of a purpose. Nothing is ever changed in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from webapp.db import db
from webapp.people.model import PURPOSES, Consent

#: One for all statements, each time in a subquery of its own: making its columns takes ten times as long as the rest.
_line = aliased(Consent)


def holds(person_id: Any, purpose: str) -> sa.ColumnElement[bool]:
    """SQL: does this person's consent hold? `person_id` is any column of the enclosing statement, or a number.

    No line at all is no consent.
    """
    newest = (
        sa.select(_line.given)
        .where(_line.person_id == person_id, _line.purpose == purpose)
        .order_by(_line.id.desc())
        .limit(1)
        .correlate_except(_line)
        .scalar_subquery()
    )
    return sa.func.coalesce(newest, sa.false(), type_=sa.Boolean())


def current(person_id: int) -> dict[str, Consent | None]:
    """Of each purpose the line that holds now, or None if the person was never asked."""
    newest: dict[str, Consent | None] = dict.fromkeys(PURPOSES)
    newest.update({line.purpose: line for line in reversed(ledger(person_id))})
    return newest


def withdrawn_since(person_id: int, purpose: str, moment: datetime) -> bool:
    """Does the person not agree any more, since after `moment`? A "yes" that is older must not come to life again."""
    line = current(person_id)[purpose]
    return line is not None and not line.given and line.at > moment


def ledger(person_id: int) -> Sequence[Consent]:
    """Every line, the newest first."""
    query = sa.select(Consent).where(Consent.person_id == person_id).order_by(Consent.id.desc())
    return db.session.scalars(query).all()
