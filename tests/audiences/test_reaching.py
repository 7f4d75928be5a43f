"""Which phone, or why none: the SQL for many says what people/reach.py says for one."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.people import HOME, Cast
from tests.warnings.crowd import MORNING, gather
from webapp.audiences import reaching
from webapp.db import db
from webapp.people import consent, reach
from webapp.people.model import SMS, NumberState, Person


@pytest.mark.parametrize("seed", [1, 2])
def test_both_say_the_same_of_each_person(app: Flask, cast: Cast, seed: int) -> None:
    gather(cast, 250, seed)
    states = {state.number: state for state in db.session.scalars(sa.select(NumberState))}
    agreeing = set(db.session.scalars(sa.select(Person.id).where(consent.holds(Person.id, SMS))))
    found = db.session.execute(reaching.chosen(), reaching.at(MORNING)).all()
    reasons = set()
    for row in found:
        person = db.session.get_one(Person, row.id)
        expected = reach.choose(
            phones=person.phones,
            number_states=states,
            consent=person.id in agreeing,
            age=person.age_on(MORNING.date()),
            sensitivity=reach.PUBLIC,
            now=MORNING,
        )
        phone_id = row.phone_id if row.reason == "" else None
        assert (phone_id, row.reason) == (expected.phone.id if expected.phone else None, expected.reason), person.name
        reasons.add(row.reason)
    assert len(found) == 252
    assert reasons >= {"", "no_consent", "stopped", "minor", "no_phone", "wrong_person", "employer_phone"}


def test_it_asks_only_those_that_fit(app: Flask, cast: Cast) -> None:
    gather(cast, 30, 3)
    rows = db.session.execute(reaching.chosen(Person.area_code == HOME), reaching.at(MORNING)).all()
    assert {row.area_code for row in rows} == {HOME}
