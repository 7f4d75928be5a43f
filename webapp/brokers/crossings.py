"""When a cluster joins reports of two regencies for the first time, their coordinators are told, once for each pair.

The text names nobody and no case; the page says the rest, and there each finds whom to call in the other regency.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from itertools import combinations

import sqlalchemy as sa

from webapp.accounts.model import COORDINATOR, Account
from webapp.areas.codes import parent_of
from webapp.brokers.alias_model import BrokerCrossing
from webapp.brokers.graph import in_parts
from webapp.db import db, insert
from webapp.outbox.alerts import alert

TEXT = "ALINK"
#: (id of the crossing, one regency, the other).
New = dict[int, list[tuple[int, str, str]]]
PAIR = ("cluster_id", "area_code", "other_code")


def note(regencies: Mapping[int, Collection[str]], now: datetime) -> New:
    """Cluster → the pairs of its regencies that it joins for the first time; stored."""
    rows = [
        {"cluster_id": cluster_id, "area_code": one, "other_code": other, "at": now}
        for cluster_id, codes in sorted(regencies.items())
        for one, other in combinations(sorted(codes), 2)
    ]
    found: New = defaultdict(list)
    for start in range(0, len(rows), 1000):
        added = insert(BrokerCrossing).values(rows[start : start + 1000]).on_conflict_do_nothing(index_elements=PAIR)
        columns = (BrokerCrossing.id, BrokerCrossing.cluster_id, BrokerCrossing.area_code, BrokerCrossing.other_code)
        for crossing_id, cluster_id, one, other in db.session.execute(added.returning(*columns)):
            found[cluster_id].append((crossing_id, one, other))
    return found


def tell(new: New, now: datetime) -> None:
    """One text to each coordinator of the regencies of a cluster that met, however many met at once."""
    for cluster_id, crossings in sorted(new.items()):
        codes = {code for _, one, other in crossings for code in (one, other)}
        officers = {officer.id: officer for found in coordinators(codes).values() for officer in found}
        key = f"cluster:{cluster_id}:{min(crossing_id for crossing_id, _, _ in crossings)}"
        alert([officers[one] for one in sorted(officers)], TEXT, {}, key=key, cause=f"cluster:{cluster_id}", now=now)


def coordinators(regencies: Iterable[str]) -> dict[str, list[Account]]:
    """Regency → its coordinators who can be called, those of longest service first; without any those of its province,
    and last the nation's."""
    above = {code: _and_above(code) for code in regencies}
    asked = sorted({code for codes in above.values() for code in codes})
    query = sa.select(Account).where(
        Account.area_code.in_(asked),
        Account.role == COORDINATOR,
        Account.closed_at.is_(None),
        Account.phone.is_not(None),
    )
    by_area: dict[str, list[Account]] = defaultdict(list)
    for account in db.session.scalars(query.order_by(Account.id)):
        by_area[account.area_code].append(account)
    return {code: next((by_area[one] for one in codes if by_area[one]), []) for code, codes in above.items()}


def inherit(heirs: Mapping[int, Collection[int]]) -> None:
    """Cluster → those from which its reports came: who was told of these need not be told again."""
    came_from = {former for all_former in heirs.values() for former in all_former}
    if not came_from:
        return
    known: dict[int, list[dict[str, object]]] = defaultdict(list)
    for ids in in_parts(came_from):
        for old in db.session.scalars(sa.select(BrokerCrossing).where(BrokerCrossing.cluster_id.in_(ids))):
            known[old.cluster_id].append({"area_code": old.area_code, "other_code": old.other_code, "at": old.at})
    for heir, all_former in sorted(heirs.items()):
        rows = [{"cluster_id": heir} | pair for former in sorted(all_former) for pair in known[former]]
        for row in rows:
            db.session.execute(insert(BrokerCrossing).values(row).on_conflict_do_nothing(index_elements=PAIR))


def forget(clusters: Collection[int]) -> None:
    for ids in in_parts(clusters):
        db.session.execute(sa.delete(BrokerCrossing).where(BrokerCrossing.cluster_id.in_(ids)))


def _and_above(code: str) -> list[str]:
    codes = [code]
    while (parent := parent_of(codes[-1])) is not None:
        codes.append(parent)
    return codes
