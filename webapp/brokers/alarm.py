"""An urgent report is an urgent case: its officers are called until one of them answers (webapp/cases)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from webapp.accounts.model import Account
from webapp.brokers import queries
from webapp.brokers.model import BrokerReport
from webapp.brokers.states import OPEN
from webapp.cases import acts as cases
from webapp.cases.model import REPORT, Case
from webapp.db import db


def call_officers(report: BrokerReport, now: datetime) -> None:
    """Hears of every new report, and of one that became urgent. Never commits. The same report calls once.

    Nobody of the village is told: the report may be about somebody there, and facilitators see only their own.
    """
    if not report.urgent:
        return
    known = db.session.scalar(sa.select(Case.id).where(Case.report_id == report.id).limit(1))
    if known is None:
        _open(report, f"report:{report.id}", now)


def danger(report: BrokerReport, now: datetime) -> None:
    """Hears of danger that was told later, whatever the state of the report. To an open case it is another call."""
    main = db.session.get_one(BrokerReport, report.merged_into_id) if report.merged_into_id else report
    query = sa.select(Case).where(Case.report_id.in_((report.id, main.id)), Case.closed_at.is_(None))
    case = db.session.scalars(query.order_by(Case.id.desc()).limit(1)).first()
    if case is not None and case.opened_at == now:
        return
    if case is None or not cases.call_again(case, REPORT, None, now):
        _open(main, f"report:{main.id}:{now:%Y%m%d%H%M%S}", now)


def _open(report: BrokerReport, key: str, now: datetime) -> None:
    cases.open_case(key=key, kind=REPORT, area_code=report.area_code, now=now, report_id=report.id, bypass_village=True)
    queries.add_step(report, "alerted", None, now)


def follow(report: BrokerReport, now: datetime, **_: Any) -> None:
    """Hears of every change: a report that became urgent calls; one that is verified is taken care of."""
    if report.state in OPEN and report.merged_into_id is None:
        call_officers(report, now)
    case = db.session.scalar(sa.select(Case).where(Case.report_id == report.id, Case.closed_at.is_(None)))
    if case is not None and report.verifier_id is not None and case.acknowledged_at is None:
        cases.take_on(case, db.session.get_one(Account, report.verifier_id), now)
