"""Whoever calls again is heard: by whoever took the case on, by all if nobody is left, more urgently by a safe word."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.callbacks.saying import SRI, say
from tests.people import Cast
from webapp import clock
from webapp.accounts.model import Account
from webapp.cases import acts, chores, safe_words
from webapp.cases.model import Case, CaseEvent, EscalationStep
from webapp.db import db
from webapp.outbox.model import Message
from webapp.people.model import NumberState

MINUTE = timedelta(minutes=1)


def alarms(code: str = "") -> list[str]:
    query = sa.select(Message.number).where(Message.purpose == "alarm").order_by(Message.id)
    return list(db.session.scalars(query.where(Message.text_code == code) if code else query))


def call(words: str, minutes: int) -> Case:
    say(words, SRI, clock.now() + minutes * MINUTE)
    return db.session.scalars(sa.select(Case)).one()


def climb(until: int) -> None:
    for minute in range(0, until + 1, 5):
        chores.climb_due(clock.now() + minute * MINUTE)


def test_whoever_took_it_on_hears_of_it_and_then_the_regency(app: Flask, cast: Cast) -> None:
    case = call("BANTU", 0)
    acts.take_on(case, cast.facilitator, clock.now() + MINUTE)
    db.session.commit()
    call("BANTU dia mau bunuh saya", 20)
    assert alarms("ACASE4") == [cast.facilitator.phone]
    call("BANTU", 21)
    assert alarms("ACASE4") == [cast.facilitator.phone], "once in five minutes"
    climb(100)
    assert alarms("ACASE4")[1:] == [cast.coordinator.phone], "nothing was noted within the hour"


def test_no_five_minutes_have_two_of_these_texts(app: Flask, cast: Cast) -> None:
    case = call("BANTU", 0)
    acts.take_on(case, cast.facilitator, clock.now() + MINUTE)
    db.session.commit()
    # Before and after a full five minutes of the clock, and then when five have gone.
    full = (int(clock.now().timestamp()) // 300 + 8) * 300
    for seconds, texts in ((-1, 1), (1, 1), (298, 1), (300, 2)):
        say("BANTU", SRI, datetime.fromtimestamp(full + seconds, UTC))
        assert alarms("ACASE4") == [cast.facilitator.phone] * texts, seconds


def test_if_something_is_noted_nobody_else_is_called(app: Flask, cast: Cast) -> None:
    case = call("BANTU", 0)
    acts.take_on(case, cast.facilitator, clock.now() + MINUTE)
    case = call("BANTU", 20)
    acts.note(case, "Sudah ditelepon", cast.facilitator, clock.now() + 25 * MINUTE)
    db.session.commit()
    climb(120)
    assert cast.coordinator.phone not in alarms("ACASE4")


def test_if_nobody_is_left_to_be_told_all_are_told_anew(app: Flask, cast: Cast) -> None:
    call("BANTU", 0)
    climb(200)
    before = len(alarms())
    call("BANTU", 205)
    call("BANTU", 240)
    assert len(alarms()) > before
    first = len(alarms())
    call("BANTU", 245)
    assert len(alarms()) == first, "not at every text"


def test_a_safe_word_behind_an_open_call_is_no_mere_repeat(app: Flask, cast: Cast) -> None:
    safe_words.set_word(cast.migrant, "kembang sepatu", cast.facilitator, clock.now())
    db.session.commit()
    case = call("BANTU", 0)
    text_id = case.incoming_id
    acts.take_on(case, cast.facilitator, clock.now() + MINUTE)
    db.session.commit()
    before = len(alarms())
    case = call("Kembang sepatu", 180)
    assert (case.kind, case.acknowledged_at, case.incoming_id) == ("safe_word", None, text_id)
    assert len(alarms()) == before + 2, "facilitator and regency, at once"


def test_a_call_while_the_case_is_closed_opens_another(app: Flask, cast: Cast) -> None:
    first = call("BANTU", 0)
    db.session.execute(sa.update(Case).values(closed_at=clock.now()).execution_options(synchronize_session=False))
    # As another process does, after this one has read the case as open.
    assert not acts.call_again(first, "help", None, clock.now())


@pytest.mark.parametrize("said", ["stopped_at", "wrong_person_at", "invalid_at"])
def test_officers_whose_phone_gets_nothing_are_not_counted(app: Flask, cast: Cast, said: str) -> None:
    for officer in (cast.facilitator, cast.coordinator):
        db.session.add(NumberState(number=officer.phone, **{said: clock.now()}))
    db.session.commit()
    call("BANTU", 0)
    assert set(alarms()) == {cast.province.phone}, "the next office stands in"


def test_where_the_nation_has_nobody_the_administrators_are_called(app: Flask, cast: Cast) -> None:
    db.session.execute(sa.update(Account).where(Account.role == "coordinator").values(phone=None))
    db.session.commit()
    say("BANTU", "+6281299990000", clock.now())
    assert alarms() == [cast.administrator.phone]


def test_a_slip_in_the_table_silences_nobody(app: Flask, cast: Cast) -> None:
    db.session.execute(sa.update(EscalationStep).where(EscalationStep.step == 0).values(audience="fasilitator"))
    db.session.commit()
    case = call("BANTU", 0)
    assert alarms() == [cast.coordinator.phone]
    kinds = db.session.scalars(sa.select(CaseEvent.kind).where(CaseEvent.case_id == case.id)).all()
    assert "alerted" in kinds
