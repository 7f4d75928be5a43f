"""From facts in the database to the outbox: the plan is there, follows every change, and never doubles."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.people import Cast
from webapp.db import db
from webapp.departures import acts, planning, queries
from webapp.departures.model import ChecklistItem, Departure, ReminderRule
from webapp.outbox.model import Message
from webapp.people.model import NumberState

NOW = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
LEAVES = date(2026, 12, 20)
PLANNED = {"destination_code": "TW", "scheme": "p3mi", "planned_on": LEAVES}


@pytest.fixture
def departure(cast: Cast) -> Departure:
    made = acts.record(cast.migrant, cast.facilitator, NOW, **PLANNED)
    db.session.commit()
    return made


def queued() -> dict[str, Message]:
    """Queued reminders by rule."""
    rows = db.session.scalars(sa.select(Message).where(Message.state == "queued", Message.purpose == "reminder"))
    return {m.key.split(":")[2] + m.key.split(":")[4]: m for m in rows}


def snapshot() -> set[tuple[str, str, datetime]]:
    rows = db.session.execute(
        sa.select(Message.key, Message.state, Message.due_at).where(Message.purpose == "reminder")
    )
    return {(r.key, r.state, r.due_at) for r in rows if r.state == "queued"}


def test_a_departure_plans_its_reminders_in_the_same_transaction(departure: Departure) -> None:
    assert {"R30", "R40", "R50", "R60", "R70", "R80", "R90", "P10"} <= set(queued())
    message = queued()["R70"]
    assert message.number == "+6281234567801"
    assert message.due_at == datetime(2026, 12, 14, 2, 0, tzinfo=UTC) - timedelta(days=1)
    assert message.values["n"] == "Sri"
    assert message.values["d"] == "20 Des"


def test_who_withdrew_consent_gets_nothing_planned(cast: Cast) -> None:
    acts.record(cast.withdrew, cast.facilitator, NOW, **PLANNED)
    assert queued() == {}


def test_a_moved_date_moves_what_is_planned(cast: Cast, departure: Departure) -> None:
    acts.change(departure, cast.facilitator, NOW, planned_on=LEAVES + timedelta(days=10))
    db.session.commit()
    assert queued()["R70"].due_at == datetime(2026, 12, 23, 2, 0, tzinfo=UTC)
    withdrawn = db.session.scalars(sa.select(Message).where(Message.state == "withdrawn")).all()
    assert {"R7"} <= {m.key.split(":")[2] for m in withdrawn}


def test_back_to_the_old_date_is_the_old_plan(cast: Cast, departure: Departure) -> None:
    before = snapshot()
    acts.change(departure, cast.facilitator, NOW, planned_on=LEAVES + timedelta(days=10))
    acts.change(departure, cast.facilitator, NOW, planned_on=LEAVES)
    db.session.commit()
    assert snapshot() == before


def test_what_was_sent_is_not_sent_twice(cast: Cast, departure: Departure) -> None:
    message = queued()["R70"]
    message.state = "sent"
    db.session.commit()
    acts.change(departure, cast.facilitator, NOW, planned_on=LEAVES + timedelta(days=10))
    acts.change(departure, cast.facilitator, NOW, planned_on=LEAVES)
    db.session.commit()
    same = db.session.scalars(sa.select(Message).where(Message.key == message.key)).all()
    assert [m.state for m in same] == ["sent"]


def test_a_paper_that_is_there_is_no_longer_asked_for(cast: Cast, departure: Departure) -> None:
    assert "visa kerja" in queued()["R50"].values["dok"]
    acts.tick(departure, db.session.get_one(ChecklistItem, "visa"), cast.facilitator, NOW, done_on=NOW.date())
    db.session.commit()
    assert "R50" not in queued()
    assert "visa kerja" not in queued()["R70"].values["dok"]
    acts.untick(departure, db.session.get_one(ChecklistItem, "visa"), cast.facilitator, NOW)
    db.session.commit()
    assert "R50" in queued()


def test_passport_expiry_plans_its_own_reminder(cast: Cast, departure: Departure) -> None:
    passport = db.session.get_one(ChecklistItem, "passport")
    acts.tick(departure, passport, cast.facilitator, NOW, done_on=NOW.date(), number="A1234567",
              expires_on=date(2028, 12, 31))  # fmt: skip
    db.session.commit()
    assert queued()["P50"].values["d"] == "31 Des 2028"


@pytest.mark.parametrize("act", ["postpone", "cancel"])
def test_nothing_stays_planned_for_a_departure_that_is_off(cast: Cast, departure: Departure, act: str) -> None:
    getattr(acts, act)(departure, cast.facilitator, NOW, "keluarga sakit")
    db.session.commit()
    assert queued() == {}
    acts.resume(departure, cast.facilitator, NOW, "sudah sembuh", LEAVES)
    db.session.commit()
    assert "R70" in queued()


def test_who_left_is_asked_about_arriving_and_no_longer_reminded(cast: Cast, departure: Departure) -> None:
    now = datetime(2026, 12, 21, 3, 0, tzinfo=UTC)
    acts.leave(departure, cast.facilitator, now, LEAVES)
    db.session.commit()
    assert not [code for code in queued() if code.startswith("R")]
    assert {"P10", "P20", "P30"} <= set(queued())
    assert departure.person.stage == "departed"


def test_a_corrected_day_of_leaving_does_not_ask_again_whether_they_arrived(cast: Cast, departure: Departure) -> None:
    """The arrival question went out by the planned day, and then the officer notes the true one."""
    arrival = queued()["P10"]
    arrival.state = "sent"
    db.session.commit()
    now = datetime(2026, 12, 28, 3, 0, tzinfo=UTC)
    acts.leave(departure, cast.facilitator, now, LEAVES + timedelta(days=2))
    db.session.commit()
    assert "P10" not in queued()
    assert queued()["P20"].due_at.date() == LEAVES + timedelta(days=32)


def test_a_departure_that_moved_by_months_asks_anew(cast: Cast, departure: Departure) -> None:
    queued()["P10"].state = "sent"
    db.session.commit()
    acts.change(departure, cast.facilitator, NOW, planned_on=LEAVES + timedelta(days=90))
    db.session.commit()
    assert "P10" in queued()


def test_a_journey_that_slipped_after_the_question_asks_again_once_it_has_begun(
    cast: Cast, departure: Departure
) -> None:
    """Nobody noted in time that the departure slipped, so that the arrival was asked of somebody at home."""
    queued()["P10"].state = "sent"
    db.session.commit()
    slipped, later = LEAVES + timedelta(days=40), datetime(2026, 12, 28, 3, 0, tzinfo=UTC)
    acts.change(departure, cast.facilitator, later, planned_on=slipped)
    db.session.commit()
    assert queued()["P10"].due_at.date() == slipped + timedelta(days=7)


def test_taken_up_again_after_its_day_it_does_not_ask_at_once_about_arriving(cast: Cast, departure: Departure) -> None:
    acts.postpone(departure, None, NOW, reason="sms")
    later = datetime(2026, 12, 29, 3, 0, tzinfo=UTC)
    acts.resume(departure, cast.facilitator, later, "jadi", None)
    db.session.commit()
    assert (departure.planned_on, queued()) == (None, {})
    acts.change(departure, cast.facilitator, later, planned_on=date(2027, 2, 1))
    db.session.commit()
    assert {"R70", "P10"} <= set(queued())


def test_a_month_that_is_over_does_not_stay_either(cast: Cast) -> None:
    only_month = PLANNED | {"planned_on": None, "planned_month": date(2026, 12, 1)}
    made = acts.record(cast.migrant, cast.facilitator, NOW, **only_month)
    acts.cancel(made, cast.facilitator, NOW, "ragu")
    acts.resume(made, cast.facilitator, NOW, "jadi", None)
    assert made.planned_month == date(2026, 12, 1)
    acts.cancel(made, cast.facilitator, NOW, "ragu")
    acts.resume(made, cast.facilitator, datetime(2027, 1, 5, tzinfo=UTC), "jadi", None)
    assert made.planned_month is None


def test_a_journey_that_has_ended_asks_nothing_more_though_another_begins(cast: Cast, departure: Departure) -> None:
    acts.change(departure, cast.facilitator, NOW, contract_end=date(2028, 12, 1))
    acts.leave(departure, cast.facilitator, NOW, date(2026, 11, 1))
    acts.come_home(departure, cast.facilitator, NOW, date(2026, 11, 2))
    again = acts.record(cast.migrant, cast.facilitator, NOW, **PLANNED)
    acts.leave(again, cast.facilitator, NOW, date(2026, 11, 2))
    db.session.commit()
    assert {rule for rule, m in queued().items() if m.cause != f"departure:{again.id}"} <= {"P60"}, "P6 says welcome"


def test_rules_for_others_than_the_migrant_text_nobody(cast: Cast, departure: Departure) -> None:
    db.session.get_one(ReminderRule, "R7").audience = "facilitator"
    planning.replan([departure.id], NOW)
    db.session.commit()
    assert "R70" not in queued()


def test_a_number_that_said_stop_gets_nothing_planned(cast: Cast, departure: Departure) -> None:
    db.session.add(NumberState(number="+6281234567801", stopped_at=NOW))
    planning.replan([departure.id], NOW)
    db.session.commit()
    assert queued() == {}


def test_a_phone_that_others_read_gets_only_the_neutral_text(cast: Cast, departure: Departure) -> None:
    departure.person.phones[0].reader = "family"
    planning.replan([departure.id], NOW)
    db.session.commit()
    assert {m.text_code for m in queued().values()} == {"KN"}
    asking = {"R9", "P1", "P2", "P3", "P4"}
    assert {m.expects for m in queued().values()} == {"", "call"}, "nothing is asked, but a call is missed"
    assert {m.rule for m in queued().values() if m.expects} <= asking


def test_planning_again_changes_nothing(departure: Departure) -> None:
    before = snapshot()
    planning.replan([departure.id], NOW)
    db.session.commit()
    assert snapshot() == before


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(days=st.lists(st.integers(-40, 200), min_size=1, max_size=4))
def test_any_way_there_and_back_leaves_exactly_the_plan_of_the_last_date(cast_once: Cast, days: list[int]) -> None:
    """However a date moves, the outbox holds what a first registration with that date would."""
    facilitator, person = cast_once.facilitator, cast_once.migrant
    moved = acts.record(person, facilitator, NOW, **PLANNED)
    for offset in days:
        acts.change(moved, facilitator, NOW, planned_on=LEAVES + timedelta(days=offset))
    fresh = acts.record(person, facilitator, NOW, **PLANNED | {"planned_on": moved.planned_on})
    assert _plan(moved) == _plan(fresh)
    db.session.rollback()


@pytest.fixture
def cast_once(cast: Cast) -> Cast:
    return cast


def _plan(departure: Departure) -> set[tuple[str, datetime]]:
    db.session.flush()
    return {
        (key.split(":", 2)[2], message.due_at)
        for key, message in queries.messages_of(departure).items()
        if message.state == "queued"
    }
