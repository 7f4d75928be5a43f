"""When two records are likely to be one person. Pure; the records to compare are fetched by candidates.py.

Same phone or NIK is enough to ask. A like name counts only with a near birth: in one regency hundreds are
called Siti Aminah. All thresholds only decide what a human is asked, never what is stored.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from webapp.people.names import likeness

#: How alike names must be if the births fit, and if one of them is not known.
LIKE, VERY_LIKE = 0.84, 0.94
NEAR = timedelta(days=31)
#: A stated age may be wrong by this much.
YEARS_OF_AN_ESTIMATE = 2


@dataclass(frozen=True)
class Identity:
    """What identifies a person, as far as it is known."""

    name: str
    birth_date: date | None = None
    birth_year: int | None = None


def same_name_and_birth(one: Identity, other: Identity) -> bool:
    """Are these likely the same, by name and birth alone?"""
    near = births_are_near(one, other)
    if near is False:
        return False
    return likeness(one.name, other.name) >= (VERY_LIKE if near is None else LIKE)


def births_are_near(one: Identity, other: Identity) -> bool | None:
    """Could both mean one birth? None if one of them is not known.

    Slips that happen: day and month exchanged, the year beside, a day misread within the month.
    """
    if one.birth_date and other.birth_date:
        return _dates_are_near(one.birth_date, other.birth_date)
    if one.birth_year is None or other.birth_year is None:
        return None
    return abs(one.birth_year - other.birth_year) <= YEARS_OF_AN_ESTIMATE


def years_to_look_at(identity: Identity) -> list[int]:
    """Years of birth in which a record of the same person can be."""
    if identity.birth_year is None:
        return []
    spread = YEARS_OF_AN_ESTIMATE
    return list(range(identity.birth_year - spread, identity.birth_year + spread + 1))


def _dates_are_near(one: date, other: date) -> bool:
    if abs(one - other) <= NEAR:
        return True
    exchanged = (one.day, one.month) == (other.month, other.day)
    same_day = (one.day, one.month) == (other.day, other.month)
    return abs(one.year - other.year) <= 1 and (exchanged or same_day)
