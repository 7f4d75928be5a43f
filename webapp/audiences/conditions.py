"""criteria.fits for many, as conditions of a statement. People are never loaded: an audience may be a nation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa

from webapp.areas.codes import widest, within
from webapp.audiences.criteria import OFFERED_STAGES, Criteria
from webapp.audiences.reaching import person
from webapp.departures.model import ChecklistItem, Departure, Paper
from webapp.outbox.checks import years_before

Condition = sa.ColumnElement[bool]


def conditions(criteria: Criteria, today: date, items: Mapping[str, frozenset[str]]) -> list[Condition]:
    """Who of `reaching.person` is meant, whether or not they can be reached.

    `today` is the day of which ages are told; `items` as `schemes_of_items` has them.
    """
    # Not the plain column: the index of stages would be read from end to end for each portion.
    found = [in_areas(criteria.areas), sa.func.coalesce(person.c.stage, "").in_(criteria.stages or OFFERED_STAGES)]
    if criteria.sex:
        found.append(person.c.sex == criteria.sex)
    if criteria.languages:
        found.append(person.c.language.in_(criteria.languages))
    if criteria.asks_age:
        found.append(_age_fits(criteria, today))
    if criteria.asks_journey:
        journey = sa.select(Departure.id).where(*_journey_fits(criteria, items))
        found.append(journey.correlate(person).exists())
    return found


def in_areas(codes: Iterable[str]) -> Condition:
    """Lives in one of these areas; nobody does in none."""
    return sa.or_(sa.false(), *(within(person.c.area_code, code) for code in widest(codes)))


def schemes_of_items(session: Any) -> dict[str, frozenset[str]]:
    """Item of the checklist in use → the schemes that ask for it."""
    query = sa.select(ChecklistItem.code, ChecklistItem.schemes).where(ChecklistItem.active)
    return {code: frozenset(schemes.split(",")) for code, schemes in session.execute(query).tuples()}


def _age_fits(criteria: Criteria, today: date) -> Condition:
    """Person.age_on, turned round: born on or before this day, and after that one. A year alone counts as its last
    day. Of whom neither is known has no age."""
    by_day: list[Condition] = [person.c.birth_date.is_not(None)]
    by_year: list[Condition] = [person.c.birth_date.is_(None)]
    if criteria.age_from is not None:
        by_day.append(person.c.birth_date <= years_before(today, criteria.age_from))
        by_year.append(person.c.birth_year <= today.year - criteria.age_from - 1)
    if criteria.age_until is not None:
        by_day.append(person.c.birth_date > years_before(today, criteria.age_until + 1))
        by_year.append(person.c.birth_year >= today.year - criteria.age_until - 1)
    return sa.or_(sa.and_(*by_day), sa.and_(*by_year))


def _journey_fits(criteria: Criteria, items: Mapping[str, frozenset[str]]) -> list[Condition]:
    found = [Departure.person_id == person.c.id, Departure.state == "open"]
    if criteria.destinations:
        found.append(Departure.destination_code.in_(criteria.destinations))
    if criteria.sectors:
        found.append(Departure.sector.in_(criteria.sectors))
    if criteria.schemes:
        found.append(Departure.scheme.in_(criteria.schemes))
    if criteria.asks_day:
        found.append(_day_fits(criteria))
    if criteria.missing:
        found.append(sa.or_(sa.false(), *(_lacks(code, items.get(code, frozenset())) for code in criteria.missing)))
    return found


def _day_fits(criteria: Criteria) -> Condition:
    known: sa.ColumnElement[date | None] = sa.func.coalesce(Departure.departed_on, Departure.planned_on)
    by_day: list[Condition] = [known.is_not(None)]
    by_month: list[Condition] = [known.is_(None), Departure.planned_month.is_not(None)]
    if criteria.leaves_from is not None:
        by_day.append(known >= criteria.leaves_from)
        by_month.append(Departure.planned_month >= criteria.leaves_from.replace(day=1))
    if criteria.leaves_until is not None:
        by_day.append(known <= criteria.leaves_until)
        by_month.append(Departure.planned_month <= criteria.leaves_until)
    return sa.or_(sa.and_(*by_day), sa.and_(*by_month))


def _lacks(item: str, schemes: frozenset[str]) -> Condition:
    done = sa.select(Paper.id).where(Paper.departure_id == Departure.id, Paper.item_code == item)
    return sa.and_(Departure.scheme.in_(sorted(schemes)), ~done.correlate(Departure).exists())
