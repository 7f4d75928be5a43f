"""Two reports of the same event become one case: the older goes on, the other says where it went. Reversible.

Nothing of the newer one is lost or copied: who reported what stays apart, so sources can be counted.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from webapp.accounts import audit
from webapp.accounts.model import Account
from webapp.areas.codes import NATION, within
from webapp.brokers import alike, queries
from webapp.brokers.model import SUBJECT, BrokerReport, BrokerStep
from webapp.brokers.seeing import mine_to_see
from webapp.brokers.signals import report_changed
from webapp.brokers.states import OPEN
from webapp.brokers.urgency import is_urgent
from webapp.db import db

#: So many of the newest reports of the regency are compared.
COMPARED = 300
SUGGESTED = 10


class Suggestion(NamedTuple):
    """A report that may tell of the same, and by what (kinds of alike.py)."""

    report: BrokerReport
    by: list[str]


def suggestions(report: BrokerReport) -> list[Suggestion]:
    """Reports of the same regency that the reader may see, those with most in common first."""
    regency = ".".join(report.area_code.split(".")[:2]) if report.area_code != NATION else NATION
    query = (
        sa.select(BrokerReport)
        .where(mine_to_see(), within(BrokerReport.area_code, regency))
        .where(BrokerReport.id != report.id, BrokerReport.merged_into_id.is_(None), BrokerReport.state.in_(OPEN))
        .options(joinedload(BrokerReport.area))
        .order_by(BrokerReport.id.desc())
        .limit(COMPARED)
    )
    own = marks_of(report)
    found = [Suggestion(other, alike.in_common(own, marks_of(other))) for other in db.session.scalars(query)]
    found = [one for one in found if one.by]
    return sorted(found, key=lambda one: len(one.by), reverse=True)[:SUGGESTED]


def marks_of(report: BrokerReport) -> alike.Marks:
    return alike.marks(report.accused_names, report.accused_phones, report.accused_accounts, report.accused_plates)


def older_first(one: BrokerReport, other: BrokerReport) -> tuple[BrokerReport, BrokerReport]:
    """The one that goes on, and the one that is merged into it."""
    first, second = sorted((one, other), key=lambda report: (report.received_at, report.id))
    return first, second


def is_in_the_way(other: BrokerReport, account: Account) -> bool:
    """Does somebody else verify it? Then the two speak with each other first."""
    return other.verifier_id not in (None, account.id)


def merge(one: BrokerReport, other: BrokerReport, account: Account, now: datetime) -> BrokerReport:
    """The two are one case, which this coordinator verifies. Returns the report that goes on.

    What had been merged into the newer one before goes along with it, and comes back with it.
    """
    first, second = older_first(one, other)
    along = queries.merged_into(second)
    for report in (second, *along):
        report.merged_into_id = first.id
    for report in (first, second, *along):
        report.verifier_id, report.updated_at = account.id, now
    _urgent_as_its_case(first)
    queries.add_step(second, "merged", account.id, now, into=first.id, along=[report.id for report in along])
    queries.add_step(first, "merged", account.id, now, taken_in=second.id)
    for report in (second, first):
        audit.changed("changed", SUBJECT, report.id, report.area_code, detail="report_merged")
        report_changed.send(report, now=now)
    return first


def separate(second: BrokerReport, account: Account, now: datetime, reason: str) -> BrokerReport:
    """They were two events after all. Returns the report that it had been merged into. Both are locked."""
    first = db.session.get_one(BrokerReport, second.merged_into_id)
    second.merged_into_id = None
    for report in queries.merged_into(first):
        if report.id in _came_along(second):
            report.merged_into_id = second.id
    second.updated_at = first.updated_at = now
    db.session.flush()
    _urgent_as_its_case(first)
    queries.add_step(second, "separated", account.id, now, reason=reason, **{"from": first.id})
    queries.add_step(first, "separated", account.id, now, reason=reason, let_go=second.id)
    for report in (second, first):
        audit.changed("changed", SUBJECT, report.id, report.area_code, detail="report_separated")
        report_changed.send(report, now=now)
    return first


def _came_along(second: BrokerReport) -> list[int]:
    """What its newest merging took along."""
    query = sa.select(BrokerStep.facts).where(BrokerStep.report_id == second.id, BrokerStep.kind == "merged")
    told = (facts for facts in db.session.scalars(query.order_by(BrokerStep.id.desc())) if "into" in facts)
    return next((facts["along"] for facts in told), [])


def _urgent_as_its_case(first: BrokerReport) -> None:
    """Urgent if one of its reports is."""
    own = is_urgent(first.threat, child=first.child_involved)
    db.session.flush()
    first.urgent = own or any(one.urgent for one in queries.merged_into(first))
