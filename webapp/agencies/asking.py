"""CEK: what the list says to a name that somebody asks for. The answer to a migrant's text and on the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa

from webapp.agencies import matching, queries
from webapp.agencies.licence import LICENSED, standing
from webapp.agencies.model import Agency
from webapp.db import db

#: How sure the answer is: the very company and how it stands; some that may be meant; none; nothing to look for.
IS_LICENSED, NOT_LICENSED, SEVERAL, NEAR, NOT_LISTED = "licensed", "not_licensed", "several", "near", "unknown"
EMPTY, NO_LIST = "empty", "no_list"
#: An older list may have been overtaken by events.
FRESH_FOR = timedelta(days=180)


@dataclass(frozen=True)
class Answer:
    """What is told. `agencies`: the one that is meant, or those that may be, the nearest first."""

    kind: str
    asked: str
    agencies: Sequence[Agency] = ()
    #: Who published the list, and of which day it is; None if there is no list.
    source: str = ""
    as_of: date | None = None

    def is_old(self, today: date) -> bool:
        """Then it should not be relied on."""
        return self.as_of is not None and today - self.as_of > FRESH_FOR


def answer(asked: str, today: date) -> Answer:
    """What the list says of this name. Of several licences of one name the worst is told."""
    published = queries.published()
    if published is None:
        return Answer(NO_LIST, asked)
    source, as_of = published
    if matching.is_empty(asked):
        return Answer(EMPTY, asked, (), source, as_of)
    names = db.session.execute(sa.select(Agency.id, Agency.name)).tuples()
    found = matching.find(asked, (matching.Candidate(agency_id, name) for agency_id, name in names))
    chosen = _loaded([*found.certain, *found.near])
    if found.is_part:
        return Answer(SEVERAL, asked, chosen[: matching.TOLD], source, as_of)
    if found.certain:
        worst = min(chosen, key=lambda agency: _worth(agency, today))
        kind = IS_LICENSED if _is_licensed(worst, today) else NOT_LICENSED
        return Answer(kind, asked, [worst], source, as_of)
    return Answer(NEAR if found.near else NOT_LISTED, asked, chosen, source, as_of)


def answer_of(agency: Agency, asked: str, today: date) -> Answer:
    """What the list says of the one that was chosen."""
    kind = IS_LICENSED if _is_licensed(agency, today) else NOT_LICENSED
    return Answer(kind, asked, [agency], agency.source, agency.as_of)


def _loaded(ids: Sequence[int]) -> list[Agency]:
    """In this order."""
    if not ids:
        return []
    rows = {agency.id: agency for agency in db.session.scalars(sa.select(Agency).where(Agency.id.in_(ids)))}
    return [rows[agency_id] for agency_id in ids if agency_id in rows]


def _is_licensed(agency: Agency, today: date) -> bool:
    return standing(agency.status, agency.expires_on, today) == LICENSED


def _worth(agency: Agency, today: date) -> tuple[bool, date]:
    """The smallest is the worst: not licensed, then the one that runs out first."""
    return _is_licensed(agency, today), agency.expires_on or date.max
