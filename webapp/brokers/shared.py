"""Which alias links which of the reports that a page shows. Pure; what of it a reader may see is in the presenter."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from webapp.brokers.links import Groups, Traits, names_linking
from webapp.brokers.traces import NAME


@dataclass(frozen=True)
class Shared:
    """One thing that several reports say of the accused."""

    kind: str
    #: A phone, number or plate; of names the sounds of each.
    values: tuple[str, ...]
    #: At least two, the oldest first.
    report_ids: tuple[int, ...]

    @property
    def is_weak(self) -> bool:
        return self.kind == NAME


def shared(reports: Collection[Traits]) -> list[Shared]:
    """What links most first. Names that sound alike are one alias, however many spellings there are."""
    found = [*_strong(reports), *_names(reports)]
    return sorted(found, key=lambda one: (one.is_weak, -len(one.report_ids), one.kind, one.values))


def _strong(reports: Iterable[Traits]) -> Iterator[Shared]:
    ids: dict[tuple[str, str], list[int]] = defaultdict(list)
    for one in sorted(reports, key=_id):
        for trait in sorted(one.strong):
            ids[trait].append(one.report_id)
    for (kind, value), those in ids.items():
        if len(those) > 1:
            yield Shared(kind, (value,), tuple(those))


def _names(reports: Iterable[Traits]) -> Iterator[Shared]:
    """Names that link reports, in groups of those that are alike."""
    ids: dict[str, set[int]] = defaultdict(set)
    pairs: list[tuple[str, str]] = []
    for one, other in combinations(sorted(reports, key=_id), 2):
        for mine, theirs in names_linking(one, other):
            ids[mine.sounds].add(one.report_id)
            ids[theirs.sounds].add(other.report_id)
            pairs.append((mine.sounds, theirs.sounds))
    sounds = sorted(ids)
    groups = Groups(range(len(sounds)))
    for mine_sounds, their_sounds in pairs:
        groups.join(sounds.index(mine_sounds), sounds.index(their_sounds))
    for group in groups.all():
        alike = tuple(sounds[place] for place in group)
        yield Shared(NAME, alike, tuple(sorted({one for sound in alike for one in ids[sound]})))


def _id(one: Any) -> int:
    return int(one.report_id)
