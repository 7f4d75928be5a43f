"""Reports that are linked, for the tests of aliases and clusters."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from tests.people import HOME
from webapp.accounts.model import Account
from webapp.brokers import aliases
from webapp.brokers.alias_model import (
    BrokerAlias,
    BrokerCluster,
    BrokerClusterArea,
    BrokerCrossing,
    BrokerMembership,
)
from webapp.brokers.model import BrokerReport
from webapp.db import db

NOW = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
PHONE, OTHER_PHONE = "0857 1111 2222", "0857 3333 4444"


def siti() -> Account:
    return db.session.scalars(sa.select(Account).where(Account.username == "siti")).one()


def told(area: str = HOME, account: Account | None = None, now: datetime = NOW, **facts: Any) -> BrokerReport:
    """A report from there, linked as a form would be."""
    usual = {
        "words": "Ia minta uang muka. Rahasia pelapor.",
        "threat": "none",
        "child_involved": False,
        "reporter_kind": "family",
        "modus": ["passport_kept"],
        "may_forward": [],
    }
    person = facts.pop("person", None)
    facts = usual | facts
    report = BrokerReport.record(account=account or siti(), person=person, area_code=area, now=now, **facts)
    if report.area_code != area:
        change(report, now, area_code=area)
    return report


def change(report: BrokerReport, now: datetime = NOW, **facts: Any) -> None:
    for name, value in facts.items():
        setattr(report, name, value)
    aliases.index(report, now)


def cluster_of(report: BrokerReport) -> int | None:
    query = sa.select(BrokerMembership.cluster_id).where(BrokerMembership.report_id == report.id)
    return db.session.scalar(query)


def the_cluster() -> BrokerCluster:
    return db.session.scalars(sa.select(BrokerCluster).execution_options(populate_existing=True)).one()


def groups() -> set[frozenset[int]]:
    """The clusters, as ids of their reports."""
    found: dict[int, set[int]] = {}
    for report_id, cluster_id in db.session.execute(
        sa.select(BrokerMembership.report_id, BrokerMembership.cluster_id).where(
            BrokerMembership.cluster_id.is_not(None)
        )
    ).tuples():
        found.setdefault(cluster_id or 0, set()).add(report_id)
    return {frozenset(ids) for ids in found.values()}


def stored_graph() -> dict[str, list[tuple[Any, ...]]]:
    """All that is stored of the graph, but for how values are sealed and the ids of aliases."""
    alias = BrokerAlias.__table__
    columns = {
        alias: [alias.c[name] for name in ("report_id", "kind", "value_hash", "key", "sounds", "shown", "area_code")],
        **{table.__table__: list(table.__table__.c) for table in (BrokerMembership, BrokerCluster)},
        **{table.__table__: list(table.__table__.c) for table in (BrokerClusterArea, BrokerCrossing)},
    }
    return {
        str(table): sorted(map(tuple, db.session.execute(sa.select(*chosen))), key=repr)
        for table, chosen in columns.items()
    }
