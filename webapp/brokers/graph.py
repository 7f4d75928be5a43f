"""The graph of reports as it is stored: the aliases of each, and which reports another is linked to.

All that changes it first takes one lock until its transaction ends. Two reports that come at the same moment would
else each not see the other, and stay apart for ever; and with one lock there is no order in which two could wait
for each other. It is held for milliseconds, and reports come by the minute at most. SQLite has but one writer anyway.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from webapp.areas.codes import within
from webapp.brokers.alias_model import BrokerAlias, BrokerMembership
from webapp.brokers.likeness import Name
from webapp.brokers.links import Traits, linked, regency_of
from webapp.brokers.traces import AGENCY, NAME, PLACE, STRONG, Traces
from webapp.db import db, insert
from webapp.sealing import SealError, fingerprint, fingerprints, seal, unseal

#: Any number that no other lock of this database has.
LOCK = 0x63616C6F
#: Ids in one statement.
AT_ONCE = 1000
T = TypeVar("T")


@dataclass(frozen=True)
class Row:
    """One alias, its value in the clear."""

    kind: str
    value: str = ""
    key: str = ""
    sounds: str = ""
    shown: str = ""


def lock() -> None:
    """Until the transaction ends nobody else changes the graph; what others committed before is seen from here on."""
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))


def in_parts(ids: Collection[T]) -> Iterator[list[T]]:
    """As many ids as a statement takes, in their order."""
    ordered = sorted(ids)  # type: ignore[type-var]  # ids are numbers
    for start in range(0, len(ordered), AT_ONCE):
        yield ordered[start : start + AT_ONCE]


def rows_of(found: Traces) -> set[Row]:
    """The aliases of a report as rows. Agencies and places help only names, so without these they are left out."""
    rows = {Row(one.kind, value=one.value, shown=one.shown) for one in found.strong}
    linking = [name for name in found.names if name.blocks]
    rows |= {Row(NAME, key=key, sounds=n.sounds, shown=n.shown) for n in linking for key in n.blocks}
    if linking:
        rows |= {Row(one.kind, key=one.value, shown=one.shown) for one in (*found.agencies, *found.places)}
    return rows


def stored_rows(report_id: int) -> set[Row]:
    return {_row(alias) for alias in db.session.execute(_aliases().where(BrokerAlias.report_id == report_id))}


def has_rows(report_id: int) -> bool:
    return bool(db.session.scalar(sa.select(sa.exists().where(BrokerAlias.report_id == report_id))))


def write(report_id: int, area_code: str, rows: Collection[Row]) -> None:
    """In place of what was stored of this report."""
    db.session.execute(sa.delete(BrokerAlias).where(BrokerAlias.report_id == report_id))
    ordered = sorted(rows, key=lambda row: (row.kind, row.value, row.key, row.sounds, row.shown))
    values = [_values(row) | {"report_id": report_id, "area_code": area_code} for row in ordered]
    if values:
        db.session.execute(sa.insert(BrokerAlias), values)
    member = {"report_id": report_id, "cluster_id": None}
    db.session.execute(insert(BrokerMembership).values(member).on_conflict_do_nothing())


def forget(report_id: int) -> None:
    """The report links nothing any more."""
    for table in (BrokerAlias, BrokerMembership):
        db.session.execute(sa.delete(table).where(table.report_id == report_id))


def traits_of(report_id: int, area_code: str, rows: Collection[Row]) -> Traits:
    return Traits(
        report_id,
        area_code,
        strong=frozenset((row.kind, row.value) for row in rows if row.kind in STRONG),
        names=frozenset(Name(tuple(row.sounds.split()), row.shown) for row in rows if row.kind == NAME),
        agencies=frozenset(row.key for row in rows if row.kind == AGENCY),
        places=frozenset(row.key for row in rows if row.kind == PLACE),
    )


def load(report_ids: Collection[int] | None = None, weak_only: bool = False) -> dict[int, Traits]:
    """Id → traits of these reports, or of all that may link others. Those of which nothing is stored are left out.

    `weak_only`: nothing sealed, which takes time to open.
    """
    found: dict[int, set[Row]] = defaultdict(set)
    areas: dict[int, str] = {}
    for report_id, area_code, row in _read(report_ids, weak_only):
        found[report_id].add(row)
        areas[report_id] = area_code
    return {report_id: traits_of(report_id, areas[report_id], rows) for report_id, rows in sorted(found.items())}


def rows_by_report(report_ids: Collection[int]) -> dict[int, set[Row]]:
    """Of each of these reports of which something is stored."""
    found: dict[int, set[Row]] = defaultdict(set)
    for report_id, _, row in _read(report_ids):
        found[report_id].add(row)
    return found


def _read(report_ids: Collection[int] | None, weak_only: bool = False) -> Iterator[tuple[int, str, Row]]:
    kinds = BrokerAlias.kind.in_((NAME, AGENCY, PLACE)) if weak_only else sa.true()
    conditions = [sa.true()] if report_ids is None else [BrokerAlias.report_id.in_(ids) for ids in in_parts(report_ids)]
    for condition in conditions:
        for alias in db.session.execute(_aliases().where(condition, kinds)):
            yield alias.report_id, alias.area_code, _row(alias)


def neighbours(one: Traits) -> tuple[set[int], set[int]]:
    """What a report is linked to: ids of clusters, and of reports that are in none yet."""
    same = list(_with_the_same(one))
    clusters = {cluster for cluster, _ in same if cluster}
    alone = {report for cluster, report in same if not cluster}
    _add_like_names(one, clusters, alone)
    return clusters, alone


def _with_the_same(one: Traits) -> Iterator[tuple[int | None, int]]:
    """Phones, numbers and plates. Of a cluster it is enough to know that one of its reports has it."""
    hashes = [digest for _, value in one.strong for digest in fingerprints(value)]
    if not hashes:
        return
    alone = sa.case((BrokerMembership.cluster_id.is_(None), BrokerMembership.report_id), else_=0)
    query = (
        sa.select(BrokerMembership.cluster_id, alone)
        .join(BrokerAlias, BrokerAlias.report_id == BrokerMembership.report_id)
        .where(BrokerAlias.value_hash.in_(hashes), BrokerAlias.report_id != one.report_id)
        .distinct()
    )
    yield from db.session.execute(query).tuples()


def _add_like_names(one: Traits, clusters: set[int], alone: set[int]) -> None:
    """The database finds names with a word in common; the rule is asked of each whose cluster is not found yet."""
    ids = set().union(*(db.session.scalars(query) for query in _candidates(one))) - {one.report_id} - alone
    members = {report: cluster for report, cluster in _memberships(ids) if cluster not in clusters}
    for other in load(members, weak_only=True).values():
        cluster = members[other.report_id]
        if cluster not in clusters and linked(one, other):
            (clusters if cluster else alone).add(cluster or other.report_id)


def _memberships(report_ids: Collection[int]) -> Iterator[tuple[int, int | None]]:
    for ids in in_parts(report_ids):
        query = sa.select(BrokerMembership.report_id, BrokerMembership.cluster_id)
        yield from db.session.execute(query.where(BrokerMembership.report_id.in_(ids))).tuples()


def _candidates(one: Traits) -> Iterator[sa.Select[tuple[int]]]:
    blocks = sorted({block for name in one.names for block in name.blocks})
    if not blocks:
        return
    named = sa.select(BrokerAlias.report_id).where(BrokerAlias.kind == NAME, BrokerAlias.key.in_(blocks))
    if regency := regency_of(one.area_code):
        yield named.where(within(BrokerAlias.area_code, regency))
    beside = aliased(BrokerAlias)
    for kind, keys in ((AGENCY, one.agencies), (PLACE, one.places)):
        if keys:
            same = sa.select(beside.report_id).where(beside.kind == kind, beside.key.in_(sorted(keys)))
            yield named.where(BrokerAlias.report_id.in_(same))


def _aliases() -> sa.Select[Any]:
    columns = ("report_id", "area_code", "kind", "value_encrypted", "key", "sounds", "shown")
    return sa.select(*(getattr(BrokerAlias, column) for column in columns)).order_by(BrokerAlias.id)


def _row(alias: Any) -> Row:
    value = _opened(alias.value_encrypted) if alias.value_encrypted is not None else ""
    return Row(alias.kind, value, alias.key, alias.sounds, alias.shown)


def _opened(sealed: bytes) -> str:
    """A value whose key is gone is like no other; `flask clusters` reads it anew from the report."""
    try:
        return unseal(sealed)
    except SealError:
        return f"?{sealed.hex()}"


def _values(row: Row) -> dict[str, Any]:
    sealed = {"value_encrypted": seal(row.value), "value_hash": fingerprint(row.value)} if row.value else {}
    empty = {"value_encrypted": None, "value_hash": None}
    return empty | sealed | {"kind": row.kind, "key": row.key, "sounds": row.sounds, "shown": row.shown}
