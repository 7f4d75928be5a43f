"""What a report says of the accused becomes aliases that link it: at once, in the transaction that stores it.

Three kinds of reports link nothing, though they stay where they are and are read as before:

- one that was merged into another: the case goes on there, and that report links by what both say. Counted twice,
  one case would look like two.
- one that proved wrong (not_proven, also once it is closed): what it says of somebody was looked into and does not
  hold, so it must not draw others to them, nor make three reports of two.
- one that says nothing of the accused by which anybody could be found again.

What is only not known well enough (too_little) still links: that others say the same may be what was missing.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from webapp.brokers import clusters, graph
from webapp.brokers.model import BrokerReport, BrokerStep
from webapp.brokers.states import CLOSED, NOT_PROVEN
from webapp.brokers.traces import Traces, traces
from webapp.db import db

#: Columns from which aliases are read, by the names that traces.py has for them.
READ = {
    "names": "accused_names",
    "phones": "accused_phones",
    "accounts": "accused_accounts",
    "plates": "accused_plates",
    "agency": "agency_claimed",
    "place": "place",
}
#: The state of a report is a matter of its last move and the one before (states.MOVES).
LAST_MOVES = 2


def index(report: BrokerReport, now: datetime) -> None:
    """Link this report as it stands now. Call it after every change of a report, in the same transaction.

    Called again without a change it does nothing. After a merge is taken back, call it for both. Never commits.
    """
    db.session.flush()
    index_id(report.id, now)
    if report.merged_into_id is not None:
        index_id(_goes_on_in(report.merged_into_id), now)


def index_id(report_id: int, now: datetime) -> None:
    if not may_link(report_id):
        if graph.has_rows(report_id):
            graph.lock()
            clusters.take_out(report_id, now)
        return
    area_code, rows = wanted(report_id)
    if not rows and not graph.has_rows(report_id):
        return
    graph.lock()
    if rows == graph.stored_rows(report_id):
        clusters.count_anew(report_id, now)
    elif rows:
        graph.write(report_id, area_code, rows)
        clusters.place(graph.traits_of(report_id, area_code, rows), now)
    else:
        clusters.take_out(report_id, now)


def may_link(report_id: int) -> bool:
    """Of a report that is there: was it neither merged into another nor found wrong?"""
    query = sa.select(BrokerReport.state, BrokerReport.merged_into_id).where(BrokerReport.id == report_id)
    state, merged_into = db.session.execute(query).one()
    if merged_into is not None or state == NOT_PROVEN:
        return False
    return state != CLOSED or not _was_not_proven(report_id)


def wanted(report_id: int) -> tuple[str, set[graph.Row]]:
    """The area of a report, and the aliases that follow from what it and those merged into it say."""
    ids = _with_merged(report_id)
    columns = (BrokerReport.id, BrokerReport.area_code, *(getattr(BrokerReport, name) for name in READ.values()))
    reports = db.session.execute(sa.select(*columns).where(BrokerReport.id.in_(ids))).all()
    area_code = next(report.area_code for report in reports if report.id == report_id)
    return area_code, graph.rows_of(_joined([_traces_of(report) for report in reports]))


def _traces_of(report: Any) -> Traces:
    return traces(**{name: getattr(report, column) for name, column in READ.items()})


def _joined(all_traces: list[Traces]) -> Traces:
    return Traces(
        strong=tuple(one for found in all_traces for one in found.strong),
        names=tuple(dict.fromkeys(name for found in all_traces for name in found.names)),
        agencies=tuple(one for found in all_traces for one in found.agencies),
        places=tuple(one for found in all_traces for one in found.places),
    )


def _with_merged(report_id: int) -> list[int]:
    """This report and all that were merged into it, also by way of others."""
    known, new = {report_id}, {report_id}
    while new:
        query = sa.select(BrokerReport.id).where(BrokerReport.merged_into_id.in_(sorted(new)))
        new = set(db.session.scalars(query)) - known
        known |= new
    return sorted(known)


def _goes_on_in(report_id: int) -> int:
    """The report at the end of merges."""
    seen = {report_id}
    while True:
        query = sa.select(BrokerReport.merged_into_id).where(BrokerReport.id == report_id)
        further = db.session.scalar(query)
        if further is None or further in seen:
            return report_id
        seen.add(further)
        report_id = further


def _was_not_proven(report_id: int) -> bool:
    """Was this closed report not proven before it was closed?"""
    query = (
        sa.select(BrokerStep.facts)
        .where(BrokerStep.report_id == report_id, BrokerStep.kind == "moved")
        .order_by(BrokerStep.id.desc())
        .limit(LAST_MOVES)
    )
    return any(NOT_PROVEN in facts.values() for facts in db.session.scalars(query))
