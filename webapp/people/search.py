"""Finding people by any part of a name, phone or NIK, in a time that does not grow with the nation.

In a village or district every person is looked at, in order. In larger areas the first rows in order are
looked at as well: a common part ('siti', '0812') fills the page from them. If it does not, the part is
rare, and the trigram index (migration 0002) has few candidates, which are then put in order.

A NIK is encrypted, so no index holds its parts. A whole NIK is found by its keyed hash, and so is the whole
number of a paper. Of a NIK four digits or more are found in a village only, by opening the NIKs of the village,
2,000 at the most; whose it was is noted like a look at it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import load_only

from webapp.accounts import audit
from webapp.db import db, like_literal
from webapp.people.finding import NIK_LENGTH, Wanted, trigrams
from webapp.people.model import Person
from webapp.people.order import Place, in_order
from webapp.people.sections import FINDERS
from webapp.sealing import SealError, fingerprints, unseal

#: Rows in order that are looked at before the trigram index is asked. Names stand in the ordered index
#: itself, so looking at them costs half a microsecond each; for numbers the row is read. A part that is in none of
#: the first thousand names is in less than one of three hundred people: then the index is asked at once.
PROBE_NAMES, PROBE_NUMBERS = (1000, 8000), (1500,)
#: In large areas three digits would find thousands.
LEAST_DIGITS_IN_LARGE_AREAS = 4
#: Parts of a NIK: at least so many digits, in at most so many people of one village.
NIK_PART, NIKS_OPENED = 4, 2000
ROW = load_only(Person.name, Person.name_key, Person.area_code, Person.stage, Person.birth_date, Person.birth_year)


def everybody(place: Place, limit: int) -> Sequence[Person]:
    """The first `limit` people of this place, in order."""
    return _people(place.condition(), limit)


def find(wanted: Wanted, place: Place, limit: int) -> Sequence[Person]:
    """The first `limit` people of this place who are looked for, in order."""
    if not wanted:
        return []
    if wanted.document and (theirs := _with_document(wanted.document, place, limit)):
        return theirs
    if len(wanted.digits) == NIK_LENGTH:
        return _people(sa.and_(place.condition(), Person.nik_hash.in_(fingerprints(wanted.digits))), limit)
    if is_small(place.area_code):
        return _people(sa.and_(place.condition(), sa.or_(_holds(wanted), _nik_holds(wanted, place))), limit)
    if wanted.digits and len(wanted.digits) < LEAST_DIGITS_IN_LARGE_AREAS:
        return []
    found = _among_the_first(wanted, place, limit)
    return _by_trigrams(wanted, place, limit) if found is None else found


def _with_document(number: str, place: Place, limit: int) -> Sequence[Person]:
    """Whose paper has this number. Few are, so the place is asked last."""
    held = [Person.id.in_(finder(number)) for finder in FINDERS]
    return _people(sa.and_(place.condition(), sa.or_(sa.false(), *held)), limit)


def is_small(area_code: str) -> bool:
    """A district or village: looking at everybody is quick."""
    return area_code.count(".") >= 2


def _people(condition: sa.ColumnElement[bool], limit: int) -> Sequence[Person]:
    return db.session.scalars(in_order(sa.select(Person).where(condition)).limit(limit).options(ROW)).all()


def _holds(wanted: Wanted, people: Any = Person) -> sa.ColumnElement[bool]:
    """Every word is part of the name, or the digits are part of a number."""
    if wanted.digits:
        spelled = {wanted.digits, wanted.phone_part}
        return sa.or_(*(people.search_text.like(f"%{like_literal(part)}%", escape="\\") for part in spelled))
    return sa.and_(*(people.name_key.like(f"%{like_literal(word)}%", escape="\\") for word in wanted.words))


def _among_the_first(wanted: Wanted, place: Place, limit: int) -> Sequence[Person] | None:
    """The page, if the first rows in order fill it or are all there are; else None."""
    probes, text = (PROBE_NUMBERS, Person.search_text) if wanted.digits else (PROBE_NAMES, Person.name_key)
    for rows in probes:
        first = in_order(sa.select(Person.id, text).where(place.condition())).limit(rows).subquery()
        ids = db.session.scalars(sa.select(first.c.id).where(_holds(wanted, first.c)).limit(limit)).all()
        if len(ids) >= limit or not _has_more_than(rows, place):
            return _people(Person.id.in_(ids), limit)
        if not ids:
            break
    return None


def _has_more_than(rows: int, place: Place) -> bool:
    query = in_order(sa.select(Person.id).where(place.condition())).offset(rows).limit(1)
    return db.session.scalar(query) is not None


def _by_trigrams(wanted: Wanted, place: Place, limit: int) -> Sequence[Person]:
    parts = trigrams(wanted)
    if not parts:
        return []
    columns = (Person.id, Person.area_code, Person.name_key, Person.stage, Person.search_text)
    # OFFSET makes both databases fetch the candidates first. Left to themselves they may walk the ordered
    # index, which costs as much as the area is large, and ask for each row whether it is a candidate.
    held = _with_trigrams(sa.select(*columns), parts).offset(0).subquery().c
    query = sa.select(held.id).where(place.condition(held), _holds(wanted, held))
    ids = db.session.scalars(in_order(query, held).limit(limit)).all()
    return _people(Person.id.in_(ids), limit)


def _with_trigrams(query: sa.Select[Any], parts: Sequence[str]) -> sa.Select[Any]:
    """Of the people in `query` those whose text holds all these trigrams."""
    if db.session.get_bind().dialect.name == "sqlite":
        table = sa.table("people_search", sa.column("rowid"), sa.column("people_search"))
        every = " AND ".join(f'"{part}"' for part in parts)
        return query.join(table, table.c.rowid == Person.id).where(table.c.people_search.op("MATCH")(every))
    held = sa.func.trigrams(Person.search_text, type_=ARRAY(sa.Text))
    return query.where(held.contains(sa.cast(list(parts), ARRAY(sa.Text))))


def _nik_holds(wanted: Wanted, place: Place) -> sa.ColumnElement[bool]:
    """People of a village whose NIK holds these digits, by opening them (see above)."""
    if len(wanted.digits) < NIK_PART or place.area_code.count(".") != 3:
        return sa.false()
    query = sa.select(Person.id, Person.nik_encrypted).where(place.condition(), Person.nik_encrypted.is_not(None))
    rows = db.session.execute(query.limit(NIKS_OPENED))
    held = [person_id for person_id, sealed in rows if wanted.digits in _opened(sealed)]
    for person_id in held:
        audit.seen("nik", person_id, place.area_code, detail="part")
    return Person.id.in_(held)


def _opened(sealed: bytes) -> str:
    """'' for one that does not open: the others are found all the same, and the person's own page says it."""
    try:
        return unseal(sealed)
    except SealError:
        return ""
