"""What the form asks: short first, everything of the domain folded, nothing of a reporter who stays unnamed."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.brokers.office import again
from tests.brokers.test_reports import WHOLE, count, newest, report
from tests.conftest import Login, new_client
from tests.people import DISTRICT, HOME, OTHER_VILLAGE, REGENCY, Cast
from webapp.brokers import model
from webapp.brokers.words_of_reference import WORDS, new_word, spelled

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
#: What the form has asked for since reports are verified.
MORE = {
    "accused_accounts": "BRI 0012-01-012345-50-6 a.n. Darto",
    "accused_plates": "R 1234 AB",
    "letter_shown": "ST/12/2026",
    "accuses_staff": "y",
    "job_promised": "perawat lansia",
    "wage_promised": "NT$ 29.500",
    "visa_promised": "visa kunjungan",
    "channel": "visit",
    "naming": "named",
    "safe_to_call": "no",
}


def test_everything_of_it_is_stored_and_shown(facilitator: FlaskClient) -> None:
    page = facilitator.get(report(facilitator, **(WHOLE | MORE)).location).text
    stored = newest()
    for name in set(MORE) - {"accuses_staff", "safe_to_call"}:
        assert getattr(stored, name) == MORE[name]
    assert (stored.accuses_staff, stored.safe_to_call) == (True, False)
    for shown in ("BRI 0012", "R 1234 AB", "ST/12/2026", "perawat lansia", "NT$ 29.500", "visa kunjungan"):
        assert shown in page


def test_it_is_confidential_unless_something_else_is_chosen(facilitator: FlaskClient) -> None:
    """Also a form that a phone kept from before this was asked."""
    report(facilitator)
    stored = newest()
    assert (stored.naming, stored.channel, stored.safe_to_call) == ("confidential", "app", None)


@pytest.mark.parametrize("how", [{"naming": "anonymous"}, {"reporter_kind": "anonymous"}])
def test_an_anonymous_report_takes_no_contact(facilitator: FlaskClient, cast: Cast, how: dict[str, str]) -> None:
    for typed in ({"reporter_contact": "Bu Karti 0813"}, {"safe_hours": "Bu Karti, pagi"}):
        answer = report(facilitator, **how, **typed)
        assert answer.status_code == 422
        assert "Karti" in answer.text, "what was typed is kept for correction"
    assert count() == 0
    assert report(facilitator, **how, person_id=str(cast.migrant.id)).status_code == 303
    stored = newest()
    assert (stored.naming, stored.contact_encrypted, stored.person_id) == ("anonymous", None, None)
    assert stored.area_code == HOME


def test_the_contact_is_sealed_and_on_no_page(facilitator: FlaskClient) -> None:
    page = facilitator.get(report(facilitator, reporter_contact="Bu Karti 0813 0000 0000").location).text
    assert b"Karti" not in (newest().contact_encrypted or b"")
    assert "Karti" not in page
    shown = facilitator.post(f"/broker-reports/{newest().id}/reporter-views")
    assert "Bu Karti 0813 0000 0000" in shown.text


def test_the_writer_gets_a_word_for_the_reporter(facilitator: FlaskClient) -> None:
    page = facilitator.get(report(facilitator).location).text
    word = str(newest().word)
    assert re.fullmatch(r"[A-Z]+ \d{3}", word)
    assert word in page


def test_a_word_that_is_taken_is_drawn_again(facilitator: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter(["MELATI 318", "MELATI 318", "TEBU 204"])
    monkeypatch.setattr(model, "new_word", lambda _digits: next(drawn))
    report(facilitator)
    report(facilitator)
    assert newest().word == "TEBU 204"
    assert count() == 2


def test_words_are_many_short_and_found_as_they_are_typed() -> None:
    assert len(set(WORDS)) == len(WORDS) > 100
    assert max(len(new_word(6)) for _ in range(2000)) <= 20
    for typed in ("MELATI 318", "melati 318", " Melati318 ", "MELATI  318"):
        assert spelled(typed) == "MELATI 318"
    assert spelled("lc-7k3m") == "LC-7K3M"
    assert spelled("") == ""


def test_a_coordinator_chooses_where_it_happened(app: Flask, cast: Cast, login: Login) -> None:
    browser = new_client(app)
    login(browser, cast.coordinator)
    page = browser.get("/broker-reports/new").text
    assert 'href="/areas?next=/broker-reports/new"' in page
    assert f'value="{REGENCY}"' in page
    assert f'value="{HOME}"' in browser.get(f"/broker-reports/new?area={HOME}").text
    for area in (HOME, DISTRICT):
        assert report(browser, area_code=area).status_code == 303
        assert newest().area_code == area
    for area in (OTHER_VILLAGE, "33", "x"):
        assert browser.get(f"/broker-reports/new?area={area}").status_code == 404
        assert report(browser, area_code=area).status_code == 404
    assert count() == 2


def test_of_a_person_it_is_where_the_person_lives(app: Flask, cast: Cast, login: Login) -> None:
    browser = new_client(app)
    login(browser, cast.coordinator)
    report(browser, person_id=str(cast.migrant.id), area_code=DISTRICT)
    assert newest().area_code == HOME


def test_a_facilitator_writes_for_no_other_village(facilitator: FlaskClient) -> None:
    assert "/areas?" not in facilitator.get("/broker-reports/new").text
    assert report(facilitator, area_code=DISTRICT).status_code == 404
    assert report(facilitator, area_code=HOME).status_code == 303


@on_sqlite
def test_only_what_happened_stands_in_front(facilitator: FlaskClient) -> None:
    page = facilitator.get("/broker-reports/new").text
    front = page[: page.index("<details")]
    assert set(re.findall(r'name="(\w+)"', front)) >= {"words", "accused_names", "threat", "photos"}
    for folded in ("accused_accounts", "job_promised", "naming", "reporter_contact", "may_forward"):
        assert f'name="{folded}"' not in front
        assert f'name="{folded}"' in page


def test_a_report_may_come_without_an_account(cast: Cast) -> None:
    """By SMS: nobody wrote it down, so its area is given."""
    facts = {"threat": "none", "child_involved": False, "reporter_kind": "anonymous", "modus": [], "may_forward": []}
    stored = model.BrokerReport.record(
        account=None, person=None, area_code=HOME, now=cast.migrant.created_at, words="Ada calo", channel="sms", **facts
    )
    model.db.session.commit()
    stored = again(stored)
    assert (stored.account_id, stored.area_code, stored.channel) == (None, HOME, "sms")
