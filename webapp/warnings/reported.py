"""What the reports of an area hold that no warning may say, and whether its words hold any of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from webapp.accounts.model import Account
from webapp.areas.codes import widest, within
from webapp.areas.model import Area
from webapp.areas.names import fold
from webapp.audiences.conditions import in_areas
from webapp.brokers.model import BrokerReport
from webapp.db import db
from webapp.people.model import Person
from webapp.sealing import unseal
from webapp.warnings import guard
from webapp.warnings.guard import Said, Secrets
from webapp.warnings.model import SafetyWarning

#: Read in portions, so that a nation's reports do not lie in memory together.
PORTION = 500
LONGEST_NAME = 4


def held(warning: SafetyWarning, said: Said) -> list[str]:
    """Codes of what stands against these words (words.MISSING): 'holds_accused', 'holds_registered' …"""
    if not said.named and not guard.loose_words(said):
        return []
    codes = areas_of(warning)
    found: dict[str, None] = {}
    for secrets in _secrets(codes):
        found |= dict.fromkeys(f"holds_{kind}" for kind in guard.held(said, secrets))
    if _names_somebody_registered(said, codes):
        found["holds_registered"] = None
    return list(found)


def areas_of(warning: SafetyWarning) -> list[str]:
    """Where it goes, and of where it speaks."""
    codes = [row.area_code for row in warning.areas]
    return widest([*codes, warning.place_code] if warning.place_code else codes)


def _secrets(codes: Iterable[str]) -> Iterator[Secrets]:
    """Of all reports of these areas, whatever became of them. Raises sealing.SealError if a contact cannot be read."""
    query = (
        sa.select(
            BrokerReport.accused_names,
            BrokerReport.accused_phones,
            BrokerReport.accused_accounts,
            BrokerReport.accused_plates,
            BrokerReport.contact_encrypted,
            Person.name.label("victim"),
            Account.name.label("writer"),
        )
        .outerjoin(Person, Person.id == BrokerReport.person_id)
        .outerjoin(Account, Account.id == BrokerReport.account_id)
        .where(sa.or_(sa.false(), *(within(BrokerReport.area_code, code) for code in codes)))
        .execution_options(yield_per=PORTION)
    )
    for rows in db.session.execute(query).partitions():
        yield _of(rows)


def _of(rows: Sequence[Any]) -> Secrets:
    contacts = [unseal(row.contact_encrypted) for row in rows if row.contact_encrypted]
    numbers = [*contacts, *(text for row in rows for text in (row.accused_phones, row.accused_accounts))]
    people = {name for row in rows for name in (row.victim, row.writer) if name}
    return Secrets(
        accused=frozenset(name for row in rows for name in guard.names_in(row.accused_names)),
        others=frozenset(people.union(name for text in contacts for name in guard.names_in(text))),
        numbers=frozenset(number for text in numbers for number in guard.numbers_in(text)),
        plates=frozenset(plate for row in rows for plate in guard.plates_in(row.accused_plates)),
    )


def _names_somebody_registered(said: Said, codes: Sequence[str]) -> bool:
    """The whole name of somebody of these areas, beside the name of their village."""
    loose = [word for word in fold(said.words).split() if word not in said.ours]
    names = {" ".join(loose[n : n + length]) for length in range(1, LONGEST_NAME + 1) for n in range(len(loose))}
    if not names:
        return False
    query = sa.select(Area.name_key).join(Person, Person.area_code == Area.code)
    found = db.session.scalars(query.where(Person.name_key.in_(names), in_areas(codes)).distinct()).all()
    words = f" {fold(said.words)} "
    return any(f" {village} " in words for village in found)
