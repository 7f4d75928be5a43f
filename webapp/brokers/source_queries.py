"""Who stands behind reports, as far as it is stored. Nothing of it is shown: only how many they are (sources.py).

Whoever wrote by SMS and is known by the keyed hash of the number alone may have told a facilitator too: a number that
is known from elsewhere is hashed, and so finds that address. No address is opened.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from webapp.brokers.graph import in_parts
from webapp.brokers.model import BrokerReport, ReturnAddress
from webapp.brokers.sources import Source
from webapp.brokers.traces import PHONE, phones_in
from webapp.db import db
from webapp.people.model import FamilyContact, Phone
from webapp.sealing import SealError, fingerprints, unseal

#: What of a report says who stands behind it.
COLUMNS = (
    BrokerReport.id,
    BrokerReport.account_id,
    BrokerReport.person_id,
    BrokerReport.return_address_id,
    BrokerReport.contact_encrypted,
    BrokerReport.reporter_kind,
)
#: A facilitator who reports what she has seen herself is one source, about however many families she writes.
WRITER = "facilitator"
NUMBER, RETURN = "number:", "return:"


def sources_where(*conditions: sa.ColumnElement[bool]) -> list[Source]:
    """Of the reports for which these hold: of an area, of a modus."""
    return list(sources_of(db.session.execute(sa.select(*COLUMNS).where(*conditions)).all()).values())


def sources_of(reports: Iterable[Any]) -> dict[int, Source]:
    """Report → its source. `reports` are rows with COLUMNS, or reports."""
    known = list(reports)
    families = _numbers_of({report.person_id for report in known if report.person_id is not None})
    numbers = {report.id: _numbers_behind(report, families) for report in known}
    addresses = _addresses_of(set().union(*numbers.values()))
    return {one.id: Source(one.account_id, frozenset(_marks(one, numbers[one.id], addresses))) for one in known}


def _numbers_behind(report: Any, families: dict[int, set[str]]) -> set[str]:
    family = families[report.person_id] if report.person_id is not None else set()
    return _numbers_in(report.contact_encrypted) | family


def _marks(report: Any, numbers: set[str], addresses: dict[str, int]) -> set[str]:
    marks = {f"{NUMBER}{number}" for number in numbers}
    marks |= {f"{RETURN}{addresses[number]}" for number in numbers if number in addresses}
    if report.return_address_id is not None:
        marks.add(f"{RETURN}{report.return_address_id}")
    if report.person_id is not None:
        marks.add(f"person:{report.person_id}")
    if report.reporter_kind == WRITER and report.account_id is not None:
        marks.add(f"account:{report.account_id}")
    return marks


def _addresses_of(numbers: set[str]) -> dict[str, int]:
    """Number → the return address that it has, whichever key hashed it."""
    hashes = {one: number for number in numbers for one in fingerprints(number)}
    found: dict[str, int] = {}
    for some in in_parts(hashes.keys()):
        query = sa.select(ReturnAddress.number_hash, ReturnAddress.id).where(ReturnAddress.number_hash.in_(some))
        found |= {hashes[one]: address_id for one, address_id in db.session.execute(query).tuples()}
    return found


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
