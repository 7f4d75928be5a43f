"""Clusters: reports that are linked, directly or through others. They grow, meet and part with every change.

A report that is new or changed touches its own cluster and those of its neighbours, and nothing else. When clusters
meet, the oldest stays and takes the reports of the others in one statement; when one parts, the part with the oldest
report stays what it was. `rebuild` makes all of them from nothing but the reports, and finds the same.
All of this needs graph.lock() first.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from webapp.brokers import crossings, graph, tally
from webapp.brokers.alias_model import BrokerCluster, BrokerClusterArea, BrokerMembership
from webapp.brokers.links import Traits, components
from webapp.db import db

#: Report → cluster, or None.
Members = dict[int, int | None]


def place(one: Traits, now: datetime) -> None:
    """The aliases of this report were written anew: put it where they link it."""
    was_in = cluster_of(one.report_id)
    near, alone = graph.neighbours(one)
    if was_in is not None:
        members = _members({was_in, *near}) | dict.fromkeys(alone)
        _settle(members, graph.load(members), now)
    elif near or alone:
        _join({one.report_id, *alone}, near, now)


def take_out(report_id: int, now: datetime) -> None:
    """This report links nothing any more; what only it held together falls apart."""
    was_in = cluster_of(report_id)
    graph.forget(report_id)
    if was_in is not None:
        members = _members({was_in})
        _settle(members, graph.load(members), now, {was_in})


def count_anew(report_id: int, now: datetime) -> None:
    """Something of the report changed that links nothing, such as whom it is about."""
    if (cluster_id := cluster_of(report_id)) is not None:
        tally.count({cluster_id}, now)


def cluster_of(report_id: int) -> int | None:
    query = sa.select(BrokerMembership.cluster_id).where(BrokerMembership.report_id == report_id)
    return db.session.scalar(query)


def rebuild(now: datetime) -> int:
    """All clusters anew from the aliases that are stored. Texts nobody. Returns how many there are."""
    query = sa.select(BrokerMembership.report_id, BrokerMembership.cluster_id)
    members: Members = dict(db.session.execute(query).tuples().all())
    clusters = set(db.session.scalars(sa.select(BrokerCluster.id)))
    _settle(members, graph.load(), now, clusters, told=False)
    return db.session.scalar(sa.select(sa.func.count(BrokerCluster.id))) or 0


def _join(report_ids: set[int], clusters: set[int], now: datetime) -> None:
    """All of these are linked through one report: they become one cluster."""
    stays = min(clusters) if clusters else _new(now)
    others = clusters - {stays}
    for ids in graph.in_parts(report_ids):
        _move(BrokerMembership.report_id.in_(ids), stays)
    for ids in graph.in_parts(others):
        _move(BrokerMembership.cluster_id.in_(ids), stays)
    crossings.inherit({stays: others})
    _remove(others)
    tally.count({stays}, now)


def _settle(
    members: Members,
    traits: dict[int, Traits],
    now: datetime,
    touched: Collection[int] = (),
    told: bool = True,
) -> None:
    """Put each of these reports into the cluster where it belongs. They hold all reports of the clusters they touch."""
    before = {cluster for cluster in members.values() if cluster is not None} | set(touched)
    heirs: dict[int, set[int]] = {}
    placed: set[int] = set()
    for linked in components(traits.values()):
        if len(linked) < 2:
            continue
        came_from = {cluster for one in linked if (cluster := members[one]) is not None}
        cluster_id = min(came_from - heirs.keys(), default=None) or _new(now)
        heirs[cluster_id] = came_from - {cluster_id}
        placed.update(linked)
        _put([one for one in linked if members[one] != cluster_id], cluster_id)
    _put([one for one, cluster in members.items() if cluster is not None and one not in placed], None)
    crossings.inherit(heirs)
    _remove(before - heirs.keys())
    tally.count(heirs.keys(), now, told=told)


def _members(clusters: Collection[int]) -> Members:
    members: Members = {}
    for ids in graph.in_parts(clusters):
        query = sa.select(BrokerMembership.report_id, BrokerMembership.cluster_id)
        members |= dict(db.session.execute(query.where(BrokerMembership.cluster_id.in_(ids))).tuples().all())
    return members


def _put(report_ids: list[int], cluster_id: int | None) -> None:
    for ids in graph.in_parts(report_ids):
        _move(BrokerMembership.report_id.in_(ids), cluster_id)


def _move(which: sa.ColumnElement[bool], cluster_id: int | None) -> None:
    db.session.execute(sa.update(BrokerMembership).where(which).values(cluster_id=cluster_id))


def _new(now: datetime) -> int:
    row = {"created_at": now, "report_count": 0, "area_count": 0, "source_count": 0}
    return db.session.execute(sa.insert(BrokerCluster).values(row).returning(BrokerCluster.id)).scalar_one()


def _remove(clusters: Collection[int]) -> None:
    """They have no reports any more."""
    crossings.forget(clusters)
    for ids in graph.in_parts(clusters):
        db.session.execute(sa.delete(BrokerClusterArea).where(BrokerClusterArea.cluster_id.in_(ids)))
        db.session.execute(sa.delete(BrokerCluster).where(BrokerCluster.id.in_(ids)))
