"""Who stands behind reports, as far as it is stored. Nothing of it is shown: only how many they are (sources.py)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from webapp.brokers.graph import in_parts
from webapp.brokers.model import BrokerReport
from webapp.brokers.sources import Source
from webapp.brokers.traces import PHONE, phones_in
from webapp.db import db
from webapp.people.model import FamilyContact, Phone
from webapp.sealing import SealError, unseal

#: What of a report says who stands behind it.
COLUMNS = (
    BrokerReport.id,
    BrokerReport.account_id,
    BrokerReport.person_id,
    BrokerReport.return_address_id,
    BrokerReport.contact_encrypted,
)


def sources_where(*conditions: sa.ColumnElement[bool]) -> list[Source]:
    """Of the reports for which these hold: of an area, of a modus."""
    return list(sources_of(db.session.execute(sa.select(*COLUMNS).where(*conditions)).all()).values())


def sources_of(reports: Iterable[Any]) -> dict[int, Source]:
    """Report → its source. `reports` are rows with COLUMNS, or reports."""
    known = list(reports)
    families = _numbers_of({report.person_id for report in known if report.person_id is not None})
    return {report.id: Source(report.account_id, frozenset(_marks(report, families))) for report in known}


def _marks(report: Any, families: dict[int, set[str]]) -> set[str]:
    marks = {f"number:{number}" for number in _numbers_in(report.contact_encrypted)}
    if report.return_address_id is not None:
        marks.add(f"return:{report.return_address_id}")
    if report.person_id is not None:
        marks.add(f"person:{report.person_id}")
        marks |= {f"number:{number}" for number in families[report.person_id]}
    return marks


def _numbers_in(contact: bytes | None) -> set[str]:
    """A name without a number tells nobody apart; nor does a contact whose key is gone."""
    if contact is None:
        return set()
    try:
        return {one.value for one in phones_in(unseal(contact)) if one.kind == PHONE}
    except SealError:
        return set()


def _numbers_of(person_ids: set[int]) -> dict[int, set[str]]:
    """Person → the numbers of their phones and of their family."""
    found: dict[int, set[str]] = defaultdict(set)
    for ids in in_parts(person_ids):
        for table in (Phone, FamilyContact):
            query = sa.select(table.person_id, table.number).where(table.person_id.in_(ids), table.removed_at.is_(None))
            for person_id, number in db.session.execute(query).tuples():
                found[person_id].add(number)
    return found
