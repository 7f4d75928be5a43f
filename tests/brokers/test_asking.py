"""Asking a reporter back: the question goes out, the answer comes to the report, and nobody learns the number."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.callbacks.saying import SRI, STRANGER, leave_at, say
from tests.conftest import Login, new_client
from tests.people import Cast
from webapp import clock
from webapp.accounts.model import Account, AuditEntry
from webapp.brokers import asking, by_text
from webapp.brokers.model import BrokerReport, BrokerStep
from webapp.cases.model import Case
from webapp.conversations.model import Incoming
from webapp.db import db
from webapp.outbox.model import Message
from webapp.people.model import NumberState, Phone

NOW = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
QUESTION = "Di mana paspornya sekarang?"


def told(number: str = SRI, at: datetime = NOW) -> BrokerReport:
    say("LAPOR Pak Darto minta paspor", number, at)
    leave_at(at)
    return db.session.scalars(sa.select(BrokerReport).order_by(BrokerReport.id.desc()).limit(1)).one()


def in_hand(report: BrokerReport, account: Account) -> BrokerReport:
    """Verified by this coordinator. Commits."""
    report.verifier_id = account.id
    db.session.commit()
    return report


def ask(report: BrokerReport, cast: Cast, at: datetime) -> list[str]:
    asking.ask(report, QUESTION, cast.coordinator, at)
    return leave_at(at)


def answers(report: BrokerReport) -> list[str]:
    query = sa.select(BrokerStep).where(BrokerStep.report_id == report.id, BrokerStep.kind == "answered")
    return [step.facts["note"] for step in db.session.scalars(query.order_by(BrokerStep.id))]


def test_the_question_goes_to_whoever_reported(app: Flask, cast: Cast) -> None:
    report = told()
    assert ask(report, cast, NOW + HOUR) == [f"Desmigratif, kode {report.word}: {QUESTION}"]
    (step,) = db.session.scalars(sa.select(BrokerStep))
    assert (step.kind, step.account_id, step.facts) == ("asked", cast.coordinator.id, {"note": QUESTION})
    message = db.session.scalars(sa.select(Message).where(Message.key == f"ask:{step.id}")).one()
    assert (message.private, message.person_id, message.number) == (True, None, SRI)


def test_what_comes_back_is_a_step_and_no_text_of_the_inbox(app: Flask, cast: Cast) -> None:
    report = told()
    ask(report, cast, NOW + HOUR)
    for hours, words in ((72, "masih di rumah Darto"), (95, "sudah kembali")):
        text = say(words, SRI, NOW + timedelta(hours=hours))
        assert (text.private, text.for_human, text.body, text.person_id) == (True, False, "", None)
    db.session.expire_all()
    assert answers(report) == ["masih di rumah Darto", "sudah kembali"]
    assert report.words == "Pak Darto minta paspor"
    assert report.updated_at == NOW + timedelta(hours=95)
    later = say("Bu, pesawat saya ditunda", SRI, NOW + timedelta(hours=97))
    assert (later.private, later.for_human) == (False, True), "a day after the answer it is about something else"


@pytest.mark.parametrize("merged", [False, True])
def test_violence_told_in_an_answer_calls_officers(app: Flask, cast: Cast, merged: bool) -> None:
    report, main = told(), told(STRANGER)
    ask(report, cast, NOW + HOUR)
    if merged:
        report.merged_into_id = main.id
        db.session.commit()
    say("kemarin Darto memukul saya dan mengurung anak saya yang umur 15", SRI, NOW + timedelta(days=1))
    goes_on = db.session.get_one(BrokerReport, main.id if merged else report.id)
    assert goes_on.urgent
    case = db.session.scalars(sa.select(Case)).one()
    assert (case.report_id, case.kind, case.bypass_village) == (goes_on.id, "report", True)


def test_a_question_that_waits_is_not_asked_once_it_is_not_safe(app: Flask, cast: Cast) -> None:
    report = told()
    asking.ask(report, QUESTION, cast.coordinator, NOW + HOUR)
    by_text.say_whether_safe(report, safe=False, now=NOW + HOUR)
    db.session.commit()
    assert db.session.scalars(sa.select(Message.state).where(Message.key.startswith("ask:"))).all() == ["withdrawn"]


def test_one_word_is_an_answer_too(app: Flask, cast: Cast) -> None:
    report = told()
    ask(report, cast, NOW + HOUR)
    # The question whether a call is safe is still open, too.
    for expects, sent_at in (("1_2", NOW), ("words", NOW + HOUR)):
        db.session.execute(sa.update(Message).where(Message.expects == expects).values(state="sent", sent_at=sent_at))
    db.session.commit()
    say("ya", SRI, NOW + 2 * HOUR)
    assert answers(report) == ["ya"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_commands_and_what_comes_too_late_are_no_answers(app: Flask, cast: Cast) -> None:
    report = told()
    ask(report, cast, NOW + HOUR)
    assert say("BANTU", SRI, NOW + 2 * HOUR).for_human
    assert say("halo bu", SRI, NOW + timedelta(days=15)).for_human
    assert answers(report) == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_newer_report_takes_what_is_told(app: Flask, cast: Cast) -> None:
    report = told()
    ask(report, cast, NOW + HOUR)
    say("LAPOR ada calo lain", SRI, NOW + 2 * HOUR)
    say("namanya Yon", SRI, NOW + 3 * HOUR)
    assert answers(report) == []
    newest = by_text.newest_of(SRI)
    assert newest is not None
    assert newest.words.endswith("namanya Yon")


def test_who_cannot_be_asked(app: Flask, cast: Cast) -> None:
    report = told()
    assert asking.why_not(report, NOW) == ""
    report.safe_to_call = False
    assert asking.why_not(report, NOW) == "not_safe", "not even while they have the phone in hand: so we promised"
    report.safe_to_call = None
    assert asking.why_not(report, NOW + timedelta(days=181)) == "no_address"
    state = db.session.get_one(NumberState, SRI)
    state.stopped_at = NOW + HOUR
    assert asking.why_not(report, NOW + HOUR) == "stopped"
    with pytest.raises(ValueError, match="cannot be asked"):
        asking.ask(report, QUESTION, cast.coordinator, NOW + HOUR)
    state.stopped_at = None
    phone = db.session.scalars(sa.select(Phone).where(Phone.number == SRI)).one()
    phone.do_not_text = True
    assert asking.why_not(report, NOW + HOUR) == "do_not_text"
    phone.do_not_text = False
    report.return_address_id = None
    assert asking.why_not(report, NOW) == "no_address"


def test_an_anonymous_reporter_can_still_be_asked(app: Flask, cast: Cast) -> None:
    report = told(STRANGER)
    by_text.choose_naming(report, "anonymous", NOW)
    assert report.contact_encrypted is None
    assert len(ask(report, cast, NOW + HOUR)) == 1


def test_a_question_waits_for_the_hours_that_were_chosen(app: Flask, cast: Cast) -> None:
    report = told()
    phone = db.session.scalars(sa.select(Phone).where(Phone.number == SRI)).one()
    phone.safe_from_hour, phone.safe_until_hour = 14, 16
    db.session.commit()
    leaves_at = asking.ask(report, QUESTION, cast.coordinator, NOW)
    assert leaves_at == datetime(2026, 11, 2, 7, 0, tzinfo=UTC)
    assert leave_at(NOW) == []
    assert len(leave_at(leaves_at)) == 1


@pytest.fixture
def coordinator(client: FlaskClient, cast: Cast, login: Login) -> FlaskClient:
    login(client, cast.coordinator)
    return client


def post(client: FlaskClient, report: BrokerReport, words: str) -> TestResponse:
    return client.post(f"/broker-reports/{report.id}/questions", data={"words": words})


def test_a_coordinator_asks_on_the_page_and_reads_the_answer(coordinator: FlaskClient, cast: Cast) -> None:
    report = in_hand(told(at=clock.now()), cast.coordinator)
    path = f"/broker-reports/{report.id}"
    assert f'action="{path}/questions"' in coordinator.get(path).text
    assert post(coordinator, report, QUESTION).location == path
    assert [text for text in leave_at(clock.now()) if QUESTION in text]
    say("di rumahnya", SRI, clock.now())
    page = coordinator.get(path).text
    assert QUESTION in page
    assert "di rumahnya" in page
    assert SRI[-8:] not in page
    acts = db.session.scalars(sa.select(AuditEntry.act).where(AuditEntry.subject_id == report.id)).all()
    assert {"asked", "answered"} <= set(acts)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("words", ["", "  ", "x" * 320])
def test_no_words_and_too_many_are_refused(coordinator: FlaskClient, cast: Cast, words: str) -> None:
    report = in_hand(told(at=clock.now()), cast.coordinator)
    assert post(coordinator, report, words).status_code == 422
    assert db.session.scalar(sa.select(BrokerStep.id)) is None


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_who_may_not_be_asked_is_said_in_place_of_the_form(coordinator: FlaskClient, cast: Cast) -> None:
    report = in_hand(told(at=clock.now() - 2 * HOUR), cast.coordinator)
    by_text.say_whether_safe(report, safe=False, now=clock.now())
    db.session.commit()
    page = coordinator.get(f"/broker-reports/{report.id}").text
    assert "/questions" not in page
    assert post(coordinator, report, QUESTION).status_code == 422
    assert db.session.scalar(sa.select(BrokerStep.id)) is None


def test_only_the_verifier_asks(app: Flask, cast: Cast, login: Login) -> None:
    report = in_hand(told(), cast.coordinator)
    statuses = {}
    for username in ("siti", "hartono", "agus", "bambang", "ratna"):
        browser = new_client(app)
        login(browser, cast.account(username))
        statuses[username] = post(browser, report, QUESTION).status_code
        assert ("/questions" in browser.get(f"/broker-reports/{report.id}").text) == (username == "ratna")
    assert statuses == {"siti": 403, "hartono": 404, "agus": 403, "bambang": 409, "ratna": 303}


def test_neither_a_refusal_nor_a_delay_tells_whose_phone_it_is(coordinator: FlaskClient, cast: Cast) -> None:
    refused, stored = set(), set()
    report = in_hand(told(at=clock.now()), cast.coordinator)
    by_text.choose_naming(report, "anonymous", clock.now())
    phone_id = db.session.scalar(sa.select(Phone.id).where(Phone.number == SRI))
    for column, value in (("reader", "employer"), ("do_not_text", True), ("reader", "self"), ("safe_from_hour", 5)):
        hours = {"safe_until_hour": 6} if column == "safe_from_hour" else {}
        usual = {"do_not_text": False} | hours | {column: value}
        db.session.execute(sa.update(Phone).where(Phone.id == phone_id).values(usual))
        db.session.commit()
        answer = post(coordinator, report, QUESTION)
        page = html.unescape(coordinator.get(f"/broker-reports/{report.id}").text)
        if answer.status_code == 303:
            stored |= set(re.findall(r'<p class="flash is-ok"[^>]*>(.*?)</p>', page, re.S))
        else:
            refused |= set(re.findall(r'<p class="notice is-warn">([^<]*)', page))
    assert (len(refused), len(stored)) == (1, 1), (refused, stored)


def test_the_same_question_twice_is_asked_once(coordinator: FlaskClient, cast: Cast) -> None:
    report = in_hand(told(at=clock.now()), cast.coordinator)
    data = {"words": QUESTION, "client_id": "3f0e1d2c-0000-4000-8000-00000000001a"}
    for _ in range(2):
        assert coordinator.post(f"/broker-reports/{report.id}/questions", data=data).status_code == 303
    assert db.session.scalar(sa.select(sa.func.count(BrokerStep.id))) == 1
    assert db.session.scalar(sa.select(sa.func.count()).where(Incoming.for_human)) == 0
