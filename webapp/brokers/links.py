"""Which reports belong together. Pure.

The rule in words:

- The same phone, account or other number, or plate links two reports, wherever they come from.
- Names that sound alike never link by themselves. A name with a word that tells (which not very many are called by)
  links reports of the same regency, or that claim the same agency, or that have two words of a place in common.
- Two usual names ('Sri Wahyuni') link only within a district, or if two of regency, agency and place agree.
- One usual name alone (Sri, Slamet, Budi) links nothing, whatever else agrees.

It asks nothing but the two reports: so their order does not matter, no third report changes it, and a graph that
grows by one report at a time is the one that is made of all at once. What is linked is told to humans, never judged.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations

from webapp.areas.codes import NATION
from webapp.brokers.likeness import TELLING, USUAL, Name, in_common

#: Words of a place that two reports must have in common.
SAME_PLACE = 2


@dataclass(frozen=True)
class Traits:
    """What of a report links it: (kind, value) of its numbers and plates, its names, and what helps names."""

    report_id: int
    area_code: str
    strong: frozenset[tuple[str, str]] = frozenset()
    names: frozenset[Name] = frozenset()
    agencies: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()

    @property
    def corners(self) -> Iterator[tuple[str, str, str]]:
        """Two reports whose names link them have one of these in common."""
        beside = [("regency", regency_of(self.area_code)), *(("agency", a) for a in self.agencies)]
        beside += [("place", p) for p in self.places]
        for block in {block for name in self.names for block in name.blocks}:
            for kind, value in beside:
                if value:
                    yield block, kind, value


def regency_of(area_code: str) -> str:
    """The regency of a village or district; '' for a province or the nation, which are no place to meet."""
    return _cut(area_code, 2)


def district_of(area_code: str) -> str:
    return _cut(area_code, 3)


def _cut(area_code: str, parts: int) -> str:
    codes = area_code.split(".")
    return ".".join(codes[:parts]) if area_code != NATION and len(codes) >= parts else ""


def linked(one: Traits, other: Traits) -> bool:
    return bool(one.strong & other.strong) or next(names_linking(one, other), None) is not None


def names_linking(one: Traits, other: Traits) -> Iterator[tuple[Name, Name]]:
    """The names of both by which they are linked."""
    if not one.names or not other.names:
        return
    needed = _needed(one, other)
    for mine in sorted(one.names, key=lambda name: name.words):
        for theirs in sorted(other.names, key=lambda name: name.words):
            if mine.blocks & theirs.blocks and in_common(mine, theirs) >= needed:
                yield mine, theirs


def _needed(one: Traits, other: Traits) -> int:
    """How much the names must have in common: TELLING, less where more agrees, impossibly much where nothing does."""
    regency = bool(regency_of(one.area_code)) and regency_of(one.area_code) == regency_of(other.area_code)
    district = (
        regency and bool(district_of(one.area_code)) and district_of(one.area_code) == district_of(other.area_code)
    )
    agency = bool(one.agencies & other.agencies)
    place = len(one.places & other.places) >= SAME_PLACE
    agreeing = regency + agency + place
    if district or agreeing > 1:
        return USUAL
    return TELLING if agreeing else TELLING + 1


def components(reports: Iterable[Traits]) -> list[list[int]]:
    """Ids of reports that are linked, directly or through others; also those alone. All in order of ids."""
    known = {one.report_id: one for one in reports}
    groups = Groups(known)
    for together in _by_value(known).values():
        for other in together[1:]:
            groups.join(together[0], other)
    for corner in _by_corner(known).values():
        for one, other in combinations(corner, 2):
            if groups.of(one) != groups.of(other) and linked(known[one], known[other]):
                groups.join(one, other)
    return groups.all()


def _by_value(known: dict[int, Traits]) -> dict[tuple[str, str], list[int]]:
    found = defaultdict(list)
    for one in known.values():
        for value in one.strong:
            found[value].append(one.report_id)
    return found


def _by_corner(known: dict[int, Traits]) -> dict[tuple[str, str, str], list[int]]:
    found = defaultdict(list)
    for one in known.values():
        for corner in one.corners:
            found[corner].append(one.report_id)
    return found


class Groups:
    """Disjoint sets of ids."""

    def __init__(self, ids: Iterable[int]) -> None:
        self._above = {one: one for one in ids}

    def of(self, one: int) -> int:
        """The id that stands for the group: its smallest."""
        while self._above[one] != one:
            self._above[one] = self._above[self._above[one]]
            one = self._above[one]
        return one

    def join(self, one: int, other: int) -> None:
        first, second = sorted((self.of(one), self.of(other)))
        self._above[second] = first

    def all(self) -> list[list[int]]:
        found: dict[int, list[int]] = defaultdict(list)
        for one in sorted(self._above):
            found[self.of(one)].append(one)
        return [found[first] for first in sorted(found)]
