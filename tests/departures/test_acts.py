"""What may follow what, and whose stage moves when a person has several departures."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from tests.conftest import Login
from tests.people import Cast
from webapp import clock
from webapp.db import db
from webapp.departures import acts, answers, queries
from webapp.departures.model import Departure, Paper
from webapp.outbox.model import Message
from webapp.people.model import Task
from webapp.sealing import fingerprint

NOW = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
LEAVES = date(2026, 12, 20)
TW: dict[str, Any] = {"destination_code": "TW", "scheme": "p3mi", "planned_on": LEAVES}
FORM = {"destination_code": "TW", "scheme": "p3mi", "planned_on": "2026-12-20"}


@pytest.fixture
def departure(cast: Cast) -> Departure:
    made = acts.record(cast.migrant, cast.facilitator, NOW, **TW)
    db.session.commit()
    return made


@pytest.fixture
def facilitator(client: FlaskClient, cast: Cast, login: Login) -> FlaskClient:
    login(client, cast.facilitator)
    return client


def queued(departure: Departure) -> list[str]:
    rows = queries.messages_of(departure).values()
    return sorted({message.key.split(":")[2] for message in rows if message.state == "queued"})


def sent(departure: Departure, rule: str) -> Message:
    message = next(m for m in queries.messages_of(departure).values() if m.key.split(":")[2] == rule)
    message.state, message.sent_at = "sent", NOW
    db.session.commit()
    return message


def test_cancelling_one_of_two_departures_leaves_the_other_its_reminders(cast: Cast, departure: Departure) -> None:
    twin = acts.record(cast.migrant, cast.facilitator, NOW, **TW | {"planned_on": LEAVES + timedelta(days=3)})
    acts.cancel(twin, cast.facilitator, NOW, "dobel")
    db.session.commit()
    assert cast.migrant.stage == "in_process"
    assert "R7" in queued(departure)
    assert queued(twin) == []


def test_coming_home_with_the_next_departure_already_entered_prepares_that_one(
    cast: Cast, departure: Departure
) -> None:
    acts.leave(departure, cast.facilitator, NOW, date(2026, 11, 1))
    again = acts.record(cast.migrant, cast.facilitator, NOW, **TW)
    acts.come_home(departure, cast.facilitator, NOW, date(2026, 11, 2))
    db.session.commit()
    assert cast.migrant.stage == "in_process"
    assert "R7" in queued(again)


def test_no_by_sms_after_the_person_has_left_is_for_a_human(cast: Cast, departure: Departure) -> None:
    question = sent(departure, "R9")
    acts.leave(departure, cast.facilitator, NOW, date(2026, 11, 1))
    assert answers.record(question.id, "no", NOW) is None
    assert (departure.state, cast.migrant.stage) == ("open", "departed")


def test_an_answer_by_sms_never_ends_a_call_for_help(cast: Cast, departure: Departure) -> None:
    acts.leave(departure, cast.facilitator, NOW, date(2026, 11, 1))
    question = sent(departure, "P1")
    departure.person.move_to("in_trouble", on_day=NOW.date(), account=cast.facilitator, now=NOW)
    assert answers.record(question.id, "1", NOW) is None
    assert departure.person.stage == "in_trouble"


STEPS = {"leaving": {"on_day": "2026-11-01"}, "postponement": {"reason": "sakit"}, "cancellation": {"reason": "batal"}}


@pytest.mark.parametrize("step", STEPS)
def test_an_old_form_does_not_undo_what_happened_since(
    facilitator: FlaskClient, cast: Cast, departure: Departure, step: str
) -> None:
    acts.leave(departure, cast.facilitator, NOW, date(2026, 11, 1))
    acts.come_home(departure, cast.facilitator, NOW, date(2026, 11, 2))
    db.session.commit()
    page = facilitator.post(f"/departures/{departure.id}/{step}", data=STEPS[step])
    assert page.status_code == 409
    assert db.session.get_one(Departure, departure.id, populate_existing=True).state == "ended"


def test_others_fields_are_simply_stored(facilitator: FlaskClient, cast: Cast, departure: Departure) -> None:
    began = departure.version
    acts.change(departure, cast.facilitator, NOW, agency="PT Contoh")
    db.session.commit()
    mine = FORM | {"port": "Juanda", "agency": "PT Contoh", "version": str(began)}
    assert facilitator.post(f"/departures/{departure.id}", data=mine).status_code == 303


@pytest.mark.usefixtures("departure")
def test_a_departure_that_is_entered_twice_is_one(facilitator: FlaskClient, cast: Cast) -> None:
    path = f"/people/{cast.migrant.id}/departures"
    assert facilitator.post(path, data=FORM | {"client_id": "a" * 20}).status_code == 303
    assert facilitator.post(path, data=FORM | {"client_id": "b" * 20, "agency": "PT Lain"}).status_code == 422
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Departure)) == 1
    other = FORM | {"client_id": "c" * 20, "planned_on": "2027-12-20"}
    assert facilitator.post(path, data=other).status_code == 303
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Departure)) == 2


def test_a_form_without_the_kind_of_work_is_stored(facilitator: FlaskClient, departure: Departure) -> None:
    assert facilitator.post(f"/departures/{departure.id}", data=FORM).status_code == 303
    assert db.session.get_one(Departure, departure.id, populate_existing=True).sector == ""


def test_a_paper_is_not_done_on_a_day_to_come(facilitator: FlaskClient, departure: Departure) -> None:
    page = facilitator.post(f"/departures/{departure.id}/papers/visa", data={"done_on": "2031-01-01"})
    assert page.status_code == 422
    assert db.session.scalars(sa.select(Paper)).all() == []


def test_the_number_of_a_paper_is_sealed_masked_and_found_by_its_hash(
    facilitator: FlaskClient, departure: Departure
) -> None:
    form = {"done_on": "2026-11-01", "number": "c 123-4567", "expires_on": "2030-01-01"}
    assert facilitator.post(f"/departures/{departure.id}/papers/passport", data=form).status_code == 303
    paper = db.session.scalars(sa.select(Paper)).one()
    assert b"C1234567" not in (paper.number_encrypted or b"")
    assert paper.number_hash == fingerprint("C1234567")
    assert paper.number_masked == "C•••••67"
    page = facilitator.get(f"/departures/{departure.id}/papers/passport").text
    assert "C1234567" not in page


def test_what_life_has_answered_is_not_called_about(cast: Cast, departure: Departure) -> None:
    condition, later = sa.true(), NOW + timedelta(days=4)
    sent(departure, "R9")
    assert [m.text_code for m, _ in queries.unanswered(condition, later)[0]] == ["R9"]
    acts.leave(departure, cast.facilitator, NOW, date(2026, 11, 1))
    assert queries.unanswered(condition, later) == ([], None)
    sent(departure, "P1")
    assert [m.text_code for m, _ in queries.unanswered(condition, later)[0]] == ["P1"]
    acts.arrive(departure, NOW)
    assert queries.unanswered(condition, later) == ([], None)
    assert db.session.scalars(sa.select(Task)).all() == []


def tomorrow() -> date:
    return clock.day_of(clock.now(), "Asia/Jakarta") + timedelta(days=1)


@pytest.mark.parametrize(
    ("new", "status"),
    [
        ({}, 422),
        ({"planned_on": "2026-01-05"}, 422),
        ({"planned_on": "tomorrow"}, 422),
        ({"planned_on": "2099-01-05", "not_known": "y"}, 422),
        ({"planned_on": "2099-01-05"}, 303),
        ({"not_known": "y"}, 303),
    ],
)
def test_whoever_takes_a_departure_up_again_says_for_which_day(
    facilitator: FlaskClient, cast: Cast, departure: Departure, new: dict[str, str], status: int
) -> None:
    acts.postpone(departure, cast.facilitator, NOW, "sakit")
    db.session.commit()
    page = facilitator.post(f"/departures/{departure.id}/resumption", data={"reason": "sudah sembuh"} | new)
    assert page.status_code == status
    stored = db.session.get_one(Departure, departure.id, populate_existing=True)
    if status == 303:
        assert (stored.state, str(stored.planned_on or "")) == ("open", new.get("planned_on", ""))
    else:
        assert (stored.state, stored.planned_on) == ("postponed", LEAVES)


def test_a_day_that_has_not_passed_is_offered_again(facilitator: FlaskClient, cast: Cast, departure: Departure) -> None:
    acts.postpone(departure, cast.facilitator, NOW, "sakit")
    for day, offered in ((tomorrow(), True), (date(2026, 1, 5), False)):
        acts.change(departure, cast.facilitator, NOW, planned_on=day)
        db.session.commit()
        page = facilitator.get(f"/departures/{departure.id}/resumption").text
        assert (f'value="{day.isoformat()}"' in page) is offered
