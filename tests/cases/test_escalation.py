"""The table of minutes: who is told, when, once, and that it stops when somebody answers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.people import HOME, Cast
from webapp.areas.codes import NATION
from webapp.cases import acts, chores, escalation
from webapp.cases.escalation import Step
from webapp.cases.model import HELP, REPORT, SAFE_WORD, Case, CaseEvent
from webapp.db import db
from webapp.outbox.model import Message

NOW = datetime(2026, 11, 30, 18, 0, tzinfo=UTC)  # one in the morning in the village
SITI, RATNA, BAMBANG, DEWI = (f"+628130000000{n}" for n in (1, 3, 4, 5))
SRI = "+6281234567801"


def minutes(number: int) -> datetime:
    return NOW + timedelta(minutes=number)


def opened(cast: Cast, kind: str = HELP, key: str = "incoming:1", **facts: object) -> Case:
    given = {"area_code": HOME, "person": cast.migrant, "number": SRI} | facts
    case = acts.open_case(key=key, kind=kind, now=NOW, **given)  # type: ignore[arg-type]  # of several types
    db.session.commit()
    return case


def told() -> list[str]:
    """Numbers of officers to whom a text waits, in order."""
    db.session.expire_all()
    query = sa.select(Message.number).where(Message.purpose == "alarm", Message.state == "queued")
    return list(db.session.scalars(query.order_by(Message.id)))


def climb_until(last: int) -> None:
    for minute in range(0, last + 1, 5):
        chores.climb_due(minutes(minute))


def test_facilitator_and_regency_are_told_at_once_and_at_night(app: Flask, cast: Cast) -> None:
    case = opened(cast)
    assert sorted(told()) == [SITI, RATNA]
    text = db.session.scalars(sa.select(Message).where(Message.number == SITI)).one()
    assert (text.text_code, text.values) == ("ACASE", {"k": case.reference, "desa": "Bajing"})
    assert text.due_at == NOW


def test_an_unanswered_call_climbs_to_the_nation_and_each_step_is_told_once(app: Flask, cast: Cast) -> None:
    opened(cast)
    climb_until(25)
    assert len(told()) == 2
    climb_until(30)
    climb_until(30)
    assert len(told()) == 4
    climb_until(60)
    assert told()[4:] == [BAMBANG]
    climb_until(600)
    assert told()[5:] == [DEWI]


def test_it_ends_when_somebody_takes_it_on_and_what_waits_is_withdrawn(app: Flask, cast: Cast) -> None:
    case = opened(cast)
    assert acts.take_on(case, cast.facilitator, minutes(3))
    db.session.commit()
    assert told() == []
    climb_until(600)
    assert told() == []
    assert not acts.take_on(case, cast.coordinator, minutes(5)), "the second is told so"
    assert db.session.get_one(Case, case.id).acknowledged_by_id == cast.facilitator.id


def test_one_that_was_taken_on_and_not_closed_is_remembered_once(app: Flask, cast: Cast) -> None:
    case = opened(cast)
    acts.take_on(case, cast.facilitator, NOW)
    db.session.commit()
    for day in (1, 2, 3):
        chores.climb_due(NOW + timedelta(days=day))
    assert told() == [RATNA]
    acts.close(case, "Sudah aman", cast.facilitator, NOW + timedelta(days=3))
    db.session.commit()
    chores.climb_due(NOW + timedelta(days=9))
    assert told() == []


def test_calling_again_is_the_same_case(app: Flask, cast: Cast) -> None:
    first = opened(cast)
    again = opened(cast, key="incoming:2")
    assert again.id == first.id
    assert len(told()) == 2, "nobody is told twice within minutes"
    assert opened(cast, key="incoming:1").id == first.id


def test_calling_again_long_after_it_was_taken_on_tells_everybody_anew(app: Flask, cast: Cast) -> None:
    case = opened(cast)
    acts.take_on(case, cast.facilitator, NOW)
    db.session.commit()
    later = NOW + timedelta(hours=7)
    acts.open_case(
        key="incoming:2", kind=HELP, area_code=HOME, now=later, person=cast.migrant, number=SRI, incoming_id=None
    )
    db.session.commit()
    assert sorted(told()) == [SITI, RATNA]
    assert db.session.get_one(Case, case.id).acknowledged_at is None


def test_after_it_was_closed_a_call_is_a_new_case(app: Flask, cast: Cast) -> None:
    case = opened(cast)
    acts.close(case, "Sudah aman", cast.facilitator, NOW)
    db.session.commit()
    assert opened(cast, key="incoming:2").id != case.id


def test_an_unknown_number_belongs_to_the_nation(app: Flask, cast: Cast) -> None:
    opened(cast, area_code=NATION, person=None, number="+6281299990000")
    assert told() == [DEWI]


def test_what_bypasses_the_village_is_told_to_nobody_there(app: Flask, cast: Cast) -> None:
    opened(cast, bypass_village=True)
    climb_until(600)
    assert SITI not in told()


def test_an_urgent_report_is_the_regencys(app: Flask, cast: Cast) -> None:
    opened(cast, kind=REPORT, key="report:1", person=None, number="")
    assert told() == [RATNA]


def test_an_area_without_anybody_goes_up_at_once(app: Flask, cast: Cast) -> None:
    for account in (cast.facilitator, cast.coordinator):
        account.closed_at = NOW
    db.session.commit()
    opened(cast)
    assert told() == [BAMBANG]


def test_two_workers_tell_once(app: Flask, cast: Cast) -> None:
    opened(cast, kind=SAFE_WORD)
    before, barrier = len(told()), Barrier(4)
    db.session.commit()

    def work() -> None:
        with app.app_context():
            barrier.wait(10)
            chores.climb_due(minutes(15))
            db.session.remove()

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(told()) == before + 2
    steps = db.session.scalars(sa.select(CaseEvent).where(CaseEvent.kind == "alerted")).all()
    assert [event.facts["step"] for event in steps] == [0, 1]


@pytest.mark.parametrize(
    ("audience", "area", "found"),
    [
        ("facilitator", HOME, [HOME, "33.01", "33", NATION]),
        ("regency", HOME, ["33.01", "33", NATION]),
        ("province", HOME, ["33", NATION]),
        ("nation", HOME, [NATION]),
        ("facilitator", NATION, [NATION]),
    ],
)
def test_who_stands_in_for_whom(audience: str, area: str, found: list[str]) -> None:
    assert escalation.offices(audience, area) == found


def test_the_caller_is_told_in_whole_hours() -> None:
    assert escalation.hours_until_called([Step(0, 0, ()), Step(1, 30, ())]) == 1
    assert escalation.hours_until_called([Step(0, 0, ()), Step(1, 61, ())]) == 2
    assert escalation.hours_until_called([]) == 1
