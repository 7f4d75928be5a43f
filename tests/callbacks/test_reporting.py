"""LAPOR: what is stored at once, what is asked after it, and that nothing of it leads to whoever wrote."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session, scoped_session

from sms.phone import mask
from sms.text import segments
from tests.callbacks.saying import SRI, STRANGER, leave_at, say
from tests.callbacks.test_at_once import together
from tests.conftest import Login, new_client
from tests.people import HOME, NATION, Cast
from tests.routes import grant, routes, stored_examples
from webapp import clock
from webapp.brokers import by_text
from webapp.brokers.model import BrokerReport, BrokerStep, ReturnAddress
from webapp.callbacks import forgetting, intake
from webapp.cases.model import Case
from webapp.conversations.model import Incoming
from webapp.db import db
from webapp.outbox.model import Message
from webapp.people.model import FamilyContact, NumberState
from webapp.sealing import unseal

NOW = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
STORY = "Pak Darto minta uang muka 5 juta di Kroya"
MINUTE = timedelta(minutes=1)


def the_report() -> BrokerReport:
    db.session.expire_all()
    return db.session.scalars(sa.select(BrokerReport)).one()


def answer(words: str, at: datetime, number: str = STRANGER) -> str:
    """The one text that comes back; officers may be called besides."""
    say(words, number, at)
    (text,) = (words for words in leave_at(at) if "laporan mendesak" not in words)
    assert segments(text) == 1
    assert text.endswith("-Desmigratif")
    return text


def told(number: str = STRANGER) -> BrokerReport:
    answer(f"LAPOR {STORY}", NOW, number)
    return the_report()


def test_the_first_words_are_a_report_at_once(app: Flask, cast: Cast) -> None:
    text = answer(f"LAPOR {STORY}", NOW)
    report = the_report()
    assert (report.words, report.channel, report.account_id, report.person_id) == (STORY, "sms", None, None)
    assert (report.reporter_kind, report.naming, report.area_code) == ("anonymous", "confidential", NATION)
    assert (report.safe_to_call, report.urgent, report.threat) == (None, False, "none")
    assert report.reporter_contact == STRANGER
    assert report.word
    assert report.word in text
    assert "1=ya 2=jangan" in text
    address = db.session.get_one(ReturnAddress, report.return_address_id)
    assert address.number_encrypted is not None
    assert unseal(address.number_encrypted) == STRANGER
    assert address.expires_at == NOW + timedelta(days=180)
    assert STRANGER not in address.number_hash


def test_three_questions_follow_one_word_each(app: Flask, cast: Cast) -> None:
    told()
    assert "YA atau TIDAK" in answer("1", NOW + MINUTE)
    assert "3=tidak seorang pun" in answer("tidak", NOW + 2 * MINUTE)
    assert "BANTU" in answer("2", NOW + 3 * MINUTE)
    report = the_report()
    assert (report.safe_to_call, report.threat, report.urgent, report.naming) == (True, "none", False, "confidential")
    assert report.words == STORY


@pytest.mark.parametrize(("said", "safe"), [("1", True), ("ya", True), ("2", False), ("tidak", False)])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_yes_and_no_are_understood_where_digits_are_asked(app: Flask, cast: Cast, said: str, safe: bool) -> None:
    told()
    answer(said, NOW + MINUTE)
    assert the_report().safe_to_call is safe


def test_it_keeps_what_it_has_if_the_person_stops(app: Flask, cast: Cast) -> None:
    told()
    say("STOP", STRANGER, NOW + MINUTE)
    assert [text.startswith("SMS Desmigratif") for text in leave_at(NOW + MINUTE)] == [True]
    assert the_report().words == STORY


def test_a_threat_is_urgent_and_officers_are_called_once(app: Flask, cast: Cast) -> None:
    told()
    answer("2", NOW + MINUTE)
    answer("ya", NOW + 2 * MINUTE)
    report = the_report()
    assert (report.threat, report.urgent) == ("threat", True)
    say("dia juga dipukul", STRANGER, NOW + 3 * MINUTE)
    assert the_report().threat == "violence"
    assert db.session.scalars(sa.select(Case.report_id)).all() == [report.id]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_words_of_danger_are_urgent_from_the_start(app: Flask, cast: Cast) -> None:
    answer("LAPOR adik saya umur 15 disekap", NOW)
    report = the_report()
    assert (report.threat, report.child_involved, report.urgent) == ("violence", True, True)
    answer("2", NOW + MINUTE)
    answer("tidak", NOW + 2 * MINUTE)
    assert the_report().threat == "violence"


def test_an_anonymous_reporters_number_is_erased_at_once(app: Flask, cast: Cast) -> None:
    told()
    answer("2", NOW + MINUTE)
    answer("tidak", NOW + 2 * MINUTE)
    answer("3", NOW + 3 * MINUTE)
    report = the_report()
    assert (report.naming, report.contact_encrypted) == ("anonymous", None)
    assert report.return_address_id is not None


def test_a_wrong_answer_asks_nothing_and_is_kept(app: Flask, cast: Cast) -> None:
    told()
    say("3", STRANGER, NOW + MINUTE)
    assert leave_at(NOW + MINUTE) == []
    report = the_report()
    assert report.words.endswith("[tambahan] 3")
    assert report.safe_to_call is None
    assert "YA atau TIDAK" in answer("1", NOW + 2 * MINUTE)


def test_a_story_behind_an_answer_is_kept(app: Flask, cast: Cast) -> None:
    told()
    answer("2", NOW + MINUTE)
    answer("Ya, dia bawa parang", NOW + 2 * MINUTE)
    report = the_report()
    assert report.threat == "threat"
    assert "dia bawa parang" in report.words


def test_what_is_told_later_is_added_and_acknowledged_once(app: Flask, cast: Cast) -> None:
    told()
    assert "Tambahan" in answer("nomornya 081234500000", NOW + MINUTE)
    say("rumahnya dekat pasar", STRANGER, NOW + 2 * MINUTE)
    assert leave_at(NOW + 2 * MINUTE) == []
    assert the_report().words == f"{STORY}\n[tambahan] nomornya 081234500000\n[tambahan] rumahnya dekat pasar"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_more_than_fits_is_not_lost(app: Flask, cast: Cast) -> None:
    told()
    for minute in (1, 2):
        say("dan lagi " * 130, STRANGER, NOW + minute * MINUTE)
    assert len(the_report().words) <= 2000
    (step,) = db.session.scalars(sa.select(BrokerStep))
    assert (step.kind, step.account_id) == ("noted", None)
    assert step.facts["note"].startswith("dan lagi")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_day_later_it_is_another_matter(app: Flask, cast: Cast) -> None:
    told()
    text = say("selamat pagi bu", STRANGER, NOW + timedelta(hours=25))
    assert (text.private, text.for_human, text.body) == (False, True, "selamat pagi bu")
    assert the_report().words == STORY


def test_lapor_alone_asks_for_the_story(app: Flask, cast: Cast) -> None:
    assert "ceritakan" in answer("LAPOR", NOW)
    assert "Aman" in answer(STORY, NOW + MINUTE)
    assert the_report().words == STORY
    say("ada lagi", STRANGER, NOW + 2 * MINUTE)
    assert the_report().words.endswith("ada lagi")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_story_may_come_before_it_was_asked_for(app: Flask, cast: Cast) -> None:
    say("LAPOR", STRANGER, NOW)
    say(STORY, STRANGER, NOW)
    assert the_report().words == STORY


@pytest.mark.parametrize("said", ["STOP", "BANTU", "CEK PT Maju", "ya"])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_another_command_is_no_story(app: Flask, cast: Cast, said: str) -> None:
    answer("LAPOR", NOW)
    say(said, STRANGER, NOW + MINUTE)
    assert db.session.scalar(sa.select(BrokerReport.id)) is None


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_after_a_day_no_story_is_awaited(app: Flask, cast: Cast) -> None:
    answer("LAPOR", NOW)
    assert say(STORY, STRANGER, NOW + timedelta(hours=25)).for_human


def test_bantu_within_the_dialogue_still_calls_a_human(app: Flask, cast: Cast) -> None:
    told(SRI)
    text = say("BANTU", SRI, NOW + MINUTE)
    assert (text.for_human, text.private, text.person_id) == (True, False, cast.migrant.id)


def test_a_registered_migrant_reports_for_her_area_and_is_not_named(app: Flask, cast: Cast) -> None:
    report = told(SRI)
    assert (report.area_code, report.reporter_kind, report.person_id) == (HOME, "neighbour", None)
    answer("1", NOW + MINUTE, SRI)
    say("rumahnya biru", SRI, NOW + 2 * MINUTE)
    db.session.expire_all()
    for text in db.session.scalars(sa.select(Incoming)):
        assert (text.private, text.for_human, text.body) == (True, False, "")
        assert (text.person_id, text.contact_id, text.area_code) == (None, None, NATION)
    for message in db.session.scalars(sa.select(Message)):
        assert (message.private, message.person_id, message.area_code) == (True, None, NATION)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_relative_reports_for_the_family(app: Flask, cast: Cast) -> None:
    contact = FamilyContact(
        person_id=cast.migrant.id, name="Wagiman", relation="parent", number=STRANGER, added_at=NOW - timedelta(1)
    )
    db.session.add(contact)
    db.session.commit()
    report = told()
    assert (report.reporter_kind, report.area_code) == ("family", HOME)


def test_an_open_question_of_others_is_not_answered_by_the_same_digit_twice(app: Flask, cast: Cast) -> None:
    older = Message(
        key="departure:1:P1", cause="departure:1", reference="0" * 32, person_id=cast.migrant.id, number=SRI,
        area_code=HOME, text_code="P1", purpose="reminder", expects="1_2", state="sent", due_at=NOW, created_at=NOW,
        updated_at=NOW, sent_at=NOW - timedelta(hours=1),
    )  # fmt: skip
    db.session.add(older)
    db.session.commit()
    told(SRI)
    say("1", SRI, NOW + MINUTE)
    say("1", SRI, NOW + MINUTE)
    assert len(leave_at(NOW + MINUTE)) == 1
    report = the_report()
    assert (report.safe_to_call, report.words) == (True, STORY)
    assert db.session.get_one(Message, older.id).answered_at is None


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_same_digit_twice_is_no_addition(app: Flask, cast: Cast) -> None:
    told()
    answer("1", NOW + MINUTE)
    say("1", STRANGER, NOW + MINUTE)
    assert leave_at(NOW + MINUTE) == []
    report = the_report()
    assert (report.safe_to_call, report.threat, report.words) == (True, "none", STORY)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_same_words_again_are_the_same_report(app: Flask, cast: Cast) -> None:
    told()
    say(f"LAPOR {STORY}", STRANGER, NOW + MINUTE)
    assert leave_at(NOW + MINUTE) == []
    assert the_report().words == STORY


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_number_that_reports_without_end_adds_to_its_newest_report(app: Flask, cast: Cast) -> None:
    for number in range(12):
        say(f"LAPOR kejadian {number}", STRANGER, NOW + number * MINUTE)
    reports = db.session.scalars(sa.select(BrokerReport).order_by(BrokerReport.id)).all()
    assert len(reports) == by_text.MOST_REPORTS
    assert "kejadian 11" in reports[-1].words
    assert not db.session.scalar(sa.select(sa.func.count()).where(Incoming.for_human))


def test_one_webhook_a_hundred_times_and_at_once_is_one_report(app: Flask, cast: Cast) -> None:
    together(app, lambda _: intake.receive("simulator", "same", STRANGER, f"LAPOR {STORY}", NOW))
    for _ in range(100):
        intake.receive("simulator", "same", STRANGER, f"LAPOR {STORY}", NOW)
    assert the_report().words == STORY
    assert len(leave_at(NOW)) == 1
    together(app, lambda number: intake.receive("simulator", f"one-{number}", STRANGER, "1", NOW + MINUTE))
    intake.understand_rest(NOW + MINUTE)
    assert len(leave_at(NOW + MINUTE)) == 1
    report = the_report()
    assert (report.safe_to_call, report.words) == (True, STORY)


def test_if_the_report_cannot_be_stored_the_words_stay(app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(by_text, "danger_in", lambda *_: 1 / 0)
        text = say(f"LAPOR {STORY}", STRANGER, NOW)
    assert (text.understood_at, text.body) == (None, f"LAPOR {STORY}")
    assert intake.understand_rest(NOW) == 1
    assert the_report().words == STORY
    assert db.session.scalar(sa.select(Incoming.body)) == ""


def test_no_page_shows_the_words_or_the_number(
    app: Flask, cast: Cast, login: Login, db_session: scoped_session[Session]
) -> None:
    """Of the dialogue of a registered migrant, whom the village knows; the report itself is her coordinators'."""
    pages = list(routes(app, stored_examples(cast, db_session())))
    grant(cast, db_session(), until=clock.real_now().replace(year=2100))
    at = clock.now()
    say("LAPOR zebrakuning minta uang", STRANGER, at)
    say("LAPOR gajahbiru minta uang", SRI, at)
    leave_at(at)
    say("jerapahhijau juga", SRI, at)
    db.session.execute(sa.update(Message).where(Message.private).values(state="failed"))
    db.session.commit()
    texts = db.session.scalars(sa.select(Incoming.id).where(Incoming.private)).all()
    paths = {page.path for page in pages if page.method == "GET" and page.endpoint != "simulator.show"}
    paths |= {f"/inbox/{text}" for text in texts} | {"/inbox?show=all", "/inbox?show=answered", "/outbox"}
    for username in ("siti", "joko", "ratna", "dewi", "agus"):
        browser = new_client(app)
        login(browser, cast.account(username))
        for path in sorted(paths):
            page = browser.get(path).get_data(as_text=True)
            assert "99990000" not in page, (username, path)
            assert mask(STRANGER) not in page, (username, path)
            if username in ("siti", "joko") or not path.startswith("/broker-"):
                for marker in ("zebrakuning", "gajahbiru", "jerapahhijau"):
                    assert marker not in page, (username, path, marker)


