"""What YA, TIDAK, 1, 2 and 3 do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from tests.conftest import Login
from tests.people import Cast
from webapp.db import db
from webapp.departures import acts, answers
from webapp.departures.model import Departure
from webapp.outbox.model import Message
from webapp.people.model import Event, Task

NOW = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
LEAVES = date(2026, 12, 20)
#: When the arrival is asked and answered.
LATER = datetime(2026, 12, 28, 3, 0, tzinfo=UTC)
HONG_KONG = {"destination_code": "HK", "scheme": "p3mi", "planned_on": date(2027, 2, 1)}


@pytest.fixture
def departure(cast: Cast) -> Departure:
    made = acts.record(cast.migrant, cast.facilitator, NOW, destination_code="TW", scheme="p3mi", planned_on=LEAVES)
    db.session.commit()
    return made


def asked(code: str) -> Message:
    """The question as it was sent."""
    message = db.session.scalars(sa.select(Message).where(Message.text_code == code).limit(1)).one()
    message.state, message.sent_at = "sent", message.due_at
    db.session.flush()
    return message


def tasks() -> list[str]:
    return list(db.session.scalars(sa.select(Task.kind)))


def test_yes_is_noted_and_nothing_else_changes(departure: Departure) -> None:
    code, values = answers.record(asked("R9").id, "yes", NOW)
    assert code == "KYA"
    assert values["n"] == "Sri"
    assert departure.state == "open"
    assert tasks() == []


def test_no_postpones_and_asks_the_officer_to_call(departure: Departure) -> None:
    code, _ = answers.record(asked("R9").id, "no", NOW)
    assert code == "KTDK"
    assert departure.state == "postponed"
    assert departure.person.stage == "postponed"
    assert tasks() == ["postponed_by_sms"]
    assert not db.session.scalar(sa.select(sa.func.count()).where(Message.state == "queued"))


def test_arrived_well_makes_the_planned_day_the_day_of_leaving(departure: Departure) -> None:
    code, _ = answers.record(asked("P1").id, "1", LATER)
    assert code == "K1"
    assert departure.departed_on == LEAVES
    assert departure.person.stage == "working"


@pytest.mark.parametrize(
    ("question", "answer", "code", "task"),
    [
        ("P1", "2", "K2T", "call_back"),
        ("P3", "2", "K2T", "call_back"),
        ("P2", "2", "K2", "wage_problem"),
        ("P2", "3", "K2T", "call_back"),
    ],
)
def test_a_call_for_help_makes_a_task(departure: Departure, question: str, answer: str, code: str, task: str) -> None:
    reply = answers.record(asked(question).id, answer, NOW)
    assert reply is not None
    assert reply[0] == code
    assert tasks() == [task]


def test_a_late_one_does_not_move_a_departure_that_slipped(cast: Cast, departure: Departure) -> None:
    question = asked("P1")
    acts.change(departure, cast.facilitator, LATER, planned_on=date(2027, 2, 10))
    assert answers.record(question.id, "1", LATER) is None
    assert (departure.departed_on, departure.person.stage) == (None, "in_process")
    code, _ = answers.record(question.id, "2", LATER)
    assert (code, tasks()) == ("K2T", ["call_back"]), "whoever asks for a call gets one all the same"


def test_a_corrected_day_is_still_the_journey_that_was_asked_about(cast: Cast, departure: Departure) -> None:
    question = asked("P1")
    acts.leave(departure, cast.facilitator, LATER, LEAVES + timedelta(days=2))
    assert answers.record(question.id, "1", LATER) is not None
    assert (departure.departed_on, departure.person.stage) == (LEAVES + timedelta(days=2), "working")


def test_no_to_a_day_that_was_moved_since_postpones_nothing(cast: Cast, departure: Departure) -> None:
    question = asked("R9")
    acts.change(departure, cast.facilitator, NOW, planned_on=date(2027, 2, 10))
    assert answers.record(question.id, "no", NOW) is None
    assert departure.state == "open"


@pytest.mark.parametrize("act", [acts.cancel, acts.postpone])
def test_an_answer_does_not_revive_a_departure_that_is_off(
    cast: Cast, departure: Departure, act: Callable[..., None]
) -> None:
    """Another one goes on, so that the person's stage does not tell."""
    acts.record(cast.migrant, cast.facilitator, NOW, **HONG_KONG)
    question = asked("P1")
    act(departure, cast.facilitator, LATER, "ganti PT")
    assert answers.record(question.id, "1", LATER) is None
    answers.record_call(question, departure, "well", "", cast.facilitator, LATER)
    assert (departure.departed_on, departure.person.stage) == (None, "in_process")


def test_all_is_well_before_the_day_of_leaving_is_no_arrival(cast: Cast, departure: Departure) -> None:
    answers.record_call(asked("P1"), departure, "well", "", cast.facilitator, NOW)
    assert (departure.departed_on, departure.person.stage) == (None, "in_process")


def test_an_answer_that_the_question_does_not_invite_is_for_a_human(departure: Departure) -> None:
    assert answers.record(asked("P1").id, "yes", NOW) is None


def test_the_same_answer_again_makes_no_second_task(departure: Departure) -> None:
    question = asked("P1")
    answers.record(question.id, "2", NOW)
    answers.record(question.id, "2", NOW)
    assert tasks() == ["call_back"]


def test_a_call_leaves_the_answer_that_came_meanwhile(
    cast: Cast, departure: Departure, client: FlaskClient, login: Login
) -> None:
    question = asked("P1")
    question.answered_at, question.answer = LATER, "2"
    db.session.commit()
    login(client, cast.facilitator)
    assert "minta ditelepon" in client.get(f"/questions/{question.id}").text
    closed = client.post(f"/questions/{question.id}/closure", data={"outcome": "well"})
    assert "minta ditelepon" in client.get(closed.location).text
    question = db.session.get_one(Message, question.id, populate_existing=True)
    assert (question.answered_at, question.answer, cast.migrant.stage) == (LATER, "2", "in_process")
    assert db.session.scalars(sa.select(Event).where(Event.kind == "called")).one().account_id == cast.facilitator.id
    client.post(f"/questions/{question.id}/closure", data={"outcome": "postponed"})
    assert db.session.get_one(Departure, departure.id, populate_existing=True).state == "open"
    client.post(f"/questions/{question.id}/closure", data={"outcome": "trouble"})
    assert tasks() == ["trouble"], "help that is needed is never lost"


def test_of_two_calls_the_first_closes_the_question(cast: Cast, departure: Departure) -> None:
    question = asked("P1")
    answers.record_call(question, departure, "unreached", "", cast.facilitator, LATER)
    answers.record_call(question, departure, "well", "", cast.coordinator, LATER + timedelta(hours=1))
    assert (question.answer, question.answered_at) == ("call_unreached", LATER)


@pytest.mark.parametrize(
    ("outcome", "stage", "task"),
    [("well", "working", []), ("unreached", "in_process", ["unreached"]), ("trouble", "in_process", ["trouble"])],
)
def test_a_call_closes_the_question(
    cast: Cast, departure: Departure, outcome: str, stage: str, task: list[str]
) -> None:
    question = asked("P1")
    answers.record_call(question, departure, outcome, "", cast.facilitator, LATER)
    assert question.answered_at == LATER
    assert departure.person.stage == stage
    assert tasks() == task
