"""What a text does to consent, questions, queue and inbox: once, and for everybody who has that number."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import OperationalError

from tests.people import Cast
from webapp.callbacks import intake, understanding
from webapp.conversations.model import Incoming
from webapp.db import db
from webapp.departures import acts
from webapp.outbox import queue
from webapp.outbox.model import Message
from webapp.people.consent import current
from webapp.people.model import SMS, Event, NumberState, Person, Phone, Task

NOW = datetime(2026, 11, 30, 2, 0, tzinfo=UTC)
SRI, TUMINI, STRANGER = "+6281234567801", "+6281234567802", "+6281299990000"
_ids = count(1)


def say(words: str, number: str = SRI, now: datetime = NOW) -> Incoming:
    """Somebody writes; what the programme made of it."""
    provider_id = f"in-{next(_ids)}"
    intake.receive("simulator", provider_id, number, words, now)
    return db.session.scalars(sa.select(Incoming).where(Incoming.provider_id == provider_id)).one()


def ask(person: Person, expects: str, *, sent_at: datetime = NOW - timedelta(hours=1), **columns: Any) -> Message:
    """A question that went out to the person's phone."""
    phone = person.phones[0]
    row = {"key": f"question:{next(_ids)}", "purpose": "reminder", "area_code": person.area_code, "text_code": "R9"}
    row |= {"number": phone.number, "phone_id": phone.id, "person_id": person.id, "expects": expects} | columns
    queue.enqueue(**row, due_at=sent_at, now=sent_at)
    message = db.session.scalars(sa.select(Message).where(Message.key == row["key"])).one()
    message.state, message.sent_at = "sent", sent_at
    db.session.commit()
    return message


def leaving(cast: Cast, planned_on: date = date(2026, 12, 1)) -> tuple[int, Message]:
    """Sri leaves tomorrow, and was asked R9 today."""
    departure = acts.record(
        cast.migrant, cast.facilitator, NOW - timedelta(days=1), destination_code="HK", scheme="p3mi",
        planned_on=planned_on,
    )  # fmt: skip
    db.session.commit()
    key = f"departure:{departure.id}:R9:2026-12-01:99"
    return departure.id, ask(cast.migrant, "yes_no", key=key, cause=f"departure:{departure.id}")


def replies(number: str = SRI) -> list[str]:
    query = sa.select(Message.text_code).where(Message.purpose == "reply", Message.number == number)
    return list(db.session.scalars(query.order_by(Message.id)))


def consents(person: Person) -> bool:
    line = current(person.id)[SMS]
    return line is not None and line.given


def test_stop_withdraws_consent_and_what_waits_and_says_so(cast: Cast) -> None:
    leaving(cast)
    waiting = sa.select(sa.func.count()).where(Message.state == "queued", Message.purpose == "reminder")
    assert db.session.scalar(waiting)
    assert say("Tolong STOP ya bu").command == "stop"
    assert db.session.scalar(waiting) == 0
    assert db.session.get_one(NumberState, SRI).stopped_at == NOW
    line = current(cast.migrant.id)[SMS]
    assert line is not None
    assert (line.given, line.how, line.account_id) == (False, "sms", None)
    assert replies() == ["KSTOP"]
    (reply,) = db.session.scalars(sa.select(Message).where(Message.purpose == "reply"))
    assert (reply.state, reply.values) == ("queued", {"hp": "081300000001"})


def test_stop_counts_for_everybody_who_has_the_number(cast: Cast) -> None:
    cast.withdrew.add_phone(SRI, "family", account=cast.facilitator, now=NOW)
    cast.withdrew.record_consent(SMS, given=True, account=cast.facilitator, now=NOW)
    db.session.commit()
    say("BERHENTI")
    assert not consents(cast.migrant)
    assert not consents(cast.withdrew)


def test_mulai_gives_back_only_what_stop_took(cast: Cast) -> None:
    cast.withdrew.add_phone(SRI, "self", account=cast.facilitator, now=NOW)
    db.session.commit()
    say("STOP")
    say("stop", now=NOW + timedelta(minutes=1))
    assert say("MULAI", now=NOW + timedelta(minutes=2)).command == "start"
    assert db.session.get_one(NumberState, SRI).stopped_at is None
    assert consents(cast.migrant)
    assert not consents(cast.withdrew)
    assert replies() == ["KSTOP", "KSTOP", "KMULAI"]


def test_mulai_brings_the_reminders_back(cast: Cast) -> None:
    leaving(cast, planned_on=date(2027, 3, 1))
    waiting = sa.select(Message.key).where(Message.state == "queued", Message.purpose == "reminder")
    before = set(db.session.scalars(waiting))
    assert before
    say("STOP")
    say("MULAI", now=NOW + timedelta(minutes=1))
    assert set(db.session.scalars(waiting)) == before


def test_mulai_of_somebody_who_withdrew_otherwise_goes_to_a_human(cast: Cast) -> None:
    assert say("MULAI", TUMINI).for_human
    assert not consents(cast.withdrew)
    assert replies(TUMINI) == []


