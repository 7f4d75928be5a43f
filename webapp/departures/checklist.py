"""What is missing before a departure, and what is late. Computed each time, never stored. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

#: Passports with less validity than this at departure are warned about (UU 18/2017 practice: 18 months).
PASSPORT_MONTHS = 18


@dataclass(frozen=True, slots=True)
class Item:
    """A step or paper of the checklist. `due_days` is relative to departure, e.g. -60."""

    code: str
    name_id: str
    name_en: str
    short_name: str
    due_days: int
    schemes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Line:
    """One item for one departure: done on a day, or missing, and whether the day for it has passed."""

    item: Item
    due_on: date | None
    done_on: date | None
    late: bool

    @property
    def missing(self) -> bool:
        return self.done_on is None


def lines(
    items: Iterable[Item], scheme: str, leaves_on: date | None, done: Mapping[str, date], today: date
) -> list[Line]:
    """The checklist of a departure under `scheme`, in the order given.

    Without a known day nothing is late: it is only missing.
    """
    result = []
    for item in items:
        if scheme not in item.schemes:
            continue
        due_on = leaves_on + timedelta(days=item.due_days) if leaves_on else None
        done_on = done.get(item.code)
        late = done_on is None and due_on is not None and today > due_on
        result.append(Line(item, due_on, done_on, late))
    return result


def missing_codes(checklist: Iterable[Line]) -> frozenset[str]:
    return frozenset(line.item.code for line in checklist if line.missing)


def missing_in_words(checklist: Iterable[Line], today: date) -> str:
    """Missing papers as a text names them, the most urgent first: 'paspor, visa kerja'.

    Steps without a short name are work of the office, not of the migrant, and are left out.
    """
    missing = [line for line in checklist if line.missing and line.item.short_name]
    missing.sort(key=lambda line: (line.due_on or today, line.item.due_days))
    return ", ".join(line.item.short_name for line in missing)


def short_passport(expires_on: date | None, leaves_on: date | None) -> bool:
    """Has the passport less than 18 months left at departure?"""
    if expires_on is None or leaves_on is None:
        return False
    months = (expires_on.year - leaves_on.year) * 12 + expires_on.month - leaves_on.month
    return months < PASSPORT_MONTHS or (months == PASSPORT_MONTHS and expires_on.day < leaves_on.day)
