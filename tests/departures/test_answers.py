"""What YA, TIDAK, 1, 2 and 3 do."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from tests.people import Cast
from webapp.db import db
from webapp.departures import acts, answers
from webapp.departures.model import Departure
from webapp.outbox.model import Message
from webapp.people.model import Task

NOW = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
LEAVES = date(2026, 12, 20)


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
    code, _ = answers.record(asked("P1").id, "1", NOW)
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


def test_an_answer_that_the_question_does_not_invite_is_for_a_human(departure: Departure) -> None:
    assert answers.record(asked("P1").id, "yes", NOW) is None


def test_the_same_answer_again_makes_no_second_task(departure: Departure) -> None:
    question = asked("P1")
    answers.record(question.id, "2", NOW)
    answers.record(question.id, "2", NOW)
    assert tasks() == ["call_back"]


@pytest.mark.parametrize(
    ("outcome", "stage", "task"),
    [("well", "working", []), ("unreached", "in_process", ["unreached"]), ("trouble", "in_process", ["trouble"])],
)
def test_a_call_closes_the_question(
    cast: Cast, departure: Departure, outcome: str, stage: str, task: list[str]
) -> None:
    question = asked("P1")
    answers.record_call(question, departure, outcome, "", cast.facilitator, NOW)
    assert question.answered_at == NOW
    assert departure.person.stage == stage
    assert tasks() == task
