"""Plans follow what no act on the departure changes: the officer, the rules, a birthday."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from tests.people import HOME, Cast
from webapp.accounts import acts as accounts
from webapp.db import db
from webapp.departures import acts, upkeep
from webapp.departures.model import Departure, ReminderRule
from webapp.departures.planning import GOOD_FOR
from webapp.outbox.model import Message

NOW = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
TOMORROW = NOW + GOOD_FOR
LEAVES = date(2026, 12, 20)


@pytest.fixture
def departure(cast: Cast) -> Departure:
    made = acts.record(cast.migrant, cast.facilitator, NOW, destination_code="TW", scheme="p3mi", planned_on=LEAVES)
    db.session.commit()
    return made


def reminder(rule: str) -> Message | None:
    query = sa.select(Message).where(Message.key.contains(f":{rule}:"), Message.state == "queued")
    return db.session.scalar(query.execution_options(populate_existing=True))


def officer(rule: str = "R7") -> tuple[str, str]:
    """Whom a planned text names, and the number to ask."""
    message = reminder(rule)
    assert message is not None
    return message.values["ptg"], message.values["hp"]


@pytest.mark.usefixtures("departure")
def test_nothing_is_due_until_tomorrow() -> None:
    assert upkeep.plan_due(NOW + timedelta(hours=23)) == 0
    assert upkeep.plan_due(TOMORROW) == 1
    assert upkeep.plan_due(TOMORROW) == 0


@pytest.mark.usefixtures("departure")
def test_texts_name_the_officer_who_is_there_now(cast: Cast) -> None:
    assert officer() == ("Siti", "081300000001")
    accounts.close(cast.facilitator, NOW)
    accounts.create(name="Wati", username="wati", phone="+6281300000099", role="facilitator", area_code=HOME, now=NOW)
    db.session.commit()
    # By the programme's own clock, on which the tests' departures lie in the past or the future.
    due = db.session.scalars(sa.select(Departure.plan_due_at)).one()
    assert upkeep.plan_due(due) == 1
    assert officer() == ("Wati", "081300000099")


@pytest.mark.usefixtures("departure")
def test_an_officer_of_another_village_outdates_nothing(cast: Cast) -> None:
    accounts.close(cast.stranger, NOW)
    db.session.commit()
    assert db.session.scalars(sa.select(Departure.plan_due_at)).one() == TOMORROW


@pytest.mark.usefixtures("departure")
def test_a_changed_rule_reaches_what_is_planned() -> None:
    db.session.get_one(ReminderRule, "R7").hour = 15
    upkeep.outdate(NOW)
    db.session.commit()
    upkeep.plan_due(NOW)
    message = reminder("R7")
    assert message is not None
    assert message.due_at == datetime(2026, 12, 13, 8, 0, tzinfo=UTC)


def test_who_turns_eighteen_is_reminded_from_then_on(cast: Cast) -> None:
    cast.migrant.birth_date = date(2008, 11, 20)
    acts.record(cast.migrant, cast.facilitator, NOW, destination_code="TW", scheme="p3mi", planned_on=LEAVES)
    db.session.commit()
    assert reminder("R7") is None
    upkeep.plan_due(datetime(2026, 11, 19, 3, 0, tzinfo=UTC))
    assert reminder("R7") is None
    upkeep.plan_due(datetime(2026, 11, 20, 3, 0, tzinfo=UTC))
    assert reminder("R7") is not None


def test_what_can_have_no_more_texts_is_left_alone(cast: Cast, departure: Departure) -> None:
    acts.cancel(departure, cast.facilitator, NOW, "keluarga sakit")
    db.session.commit()
    assert db.session.scalars(sa.select(Departure.plan_due_at)).one() is None
    upkeep.outdate(NOW)
    assert upkeep.plan_due(TOMORROW) == 0


def test_making_a_plan_anew_sends_nothing_again(departure: Departure) -> None:
    message = reminder("R3")
    assert message is not None
    message.state = "sent"
    db.session.commit()
    before = set(db.session.execute(sa.select(Message.key, Message.state)).tuples())
    upkeep.plan_due(TOMORROW)
    assert set(db.session.execute(sa.select(Message.key, Message.state)).tuples()) == before
