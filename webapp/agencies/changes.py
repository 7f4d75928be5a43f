"""What a new list changes in the present one, and what of that deserves a second look. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from datetime import date

from webapp.agencies.model import licence_key
from webapp.agencies.reading import Listed

#: What a newer list may say anew of a licence.
TOLD = tuple(one.name for one in fields(Listed) if one.name != "licence")
#: A list that loses more than one of five is more often half a file than a bad year.
LOSES_MANY_FROM = 0.2
OLDER, LOSES_MANY = "older", "loses_many"


@dataclass(frozen=True)
class Change:
    """One agency of which other things are told now: column → what was told and what is."""

    listed: Listed
    told: dict[str, tuple[object, object]]


@dataclass
class Changes:
    """All differences, by kind, in the order of the lists."""

    came: list[Listed] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    went: list[Listed] = field(default_factory=list)
    unchanged: int = 0


def between(present: Iterable[Listed], listed: Sequence[Listed]) -> Changes:
    """The licence tells agencies apart, in whichever letters."""
    known = {licence_key(one.licence): one for one in present}
    found = Changes()
    for one in listed:
        before = known.pop(licence_key(one.licence), None)
        if before is None:
            found.came.append(one)
        elif told := _told_otherwise(before, one):
            found.changed.append(Change(one, told))
        else:
            found.unchanged += 1
    found.went = list(known.values())
    return found


def doubts(went: int, present: int, as_of: date, present_as_of: date | None) -> list[str]:
    """OLDER, LOSES_MANY: what must be ticked before this list may take the place of the present one."""
    found = [OLDER] if present_as_of is not None and as_of < present_as_of else []
    return [*found, LOSES_MANY] if went > present * LOSES_MANY_FROM else found


def _told_otherwise(before: Listed, now: Listed) -> dict[str, tuple[object, object]]:
    pairs = {name: (getattr(before, name), getattr(now, name)) for name in TOLD}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
