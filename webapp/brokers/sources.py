"""How many people, who know nothing of each other, say the same. Pure.

A warning needs at least three reports of two unrelated sources (DOMAIN, warnings): one angry neighbour, or one family
that is asked by two officers, is one source.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from webapp.brokers.links import Groups

LEAST_REPORTS, LEAST_SOURCES = 3, 2


@dataclass(frozen=True)
class Source:
    """Who stands behind one report."""

    #: Who wrote it down; None if it came by SMS.
    account_id: int | None
    #: Of the reporter and of the family it is about: 'person:7', 'number:+62…', 'return:3'; 'account:2' if whoever
    #: wrote it down reports it herself. Two reports with one of these in common come from one source.
    marks: frozenset[str] = frozenset()


def are_related(one: Source, other: Source) -> bool:
    """Could both come from the same people? In doubt they do.

    An officer who writes down what two families say wrote for two sources; what she wrote without saying who
    told it cannot be told from anything else of hers.
    """
    if one.marks & other.marks:
        return True
    return one.account_id == other.account_id and not (one.marks and other.marks)


def independent(sources: Iterable[Source]) -> int:
    """The number of sources that are not related, directly or through others."""
    behind = list(sources)
    groups = Groups(range(len(behind)))
    for together in _by_mark(behind):
        for other in together[1:]:
            groups.join(together[0], other)
    return len(groups.all())


def _by_mark(behind: list[Source]) -> Iterator[list[int]]:
    """Positions of those with a mark in common, and of all of one account if it does not say of each for whom."""
    marked, written = defaultdict(list), defaultdict(list)
    for place, source in enumerate(behind):
        written[source.account_id].append(place)
        for mark in source.marks:
            marked[mark].append(place)
    yield from marked.values()
    yield from (places for places in written.values() if not all(behind[place].marks for place in places))


def are_enough(reports: int, sources: int) -> bool:
    """May an area be warned of what these reports say?"""
    return reports >= LEAST_REPORTS and sources >= LEAST_SOURCES