def test_a_week_later_no_number_is_left(app: Flask, cast: Cast) -> None:
    told()
    answer("1", NOW + MINUTE)
    (question,) = db.session.scalars(sa.select(Message).where(Message.answered_at.is_(None), Message.private))
    question_id = question.id
    db.session.execute(sa.update(Message).values(state="sent", sent_at=NOW))
    db.session.commit()
    assert forgetting.forget(NOW + timedelta(days=6)) == 0
    assert forgetting.forget(NOW + timedelta(days=8)) == 4
    assert forgetting.forget(NOW + timedelta(days=8)) == 0
    db.session.expire_all()
    assert set(db.session.scalars(sa.select(Incoming.number))) == {""}
    assert set(db.session.scalars(sa.select(Message.number))) == {""}
    assert db.session.get_one(Message, question_id).body == ""
    assert db.session.get(NumberState, STRANGER) is None


def test_a_text_that_has_not_left_keeps_its_number_and_others_keep_theirs(app: Flask, cast: Cast) -> None:
    say(f"LAPOR {STORY}", STRANGER, NOW)
    say("halo bu", SRI, NOW)
    assert forgetting.forget(NOW + timedelta(days=8)) == 1
    assert sorted(db.session.scalars(sa.select(Message.number))) == [SRI, STRANGER]
    assert set(db.session.scalars(sa.select(Incoming.number))) == {"", SRI}
    assert db.session.get(NumberState, SRI) is not None


def test_a_return_address_is_forgotten_when_its_time_is_over(app: Flask, cast: Cast) -> None:
    report = told()
    assert by_text.forget_expired(NOW + timedelta(days=179)) == 0
    assert by_text.forget_expired(NOW + timedelta(days=181)) == 1
    assert by_text.forget_expired(NOW + timedelta(days=181)) == 0
    db.session.expire_all()
    address = db.session.get_one(ReturnAddress, report.return_address_id)
    assert (address.number_encrypted, address.number_hash) == (None, f"forgotten:{address.id}")
    assert by_text.newest_of(STRANGER) is None
