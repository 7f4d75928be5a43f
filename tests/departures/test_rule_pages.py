"""The pages of rules: a change is seen before it is proposed, decided by a second officer, and never by others."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale
from werkzeug.test import TestResponse

from tests.conftest import Login, new_client
from tests.people import Cast
from webapp import clock
from webapp.db import db
from webapp.departures import acts, rule_acts, rule_impact, rule_queries
from webapp.departures.model import ReminderRule
from webapp.departures.rule_form import RuleForm, shown
from webapp.departures.rule_impact import Impact, impact
from webapp.departures.rule_model import RuleProposal
from webapp.departures.rule_words import Names, sentence
from webapp.outbox.model import Message

NOW = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
LEAVES = date(2026, 12, 5)


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def browsers(app: Flask, cast: Cast, login: Login) -> dict[str, FlaskClient]:
    found = {}
    for username in ("siti", "bambang", "dewi", "agus"):
        cast.account(username).language = "en"
        found[username] = new_client(app)
        login(found[username], cast.account(username))
    return found


def form(code: str = "R7", **changes: Any) -> dict[str, Any]:
    """The form of a rule as the page fills it, with these changes."""
    rule = rule_queries.get(code)
    values = {name: value for name, value in shown(rule).items() if name in dir(RuleForm)}
    values["as_of"] = values["as_of"].isoformat()
    values["active"] = "y" if values["active"] else None
    filled = {name: value for name, value in (values | changes).items() if value is not None}
    db.session.rollback()
    return filled


def propose(browser: FlaskClient, code: str = "R7", **changes: Any) -> TestResponse:
    return browser.post(f"/rules/{code}/proposal", data=form(code, **changes))


def decide(browser: FlaskClient, what: str, code: str = "R7", **others: Any) -> TestResponse:
    proposal = rule_queries.waiting_of(code)
    data = {"proposal": proposal.id if proposal else 1, "read": "y"} | others
    db.session.rollback()
    return browser.post(f"/rules/{code}/{what}", data=data)


def rule(code: str = "R7") -> ReminderRule:
    return db.session.get_one(ReminderRule, code, populate_existing=True)


def test_the_whole_way_of_a_change(browsers: dict[str, FlaskClient], cast: Cast) -> None:
    acts.record(cast.migrant, cast.facilitator, NOW, destination_code="TW", scheme="p3mi", planned_on=LEAVES)
    db.session.commit()
    seen = browsers["dewi"].get("/rules/R7/preview", query_string=form(days="10"))
    assert seen.status_code == 200
    assert "7 days before departure → 10 days before departure" in seen.text
    assert "Nothing is stored yet." in seen.text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(RuleProposal)) == 0
    assert propose(browsers["dewi"], days="10").status_code == 303
    assert rule().offset_days == -7
    assert "A change waits for approval" in browsers["bambang"].get("/rules").text
    assert decide(browsers["agus"], "approval").status_code == 303
    assert (rule().offset_days, rule().version) == (-10, 2)
    page = browsers["bambang"].get("/rules/R7").text
    assert "Plans are being made anew." in page
    assert "Proposed by Dewi Lestari, approved by Agus Salim." in page


def test_nobody_approves_their_own_on_the_page(browsers: dict[str, FlaskClient]) -> None:
    propose(browsers["dewi"], hour="15")
    assert "Approve it" not in browsers["dewi"].get("/rules/R7").text
    assert decide(browsers["dewi"], "approval").status_code == 303
    assert "Nobody approves their own change." in browsers["dewi"].get("/rules/R7").text
    assert rule().hour == 9


def test_others_read_and_change_nothing(browsers: dict[str, FlaskClient]) -> None:
    propose(browsers["dewi"], hour="15")
    for username, reads, changes in (("siti", 403, 403), ("bambang", 200, 404)):
        browser = browsers[username]
        assert {browser.get(path).status_code for path in ("/rules", "/rules/R7")} == {reads}
        assert {browser.get(f"/rules/R7/{page}").status_code for page in ("edit", "preview")} == {changes}
        answers = [decide(browser, "approval"), decide(browser, "refusal"), propose(browser, "R8", hour="15")]
        assert {answer.status_code for answer in answers} == {changes}
    assert rule().version == 1
    assert set(rule_queries.waiting()) == {"R7"}


def test_a_stale_form_is_shown_with_both_values(browsers: dict[str, FlaskClient]) -> None:
    old = form(hour="15")
    propose(browsers["dewi"], hour="11")
    decide(browsers["agus"], "approval")
    answer = browsers["dewi"].post("/rules/R7/proposal", data=old)
    assert answer.status_code == 422
    assert "This rule was changed meanwhile." in answer.text
    assert "Holds now: 11.00" in answer.text
    assert 'name="version" type="hidden" value="2"' in answer.text
    assert rule_queries.waiting_of("R7") is None
    assert propose(browsers["dewi"], hour="15").status_code == 303


def test_a_change_that_waits_keeps_a_second_one_back(browsers: dict[str, FlaskClient]) -> None:
    propose(browsers["dewi"], hour="15")
    answer = propose(browsers["agus"], hour="16")
    assert answer.status_code == 422
    assert "Another change of this rule waits already." in answer.text


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("days", "0"),
        ("days", "366"),
        ("days", "-3"),
        ("days", "seven"),
        ("days", "9" * 30),
        ("hour", "20"),
        ("hour", ""),
        ("useful_days", "7"),
        ("repeat_days", "30"),
        ("stages", None),
        ("stages", ["moon"]),
        ("schemes", ["by swimming"]),
        ("destinations", ["ZZ"]),
        ("missing_any", ["licence to fish"]),
        ("source", " "),
        ("source", "x" * 201),
        ("as_of", "2027-01-01"),
        ("as_of", "2026-02-31"),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_makes_no_sense_is_told_at_its_field(browsers: dict[str, FlaskClient], field: str, value: Any) -> None:
    for answer in (
        browsers["dewi"].get("/rules/R7/preview", query_string=form(**{field: value})),
        propose(browsers["dewi"], **{field: value}),
    ):
        assert answer.status_code == 422
        assert f'id="{field}-error"' in answer.text
    assert rule_queries.waiting_of("R7") is None


def test_a_form_that_changes_nothing_is_no_change(browsers: dict[str, FlaskClient]) -> None:
    assert "Nothing is changed yet." in propose(browsers["dewi"]).text


def test_who_approves_has_read_the_change_that_waits(browsers: dict[str, FlaskClient]) -> None:
    propose(browsers["dewi"], hour="15")
    assert decide(browsers["agus"], "approval", read="").status_code == 422
    assert decide(browsers["agus"], "approval", proposal="9" * 30).status_code == 303
    assert decide(browsers["agus"], "refusal", proposal="").status_code == 422
    assert rule().version == 1
    assert decide(browsers["agus"], "refusal").status_code == 303
    assert rule_queries.waiting_of("R7") is None
    assert "Refused" in browsers["dewi"].get("/rules/R7").text


def test_the_preview_counts_what_the_worker_then_plans(cast: Cast) -> None:
    acts.record(cast.migrant, cast.facilitator, NOW, destination_code="TW", scheme="p3mi", planned_on=LEAVES)
    db.session.commit()
    one = rule()
    values = rule_acts.values_of(one)
    columns = {"offset_days": -10, "useful_days": 3}
    assert impact(one, rule_acts.values_from(rule_acts.columns_of(values) | columns), NOW) == Impact(1, 1, 1, 1, False)
    off = rule_acts.values_from(rule_acts.columns_of(values) | {"active": False})
    assert impact(one, off, NOW) == Impact(1, 0, 0, 1, False)
    later = rule_acts.values_from(rule_acts.columns_of(values) | {"offset_days": -1, "useful_days": 0})
    assert impact(one, later, NOW) == Impact(1, 0, 0, 1, False), "it is more than 30 days ahead then"
    sent = db.session.scalars(sa.select(Message).where(Message.key.contains(":R7:"))).one()
    sent.state, sent.sent_at = "sent", NOW
    db.session.commit()
    assert impact(one, off, NOW) == Impact(0, 0, 0, 1, False)


def test_the_preview_looks_at_so_many_departures(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for day in (5, 6):
        facts = {"destination_code": "TW", "scheme": "p3mi", "planned_on": date(2026, 12, day)}
        acts.record(cast.migrant, cast.facilitator, NOW, **facts)
    db.session.commit()
    monkeypatch.setattr(rule_impact, "MOST", 1)
    off = rule_acts.values_from(rule_acts.columns_of(rule_acts.values_of(rule())) | {"active": False})
    assert impact(rule(), off, NOW) == Impact(1, 0, 0, 1, True)


@pytest.mark.parametrize("code", ["P3", "P4", "P5", "P6"])
def test_the_preview_counts_from_every_day(code: str, cast: Cast) -> None:
    """Of nobody: the statements hold on both databases."""
    off = rule_acts.values_from(rule_acts.columns_of(rule_acts.values_of(rule(code))) | {"active": False})
    assert impact(rule(code), off, NOW) == Impact(0, 0, 0, 0, False)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_rule_is_told_in_one_sentence(app: Flask) -> None:
    values = rule_acts.values_of(rule("R2"))
    with app.test_request_context(), force_locale("en"):
        names = Names(rule_queries.destinations(), rule_queries.papers())
        told = sentence(rule_acts.values_from(rule_acts.columns_of(values) | {"schemes": ""}), names)
    assert told.startswith("60 days before departure; at 9.00; to people at this stage: ")
    assert told.endswith("; at most 14 days late.")
