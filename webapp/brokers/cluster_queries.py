"""Reads of clusters: those of which the reader has a report in their area, and what of them may be shown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import abort

from webapp.accounts import audit
from webapp.accounts.access import current_account, visible
from webapp.accounts.model import FACILITATOR, Account
from webapp.areas.model import REGENCY, Area
from webapp.brokers.alias_model import CLUSTER, BrokerCluster, BrokerClusterArea, BrokerMembership
from webapp.brokers.model import BrokerReport
from webapp.db import db

PAGE = 25
#: Reports that a page shows of one cluster; the rest is counted.
SHOWN = 100
#: Regencies that a line of the list names.
NAMED = 3
#: So long it is news that regencies met.
NEWS = timedelta(days=14)
MOST_NEWS = 20


def page(before: int | None) -> tuple[Sequence[Any], int | None]:
    """(cluster, its row for the reader's area), those with the newest reports first, and where the next page begins."""
    query = (
        sa.select(BrokerCluster, BrokerClusterArea)
        .join(BrokerClusterArea, BrokerClusterArea.cluster_id == BrokerCluster.id)
        .where(BrokerClusterArea.area_code == current_account.area_code)
        .order_by(BrokerClusterArea.newest_id.desc())
        .limit(PAGE + 1)
    )
    if before is not None:
        query = query.where(BrokerClusterArea.newest_id < before)
    found = db.session.execute(query).all()
    return found[:PAGE], found[PAGE - 1][1].newest_id if len(found) > PAGE else None


def regencies(cluster_ids: Collection[int]) -> dict[int, list[str]]:
    """Cluster → the names of its regencies."""
    query = (
        sa.select(BrokerClusterArea.cluster_id, Area.name)
        .join(Area, Area.code == BrokerClusterArea.area_code)
        .where(BrokerClusterArea.cluster_id.in_(cluster_ids), Area.level == REGENCY)
        .order_by(BrokerClusterArea.area_code)
    )
    found: dict[int, list[str]] = defaultdict(list)
    for cluster_id, name in db.session.execute(query).tuples():
        found[cluster_id].append(name)
    return found


def get(cluster_id: int) -> tuple[BrokerCluster, BrokerClusterArea]:
    """404 unless a report of it lies in the reader's area. The audit log says who saw it."""
    query = (
        sa.select(BrokerCluster, BrokerClusterArea)
        .join(BrokerClusterArea, BrokerClusterArea.cluster_id == BrokerCluster.id)
        .where(BrokerCluster.id == cluster_id, BrokerClusterArea.area_code == current_account.area_code)
    )
    found = db.session.execute(query).one_or_none() or abort(404)
    audit.seen(CLUSTER, cluster_id, current_account.area_code)
    return found[0], found[1]


def reports(cluster_id: int) -> Sequence[Any]:
    """(id, reference, area_code, received_at, state, modus, urgent, is_own) of the newest, those of the reader's area
    first. Nothing of what a report tells, nor of who is in it."""
    is_own = sa.case((visible(BrokerReport.area_code), 1), else_=0).label("is_own")
    columns = ("id", "reference", "area_code", "received_at", "state", "modus", "urgent")
    query = (
        sa.select(*(getattr(BrokerReport, column) for column in columns), is_own)
        .join(BrokerMembership, BrokerMembership.report_id == BrokerReport.id)
        .where(BrokerMembership.cluster_id == cluster_id)
        .order_by(is_own.desc(), BrokerReport.id.desc())
        .limit(SHOWN)
    )
    return db.session.execute(query).all()


def areas(codes: Collection[str]) -> dict[str, Area]:
    return {area.code: area for area in db.session.scalars(sa.select(Area).where(Area.code.in_(sorted(codes))))}


def links_of(report: BrokerReport) -> BrokerCluster | None:
    """The cluster of a report, for the page of the report; None for facilitators, who see their own reports only."""
    if current_account.role == FACILITATOR:
        return None
    query = (
        sa.select(BrokerCluster)
        .join(BrokerMembership, BrokerMembership.cluster_id == BrokerCluster.id)
        .where(BrokerMembership.report_id == report.id)
    )
    return db.session.scalar(query)


def news_for(account: Account, now: datetime) -> Sequence[BrokerClusterArea]:
    """Clusters that lately joined reports of this account's area to another regency, the newest first."""
    if account.role == FACILITATOR:
        return []
    query = (
        sa.select(BrokerClusterArea)
        # The condition of the index, word for word.
        .where(BrokerClusterArea.crossed_at.is_not(None), BrokerClusterArea.area_code == account.area_code)
        .where(BrokerClusterArea.crossed_at > now - NEWS)
        .order_by(BrokerClusterArea.crossed_at.desc())
        .limit(MOST_NEWS)
    )
    return db.session.scalars(query).all()
