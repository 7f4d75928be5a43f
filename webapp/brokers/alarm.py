"""An urgent report calls the coordinators of the regency at once; the text says where to look, never what happened."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from webapp.accounts.model import COORDINATOR, Account
from webapp.areas.codes import NATION
from webapp.brokers import queries
from webapp.brokers.model import BrokerReport
from webapp.db import db
from webapp.outbox.alerts import alert

#: Code of the text in templates/sms/texts.tsv.
TEXT = "ACALO"


def call_officers(report: BrokerReport, now: datetime) -> None:
    """Hears of every new report. Never commits: the texts and the report are stored together."""
    if not report.urgent:
        return
    officers = nearest_coordinators(report)
    if alert(officers, TEXT, {}, key=f"report:{report.id}:urgent", cause=f"report:{report.id}", now=now):
        queries.add_step(report, "alerted", None, now)


def nearest_coordinators(report: BrokerReport) -> Sequence[Account]:
    """Those of the regency who have a phone; where there are none of the province, else of the nation.

    Not of the village or the district: the report may accuse somebody there. Nor whoever wrote it.
    """
    above = _areas_above(report.area_code)
    query = sa.select(Account).where(
        Account.role == COORDINATOR,
        Account.area_code.in_(above),
        Account.closed_at.is_(None),
        Account.phone.is_not(None),
        Account.id.is_distinct_from(report.account_id),
    )
    found = db.session.scalars(query.order_by(Account.id)).all()
    nearest = next((code for code in above if any(one.area_code == code for one in found)), None)
    return [one for one in found if one.area_code == nearest]


def _areas_above(area_code: str) -> list[str]:
    """The regency, its province, the nation; of a larger area itself and what is above."""
    if area_code == NATION:
        return [NATION]
    codes = area_code.split(".")[:2]
    return [".".join(codes[:length]) for length in range(len(codes), 0, -1)] + [NATION]
