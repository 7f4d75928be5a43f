"""How many of an audience get a text, in which language and by which route, and why others do not: by sets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa

from webapp.audiences import reaching
from webapp.db import db
from webapp.outbox import routing

#: No page counts further.
MOST_COUNTED = 200_000


@dataclass(frozen=True)
class Count:
    """An audience. `languages` and `routes`: of those who get it; `left_out`: reason → how many do not."""

    languages: dict[str, int]
    left_out: dict[str, int]
    routes: dict[str, int] = field(default_factory=dict)

    @property
    def recipients(self) -> int:
        return sum(self.languages.values())

    @property
    def everybody(self) -> int:
        return self.recipients + sum(self.left_out.values())

    @property
    def is_capped(self) -> bool:
        """Are there more than were counted?"""
        return self.everybody > MOST_COUNTED


def count(conditions: Sequence[sa.ColumnElement[bool]], purpose: str, now: datetime, *, after: str = "") -> Count:
    """What sending a text of this purpose to the people of these conditions would come to now.

    `after`: as reaching.chosen has it.
    """
    chosen = reaching.chosen(*conditions, after=after).limit(MOST_COUNTED + 1)
    people = reaching.each_phone_once(chosen)
    route = routing.route_of_new(sa.literal(purpose), people.c.number, people.c.area_code).label("route")
    columns = (people.c.reason, people.c.language, route)
    languages: Counter[str] = Counter()
    left_out: Counter[str] = Counter()
    routes: Counter[str] = Counter()
    query = sa.select(*columns, sa.func.count()).group_by(*columns)
    for reason, language, code, number in db.session.execute(query, reaching.at(now)):
        if reason:
            left_out[reason] += number
        else:
            languages[language] += number
            routes[code] += number
    return Count(dict(languages), dict(left_out.most_common()), dict(routes))
