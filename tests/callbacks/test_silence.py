"""A number that was silent for 180 days may have changed hands: only a YA, or an officer, tells whose it is."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa

from tests.callbacks.saying import SRI, leave_at, say
from tests.people import Cast
from webapp.db import db
from webapp.departures import acts, upkeep
from webapp.departures.model import Departure
from webapp.outbox.model import Message
from webapp.people.signals import person_reviewed

NOW = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LATE = NOW + 200 * DAY


def texts(purpose: str, *states: str) -> list[Message]:
    db.session.expire_all()
    query = sa.select(Message).where(Message.purpose == purpose, Message.state.in_(states)).order_by(Message.id)
    return list(db.session.scalars(query))


def working_abroad(cast: Cast, since: datetime) -> Departure:
    made = acts.record(cast.migrant, cast.facilitator, since, destination_code="TW", scheme="p3mi")
    acts.leave(made, cast.facilitator, since, since.date())
    db.session.commit()
    return made


def plan_again(now: datetime) -> None:
    upkeep.outdate(now)
    db.session.commit()
    upkeep.plan_due(now)
    db.session.commit()


def send_questions(now: datetime) -> None:
    """Those that wait are on their way, and the provider took them."""
    waiting = sa.update(Message).where(Message.purpose == "welcome", Message.state == "queued")
    db.session.execute(waiting.values(state="sent", sent_at=now))
    db.session.commit()


def codes() -> set[str]:
    return {message.text_code for message in texts("reminder", "queued")}


def test_a_question_of_a_stranger_opens_nothing_and_a_yes_does(cast: Cast) -> None:
    working_abroad(cast, LATE - DAY)
    person_reviewed.send(cast.migrant, now=LATE)
    db.session.commit()
    assert codes() == {"KN"}
    send_questions(LATE + HOUR)
    assert say("siapa ini? salah sambung", SRI, LATE + 2 * HOUR).for_human
    plan_again(LATE + 2 * HOUR)
    assert codes() == {"KN"}, "a text does not tell whose the number is now"
    send_questions(LATE + 3 * HOUR)
    say("YA", SRI, LATE + 4 * HOUR)
    plan_again(LATE + 4 * HOUR)
    assert "P2" in codes()


def test_an_unanswered_question_is_asked_once_more_after_each_silence(cast: Cast) -> None:
    sri = cast.migrant
    sri.add_phone("+6281277778888", "self", account=cast.facilitator, now=NOW)
    sri.remove_phone(sri.phones[0], account=cast.facilitator, now=NOW)
    acts.record(sri, cast.facilitator, NOW, destination_code="TW", scheme="p3mi", planned_on=date(2027, 7, 1))
    db.session.execute(sa.update(Message).where(Message.purpose == "welcome").values(state="delivered", sent_at=NOW))
    db.session.commit()
    for _ in range(3):
        plan_again(LATE)
    assert [message.state for message in texts("welcome", "delivered", "queued")] == ["delivered", "queued"]


def test_the_last_text_before_the_silence_is_planned_neutral_rather_than_held_back(cast: Cast) -> None:
    phone = cast.migrant.phones[0]
    silent_from = max(phone.added_at, phone.confirmed_at or phone.added_at) + 180 * DAY
    leaves = (silent_from + DAY).date()
    acts.record(
        cast.migrant, cast.facilitator, silent_from - HOUR, destination_code="TW", scheme="p3mi", planned_on=leaves
    )
    db.session.commit()
    (last,) = [message for message in texts("reminder", "queued") if message.rule == "R9"]
    leave_at(max(last.due_at, silent_from + HOUR))
    db.session.expire_all()
    assert (db.session.get_one(Message, last.id).state, last.text_code) == ("sending", "KN")
