"""What the page of a cluster shows to whom.

Of reports of the reader's own area the reference, which leads to the report. Of others the regency, the month, the
state and what was recognised, and whom to call there: no reference, no words, nobody who is in them. Of what links
reports, values are shown (a number masked) if a report of the own area says them; else only of what kind they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import format_date, gettext

from sms.phone import mask
from webapp.accounts.model import Account
from webapp.brokers import cluster_queries, drawing, graph
from webapp.brokers.alias_model import BrokerCluster, BrokerClusterArea
from webapp.brokers.choices import MODUS, STATES
from webapp.brokers.crossings import coordinators
from webapp.brokers.links import regency_of
from webapp.brokers.shared import Shared, shared
from webapp.brokers.traces import NAME, NUMBER, PHONE, PLATE
from webapp.moments import local_date

#: Spellings of a name that are shown beside each other.
SPELLINGS = 3


@dataclass(frozen=True)
class Shown:
    """A report of the cluster, as far as the reader may know it."""

    id: int
    is_own: bool
    #: 'LC-7K3M', or 'Report 2' of another area.
    title: str
    place: str
    received_at: Any
    state: Any
    modus: list[Any]
    urgent: bool


@dataclass(frozen=True)
class Elsewhere:
    """A regency outside the reader's area: its reports, and whom to call there."""

    name: str
    coordinator: Account | None
    reports: list[Shown]


@dataclass(frozen=True)
class Link:
    """A line of the table: what is the same, and in which reports."""

    kind: str
    value: str
    is_weak: bool
    reports: list[Shown]


def page_of(cluster: BrokerCluster, area: BrokerClusterArea) -> dict[str, Any]:
    rows = cluster_queries.reports(cluster.id)
    places = cluster_queries.areas({code for row in rows for code in (row.area_code, regency_of(row.area_code))})
    shown = _reports(rows, places)
    links = _links(rows, shown)
    return {
        "cluster": cluster,
        "area": area,
        "own": [one for one in shown.values() if one.is_own],
        "elsewhere": _elsewhere(rows, shown, places),
        "links": links,
        "picture": _picture(shown, links),
        "left_out": cluster.report_count - len(rows),
    }


def _reports(rows: Sequence[Any], places: dict[str, Any]) -> dict[int, Shown]:
    others = 0
    found: dict[int, Shown] = {}
    for row in rows:
        others += not row.is_own
        title = row.reference if row.is_own else gettext("Report %(number)s", number=others)
        code = row.area_code if row.is_own else regency_of(row.area_code) or row.area_code
        found[row.id] = Shown(
            row.id,
            bool(row.is_own),
            title,
            places[code].name,
            row.received_at,
            STATES.get(row.state, row.state),
            [MODUS.get(one, one) for one in row.modus],
            row.urgent,
        )
    return found


def _elsewhere(rows: Sequence[Any], shown: dict[int, Shown], places: dict[str, Any]) -> list[Elsewhere]:
    by_regency: dict[str, list[Shown]] = {}
    for row in rows:
        if not row.is_own:
            by_regency.setdefault(regency_of(row.area_code) or row.area_code, []).append(shown[row.id])
    officers = coordinators(by_regency)
    return [
        Elsewhere(places[code].name, next(iter(officers[code]), None), by_regency[code]) for code in sorted(by_regency)
    ]


def _links(rows: Sequence[Any], shown: dict[int, Shown]) -> list[Link]:
    stored = graph.rows_by_report(shown)
    traits = [graph.traits_of(row.id, row.area_code, stored.get(row.id, set())) for row in rows]
    return [_link(one, shown, stored) for one in shared(traits)]


def _link(one: Shared, shown: dict[int, Shown], stored: dict[int, set[graph.Row]]) -> Link:
    order = list(shown)
    linked = [shown[report_id] for report_id in sorted(one.report_ids, key=order.index)]
    own = [row for report in linked if report.is_own for row in stored[report.id] if row.kind == one.kind]
    said = [row for row in own if (row.sounds if one.kind == NAME else row.value) in one.values]
    return Link(_kind(one.kind), _value(one, said), one.is_weak, linked)


def _kind(kind: str) -> str:
    words = {
        PHONE: gettext("Same phone"),
        NUMBER: gettext("Same account or number"),
        PLATE: gettext("Same plate"),
        NAME: gettext("Similar name"),
    }
    return words[kind]


def _value(one: Shared, said: Iterable[graph.Row]) -> str:
    """As the reports of the own area say it; '' if none of them does."""
    rows = sorted(said, key=lambda row: row.shown)
    if not rows:
        return ""
    if one.kind == NAME:
        return " / ".join(list(dict.fromkeys(row.shown for row in rows))[:SPELLINGS])
    if one.kind == PHONE:
        return mask(one.values[0])
    if one.kind == PLATE:
        return one.values[0]
    bank = next((row.shown for row in rows if row.shown), "")
    return f"{bank} •••{one.values[0][-4:]}".strip()


def _picture(shown: dict[int, Shown], links: list[Link]) -> drawing.Picture:
    nodes = {one.id: drawing.Node(*_said_in_box(one), faint=not one.is_own) for one in shown.values()}
    common = [
        (drawing.Node(link.value or link.kind, link.kind if link.value else "", link.is_weak), _ids(link))
        for link in links
    ]
    return drawing.draw(nodes, common)


def _said_in_box(one: Shown) -> tuple[str, str]:
    if one.is_own:
        return one.title, one.place
    return f"{one.title}, {format_date(local_date(one.received_at), 'MMM')}", one.place.replace("Kabupaten ", "Kab. ")


def _ids(link: Link) -> list[int]:
    return [report.id for report in link.reports]
