"""A list names a number; whoever holds it may have said something else. They are all asked, and nothing of them is told
to an office that is not theirs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.broadcasts.making import work
from tests.broadcasts.test_lists import STRANGER, bring, texts_of, to_list
from tests.people import OTHER_VILLAGE, SINCE, Cast
from tests.warnings.conftest import Browser
from tests.warnings.crowd import MORNING, willing
from webapp.broadcasts import exporting, forecast, progress
from webapp.broadcasts.model import Broadcast
from webapp.db import db
from webapp.outbox.model import Message
from webapp.outbox.reasons import sentence
from webapp.people.model import Consent, NumberState, Person, Phone


def phone_of(person_id: int) -> Phone:
    return db.session.scalars(sa.select(Phone).where(Phone.person_id == person_id)).one()


def withdraw(person_id: int) -> None:
    line = {"purpose": "sms", "wording": "2026-1", "language": "id", "how": "spoken", "at": MORNING}
    db.session.add(Consent(person_id=person_id, given=False, account_id=None, **line))


def set_person(**values: object) -> Callable[[int], None]:
    return lambda person_id: _set(Person, Person.id == person_id, values)


def set_phone(**values: object) -> Callable[[int], None]:
    return lambda person_id: _set(Phone, Phone.person_id == person_id, values)


def _set(model: type[Person | Phone], which: sa.ColumnElement[bool], values: dict[str, object]) -> None:
    db.session.execute(sa.update(model).where(which).values(values))


def say(column: str) -> Callable[[int], None]:
    return lambda person_id: db.session.add(NumberState(number=phone_of(person_id).number, **{column: SINCE}))


#: What a holder may have said or be.
AGAINST = {
    "employer_phone": set_phone(reader="employer"),
    "do_not_text": set_phone(do_not_text=True),
    "no_consent": withdraw,
    "minor": set_person(birth_year=2012),
    "other_stage": set_person(stage="deceased"),
}


def ends(broadcast: Broadcast) -> list[tuple[str, str]]:
    return [(text.state, text.reason) for text in texts_of(broadcast).values()]


@pytest.mark.parametrize("why", AGAINST)
def test_one_of_the_own_area_who_stands_against_it_is_left_out_and_it_is_told_why(
    app: Flask, cast: Cast, why: str
) -> None:
    (person_id,) = willing(cast, 1)
    AGAINST[why](person_id)
    db.session.commit()
    broadcast = work(to_list(cast, bring(cast, f"{phone_of(person_id).number};Wati;A;B")))
    assert (forecast.read(broadcast.forecast).left_out, ends(broadcast)) == ({why: 1}, [])


@pytest.mark.parametrize("why", AGAINST)
def test_what_they_say_after_the_texts_were_made_holds_it_back(app: Flask, cast: Cast, why: str) -> None:
    (person_id,) = willing(cast, 1)
    broadcast = work(to_list(cast, bring(cast, f"{phone_of(person_id).number};Wati;A;B")))
    AGAINST[why](person_id)
    db.session.commit()
    assert ends(broadcast) == [("suppressed", why)]


@pytest.mark.parametrize("why", AGAINST)
def test_of_two_with_one_number_one_is_enough(app: Flask, cast: Cast, why: str) -> None:
    older, newer = willing(cast, 2)
    phone_of(older).number = phone_of(newer).number
    db.session.commit()
    number = phone_of(newer).number
    before = work(to_list(cast, bring(cast, f"{number};Wati;A;B")))
    AGAINST[why](older)
    db.session.commit()
    after = work(to_list(cast, bring(cast, f"{number};Wati;A;B")))
    assert ends(before)[0][0] == "suppressed"
    assert sum(forecast.read(after.forecast).left_out.values()) == 1
    assert ends(after) == []


def test_a_phone_that_was_given_up_says_nothing(app: Flask, cast: Cast) -> None:
    older, newer = willing(cast, 2)
    phone_of(older).number = phone_of(newer).number
    phone_of(older).removed_at = SINCE
    withdraw(older)
    db.session.commit()
    broadcast = work(to_list(cast, bring(cast, f"{phone_of(newer).number};Wati;A;B")))
    assert ends(broadcast) == [("sending", "")]


@pytest.mark.parametrize("why", [*AGAINST, "stopped_at", "wrong_person_at", "invalid_at"])
def test_nobody_learns_who_is_registered_elsewhere_or_what_they_said(
    app: Flask, cast: Cast, browser: Browser, why: str
) -> None:
    (elsewhere,) = willing(cast, 1, OTHER_VILLAGE)
    broadcast = work(to_list(cast, bring(cast, f"{phone_of(elsewhere).number};Warga;A;B", f"{STRANGER};Rini;A;B")))
    assert forecast.read(broadcast.forecast).left_out == {}
    (AGAINST.get(why) or say(why))(elsewhere)
    db.session.commit()
    assert sorted(ends(broadcast)) == [("sending", ""), ("suppressed", "cannot_be_texted")]
    broadcast = work(broadcast, MORNING + timedelta(seconds=11))
    assert progress.count(broadcast).reasons == {"cannot_be_texted": 1}
    assert "This number cannot be texted." in browser("ratna").get(f"/broadcasts/{broadcast.id}").text
    assert {row[-1] for row in list(exporting.rows(broadcast))[1:]} == {"", str(sentence("cannot_be_texted"))}


def test_whoever_moved_away_since_is_one_of_elsewhere(app: Flask, cast: Cast) -> None:
    (person_id,) = willing(cast, 1)
    broadcast = work(to_list(cast, bring(cast, f"{phone_of(person_id).number};Wati;A;B")))
    set_person(area_code=OTHER_VILLAGE)(person_id)
    withdraw(person_id)
    db.session.commit()
    assert ends(broadcast) == [("suppressed", "cannot_be_texted")]
    assert db.session.scalars(sa.select(Message.person_id)).all() == [person_id]