def test_yes_answers_the_newest_open_question_once(cast: Cast) -> None:
    departure_id, question = leaving(cast)
    incoming = say("ya bu")
    assert (incoming.command, incoming.answers_id, incoming.for_human) == ("yes", question.id, False)
    assert (question.answer, question.answered_at) == ("yes", NOW)
    assert replies() == ["KYA"]
    answered = db.session.scalars(sa.select(Event).where(Event.kind == "answered")).one()
    assert answered.facts == {"departure": departure_id, "question": "R9", "answer": "yes"}
    twice = say("ya")
    assert (twice.answers_id, twice.for_human) == (None, False), "a slip of the thumb"
    second = say("ya", now=NOW + timedelta(minutes=6))
    assert (second.answers_id, second.for_human) == (None, True)
    assert replies() == ["KYA"]


def test_an_answer_that_comes_twice_answers_no_older_question(cast: Cast) -> None:
    older = ask(cast.migrant, "confirm", sent_at=NOW - timedelta(days=3))
    newer = ask(cast.migrant, "yes_no", sent_at=NOW - timedelta(hours=1))
    say("YA")
    say("YA", now=NOW + timedelta(minutes=1))
    assert (newer.answer, older.answer) == ("yes", "")


def test_whoever_has_the_number_now_answers_nothing_asked_of_others(cast: Cast) -> None:
    asked = ask(cast.migrant, "confirm")
    cast.migrant.phones[0].removed_at = NOW - timedelta(minutes=30)
    db.session.commit()
    assert say("YA").for_human
    assert asked.answer == ""


def test_no_postpones_and_makes_a_task(cast: Cast) -> None:
    leaving(cast)
    say("TIDAK")
    assert replies() == ["KTDK"]
    assert cast.migrant.stage == "postponed"
    assert [task.kind for task in db.session.scalars(sa.select(Task))] == ["postponed_by_sms"]


def test_an_answer_with_a_story_is_also_for_a_human(cast: Cast) -> None:
    leaving(cast)
    incoming = say("ya saya sudah di bandara besok jam 5 pesawat")
    assert (incoming.command, incoming.for_human) == ("yes", True)
    assert replies() == ["KYA"]


@pytest.mark.parametrize(
    ("expects", "words"),
    [("1_2", "3"), ("1_2", "ya"), ("yes_no", "1"), ("", "1"), ("1_2_3", "4")],
)
def test_an_answer_that_was_not_invited_goes_to_a_human(cast: Cast, expects: str, words: str) -> None:
    question = ask(cast.migrant, expects)
    incoming = say(words)
    assert (incoming.for_human, incoming.answers_id) == (True, None)
    assert question.answered_at is None


def test_only_the_newest_question_of_the_last_seven_days_is_open(cast: Cast) -> None:
    old = ask(cast.migrant, "1_2", sent_at=NOW - timedelta(days=7, minutes=1))
    assert say("1").for_human
    first = ask(cast.migrant, "1_2", sent_at=NOW - timedelta(days=3))
    newest = ask(cast.migrant, "1_2", sent_at=NOW - timedelta(days=2))
    say("1")
    db.session.expire_all()
    assert [m.answer for m in (old, first, newest)] == ["", "", "1"]
    say("2")
    db.session.expire_all()
    assert first.answer == "2"


def test_a_text_in_doubt_can_be_answered(cast: Cast) -> None:
    question = ask(cast.migrant, "1_2")
    question.state, question.sent_at, question.handed_at = "unknown", None, NOW - timedelta(minutes=1)
    db.session.commit()
    assert say("1").answers_id == question.id


def test_yes_to_the_welcome_confirms_the_persons_own_phone(cast: Cast) -> None:
    cast.migrant.phones[0].confirmed_at = None
    ask(cast.migrant, "confirm", text_code="K0", purpose="welcome")
    say("YA")
    db.session.expire_all()
    assert cast.migrant.phones[0].confirmed_at == NOW
    assert "phone_confirmed" in set(db.session.scalars(sa.select(Event.kind)))


def test_yes_from_a_phone_that_the_family_reads_confirms_nothing(cast: Cast) -> None:
    phone = cast.migrant.phones[0]
    phone.confirmed_at, phone.reader = None, "family"
    ask(cast.migrant, "confirm", text_code="K0", purpose="welcome")
    say("YA")
    db.session.expire_all()
    assert (phone.confirmed_at, phone.reader) == (None, "family")


def test_no_to_the_welcome_withdraws_consent(cast: Cast) -> None:
    ask(cast.migrant, "confirm", text_code="K0", purpose="welcome")
    say("tidak")
    assert not consents(cast.migrant)
    assert db.session.get_one(NumberState, SRI).stopped_at is None


