"""Whom a notice is meant for, as a coordinator puts it together. Pure.

A list that is empty asks nothing, but for the areas: without any, nobody is meant. What is asked of a journey
(destination, sector, scheme, day of leaving, missing papers) is asked of one and the same open departure: nobody is
found because one journey goes to Taiwan and another one lacks a passport. `fits` is the rule for one person;
webapp/audiences/conditions.py says the same for many, in SQL, and tests compare the two.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any

from webapp.areas.codes import is_within
from webapp.people.stages import DECEASED, STAGES

#: Nobody who has died is texted.
OFFERED_STAGES = tuple(stage for stage in STAGES if stage != DECEASED)
SEXES = ("f", "m")
#: Whole years that a form may ask for. Whoever is under 18 is not texted, whatever is asked.
YOUNGEST, OLDEST = 18, 99


class WrongCriteria(ValueError):
    """What was stored or sent is no criteria: an unknown name, or a value of another kind."""


@dataclass(frozen=True, slots=True)
class Criteria:
    """Codes as the tables have them. `ages` are whole years, `leaves` days, both with their ends."""

    areas: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    sex: str = ""
    languages: tuple[str, ...] = ()
    age_from: int | None = None
    age_until: int | None = None
    destinations: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    schemes: tuple[str, ...] = ()
    leaves_from: date | None = None
    leaves_until: date | None = None
    #: Items of the checklist of which at least one is not done, among those that the scheme asks for.
    missing: tuple[str, ...] = ()

    @property
    def asks_age(self) -> bool:
        return self.age_from is not None or self.age_until is not None

    @property
    def asks_day(self) -> bool:
        return self.leaves_from is not None or self.leaves_until is not None

    @property
    def asks_journey(self) -> bool:
        """Is only somebody with an open departure meant?"""
        return bool(self.destinations or self.sectors or self.schemes or self.missing) or self.asks_day

    def stored(self) -> dict[str, Any]:
        """As JSON holds it, without what is not asked."""
        facts = {name: value for name, value in asdict(self).items() if value not in ((), "", None)}
        return {name: _plain(value) for name, value in facts.items()}


@dataclass(frozen=True, slots=True)
class Journey:
    """What is asked of a departure. `month` is the first day of the month if only that is known."""

    destination: str
    sector: str
    scheme: str
    leaves_on: date | None = None
    month: date | None = None
    done: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Meant:
    """What is asked of a person. `age` as Person.age_on has it; `journeys` are the open ones."""

    area: str
    stage: str
    sex: str
    language: str
    age: int | None = None
    journeys: tuple[Journey, ...] = ()


def read(facts: Mapping[str, Any]) -> Criteria:
    """The criteria of `stored`. Raises WrongCriteria, so that a wider audience is never taken for the meant one."""
    known = {field.name for field in fields(Criteria)}
    if unknown := sorted(set(facts) - known):
        raise WrongCriteria(f"unknown: {', '.join(unknown)}")
    try:
        return Criteria(**{name: _read(name, value) for name, value in facts.items()})
    except (TypeError, ValueError) as error:
        raise WrongCriteria(str(error)) from None


def problems(criteria: Criteria) -> dict[str, str]:
    """Field → what is wrong with it: none, unknown, out_of_range, ends_before_it_begins."""
    found: dict[str, str] = {}
    if not criteria.areas:
        found["areas"] = "none"
    if set(criteria.stages) - set(OFFERED_STAGES):
        found["stages"] = "unknown"
    if criteria.sex not in ("", *SEXES):
        found["sex"] = "unknown"
    for name in ("age_from", "age_until"):
        value = getattr(criteria, name)
        if value is not None and not YOUNGEST <= value <= OLDEST:
            found[name] = "out_of_range"
    if _is_turned(criteria.age_from, criteria.age_until):
        found.setdefault("age_until", "ends_before_it_begins")
    if _is_turned(criteria.leaves_from, criteria.leaves_until):
        found["leaves_until"] = "ends_before_it_begins"
    return found


def fits(criteria: Criteria, person: Meant, items: Mapping[str, frozenset[str]]) -> bool:
    """Is this person meant? `items`: item of the checklist → the schemes that ask for it.

    Without areas nobody is: an audience that was put together by half must not become everybody.
    """
    return (
        any(is_within(person.area, area) for area in criteria.areas)
        and person.stage in (criteria.stages or OFFERED_STAGES)
        and criteria.sex in ("", person.sex)
        and (not criteria.languages or person.language in criteria.languages)
        and (not criteria.asks_age or _age_fits(criteria, person.age))
        and (not criteria.asks_journey or any(_journey_fits(criteria, one, items) for one in person.journeys))
    )


def _age_fits(criteria: Criteria, age: int | None) -> bool:
    """Of whom no birth is known is not meant where an age is asked."""
    return age is not None and _is_between(age, criteria.age_from, criteria.age_until)


def _journey_fits(criteria: Criteria, journey: Journey, items: Mapping[str, frozenset[str]]) -> bool:
    return (
        (not criteria.destinations or journey.destination in criteria.destinations)
        and (not criteria.sectors or journey.sector in criteria.sectors)
        and (not criteria.schemes or journey.scheme in criteria.schemes)
        and (not criteria.asks_day or _day_fits(criteria, journey))
        and (not criteria.missing or _lacks_one(criteria.missing, journey, items))
    )


def _day_fits(criteria: Criteria, journey: Journey) -> bool:
    """If only the month is known, every month that touches the window fits."""
    if journey.leaves_on is not None:
        return _is_between(journey.leaves_on, criteria.leaves_from, criteria.leaves_until)
    begins = criteria.leaves_from.replace(day=1) if criteria.leaves_from else None
    return journey.month is not None and _is_between(journey.month, begins, criteria.leaves_until)


def _lacks_one(missing: Iterable[str], journey: Journey, items: Mapping[str, frozenset[str]]) -> bool:
    return any(journey.scheme in items.get(code, ()) and code not in journey.done for code in missing)


def _is_between(value: Any, first: Any, last: Any) -> bool:
    return (first is None or value >= first) and (last is None or value <= last)


def _is_turned(first: Any, last: Any) -> bool:
    return first is not None and last is not None and first > last


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _read(name: str, value: Any) -> Any:
    if name in ("leaves_from", "leaves_until"):
        return date.fromisoformat(value)
    if name in ("age_from", "age_until"):
        if type(value) is not int:
            raise ValueError(f"{name} is no number of years")
        return value
    if name == "sex":
        if not isinstance(value, str):
            raise ValueError("sex is no word")
        return value
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise ValueError(f"{name} is no list of codes")
    return tuple(value)
