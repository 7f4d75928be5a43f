"""The SQL for many means the same people as the rule for one."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask import Flask

from tests.people import HOME, NEIGHBOUR, OTHER_REGENCY, OTHER_VILLAGE, SINCE, Cast
from webapp.audiences.conditions import conditions, schemes_of_items
from webapp.audiences.criteria import OFFERED_STAGES, Criteria, Journey, Meant, fits
from webapp.audiences.reaching import person as people
from webapp.db import db
from webapp.departures.model import Departure, Paper
from webapp.people.model import Person
from webapp.people.stages import STAGES

TODAY = date(2026, 11, 24)
#: Around the eighteenth and fortieth birthdays too, and of a leap year.
BIRTHS = (date(2008, 11, 24), date(2008, 11, 25), date(1986, 11, 24), date(1985, 11, 24), date(2000, 2, 29), None)
DAYS = (None, date(2026, 12, 9), date(2026, 12, 10), date(2027, 1, 31), date(2027, 2, 1))
MONTHS = (None, date(2026, 12, 1), date(2027, 2, 1))
PAPERS = ("passport", "visa", "slc")


def gather(cast: Cast, number: int, chance: random.Random) -> None:
    siti = cast.facilitator.id
    for n in range(number):
        name = f"orang {n}"
        person = Person(
            name=name, name_key=name, search_text=name, sex=chance.choice("fm"), stage=chance.choice(STAGES),
            area_code=chance.choice((HOME, NEIGHBOUR, OTHER_VILLAGE)), language=chance.choice(("id", "jv")),
            birth_year=chance.choice((None, 1985, 1986, 2007, 2008)), birth_date=chance.choice(BIRTHS),
            created_by_id=siti, created_at=SINCE, updated_at=SINCE,
        )  # fmt: skip
        db.session.add(person)
        db.session.flush()
        for _ in range(chance.choice((0, 1, 1, 2))):
            _journey(person, siti, chance)
    db.session.commit()


def _journey(person: Person, account_id: int, chance: random.Random) -> None:
    journey = Departure(
        person_id=person.id, area_code=person.area_code, destination_code=chance.choice(("TW", "KR")),
        sector=chance.choice(("", "care")), scheme=chance.choice(("p3mi", "g2g")), planned_on=chance.choice(DAYS),
        departed_on=chance.choice((None, None, *DAYS)), planned_month=chance.choice(MONTHS),
        state=chance.choice(("open", "open", "cancelled")), created_by_id=account_id, created_at=SINCE,
        updated_at=SINCE,
    )  # fmt: skip
    for code in chance.sample(PAPERS, chance.randint(0, 3)):
        journey.papers.append(Paper(item_code=code, done_on=TODAY, account_id=account_id, at=SINCE))
    db.session.add(journey)
    db.session.flush()


def any_criteria(chance: random.Random) -> Criteria:
    """Each question is asked about every second time, so that most audiences hold somebody."""

    def sometimes(value: Any, nothing: Any) -> Any:
        return value if chance.random() < 0.35 else nothing

    return Criteria(
        areas=chance.choice((("33",), (HOME,), ("33.01.06", OTHER_REGENCY), ("ID",), ())),
        stages=sometimes(tuple(chance.sample(OFFERED_STAGES, 4)), ()),
        sex=sometimes(chance.choice("fm"), ""),
        languages=sometimes(("jv",), ()),
        age_from=sometimes(18, None),
        age_until=sometimes(40, None),
        destinations=sometimes(("TW",), ()),
        sectors=sometimes(("care",), ()),
        schemes=sometimes(("g2g",), ()),
        leaves_from=sometimes(date(2026, 12, 10), None),
        leaves_until=sometimes(date(2027, 1, 31), None),
        missing=sometimes(tuple(chance.sample((*PAPERS, "no_such_item"), 2)), ()),
    )


def as_meant(person: Person, journeys: list[Departure]) -> Meant:
    return Meant(
        area=person.area_code, stage=person.stage, sex=person.sex, language=person.language,
        age=person.age_on(TODAY),
        journeys=tuple(
            Journey(
                one.destination_code, one.sector, one.scheme, one.leaves_on, one.planned_month,
                frozenset(paper.item_code for paper in one.papers),
            )
            for one in journeys
        ),
    )  # fmt: skip


def test_both_mean_the_same_people(app: Flask, cast: Cast) -> None:
    chance = random.Random(7)
    gather(cast, 150, chance)
    items = schemes_of_items(db.session)
    assert items["slc"] == {"g2g"}
    assert items["passport"] >= {"p3mi", "g2g"}
    known = {}
    for person in db.session.scalars(sa.select(Person)).all():
        journeys = db.session.scalars(
            sa.select(Departure).where(Departure.person_id == person.id, Departure.state == "open")
        )
        known[person.id] = as_meant(person, list(journeys))
    sizes = set()
    for _ in range(300):
        criteria = any_criteria(chance)
        query = sa.select(people.c.id).where(*conditions(criteria, TODAY, items))
        found = set(db.session.scalars(query))
        assert found == {id_ for id_, one in known.items() if fits(criteria, one, items)}, criteria
        sizes.add(len(found))
    assert len(sizes) > 20, "the audiences of this test say too little"
