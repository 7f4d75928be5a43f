"""The first text to an own phone: asked once, only with consent, and its answer confirms the number."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from sms.text import segments
from tests.people import Cast
from webapp.callbacks import intake
from webapp.db import db
from webapp.departures import acts, upkeep
from webapp.departures.model import Departure
from webapp.outbox import texts
from webapp.outbox.model import Message
from webapp.outbox.store import SqlStore
from webapp.people import consent
from webapp.people.model import SMS, NumberState, Person
from webapp.people.signals import person_reviewed

NUMBER = "+6281277778888"
#: 22:00 in the village: too late for a text.
AT_NIGHT = datetime(2026, 11, 3, 15, 0, tzinfo=UTC)
NEXT_MORNING = datetime(2026, 11, 4, 1, 0, tzinfo=UTC)


def questions() -> list[Message]:
    return list(db.session.scalars(sa.select(Message).where(Message.purpose == "welcome").order_by(Message.id)))


def with_new_phone(cast: Cast, person: Person, reader: str = "self") -> Person:
    person.add_phone(NUMBER, reader, account=cast.facilitator, now=AT_NIGHT)
    db.session.commit()
    return person


def test_a_new_own_phone_is_asked_in_the_morning(cast: Cast) -> None:
    with_new_phone(cast, cast.migrant)
    (question,) = questions()
    assert (question.number, question.text_code, question.expects) == (NUMBER, "K0", "confirm")
    assert question.due_at == NEXT_MORNING
    assert "Siti" in texts.words_of(question)
    assert segments(texts.words_of(question)) == 1


@pytest.mark.parametrize("reader", ["family", "employer", "unknown"])
def test_a_phone_that_others_read_is_not_asked(cast: Cast, reader: str) -> None:
    with_new_phone(cast, cast.migrant, reader)
    assert questions() == []


def test_without_consent_nobody_is_asked_until_it_is_given(cast: Cast) -> None:
    person = with_new_phone(cast, cast.withdrew)
    assert questions() == []
    person.record_consent(SMS, True, account=cast.facilitator, now=AT_NIGHT)
    db.session.commit()
    assert [question.number for question in questions()] == [NUMBER]


def test_nobody_under_eighteen_is_asked(cast: Cast) -> None:
    person = cast.migrant
    person.birth_date = AT_NIGHT.date().replace(year=AT_NIGHT.year - 17)
    with_new_phone(cast, person)
    assert questions() == []


def test_a_phone_is_asked_once_whatever_changes(cast: Cast) -> None:
    person = with_new_phone(cast, cast.migrant)
    person.note("pindah rumah", account=cast.facilitator, now=NEXT_MORNING)
    person.record_consent(SMS, False, account=cast.facilitator, now=NEXT_MORNING)
    person.record_consent(SMS, True, account=cast.facilitator, now=NEXT_MORNING)
    db.session.commit()
    assert len(questions()) == 1


@pytest.mark.parametrize(("answer", "confirmed", "agrees"), [("Ya bu", True, True), ("TIDAK", False, False)])
def test_the_answer_confirms_or_withdraws(cast: Cast, answer: str, confirmed: bool, agrees: bool) -> None:
    person = with_new_phone(cast, cast.migrant)
    (question,) = questions()
    question.state, question.sent_at = "sent", NEXT_MORNING
    db.session.commit()
    intake.receive("simulator", "in-1", NUMBER, answer, NEXT_MORNING)
    db.session.expire_all()
    phone = next(phone for phone in person.phones if phone.number == NUMBER)
    assert (phone.confirmed_at is not None) is confirmed
    line = consent.current(person.id)[SMS]
    assert line is not None
    assert line.given is agrees


def abroad(cast: Cast) -> Person:
    """Sri left for Saudi Arabia in November, and her phone has been silent ever since."""
    now = datetime(2026, 11, 12, 3, 0, tzinfo=UTC)
    sri, left = cast.migrant, date(2026, 11, 10)
    departure = acts.record(sri, cast.facilitator, now, destination_code="SA", scheme="p3mi", planned_on=left)
    acts.leave(departure, cast.facilitator, now, left)
    acts.arrive(departure, now)
    sri.phones[0].confirmed_at = now
    db.session.commit()
    return sri


def test_abroad_a_phone_is_asked_by_the_clock_there(cast: Cast) -> None:
    sri = abroad(cast)
    eight_in_java = datetime(2027, 6, 7, 1, 5, tzinfo=UTC)
    upkeep.plan_due(eight_in_java)
    (question,) = questions()
    assert (question.zone, question.due_at) == ("Asia/Riyadh", datetime(2027, 6, 7, 5, 0, tzinfo=UTC))
    (departure,) = db.session.scalars(sa.select(Departure))
    acts.come_home(departure, cast.facilitator, eight_in_java, eight_in_java.date())
    db.session.commit()
    (question,) = questions()
    assert (question.zone, question.due_at) == (sri.area.zone, eight_in_java)


def test_somebody_off_the_path_is_not_asked(cast: Cast) -> None:
    sri, later = abroad(cast), datetime(2027, 6, 7, 6, 0, tzinfo=UTC)
    for stage in ("lost_contact", "in_trouble", "deceased"):
        person_reviewed.send(sri, now=later)
        assert [question.state for question in questions()] == ["queued"]
        sri.move_to(stage, on_day=later.date(), account=cast.facilitator, now=later)
        db.session.commit()
        assert [question.state for question in questions()] == ["withdrawn"]
        if stage != "deceased":
            sri.move_to("working", on_day=later.date(), account=cast.facilitator, now=later)
            db.session.commit()


def test_the_claim_looks_at_the_stage_again(cast: Cast) -> None:
    sri, later = abroad(cast), datetime(2027, 6, 7, 6, 0, tzinfo=UTC)
    person_reviewed.send(sri, now=later)
    # Behind the plan's back.
    db.session.execute(sa.update(Person).where(Person.id == sri.id).values(stage="in_trouble"))
    db.session.commit()
    SqlStore(db.engine, gateway="told", owner="worker", lease=60, price_rupiah=0).claim_due(10, later)
    db.session.expire_all()
    assert [(question.state, question.reason) for question in questions()] == [("suppressed", "other_stage")]


def test_a_doubt_right_after_the_question_asks_no_second_time(cast: Cast) -> None:
    """A text after half a year of silence leaves the number in doubt: the question about it is out already."""
    person = with_new_phone(cast, cast.migrant)
    (question,) = questions()
    question.state, question.sent_at = "sent", NEXT_MORNING
    phone = next(phone for phone in person.phones if phone.number == NUMBER)
    phone.added_at = NEXT_MORNING - timedelta(days=400)
    db.session.add(NumberState(number=NUMBER, heard_at=phone.added_at, doubted_at=NEXT_MORNING))
    db.session.commit()
    person_reviewed.send(person, now=NEXT_MORNING + timedelta(minutes=1))
    assert len(questions()) == 1
    person_reviewed.send(person, now=NEXT_MORNING + timedelta(days=8))
    assert len(questions()) == 2, "nothing came in a week: once more"
