"""What was noted by mistake is taken back, with the stage and the texts that followed from it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from tests.conftest import Login
from tests.editing import opened
from tests.people import Cast
from webapp import clock
from webapp.db import db
from webapp.departures import acts, corrections, queries
from webapp.departures.model import Departure
from webapp.people.model import Event

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
LEAVES, LEFT = date(2026, 12, 20), date(2026, 11, 19)
TW = {"destination_code": "TW", "scheme": "p3mi", "planned_on": LEAVES}


@pytest.fixture
def departure(cast: Cast) -> Departure:
    made = acts.record(cast.migrant, cast.facilitator, NOW, **TW)
    acts.leave(made, cast.facilitator, NOW, LEFT)
    db.session.commit()
    return made


@pytest.fixture
def facilitator(client: FlaskClient, cast: Cast, login: Login) -> FlaskClient:
    login(client, cast.facilitator)
    return client


def queued(departure: Departure) -> set[str]:
    rows = queries.messages_of(departure).values()
    return {message.rule for message in rows if message.state == "queued"}


def events() -> list[str]:
    return list(db.session.scalars(sa.select(Event.kind).order_by(Event.id)))


def test_who_has_not_left_after_all_is_reminded_of_leaving_again(cast: Cast, departure: Departure) -> None:
    assert "R7" not in queued(departure)
    corrections.take_back_leaving(departure, cast.facilitator, NOW, "salah orang", LEAVES)
    db.session.commit()
    assert (departure.departed_on, departure.state, cast.migrant.stage) == (None, "open", "in_process")
    assert {"R7", "R8", "R9", "P1"} <= queued(departure)
    noted = db.session.scalars(sa.select(Event).where(Event.kind == "leaving_taken_back")).one()
    assert noted.facts == {"departure": departure.id, "reason": "salah orang", "day": "2026-11-19"}
    assert noted.account_id == cast.facilitator.id


def test_a_planned_day_that_has_passed_does_not_ask_at_once_about_arriving(cast: Cast, departure: Departure) -> None:
    later = datetime(2026, 12, 29, 3, 0, tzinfo=UTC)
    corrections.take_back_leaving(departure, cast.facilitator, later, "salah orang", None)
    assert departure.planned_on is None
    assert queued(departure) == set()


def test_a_stage_that_went_on_since_goes_back_as_well(cast: Cast, departure: Departure) -> None:
    acts.arrive(departure, NOW)
    assert cast.migrant.stage == "working"
    corrections.take_back_leaving(departure, cast.facilitator, NOW, "salah orang", LEAVES)
    assert cast.migrant.stage == "in_process"


def test_trouble_stays_until_a_human_ends_it(cast: Cast, departure: Departure) -> None:
    cast.migrant.move_to("in_trouble", on_day=LEFT, account=cast.facilitator, now=NOW)
    corrections.take_back_leaving(departure, cast.facilitator, NOW, "salah orang", LEAVES)
    assert cast.migrant.stage == "in_trouble"


def test_whoever_is_abroad_by_another_departure_stays_there(cast: Cast, departure: Departure) -> None:
    other = acts.record(cast.migrant, cast.facilitator, NOW, **TW)
    acts.leave(other, cast.facilitator, NOW, LEFT)
    corrections.take_back_leaving(other, cast.facilitator, NOW, "tertukar", LEAVES)
    assert (departure.departed_on, other.departed_on, cast.migrant.stage) == (LEFT, None, "departed")


def test_taking_the_step_back_takes_the_leaving_back(cast: Cast, departure: Departure) -> None:
    cast.migrant.take_back_move(account=cast.facilitator, now=NOW, reason="salah orang")
    db.session.commit()
    assert (departure.departed_on, departure.planned_on, cast.migrant.stage) == (None, LEAVES, "in_process")
    assert "R7" in queued(departure)
    assert events()[-1] == "leaving_taken_back"


def test_a_step_that_no_departure_made_takes_none_back(cast: Cast, departure: Departure) -> None:
    later = NOW + timedelta(days=1)
    cast.migrant.move_to("returned", on_day=LEFT, account=cast.facilitator, now=later)
    cast.migrant.move_to("departed", on_day=LEFT, account=cast.facilitator, now=later)
    cast.migrant.take_back_move(account=cast.facilitator, now=later, reason="salah orang")
    assert departure.departed_on == LEFT


def test_who_has_not_come_home_after_all_is_abroad_again(cast: Cast, departure: Departure) -> None:
    acts.arrive(departure, NOW)
    acts.come_home(departure, cast.facilitator, NOW, LEFT)
    assert "P6" in queued(departure)
    corrections.take_back_return(departure, cast.facilitator, NOW, "salah orang")
    db.session.commit()
    assert (departure.returned_on, departure.state, cast.migrant.stage) == (None, "open", "working")
    assert {"P1", "P2"} <= queued(departure)
    assert "P6" not in queued(departure)


def test_the_next_departure_waits_while_the_person_is_abroad(cast: Cast, departure: Departure) -> None:
    acts.record(cast.migrant, cast.facilitator, NOW, **TW)
    acts.come_home(departure, cast.facilitator, NOW, LEFT)
    assert cast.migrant.stage == "in_process"
    corrections.take_back_return(departure, cast.facilitator, NOW, "salah orang")
    assert cast.migrant.stage == "departed"


def test_taking_the_step_back_takes_the_coming_home_back(cast: Cast, departure: Departure) -> None:
    later = NOW + timedelta(days=1)
    acts.come_home(departure, cast.facilitator, later, LEFT)
    cast.migrant.take_back_move(account=cast.facilitator, now=later, reason="salah orang")
    assert (departure.returned_on, departure.state, cast.migrant.stage) == (None, "open", "departed")


def test_a_mistyped_day_is_corrected_and_the_texts_follow(cast: Cast, departure: Departure) -> None:
    corrections.correct_leaving(departure, cast.facilitator, NOW, date(2026, 11, 9))
    db.session.commit()
    assert departure.departed_on == date(2026, 11, 9)
    days = {m.key.split(":")[3] for m in queries.messages_of(departure).values() if m.state == "queued"}
    assert days == {"2026-11-09"}
    corrections.correct_leaving(departure, cast.facilitator, NOW, date(2026, 11, 9))
    assert events().count("leaving_corrected") == 1, "the same day is no correction"


def test_what_is_not_noted_is_not_taken_back(cast: Cast) -> None:
    made = acts.record(cast.migrant, cast.facilitator, NOW, **TW)
    with pytest.raises(acts.NotNow):
        corrections.take_back_leaving(made, cast.facilitator, NOW, "salah", LEAVES)
    with pytest.raises(acts.NotNow):
        corrections.take_back_return(made, cast.facilitator, NOW, "salah")
    with pytest.raises(acts.NotNow):
        corrections.correct_leaving(made, cast.facilitator, NOW, LEFT)
    with pytest.raises(acts.NotNow):
        corrections.correct_return(made, cast.facilitator, NOW, LEFT)


def test_the_page_of_the_departure_leads_there(facilitator: FlaskClient, cast: Cast, departure: Departure) -> None:
    path = f"/departures/{departure.id}"
    page = facilitator.get(path).text
    assert "Ternyata belum berangkat" in page
    assert 'value="2026-11-19"' in facilitator.get(f"{path}/leaving/correction").text
    leaving = opened(facilitator, f"{path}/leaving/correction")
    assert facilitator.post(f"{path}/leaving/correction", data={"on_day": "2026-01-05"} | leaving).status_code == 303
    assert facilitator.post(f"{path}/return", data={"on_day": "2026-01-04"}).status_code == 422
    assert facilitator.post(f"{path}/return", data={"on_day": "2026-01-06"}).status_code == 303
    assert facilitator.post(f"{path}/leaving/correction", data={"on_day": "2026-01-07"}).status_code == 422
    assert "Ternyata belum pulang" in facilitator.get(path).text
    home = opened(facilitator, f"{path}/return/correction")
    assert facilitator.post(f"{path}/return/correction", data={"on_day": "2026-01-07"} | home).status_code == 303
    assert facilitator.post(f"{path}/leaving/reversal", data={"reason": "x", "not_known": "y"}).status_code == 409
    assert facilitator.post(f"{path}/return/reversal", data={"reason": ""}).status_code == 422
    assert facilitator.post(f"{path}/return/reversal", data={"reason": "salah orang"}).status_code == 303
    assert facilitator.post(f"{path}/leaving/reversal", data={"reason": "salah orang"}).status_code == 422
    ahead = clock.day_of(clock.now(), "Asia/Jakarta") + timedelta(days=30)
    taken = facilitator.post(f"{path}/leaving/reversal", data={"reason": "salah orang", "planned_on": str(ahead)})
    assert taken.status_code == 303
    stored = db.session.get_one(Departure, departure.id, populate_existing=True)
    assert (stored.departed_on, stored.planned_on, cast.migrant.stage) == (None, ahead, "in_process")
    timeline = facilitator.get(f"/people/{cast.migrant.id}").text
    assert "Ternyata belum berangkat pada 5 Jan 2026: salah orang" in timeline
    assert "Tanggal pulang dibetulkan dari 6 Jan 2026 menjadi 7 Jan 2026" in timeline
