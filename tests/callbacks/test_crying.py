"""Who calls for help: in the middle of a report it is the report's; and whom to call depends on where the phone is."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from tests.callbacks.test_who_wrote import MOTHER, NOW, SRI, STRANGER, say
from tests.conftest import Login
from tests.people import Cast
from webapp.brokers import acts as broker_acts
from webapp.brokers.model import BrokerReport
from webapp.cases.model import Case
from webapp.conversations.model import Incoming
from webapp.db import db
from webapp.departures import acts
from webapp.outbox.model import Message
from webapp.people.model import Person

STORY = "Saya diancam Pak Lurah Karto, KTP saya ditahan dia"


def replies(number: str = SRI) -> list[Message]:
    query = sa.select(Message).where(Message.purpose == "reply", Message.number == number)
    return list(db.session.scalars(query.order_by(Message.id)))


@pytest.mark.parametrize("before", ["LAPOR", "LAPOR Pak Karto minta uang"])
def test_a_cry_in_a_report_is_no_text_of_the_village(
    app: Flask, client: FlaskClient, cast: Cast, login: Login, before: str
) -> None:
    say(before)
    text = say(STORY, now=NOW + timedelta(minutes=3))
    assert (text.private, text.for_human, text.person_id, text.body) == (True, False, None, "")
    report = db.session.scalars(sa.select(BrokerReport)).one()
    assert STORY in report.words
    assert (report.urgent, report.threat) == (True, "threat")
    case = db.session.scalars(sa.select(Case)).one()
    assert (case.kind, case.report_id, case.bypass_village, case.closed_at) == ("report", report.id, True, None)
    last = replies()[-1]
    assert (last.text_code, last.private, last.values["k"]) == ("KBANTU", True, case.reference)
    login(client, cast.facilitator)
    for page in ("/", "/inbox?show=all", "/cases"):
        assert "Karto" not in client.get(page).text
    alarms = db.session.scalars(sa.select(Message.number).where(Message.purpose == "alarm")).all()
    assert cast.facilitator.phone not in alarms
    assert cast.coordinator.phone in alarms


def test_whoever_verifies_the_report_hears_of_the_cry(app: Flask, cast: Cast) -> None:
    say("LAPOR Pak Karto mengancam saya")
    report = db.session.scalars(sa.select(BrokerReport)).one()
    broker_acts.take_on(report, cast.coordinator, NOW + timedelta(minutes=5))
    db.session.commit()
    say(STORY, now=NOW + timedelta(hours=2))
    told = db.session.scalars(sa.select(Message.number).where(Message.text_code == "ACASE4")).all()
    assert told == [cast.coordinator.phone]
    assert len(db.session.scalars(sa.select(Case)).all()) == 1


def test_bantu_alone_is_a_call_as_ever(app: Flask, cast: Cast) -> None:
    say("LAPOR Pak Karto minta uang")
    text = say("BANTU", now=NOW + timedelta(minutes=3))
    assert (text.private, text.for_human) == (False, True)
    assert db.session.scalars(sa.select(Case.kind)).all() == ["help"]


def test_a_call_is_answered_however_much_was_told_before(app: Flask, cast: Cast) -> None:
    for minute in range(12):
        say(f"cerita ke {minute} tentang keluarga saya", STRANGER, NOW + timedelta(minutes=minute))
    say("BANTU", STRANGER, NOW + timedelta(minutes=13))
    assert replies(STRANGER)[-1].text_code == "KBANTU"


@pytest.mark.parametrize(
    ("number", "numbers"),
    [
        ("+886912345678", ("+886901132000", "+622129244800")),
        ("+12025550123", ("+622129244800", "+622129244800")),
        (STRANGER, ("110", "08001000")),
    ],
)
def test_an_unknown_caller_learns_whom_to_call_from_there(
    app: Flask, cast: Cast, number: str, numbers: tuple[str, str]
) -> None:
    say("BANTU", number)
    values = replies(number)[-1].values
    assert (values["dar"], values["rw"]) == numbers


def abroad(cast: Cast, *, noted: bool) -> Person:
    now = NOW - timedelta(days=40)
    departure = acts.record(cast.migrant, cast.facilitator, now, destination_code="TW", scheme="p3mi",
                            planned_on=now.date())  # fmt: skip
    if noted:
        acts.leave(departure, cast.facilitator, now, now.date())
    else:
        cast.migrant.stage = "working"
    cast.migrant.add_contact("Suminah", "mother", MOTHER, account=cast.facilitator, now=now)
    db.session.commit()
    return cast.migrant


@pytest.mark.parametrize("noted", [True, False])
def test_whoever_is_abroad_calls_the_mission_and_their_mother_the_police_here(
    app: Flask, cast: Cast, noted: bool
) -> None:
    abroad(cast, noted=noted)
    say("BANTU", SRI)
    say("BANTU anak saya", MOTHER, NOW + timedelta(minutes=1))
    assert replies(SRI)[-1].values["dar"] == "+886901132000"
    assert replies(MOTHER)[-1].values["dar"] == "110"


def test_no_second_text_of_the_same_is_stored(app: Flask, cast: Cast) -> None:
    say("LAPOR Pak Karto minta uang")
    say(STORY, now=NOW + timedelta(minutes=3))
    assert [text.body for text in db.session.scalars(sa.select(Incoming))] == ["", ""]
