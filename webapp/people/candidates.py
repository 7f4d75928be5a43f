"""Fetches the records that a new one may duplicate: bounded, by index, and never more than one may see."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from webapp.accounts import audit
from webapp.areas.codes import within
from webapp.db import db
from webapp.people.duplicates import Identity, same_name_and_birth, years_to_look_at
from webapp.people.model import Person, Phone
from webapp.sealing import fingerprints

#: Most records with one phone or NIK that are looked at, and most people of a regency born about then.
SAME, BORN_THEN = 10, 4000
SHOWN = 6


@dataclass
class Likely:
    """People who may be the same: those the account may see, with reasons; and whether there are others."""

    seen: list[tuple[Person, list[str]]] = field(default_factory=list)
    elsewhere: bool = False

    def __bool__(self) -> bool:
        return bool(self.seen) or self.elsewhere


def likely(identity: Identity, area_code: str, numbers: Iterable[str], nik: str, viewer_area: str) -> Likely:
    """Who is perhaps registered already. `area_code` is the new record's village, `viewer_area` the account's.

    Of people outside `viewer_area` nothing is told but that there is somebody.
    """
    reasons: dict[int, list[str]] = {}
    for reason, ids in (
        ("nik", with_nik(nik)),
        ("phone", _with_phone(list(numbers))),
        ("name", _with_like_name(identity, _regency(area_code))),
    ):
        for person_id in ids:
            reasons.setdefault(person_id, []).append(reason)
    people = _visible(list(reasons), viewer_area)
    _note_elsewhere(set(reasons) - {person.id for person in people})
    return Likely([(p, reasons[p.id]) for p in people][:SHOWN], elsewhere=len(people) < len(reasons))


def with_nik(nik: str) -> Sequence[int]:
    """Ids of people with this NIK, by its keyed hash."""
    if not nik:
        return []
    return db.session.scalars(sa.select(Person.id).where(Person.nik_hash.in_(fingerprints(nik))).limit(SAME)).all()


def _with_phone(numbers: Sequence[str]) -> Sequence[int]:
    query = sa.select(Phone.person_id).where(Phone.number.in_(numbers), Phone.removed_at.is_(None)).limit(SAME)
    return db.session.scalars(query).all() if numbers else []


def _with_like_name(identity: Identity, regency: str) -> list[int]:
    """People of the regency born about then (index birth_year, area_code) whose name is alike."""
    query = (
        sa.select(Person.id, Person.name, Person.birth_date, Person.birth_year)
        .where(Person.birth_year.in_(years_to_look_at(identity)), within(Person.area_code, regency))
        .limit(BORN_THEN)
    )
    rows = db.session.execute(query).all()
    return [row.id for row in rows if same_name_and_birth(identity, Identity(row.name, row.birth_date, row.birth_year))]


def _visible(ids: list[int], viewer_area: str) -> Sequence[Person]:
    query = (
        sa.select(Person)
        .where(Person.id.in_(ids), within(Person.area_code, viewer_area))
        .options(joinedload(Person.area))
        .order_by(Person.id)
    )
    return db.session.scalars(query).all() if ids else []


def _note_elsewhere(ids: set[int]) -> None:
    """That somebody like this exists elsewhere is news too: it stands in the log of their own village."""
    query = sa.select(Person.id, Person.area_code).where(Person.id.in_(sorted(ids)[:SAME]))
    for person_id, area_code in db.session.execute(query) if ids else ():
        audit.seen("person", person_id, area_code, detail="alike")


def _regency(area_code: str) -> str:
    return ".".join(area_code.split(".")[:2])
