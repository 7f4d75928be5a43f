"""Which route carries a text: of those that take its purpose, its number and its area, the one of smallest rank. Pure.

The rule stands here twice, as Python and as SQL; a test compares them over generated routes and texts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from typing import Any

import sqlalchemy as sa

from webapp.areas.codes import is_within, within

#: The route of the settings, which carries what no other one does.
OF_THE_SETTINGS = ""
#: Kinds of texts, as outbox/checks.py has them.
PURPOSES = ("reply", "alarm", "welcome", "account", "reminder", "notice")
#: Somebody waits for these: they are not the first texts by a route of which nobody knows whether it works again.
URGENT = ("reply", "alarm")


@dataclass(frozen=True, slots=True)
class Choice:
    """What one route takes. Empty lists: everything. Prefixes begin with '+'; an area is one with all below it."""

    code: str
    purposes: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    rank: int = 0

    def takes(self, purpose: str, number: str, area_code: str) -> bool:
        return (
            (not self.purposes or purpose in self.purposes)
            and (not self.prefixes or number.startswith(self.prefixes))
            and (not self.areas or any(is_within(area_code, area) for area in self.areas))
        )

    def takes_in_sql(self, purpose: Any, number: Any, area_code: Any) -> sa.ColumnElement[bool]:
        conditions: list[sa.ColumnElement[bool]] = []
        if self.purposes:
            conditions.append(purpose.in_(self.purposes))
        if self.prefixes:
            beginnings = (sa.func.substr(number, 1, len(prefix)) == prefix for prefix in self.prefixes)
            conditions.append(sa.or_(*beginnings))
        if self.areas:
            conditions.append(sa.or_(*(within(area_code, area) for area in self.areas)))
        return sa.and_(sa.true(), *conditions)

    def on_trial(self) -> Choice:
        """What it takes while it has to prove itself: nothing urgent, unless it is there for that alone."""
        purposes = tuple(purpose for purpose in self.purposes or PURPOSES if purpose not in URGENT)
        return Choice(self.code, purposes or self.purposes, self.prefixes, self.areas, self.rank)


def chosen(routes: Iterable[Choice], purpose: str, number: str, area_code: str) -> str:
    """The code of the route for such a text."""
    fitting = (route for route in _in_order(routes) if route.takes(purpose, number, area_code))
    return next((route.code for route in fitting), OF_THE_SETTINGS)


def chosen_in_sql(routes: Iterable[Choice], purpose: Any, number: Any, area_code: Any) -> sa.ColumnElement[str]:
    """`chosen` as one CASE over these columns, for statements that move many texts."""
    cases = [
        (route.takes_in_sql(purpose, number, area_code), sa.literal(route.code, sa.String(16)))
        for route in _in_order(routes)
    ]
    nothing_fits = sa.literal(OF_THE_SETTINGS, sa.String(16))
    return sa.case(*cases, else_=nothing_fits) if cases else nothing_fits


def signature(routes: Iterable[Choice]) -> str:
    """The same for the same division of texts; 64 hex digits, '' for none."""
    facts = [astuple(route) for route in _in_order(routes)]
    return hashlib.sha256(repr(facts).encode()).hexdigest() if facts else ""


def parts(listed: str) -> tuple[str, ...]:
    """'+62811, +62812' as its parts."""
    return tuple(part for part in (part.strip() for part in listed.split(",")) if part)


def _in_order(routes: Iterable[Choice]) -> Sequence[Choice]:
    return sorted(routes, key=lambda route: (route.rank, route.code))
