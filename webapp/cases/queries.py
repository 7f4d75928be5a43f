"""Reads of urgent cases: the open ones, the ended ones, one of them."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from flask import abort
from sqlalchemy.orm import joinedload
from sqlalchemy.sql.base import ExecutableOption

from webapp.accounts import audit
from webapp.accounts.access import current_account, visible
from webapp.accounts.model import FACILITATOR
from webapp.cases.model import REPORT, SUBJECT, Case, CaseEvent
from webapp.db import db

PAGE = 25
#: On a person's page; there is hardly ever a second one.
OF_A_PERSON = 5
#: The last things that happened to a case; earlier ones are in the log of the area.
EVENTS = 100


def mine_to_see() -> sa.ColumnElement[bool]:
    """Cases of the reader's area. A facilitator sees none that bypasses the village, nor that of another's report."""
    if current_account.role == FACILITATOR:
        return sa.and_(visible(Case.area_code), ~Case.bypass_village, Case.kind != REPORT)
    return visible(Case.area_code)


def open_cases(before: int | None = None) -> tuple[Sequence[Case], int | None]:
    """Cases that nobody has closed, the newest first, and the id before which the next page begins."""
    return _page(Case.closed_at.is_(None), before)


def closed_cases(before: int | None = None) -> tuple[Sequence[Case], int | None]:
    return _page(Case.closed_at.is_not(None), before)


def open_of_person(person_id: int) -> Sequence[Case]:
    """Open cases of somebody whose page the reader sees, as far as the reader may see them."""
    query = sa.select(Case).where(mine_to_see(), Case.person_id == person_id, Case.closed_at.is_(None))
    return db.session.scalars(query.order_by(Case.id.desc()).limit(OF_A_PERSON)).all()


def get(case_id: int) -> Case:
    """This case; 404 for whoever may not see it. The audit log says who saw it."""
    query = sa.select(Case).where(Case.id == case_id, mine_to_see()).options(*_loads())
    case = db.session.scalar(query) or abort(404)
    audit.seen(SUBJECT, case.id, case.area_code)
    return case


def events(case: Case) -> Sequence[CaseEvent]:
    """What happened, the newest first."""
    query = sa.select(CaseEvent).where(CaseEvent.case_id == case.id).options(joinedload(CaseEvent.account))
    return db.session.scalars(query.order_by(CaseEvent.id.desc()).limit(EVENTS)).all()


def _page(condition: sa.ColumnElement[bool], before: int | None) -> tuple[Sequence[Case], int | None]:
    query = sa.select(Case).where(mine_to_see(), condition).options(*_loads()).order_by(Case.id.desc())
    if before is not None:
        query = query.where(Case.id < before)
    found = db.session.scalars(query.limit(PAGE + 1)).all()
    return found[:PAGE], found[PAGE - 1].id if len(found) > PAGE else None


def _loads() -> tuple[ExecutableOption, ...]:
    return joinedload(Case.person), joinedload(Case.area), joinedload(Case.acknowledged_by)
