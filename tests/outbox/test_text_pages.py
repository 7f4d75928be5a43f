"""The pages of stock texts: words are seen before they are proposed, decided by a second officer, never by others."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.conftest import Login, new_client
from tests.people import Cast
from tests.plans import plan, statements
from webapp import clock
from webapp.db import db
from webapp.outbox import text_queries
from webapp.outbox.model import Text
from webapp.outbox.text_model import TextProposal
from webapp.outbox.wording import LONGEST_BODY

NOW = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
WORDS = "Desmigratif: {n}, berangkat {d}. Masih kurang: {dok}. Tanya {hp}"
JAVANESE = "Desmigratif: {n}, bidhal {d}. Taksih kirang: {dok}. Pitaken {hp}"
OFFICE = "Balai Bahasa Jawa Tengah"
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def browsers(app: Flask, cast: Cast, login: Login) -> dict[str, FlaskClient]:
    found = {}
    for username in ("siti", "ratna", "bambang", "dewi", "agus"):
        cast.account(username).language = "en"
        found[username] = new_client(app)
        login(found[username], cast.account(username))
    return found


def form(language: str = "id", **changes: Any) -> dict[str, Any]:
    """The form of R1 as the page fills it, with these changes; None: it lacks that field."""
    version = text_queries.get("R1").spoken[language].version
    db.session.rollback()
    filled = {"version": str(version), "body": WORDS if language == "id" else JAVANESE}
    if language != "id":
        filled["confirmed_by"] = OFFICE
    return {name: value for name, value in (filled | changes).items() if value is not None}


def propose(browser: FlaskClient, language: str = "id", **changes: Any) -> TestResponse:
    return browser.post(f"/texts/R1/{language}/proposal", data=form(language, **changes))


def decide(browser: FlaskClient, what: str, language: str = "id", **others: Any) -> TestResponse:
    waits = waiting(language)
    data = {"proposal": waits.id if waits else 1, "read": "y", "reason": "Terlalu kasar."} | others
    db.session.rollback()
    return browser.post(f"/texts/R1/{language}/{what}", data=data)


def waiting(language: str = "id") -> TextProposal | None:
    db.session.rollback()
    return text_queries.waiting_of("R1").get(language)


def used(language: str = "id") -> str | None:
    db.session.rollback()
    text = text_queries.get("R1").spoken[language].used
    return text.body if text else None


def test_the_whole_way_of_new_words(browsers: dict[str, FlaskClient]) -> None:
    before = used()
    seen = browsers["dewi"].get("/texts/R1/id/preview", query_string=form())
    assert seen.status_code == 200
    assert "Desmigratif: Sri, berangkat 5 Des. Masih kurang: paspor. Tanya 081234567890" in seen.text
    assert "Nothing is stored yet." in seen.text
    assert waiting() is None
    assert propose(browsers["dewi"]).status_code == 303
    assert used() == before
    assert "A change waits for approval" in browsers["bambang"].get("/texts").text
    page = browsers["agus"].get("/texts/R1/id/proposal").text
    assert "Proposed by Dewi Lestari." in page
    assert WORDS in page
    assert decide(browsers["agus"], "approval").status_code == 303
    assert used() == WORDS
    page = browsers["bambang"].get("/texts/R1").text
    assert "Proposed by Dewi Lestari, approved by Agus Salim." in page
    assert before in page


def test_another_language_says_whose_words_go_out(browsers: dict[str, FlaskClient]) -> None:
    page = browsers["ratna"].get("/texts/R1").text
    assert page.count("Not in use: Indonesian goes out") == 3
    assert "No words yet" in browsers["ratna"].get("/texts/KX").text
    assert propose(browsers["dewi"], "jv", confirmed_by=" ").status_code == 422
    assert propose(browsers["dewi"], "jv").status_code == 303
    assert used("jv") is None
    assert decide(browsers["agus"], "approval", "jv").status_code == 303
    assert used("jv") == JAVANESE
    page = browsers["ratna"].get("/texts/R1").text
    assert f"Confirmed by: {OFFICE}." in page
    assert page.count("Not in use: Indonesian goes out") == 2


def test_a_language_is_switched_off_by_two(browsers: dict[str, FlaskClient]) -> None:
    propose(browsers["dewi"], "jv")
    decide(browsers["agus"], "approval", "jv")
    assert browsers["dewi"].post("/texts/R1/jv/switching-off", data={"version": "1"}).status_code == 303
    assert waiting("jv") is None, "the page was of an older version"
    assert browsers["dewi"].post("/texts/R1/jv/switching-off", data={"version": "2"}).status_code == 303
    assert used("jv") == JAVANESE
    assert "After that: Indonesian" in browsers["agus"].get("/texts/R1/jv/proposal").text
    decide(browsers["agus"], "approval", "jv")
    assert used("jv") is None
    for language in ("id", "su"):
        assert browsers["dewi"].post(f"/texts/R1/{language}/switching-off", data={"version": "1"}).status_code == 404


def test_nobody_approves_their_own_on_the_page(browsers: dict[str, FlaskClient]) -> None:
    before = used()
    propose(browsers["dewi"])
    assert "Approve it" not in browsers["dewi"].get("/texts/R1/id/proposal").text
    for what in ("approval", "refusal"):
        assert decide(browsers["dewi"], what).status_code == 303
        assert "Nobody approves their own words." in browsers["dewi"].get("/texts/R1").text
    assert used() == before
    assert waiting() is not None
    decide(browsers["agus"], "withdrawal")
    assert waiting() is not None, "only who proposed takes back"
    decide(browsers["dewi"], "withdrawal")
    assert waiting() is None


def test_what_is_given_back_says_why(browsers: dict[str, FlaskClient]) -> None:
    propose(browsers["dewi"])
    answer = decide(browsers["agus"], "refusal", reason=" ")
    assert answer.status_code == 422
    assert "Write the reason." in answer.text
    assert decide(browsers["agus"], "refusal").status_code == 303
    assert waiting() is None
    page = browsers["dewi"].get("/texts/R1").text
    assert "Given back" in page
    assert "Reason: Terlalu kasar." in page


def test_others_read_and_change_nothing(browsers: dict[str, FlaskClient]) -> None:
    before = used()
    propose(browsers["dewi"])
    for username, reads, changes in (("siti", 403, 403), ("ratna", 200, 404), ("bambang", 200, 404)):
        browser = browsers[username]
        assert {browser.get(path).status_code for path in ("/texts", "/texts/R1")} == {reads}
        pages = ("edit", "preview", "proposal")
        assert {browser.get(f"/texts/R1/id/{page}").status_code for page in pages} == {changes}
        answers = [decide(browser, what) for what in ("approval", "refusal", "withdrawal", "switching-off")]
        assert {answer.status_code for answer in [*answers, propose(browser, "jv")]} == {changes}
    assert used() == before
    assert [one.language for one in text_queries.waiting()] == ["id"]


def test_a_stale_form_is_shown_with_what_holds_now(browsers: dict[str, FlaskClient]) -> None:
    old = form(body=WORDS + " ya")
    propose(browsers["dewi"])
    decide(browsers["agus"], "approval")
    answer = browsers["dewi"].post("/texts/R1/id/proposal", data=old)
    assert answer.status_code == 422
    assert "This text was changed meanwhile." in answer.text
    assert f"Holds now: {WORDS}" in answer.text
    assert WORDS + " ya" in answer.text
    assert 'name="version" type="hidden" value="2"' in answer.text
    assert waiting() is None
    assert propose(browsers["dewi"], body=WORDS + " ya").status_code == 303


def test_words_that_are_stale_when_they_are_read_can_only_be_given_back(browsers: dict[str, FlaskClient]) -> None:
    propose(browsers["dewi"])
    shipped = db.session.scalars(sa.select(Text).where(Text.code == "R1", Text.language == "id")).one()
    newer = {"code": "R1", "language": "id", "version": 2, "body": shipped.body, "enabled": True}
    db.session.add(Text(**newer, created_at=NOW))
    db.session.commit()
    page = browsers["agus"].get("/texts/R1/id/proposal").text
    assert "They can only be given back." in page
    assert "Approve it" not in page
    assert decide(browsers["agus"], "approval").status_code == 303
    assert "Look at it again." in browsers["agus"].get("/texts/R1").text
    assert waiting() is not None
    decide(browsers["agus"], "refusal")
    assert waiting() is None


def test_a_change_that_waits_keeps_a_second_one_back(browsers: dict[str, FlaskClient]) -> None:
    propose(browsers["dewi"])
    answer = propose(browsers["agus"], body=WORDS + " ya")
    assert answer.status_code == 422
    assert "Another change of these words waits already." in answer.text


def test_who_approves_has_read_the_words_that_wait(browsers: dict[str, FlaskClient]) -> None:
    before = used()
    assert browsers["agus"].get("/texts/R1/id/proposal").status_code == 302, "nothing waits"
    assert decide(browsers["agus"], "approval", read="").status_code == 303
    propose(browsers["dewi"])
    assert decide(browsers["agus"], "approval", read="").status_code == 422
    assert decide(browsers["agus"], "approval", proposal="9" * 30).status_code == 303
    assert decide(browsers["agus"], "approval", proposal="").status_code == 422
    assert used() == before


def test_an_older_version_is_taken_up_again_as_a_proposal(browsers: dict[str, FlaskClient]) -> None:
    first = used()
    propose(browsers["dewi"])
    decide(browsers["agus"], "approval")
    assert "Take up version 1 again" in browsers["agus"].get("/texts/R1").text
    page = browsers["agus"].get("/texts/R1/id/edit?again=1").text
    assert f"\n{first}</textarea>" in page
    assert propose(browsers["agus"], body=first).status_code == 303
    assert used() == WORDS
    decide(browsers["dewi"], "approval")
    assert used() == first
    assert text_queries.get("R1").spoken["id"].version == 3


@on_sqlite
@pytest.mark.parametrize(
    ("body", "told"),
    [
        (None, "Write the words."),
        (" \n ", "Write the words."),
        (WORDS.replace(" Tanya {hp}", ""), "{hp} must stand in it: number to ask or to answer to."),
        (WORDS + " {rw}", "Nobody fills in {rw} here."),
        (WORDS + " {", "A brace stands alone: {"),
        (WORDS + " " + "x" * 100, "With the longest values it does not fit into one text."),
        (WORDS + " “", "The letter “ (number 66) is not on every phone"),
        (WORDS + "\u202e\U0001f600", "is not on every phone"),
        ("<b>" + "x" * LONGEST_BODY, "At most 320 letters."),
    ],
)
def test_what_may_not_go_out_is_told_at_the_words(browsers: dict[str, FlaskClient], body: Any, told: str) -> None:
    for answer in (
        browsers["dewi"].get("/texts/R1/id/preview", query_string=form(body=body)),
        propose(browsers["dewi"], body=body),
    ):
        assert answer.status_code == 422
        assert 'id="body-error"' in answer.text
        assert told in answer.text
        assert "<b>x" not in answer.text
    assert waiting() is None


@on_sqlite
def test_words_that_change_nothing_are_no_change(browsers: dict[str, FlaskClient]) -> None:
    assert "Nothing is changed yet." in propose(browsers["dewi"], body=used()).text


@on_sqlite
def test_words_are_counted_while_one_types_and_offered_for_every_phone(browsers: dict[str, FlaskClient]) -> None:
    typed = {"body": WORDS.replace(".", "…") + " <i>", "confirmed_by": OFFICE}
    asked = {"headers": {"HX-Request": "true"}, "query_string": typed}
    part = browsers["dewi"].get("/texts/R1/jv/edit", **asked)
    assert part.status_code == 200
    assert "<!doctype" not in part.text
    assert "<strong>2 texts</strong>" in part.text
    assert "<mark>…</mark>" in part.text
    assert "berangkat {d}... Masih" in part.text
    assert "&lt;i&gt;" in part.text
    assert "confirmed_by=Balai+Bahasa" in part.text
    page = browsers["dewi"].get("/texts/R1/jv/edit", query_string={"body": WORDS})
    assert "<!doctype" in page.text
    assert "<strong>1 text</strong>" in page.text
    assert f"\n{WORDS}</textarea>" in page.text


@on_sqlite
@pytest.mark.parametrize("path", ["R77", "r1x%20", "R1/en", "R1/id/edit/x", "NICHTS123", "R1/xx/edit"])
def test_what_is_no_text_of_ours_is_not_found(browsers: dict[str, FlaskClient], path: str) -> None:
    assert browsers["dewi"].get(f"/texts/{path}").status_code == 404


@on_sqlite
@pytest.mark.parametrize("again", ["0", "99", "-1", "x", "²", "9" * 30, ""])
def test_a_version_that_there_is_not_begins_with_what_holds(browsers: dict[str, FlaskClient], again: str) -> None:
    page = browsers["dewi"].get("/texts/R1/id/edit", query_string={"again": again})
    assert page.status_code == 200
    assert f"\n{used()}</textarea>" in page.text


def test_words_of_a_broadcast_are_no_stock_text(browsers: dict[str, FlaskClient]) -> None:
    """They are approved on a page of their own, and never changed."""
    facts = {"version": 1, "language": "id", "enabled": True, "created_at": NOW, "most_segments": 4}
    db.session.add(Text(code="S7K3M", body="Bursa kerja di Kroya", **facts))
    db.session.commit()
    assert "Bursa kerja" not in browsers["dewi"].get("/texts").text
    assert browsers["dewi"].get("/texts/S7K3M").status_code == 404
    words = {"version": "1", "body": "Bursa kerja di Cilacap"}
    assert browsers["dewi"].post("/texts/S7K3M/id/proposal", data=words).status_code == 404


def test_the_list_does_not_read_the_words_of_broadcasts(browsers: dict[str, FlaskClient]) -> None:
    with statements() as sent:
        browsers["dewi"].get("/texts")
    [(statement, parameters)] = [one for one in sent if "max(" in one[0]]
    assert "ix_texts_stock" in plan(statement, parameters)


def test_pages_ask_the_database_as_often_however_long_the_history_is(browsers: dict[str, FlaskClient]) -> None:
    paths = ("/texts", "/texts/R1", "/texts/R1/id/edit", "/texts/R1/id/proposal")
    propose(browsers["dewi"])
    few = [asked(browsers["agus"], path) for path in paths]
    facts = {"code": "R1", "language": "id", "body": WORDS, "enabled": True, "created_at": NOW} | officers()
    db.session.add_all([Text(version=version, **facts) for version in range(2, 90)])
    db.session.commit()
    propose(browsers["dewi"], "jv")
    assert [asked(browsers["agus"], path) for path in paths] == few
    assert max(few) < 15
    assert browsers["agus"].get("/texts/R1").text.count("Bahasa Indonesia, version") == text_queries.HISTORY


def officers() -> dict[str, int]:
    """Who wrote and approved a version."""
    one = db.session.scalars(sa.select(TextProposal.proposed_by_id)).one()
    return {"proposed_by_id": one, "approved_by_id": one}


def asked(browser: FlaskClient, path: str) -> int:
    """How many statements the page takes."""
    browser.get(path)
    with statements() as sent:
        assert browser.get(path).status_code == 200
    return len(sent)