def test_wrong_person_halts_the_number_and_tells_the_officer(cast: Cast) -> None:
    leaving(cast)
    question = ask(cast.migrant, "confirm", text_code="K0", purpose="welcome", sent_at=NOW)
    incoming = say("salah orang pak")
    assert (incoming.command, incoming.for_human, incoming.answers_id) == ("wrong", True, question.id)
    assert db.session.get_one(NumberState, SRI).wrong_person_at == NOW
    queued = sa.select(sa.func.count()).where(Message.state == "queued")
    assert db.session.scalar(queued) == 0
    assert "wrong_person" in set(db.session.scalars(sa.select(Event.kind)))
    assert consents(cast.migrant)


def test_an_unknown_number_is_served_and_learns_nothing(cast: Cast) -> None:
    assert (say("STOP", STRANGER).person_id, say("halo?", STRANGER).for_human) == (None, True)
    assert say("1", STRANGER).area_code == "ID"
    (reply,) = db.session.scalars(sa.select(Message).where(Message.number == STRANGER))
    assert (reply.text_code, reply.person_id, reply.values) == ("KSTOP", None, {"hp": "08001000"})
    assert consents(cast.migrant)


def test_the_name_of_a_sender_is_never_answered(app: Flask) -> None:
    incoming = say("STOP", "TELKOMSEL")
    assert (incoming.for_human, incoming.number) == (True, "TELKOMSEL")
    assert db.session.scalars(sa.select(Message)).all() == []


def test_every_text_shows_that_the_number_lives(cast: Cast) -> None:
    say("halo")
    say("halo lagi", now=NOW + timedelta(hours=1))
    assert db.session.get_one(NumberState, SRI).heard_at == NOW + timedelta(hours=1)


def test_two_robots_do_not_talk_for_ever(cast: Cast) -> None:
    texts = [say("STOP", now=NOW + timedelta(seconds=n)) for n in range(15)]
    assert replies() == ["KSTOP"] * 3, "the same words again and again come from no person"
    told = [n for n, incoming in enumerate(texts) if incoming.for_human]
    assert told == [0, 10], "that texts stopped, and that somebody should look at this"
    say("STOP", now=NOW + timedelta(hours=2))
    assert len(replies()) == 4


def test_a_number_that_writes_without_end_gets_ten_answers_an_hour(cast: Cast) -> None:
    texts = [say(f"CEK PT Rekaan {n}", now=NOW + timedelta(seconds=n)) for n in range(15)]
    assert len(replies()) == 10
    assert texts[10].for_human


@pytest.mark.parametrize("words", ["Ini pesan otomatis: saya sedang cuti. STOP", "AUTO-REPLY: no. INFO"])
def test_a_machine_that_says_so_gets_no_answer(cast: Cast, words: str) -> None:
    say(words)
    assert replies() == []


def test_a_crash_between_storing_and_understanding_is_repaired(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(understanding, "act_on", crash)
        incoming = say("STOP")
        assert incoming.understood_at is None
        assert replies() == []
    db.session.rollback()
    assert intake.understand_rest(NOW + timedelta(minutes=1)) == 1
    assert intake.understand_rest(NOW + timedelta(minutes=2)) == 0
    assert (incoming.command, replies()) == ("stop", ["KSTOP"])


def test_a_text_that_can_never_be_understood_goes_to_a_human(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(understanding, "act_on", crash)
    incoming = say("STOP")
    assert intake.understand_rest(NOW) == 1
    assert (incoming.command, incoming.for_human, incoming.understood_at) == ("text", True, NOW)
    assert intake.understand_rest(NOW) == 0


def test_a_database_that_fails_loses_no_text(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(*_: Any) -> None:
        raise OperationalError("", {}, Exception())

    monkeypatch.setattr(understanding, "act_on", unreachable)
    incoming = say("STOP")
    with pytest.raises(OperationalError):
        intake.understand_rest(NOW)
    assert incoming.understood_at is None


def crash(*_: Any) -> None:
    raise RuntimeError("cut off")


def test_the_same_text_from_two_gateways_is_two_texts(cast: Cast) -> None:
    for gateway in ("simulator", "simulator", "twilio"):
        intake.receive(gateway, "same-id", "0812-3456-7801", "halo", NOW)
    rows = db.session.execute(sa.select(Incoming.gateway, Incoming.number).order_by(Incoming.id)).tuples().all()
    assert rows == [("simulator", SRI), ("twilio", SRI)]


def test_a_removed_phone_is_nobodys(cast: Cast) -> None:
    cast.migrant.remove_phone(cast.migrant.phones[0], account=cast.facilitator, now=NOW)
    db.session.commit()
    assert say("STOP").person_id is None
    assert consents(cast.migrant)
    assert db.session.scalars(sa.select(Phone.number).where(Phone.removed_at.is_not(None))).all() == [SRI]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=200), st.text(min_size=1, max_size=40))
def test_any_text_from_any_sender_is_stored_and_understood(app: Flask, words: str, number: str) -> None:
    incoming = say(words, number)
    assert incoming.understood_at == NOW
    assert incoming.command
