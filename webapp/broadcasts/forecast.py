"""What a broadcast will come to, exactly: how many get it in how many segments, by which routes, for how much.

Recipients are grouped by all that their words depend on (language, name, village, abroad or not), and each group is
merged as the claim will merge it: so the count is that of the texts themselves, however many people there are.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from flask import current_app

from sms.text import MOST_SEGMENTS, segments, whole
from webapp.areas.model import Area
from webapp.audiences import reaching
from webapp.audiences.expanding import LONGEST_NAME, is_sqlite
from webapp.broadcasts.answering import are_officers_asked, numbers_of
from webapp.broadcasts.merging import FALLBACK, LONGEST, OFFICER, PERSON, VILLAGE, placeholders
from webapp.broadcasts.recipients import Meant, chosen
from webapp.db import db
from webapp.outbox import routing
from webapp.outbox.officers import officers_of
from webapp.outbox.sorting import TOO_LONG
from webapp.routes import queries as routes
from webapp.routes.choice import OF_THE_SETTINGS


@dataclass(frozen=True, slots=True)
class RouteShare:
    """What one route carries. `seconds`: how long it takes for that at its pace."""

    texts: int
    segments: int
    rupiah: int
    seconds: int


@dataclass(frozen=True)
class Forecast:
    """`languages`: language of the words → segments (as text) → how many people get so many. `until`: the greatest id
    that was counted."""

    languages: dict[str, dict[str, int]] = field(default_factory=dict)
    left_out: dict[str, int] = field(default_factory=dict)
    routes: dict[str, RouteShare] = field(default_factory=dict)
    until: int = 0
    #: Column of a list that the words name → how many who get it have nothing there.
    empty: dict[str, int] = field(default_factory=dict)
    #: Others read the phones of so many: what the list says of them is left out of the words.
    withheld: int = 0

    @property
    def recipients(self) -> int:
        return sum(sum(counts.values()) for counts in self.languages.values())

    @property
    def everybody(self) -> int:
        return self.recipients + sum(self.left_out.values())

    @property
    def segments(self) -> int:
        return sum(share.segments for share in self.routes.values())

    @property
    def rupiah(self) -> int:
        return sum(share.rupiah for share in self.routes.values())

    @property
    def seconds(self) -> int:
        """Routes work side by side: the slowest one ends last."""
        return max((share.seconds for share in self.routes.values()), default=0)

    def stored(self) -> dict[str, Any]:
        return asdict(self)


def read(facts: Mapping[str, Any]) -> Forecast:
    """The forecast of `stored`; an empty one if nothing was counted yet."""
    if not facts:
        return Forecast()
    return Forecast(**{**facts, "routes": {code: RouteShare(**share) for code, share in facts["routes"].items()}})


def count(meant: Meant, bodies: Mapping[str, str], now: datetime) -> Forecast:
    """`bodies`: language → words. Without Indonesian words nobody who speaks another language would get any."""
    return _forecast_of(_groups(meant, bodies, now), meant, bodies)


def _forecast_of(groups: list[sa.Row[Any]], meant: Meant, bodies: Mapping[str, str]) -> Forecast:
    """Of groups as `_groups` has them."""
    places = _Places([row for row in groups if not row.reason], meant, bodies)
    languages: dict[str, Counter[str]] = {}
    left_out: Counter[str] = Counter()
    texts: Counter[str] = Counter()
    parts: Counter[str] = Counter()
    empty: Counter[str] = Counter()
    withheld = 0
    for row in groups:
        if row.reason:
            left_out[row.reason] += row.number
            continue
        language = row.language if row.language in bodies else FALLBACK
        values = places.values(row)
        cost = length(bodies[language], values)
        if cost > MOST_SEGMENTS:
            # Its text is made, and ends at the claim.
            left_out[TOO_LONG] += row.number
            continue
        languages.setdefault(language, Counter())[str(cost)] += row.number
        texts[row.route] += row.number
        parts[row.route] += row.number * cost
        columns = values.keys() - LONGEST.keys()
        if columns and not row.cells:
            withheld += row.number
        else:
            empty.update({key: row.number for key in columns if not values[key]})
    return Forecast(
        {language: dict(sorted(counts.items())) for language, counts in languages.items()},
        dict(left_out.most_common()),
        _shares(texts, parts),
        max((row.until for row in groups), default=0),
        dict(sorted(empty.items())),
        withheld,
    )


def length(body: str, values: Mapping[str, str]) -> int:
    """Segments of these words for one recipient."""
    return _length(body, tuple(sorted(values.items())))


@lru_cache(maxsize=65_536)
def _length(body: str, values: tuple[tuple[str, str], ...]) -> int:
    return segments(whole(body, dict(values)))


def _groups(meant: Meant, bodies: Mapping[str, str], now: datetime) -> list[sa.Row[Any]]:
    """Rows: reason, language, route, name, area_code, is_abroad, cells, number (how many), until (the greatest id)."""
    used = frozenset().union(*(placeholders(body) for body in bodies.values()))
    people = chosen(meant)
    gets = people.c.reason == ""
    nobody, nowhere = sa.literal(""), sa.literal("")
    name = _shape_of(people.c.name) if PERSON in used else nobody
    place = people.c.area_code if {VILLAGE, OFFICER} & used else nowhere
    abroad = people.c.is_abroad if OFFICER in used else sa.false()
    cells = people.c.cells if used - LONGEST.keys() else nobody
    columns = (
        people.c.reason,
        sa.case((gets, people.c.language), else_="").label("language"),
        sa.case(
            (gets, routing.route_of_new(sa.literal(meant.purpose), people.c.number, people.c.area_code)), else_=""
        ).label("route"),
        sa.case((gets, name), else_="").label("name"),
        sa.case((gets, place), else_="").label("area_code"),
        sa.case((gets, abroad), else_=sa.false()).label("is_abroad"),
        sa.case((gets, cells), else_="").label("cells"),
    )
    inner = sa.select(*columns, people.c.id).subquery()
    keys = [column for column in inner.c if column.name != "id"]
    counted = (sa.func.count().label("number"), sa.func.max(inner.c.id).label("until"))
    return list(db.session.execute(sa.select(*keys, *counted).group_by(*keys), reaching.at(now)))


def _shape_of(name: sa.ColumnElement[str]) -> sa.ColumnElement[str]:
    """Plain letters are as long as any other ones: so many of them make one group, and not each name one. A name with
    another letter stands for itself, for that letter may cost more."""
    plain = name.op("NOT GLOB")("*[^A-Za-z]*") if is_sqlite() else name.op("~")("^[A-Za-z]*$")
    shape = sa.func.substr(sa.literal("x" * LONGEST_NAME), 1, sa.func.length(name))
    return sa.case((plain, shape), else_=name)


class _Places:
    """The values that villages give, loaded once for all groups."""

    def __init__(self, groups: list[sa.Row[Any]], meant: Meant, bodies: Mapping[str, str]) -> None:
        self._used = {language: placeholders(body) for language, body in bodies.items()}
        used = frozenset().union(*self._used.values())
        codes = {row.area_code for row in groups} - {""}
        self._names = names_of(codes) if VILLAGE in used else {}
        is_asked = OFFICER in used and are_officers_asked(meant)
        self._number = numbers_of(meant, officers_of(codes) if is_asked else {})

    def values(self, row: sa.Row[Any]) -> dict[str, str]:
        """Of the words that this group gets, and no others."""
        used = self._used[row.language if row.language in self._used else FALLBACK]
        found = {PERSON: row.name} if PERSON in used else {}
        if VILLAGE in used:
            found[VILLAGE] = self._names.get(row.area_code, "")
        if OFFICER in used:
            found[OFFICER] = self._number(row.area_code, bool(row.is_abroad))
        for key in used - LONGEST.keys():
            found[key] = self._cells(row.cells).get(key, "")
        return found

    @staticmethod
    @lru_cache(maxsize=1)
    def _cells(cells: str) -> dict[str, str]:
        """What a row of a list says; asked once for each of its columns."""
        return dict(json.loads(cells)) if cells else {}


def names_of(codes: set[str]) -> dict[str, str]:
    """Area → its name, in portions that every database takes as parameters."""
    found: dict[str, str] = {}
    listed = sorted(codes)
    for start in range(0, len(listed), 5_000):
        some = sa.select(Area.code, Area.name).where(Area.code.in_(listed[start : start + 5_000]))
        found |= dict(db.session.execute(some).tuples().all())
    return found


def _shares(texts: Mapping[str, int], parts: Mapping[str, int]) -> dict[str, RouteShare]:
    settings = current_app.config["SETTINGS"]
    prices = {OF_THE_SETTINGS: int(settings.sms_price_rupiah)} | routes.prices()
    paces = {OF_THE_SETTINGS: settings.sms_per_second * 60} | routes.paces()
    return {
        code: RouteShare(number, parts[code], parts[code] * prices[code], round(parts[code] * 60 / paces[code]))
        for code, number in texts.items()
    }
