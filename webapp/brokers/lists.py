"""Lists of reports, a page at a time: one's own for facilitators, what waits and each state for coordinators."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from webapp.brokers.model import BrokerReport
from webapp.brokers.seeing import mine_to_see
from webapp.brokers.states import CLOSED, ENDS, FIRST_LOOK, REFERRED, STATES
from webapp.brokers.triage import overdue_since
from webapp.brokers.words_of_reference import spelled
from webapp.db import db

PAGE = 25
#: What waits, the most pressing first.
URGENT, OVERDUE, WAITING = "urgent", "overdue", "waiting"
PARTS = (URGENT, OVERDUE, WAITING)
ALL = "all"
LONGEST_QUERY = 20
#: States in which nobody has anything to do any more, and those in which the first look is over.
OVER = (*ENDS, CLOSED)
BEYOND_FIRST_LOOK = tuple(state for state in STATES if state not in FIRST_LOOK)


class Page(NamedTuple):
    """Some reports, and the id after which the list goes on, if it does."""

    reports: Sequence[BrokerReport]
    next_after: int | None


def page(show: str, now: datetime, after: int | None = None) -> Page:
    """One list of those that the account of this request may see: a part of PARTS, a state, or ALL.

    What is overdue stands in the order in which it came, everything else the newest first.
    """
    query = sa.select(BrokerReport).where(mine_to_see(), *_conditions(show, now)).limit(PAGE + 1)
    upwards = show == OVERDUE
    query = query.order_by(BrokerReport.id if upwards else BrokerReport.id.desc())
    if after is not None:
        query = query.where(BrokerReport.id > after if upwards else BrokerReport.id < after)
    related = [joinedload(getattr(BrokerReport, name)) for name in ("area", "verifier", "goes_on_in")]
    found = db.session.scalars(query.options(*related)).all()
    return Page(found[:PAGE], found[PAGE - 1].id if len(found) > PAGE else None)


def find(typed: str) -> BrokerReport | None:
    """The report with this code or word, if the account of this request may see it."""
    names = {typed.strip().upper(), spelled(typed)}
    query = sa.select(BrokerReport.id).where(BrokerReport.reference.in_(names) | BrokerReport.word.in_(names))
    found = sa.select(BrokerReport).where(BrokerReport.id.in_(db.session.scalars(query.limit(2)).all()), mine_to_see())
    return db.session.scalars(found.order_by(BrokerReport.id)).first()


def _conditions(show: str, now: datetime) -> Sequence[sa.ColumnElement[bool]]:
    handed_on = BrokerReport.state == REFERRED
    late = sa.and_(BrokerReport.received_at <= overdue_since(now), BrokerReport.state.not_in(BEYOND_FIRST_LOOK))
    if show == URGENT:
        return (*_going_on(), BrokerReport.urgent.is_(True), sa.not_(handed_on))
    if show == OVERDUE:
        return (*_going_on(), BrokerReport.urgent.is_(False), late)
    if show == WAITING:
        return (*_going_on(), sa.or_(handed_on, sa.and_(BrokerReport.urgent.is_(False), sa.not_(late))))
    return (BrokerReport.state == show,) if show in STATES else ()


def _going_on() -> Sequence[sa.ColumnElement[bool]]:
    """Written out in the statement: only then do both databases know their partial indexes (model.py)."""
    over: sa.BindParameter[str] = sa.bindparam("over", OVER, expanding=True, literal_execute=True)
    return (BrokerReport.merged_into_id.is_(None), BrokerReport.state.not_in(over))
