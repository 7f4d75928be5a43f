"""A broadcast as the phones of some real recipients show it. Names stand there as they will in the text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from sms.phone import mask
from sms.text import segments
from webapp.accounts.model import Account
from webapp.areas.model import Area
from webapp.audiences import reaching
from webapp.broadcasts.answering import numbers_of
from webapp.broadcasts.merging import FALLBACK, OFFICER, PERSON, VILLAGE, merged, placeholders
from webapp.broadcasts.recipients import Meant, chosen
from webapp.db import db
from webapp.outbox.officers import first_name, officers_of, reply_number

MOST = 3
#: So many people are looked at for a sample, so that no page reads a whole audience for three of them.
LOOKED_AT = 400


@dataclass(frozen=True)
class Sample:
    """`number` is masked."""

    number: str
    language: str
    words: str
    segments: int
    #: The words greet by name, but not this one: others read the phone, or no name is known.
    is_nameless: bool = False


def of(meant: Meant, bodies: Mapping[str, str], now: datetime) -> list[Sample]:
    """Of the first recipients, one for each language as far as there are; none if nobody gets it."""
    first = sa.select(meant.number.label("id")).where(*meant.conditions()).limit(LOOKED_AT).subquery()
    people = chosen(meant, meant.number.in_(sa.select(first.c.id)))
    query = sa.select(people).where(people.c.reason == "").order_by(people.c.id).limit(LOOKED_AT)
    rows = list(db.session.execute(query, reaching.at(now)))
    seen: dict[str, list[sa.Row[tuple[object, ...]]]] = {}
    for row in rows:
        seen.setdefault(row.language if row.language in bodies else FALLBACK, []).append(row)
    picked = [some[0] for some in seen.values()]
    picked += [row for row in rows if row not in picked]
    return [_sample(row, meant, bodies) for row in picked[:MOST]]


def for_oneself(account: Account, bodies: Mapping[str, str], language: str = FALLBACK) -> str:
    """What a test text to this officer says: with their own name and area, and the number that it answers to."""
    officer = officers_of({account.area_code}).get(account.area_code)
    values = {PERSON: first_name(account.name), VILLAGE: account.area.name, OFFICER: reply_number(officer)}
    body = bodies.get(language) or bodies[FALLBACK]
    # What a list would say of oneself is shown by its name.
    return merged(body, {name: f"({name})" for name in placeholders(body)} | values)


def _sample(row: sa.Row[tuple[object, ...]], meant: Meant, bodies: Mapping[str, str]) -> Sample:
    language = row.language if row.language in bodies else FALLBACK
    place = db.session.get_one(Area, row.area_code)
    number = numbers_of(meant, officers_of({row.area_code}))(row.area_code, bool(row.is_abroad))
    cells = dict.fromkeys(placeholders(bodies[language]), "") | (json.loads(row.cells) if row.cells else {})
    words = merged(bodies[language], cells | {PERSON: row.name, VILLAGE: place.name, OFFICER: number})
    is_nameless = PERSON in placeholders(bodies[language]) and not row.name
    return Sample(mask(row.number), language, words, segments(words), is_nameless)
