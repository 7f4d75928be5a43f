"""A list names a number; whoever holds it may have said something else. They are all asked, and nothing of them is told
to an office that is not theirs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.broadcasts.making import approved, work
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


def own_phone_no_more(person_id: int) -> None:
    set_phone(reader="family", confirmed_at=None)(person_id)


def silent_for_years(person_id: int) -> None:
    set_phone(added_at=LONG_AGO, confirmed_at=None)(person_id)


def in_other_hands(person_id: int) -> None:
    db.session.add(NumberState(number=phone_of(person_id).number, doubted_at=MORNING - timedelta(hours=1)))


def heard_lately(person_id: int) -> None:
    silent_for_years(person_id)
    db.session.add(NumberState(number=phone_of(person_id).number, heard_at=MORNING - timedelta(days=3)))


LONG_AGO = MORNING - timedelta(days=900)
NAMELESS = {"others": own_phone_no_more, "silent": silent_for_years, "doubted": in_other_hands}


@pytest.mark.parametrize("why", NAMELESS)
def test_a_name_stands_only_where_its_bearer_was_heard_lately(app: Flask, cast: Cast, why: str) -> None:
    """Both when the texts are made and when they go: a phone may change hands on any day between."""
    before, after, heard = willing(cast, 3)
    NAMELESS[why](before)
    heard_lately(heard)
    db.session.commit()
    broadcast = work(approved(cast))
    stored = {text.person_id: text.values for text in texts_stored(broadcast)}
    assert (stored[before]["n"], stored[after]["n"], stored[heard]["n"]) == ("", "warga", "warga")
    NAMELESS[why](after)
    db.session.commit()
    words = {text.person_id: text.body for text in texts_of(broadcast).values()}
    assert words[before].startswith("Desmigratif: bursa kerja di Bajing")
    assert words[after].startswith("Desmigratif: bursa kerja di Bajing")
    assert words[heard].startswith("Desmigratif: warga, bursa kerja di Bajing")


def test_officers_are_greeted_by_name(app: Flask, cast: Cast) -> None:
    broadcast = work(approved(cast, areas=["33.01"], recipients="facilitators", emergency=True, reason="port"))
    assert texts_of(broadcast)["+6281300000001"].body.startswith("Desmigratif: Siti, bursa kerja")


@pytest.mark.parametrize("why", NAMELESS)
def test_what_a_list_says_of_somebody_stands_on_no_phone_that_others_read(app: Flask, cast: Cast, why: str) -> None:
    before, after = willing(cast, 2)
    NAMELESS[why](before)
    db.session.commit()
    rows = (f"{phone_of(one).number};Rini;Las;Balai" for one in (before, after))
    broadcast = work(to_list(cast, bring(cast, *rows, f"{STRANGER};Wati;Las;Balai")))
    stored = {text.person_id: text.values for text in texts_stored(broadcast)}
    assert (stored[before]["n"], stored[before]["kelas"], stored[after]["kelas"]) == ("", "", "Las")
    NAMELESS[why](after)
    db.session.commit()
    found = forecast.read(broadcast.forecast)
    texts = texts_of(broadcast)
    for one in (before, after):
        assert texts[phone_of(one).number].body.startswith("Desmigratif: pelatihan  di . Tanya 08")
    assert texts[STRANGER].body.startswith("Desmigratif: Wati, pelatihan Las di Balai")
    assert sum(text.price_rupiah for text in texts.values()) == found.rupiah


def test_names_of_a_list_stand_on_no_phone_that_somebody_elsewhere_shares(app: Flask, cast: Cast) -> None:
    """At the claim: a forecast or a sample without the name would tell that the number is known elsewhere."""
    (elsewhere,) = willing(cast, 1, OTHER_VILLAGE)
    own_phone_no_more(elsewhere)
    db.session.commit()
    broadcast = work(to_list(cast, bring(cast, f"{phone_of(elsewhere).number};Rini;Las;Balai")))
    (text,) = texts_stored(broadcast)
    assert text.values["n"] == "Rini"
    (text,) = texts_of(broadcast).values()
    assert (text.state, "Rini" in text.body, "Las" in text.body) == ("sending", False, False)


def texts_stored(broadcast: Broadcast) -> list[Message]:
    return list(db.session.scalars(sa.select(Message).where(Message.cause == broadcast.cause)))
