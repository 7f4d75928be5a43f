"""What is kept and told of the people of a list, and of those who have moved away."""

from __future__ import annotations

from datetime import timedelta

import flask_migrate
import pytest
from flask import Flask

from tests.broadcasts.making import again, approved, work
from tests.broadcasts.test_fairness import settle
from tests.broadcasts.test_lists import STRANGER, bring, to_list
from tests.broadcasts.test_sending import claim, texts_of
from tests.broadcasts.test_shared_numbers import phone_of, withdraw
from tests.people import OTHER_VILLAGE, REGENCY, Cast
from tests.warnings.crowd import MORNING, willing
from webapp.audiences import acts as lists
from webapp.broadcasts import budget, exporting, sending, timing
from webapp.broadcasts.model import Broadcast
from webapp.db import db
from webapp.outbox.holding import is_held
from webapp.people.model import Person


def test_what_a_list_said_of_strangers_does_not_live_on_in_the_outbox(app: Flask, cast: Cast) -> None:
    (known,) = willing(cast, 1)
    one = bring(cast, f"{STRANGER};Rini Astuti;Penyintas;Rumah aman", f"{phone_of(known).number};Wati;A;Balai desa")
    broadcast = work(to_list(cast, one))
    claim()
    settle(broadcast)
    later = MORNING + timedelta(days=31)
    work(broadcast, later)
    assert lists.remove_old(later) == 1
    stranger, registered = sorted(texts_of(broadcast), key=lambda text: text.person_id or 0)
    assert (stranger.number, stranger.body, stranger.values) == ("", "", {})
    assert (stranger.state, registered.values) == ("sent", {})
    # It belongs to their timeline, and says what was said.
    assert registered.number
    assert registered.body


def test_a_list_does_not_tell_who_is_registered_elsewhere(app: Flask, cast: Cast) -> None:
    (person_id,) = willing(cast, 1, OTHER_VILLAGE)
    withdraw(person_id)
    db.session.commit()
    one = bring(cast, f"{phone_of(person_id).number};Wati;A;B", f"{STRANGER};Rini;A;B")
    assert (one.recipients, one.known, one.unreachable) == (1, 0, 1)


def test_of_who_has_moved_away_it_is_not_told_where_to(app: Flask, cast: Cast) -> None:
    (person_id,) = willing(cast, 1)
    broadcast = work(approved(cast))
    person = db.session.get_one(Person, person_id)
    person.move_house(OTHER_VILLAGE, account=cast.nation, now=MORNING)
    db.session.commit()
    places = {row[3] for row in list(exporting.rows(again(broadcast)))[1:]}
    assert places == {"Bajing", "Kabupaten Cilacap"}


def test_of_who_moved_away_the_list_only_says_that_they_cannot_be_texted(app: Flask, cast: Cast) -> None:
    (person_id,) = willing(cast, 1)
    broadcast = work(to_list(cast, bring(cast, f"{phone_of(person_id).number};Wati;A;B")))
    db.session.get_one(Person, person_id).move_house(OTHER_VILLAGE, account=cast.nation, now=MORNING)
    withdraw(person_id)
    db.session.commit()
    claim()
    (text,) = texts_of(broadcast)
    assert (text.state, text.reason) == ("suppressed", "cannot_be_texted")


@pytest.mark.own_database
def test_one_to_a_list_gives_its_money_back_when_the_programme_goes_back_a_version(app: Flask, cast: Cast) -> None:
    broadcast_id = work(to_list(cast, bring(cast, f"{STRANGER};Rini;A;B"))).id
    db.session.remove()
    flask_migrate.downgrade(revision="0027")
    flask_migrate.upgrade()
    for hours in (0, 100):
        while sending.go_on(MORNING + timedelta(hours=hours)):
            pass
    broadcast = db.session.get_one(Broadcast, broadcast_id, populate_existing=True)
    assert (broadcast.state, broadcast.reserved_rupiah) == ("cancelled", 0)
    assert {text.state for text in texts_of(broadcast)} == {"withdrawn"}
    assert budget.standing(REGENCY, timing.month_of(MORNING)).reserved == 0
    assert not is_held(broadcast.cause)
