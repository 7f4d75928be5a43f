"""The first text to an own phone: asked once, only with consent, and its answer confirms the number."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from sms.text import segments
from tests.people import Cast
from webapp.callbacks import intake
from webapp.db import db
from webapp.outbox import texts
from webapp.outbox.model import Message
from webapp.people import consent
from webapp.people.model import SMS, Person

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
