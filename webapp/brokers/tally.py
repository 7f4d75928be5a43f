"""What is counted of each cluster whenever it changes: reports, regencies, sources, and from where it can be seen."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from webapp.areas.codes import NATION, parent_of
from webapp.brokers import crossings
from webapp.brokers.alias_model import BrokerCluster, BrokerClusterArea, BrokerCrossing, BrokerMembership
from webapp.brokers.graph import in_parts
from webapp.brokers.links import regency_of
from webapp.brokers.model import BrokerReport
from webapp.brokers.source_queries import COLUMNS, sources_of
from webapp.brokers.sources import independent
from webapp.db import db


def count(clusters: Collection[int], now: datetime, told: bool = True) -> None:
    """Count these clusters anew, and tell the coordinators of regencies that met. `told`: whether they are."""
    for ids in in_parts(clusters):
        members = _members(ids)
        new = crossings.note({one: _regencies(found) for one, found in members.items()}, now)
        _write(members, _crossed(ids))
        if told:
            crossings.tell(new, now)


def _members(clusters: list[int]) -> dict[int, list[Any]]:
    """Cluster → its reports, the oldest first."""
    query = (
        sa.select(BrokerMembership.cluster_id, BrokerReport.area_code, BrokerReport.received_at, *COLUMNS)
        .join(BrokerReport, BrokerReport.id == BrokerMembership.report_id)
        .where(BrokerMembership.cluster_id.in_(clusters))
        .order_by(BrokerReport.id)
    )
    found: dict[int, list[Any]] = defaultdict(list)
    for report in db.session.execute(query):
        found[report.cluster_id].append(report)
    return found


def _regencies(reports: Iterable[Any]) -> set[str]:
    return {regency_of(report.area_code) for report in reports} - {""}


def _crossed(clusters: list[int]) -> dict[tuple[int, str], datetime]:
    """(cluster, area) → when that area last met another regency."""
    newest: dict[tuple[int, str], datetime] = {}
    query = sa.select(BrokerCrossing).where(BrokerCrossing.cluster_id.in_(clusters)).order_by(BrokerCrossing.at)
    for crossing in db.session.scalars(query):
        for code in (crossing.area_code, crossing.other_code):
            newest |= {(crossing.cluster_id, area): crossing.at for area in seen_from(code)}
    return newest


def _write(members: dict[int, list[Any]], crossed: dict[tuple[int, str], datetime]) -> None:
    sources = sources_of([report for reports in members.values() for report in reports])
    clusters, areas = [], []
    for cluster_id, reports in members.items():
        counted = {
            "id": cluster_id,
            "report_count": len(reports),
            "area_count": len(_regencies(reports)),
            "source_count": independent(sources[report.id] for report in reports),
            "newest_at": reports[-1].received_at,
        }
        clusters.append(counted)
        for area, number in sorted(Counter(code for one in reports for code in seen_from(one.area_code)).items()):
            facts = {"report_count": number, "newest_id": reports[-1].id, "crossed_at": crossed.get((cluster_id, area))}
            areas.append({"cluster_id": cluster_id, "area_code": area} | facts)
    if clusters:
        db.session.execute(sa.update(BrokerCluster), clusters)
        db.session.execute(sa.delete(BrokerClusterArea).where(BrokerClusterArea.cluster_id.in_(list(members))))
        db.session.execute(sa.insert(BrokerClusterArea), areas)


def seen_from(area_code: str) -> Iterator[str]:
    """The regency of an area, its province and the nation; whatever of them is the area itself or above it."""
    code: str | None = regency_of(area_code) or area_code
    while code is not None:
        yield code
        code = parent_of(code) if code != NATION else None
