"""Reporting a broker: what is asked, what is stored, who sees it."""

from __future__ import annotations

import re
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, scoped_session
from werkzeug.test import TestResponse

from tests.conftest import Login, new_client
from tests.people import HOME, REGENCY, Cast
from tests.routes import grant
from webapp import clock
from webapp.accounts.model import AuditEntry
from webapp.brokers import model
from webapp.brokers.form import ReportForm
from webapp.brokers.model import BrokerReport
from webapp.db import db

SHORT = {"words": "Pak Darto meminta uang muka.", "threat": "none", "reporter_kind": "family"}
WHOLE = SHORT | {
    "words": "Pak Darto datang dua kali.\r\nIa meminta paspor <b>asli</b>.",
    "accused_names": "Pak  Darto, 'Mas Yon'",
    "accused_phones": "0812 3456 7890",
    "agency_claimed": "PT Maju",
    "modus": ["passport_kept", "no_letter"],
    "country": "Hong Kong",
    "planned_departure": "sesudah Lebaran",
    "place": "Rumah di Kroya",
    "money_asked": "Rp 5.000.000",
    "money_paid": "2,5 juta",
    "papers_held": "paspor, ijazah",
    "people_count": "3",
    "reporter_contact": "Bu Karti 0813 0000 0000",
    "safe_hours": "pagi",
    "may_forward": ["police", "disnaker"],
}


def report(client: FlaskClient, **changes: Any) -> TestResponse:
    return client.post("/broker-reports", data=SHORT | changes)


def newest() -> BrokerReport:
    db.session.rollback()
    return db.session.scalars(sa.select(BrokerReport).order_by(BrokerReport.id.desc()).limit(1)).one()


def count() -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count(BrokerReport.id))) or 0


def test_a_few_words_are_enough(facilitator: FlaskClient, cast: Cast) -> None:
    answer = report(facilitator)
    assert answer.status_code == 303
    stored = newest()
    assert answer.location == f"/broker-reports/{stored.id}"
    assert (stored.area_code, stored.account_id, stored.person_id) == (HOME, cast.facilitator.id, None)
    assert (stored.state, stored.urgent, stored.may_forward, stored.modus) == ("received", False, [], [])
    assert re.fullmatch(r"LC-[2-9C-Z]{4}", stored.reference)


def test_after_storing_the_page_says_the_code_and_what_comes_next(facilitator: FlaskClient) -> None:
    page = facilitator.get(report(facilitator).location).text
    assert page.count(newest().reference) >= 3
    assert "Selanjutnya" in page
    assert "Tidak ada pihak di luar program yang diberi tahu" in page
    assert "Ada yang sedang dalam bahaya" not in page


def test_everything_is_stored_and_shown(facilitator: FlaskClient) -> None:
    page = facilitator.get(report(facilitator, **WHOLE).location).text
    stored = newest()
    assert (stored.money_asked, stored.money_paid, stored.people_count) == (5_000_000, 2_500_000, 3)
    assert stored.modus == ["passport_kept", "no_letter"]
    assert stored.may_forward == ["police", "disnaker"]
    assert stored.accused_names == "Pak Darto, 'Mas Yon'"
    assert "\n" in stored.words
    for shown in ("Rp5.000.000", "Rp2.500.000", "PT Maju", "Hong Kong", "sesudah Lebaran", "0812 3456 7890", "Polisi"):
        assert shown in page
    assert "&lt;b&gt;asli&lt;/b&gt;" in page


@pytest.mark.parametrize(
    ("changes", "urgent"),
    [({"threat": "threat"}, True), ({"threat": "violence"}, True), ({"child_involved": "y"}, True), ({}, False)],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_threats_and_children_are_urgent(facilitator: FlaskClient, changes: dict[str, str], urgent: bool) -> None:
    page = facilitator.get(report(facilitator, **changes).location).text
    assert newest().urgent == urgent
    assert ("telepon polisi" in page) == urgent
    assert ("Mendesak" in facilitator.get("/broker-reports").text) == urgent


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"words": "  "}, "Tulis apa yang terjadi"),
        ({"words": "x" * 2_001}, "2000"),
        ({"threat": "perhaps"}, "Please correct"),
        ({"money_asked": "banyak"}, "misalnya 5.000.000"),
        ({"money_paid": "9" * 40}, "misalnya 5.000.000"),
        ({"people_count": "0"}, "Tulis angka"),
        ({"people_count": "banyak"}, ""),
        ({"modus": "witchcraft"}, ""),
        ({"may_forward": "everybody"}, ""),
        ({"place": "x" * 121}, "120"),
    ],
)
def test_what_does_not_fit_is_told_and_nothing_is_stored(
    facilitator: FlaskClient, changes: dict[str, str], words: str
) -> None:
    answer = report(facilitator, **({"accused_names": "Mas Yon"} | changes))
    assert answer.status_code == 422
    assert "error-summary" in answer.text
    assert (words if words != "Please correct" else "Mohon perbaiki") in answer.text
    assert "Mas Yon" in answer.text
    assert count() == 0


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_group_with_a_mistake_stands_open(facilitator: FlaskClient) -> None:
    assert facilitator.get("/broker-reports/new").text.count("<details open>") == 0
    assert report(facilitator, money_asked="banyak", safe_hours="pagi").text.count("<details open>") == 2


def test_a_report_about_somebody_of_the_village(facilitator: FlaskClient, cast: Cast) -> None:
    person = cast.migrant.id
    assert f'href="/broker-reports/new?person={person}"' in facilitator.get(f"/people/{person}").text
    form = facilitator.get(f"/broker-reports/new?person={person}").text
    assert "Sri Wahyuni" in form
    assert f'name="person_id" type="hidden" value="{person}"' in form
    page = facilitator.get(report(facilitator, person_id=person).location).text
    assert newest().person_id == person
    assert f'href="/people/{person}"' in page


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("person", ["0", "x", "999999", "9" * 30])
def test_somebody_who_is_not_there_is_404(facilitator: FlaskClient, person: str) -> None:
    assert facilitator.get(f"/broker-reports/new?person={person}").status_code == 404
    assert report(facilitator, person_id=person).status_code == 404
    assert count() == 0


def test_somebody_of_another_village_is_404(client: FlaskClient, cast: Cast, login: Login) -> None:
    login(client, cast.stranger)
    assert client.get(f"/broker-reports/new?person={cast.migrant.id}").status_code == 404
    assert report(client, person_id=cast.migrant.id).status_code == 404


def test_a_coordinator_reports_in_the_village_of_the_person(client: FlaskClient, cast: Cast, login: Login) -> None:
    login(client, cast.coordinator)
    report(client, person_id=cast.migrant.id)
    assert newest().area_code == HOME
    report(client)
    assert newest().area_code == REGENCY


def test_who_sees_which_reports(
    app: Flask, facilitator: FlaskClient, cast: Cast, login: Login, db_session: scoped_session[Session]
) -> None:
    colleague = cast.facilitator
    db_session.expunge(colleague)
    second = type(colleague)(
        username="wati", name="Wati", role="facilitator", area_code=HOME, phone=None,
        password_hash=colleague.password_hash, created_at=colleague.created_at,
    )  # fmt: skip
    db_session.add(second)
    db_session.commit()
    grant(cast, db_session(), until=clock.real_now().replace(year=2100))
    path = report(facilitator).location
    code = newest().reference
    for username, sees in (
        ("siti", True), ("wati", False), ("joko", False), ("hartono", False), ("ratna", True), ("bambang", True),
        ("dewi", True), ("agus", True),
    ):  # fmt: skip
        browser = new_client(app)
        login(browser, cast.account(username))
        assert (code in browser.get("/broker-reports").text) == sees, username
        assert browser.get(path).status_code == (200 if sees else 404), username


def test_an_administrator_states_a_reason_first(client: FlaskClient, cast: Cast, login: Login) -> None:
    login(client, cast.administrator)
    answer = client.get("/broker-reports")
    assert answer.status_code == 303
    assert answer.location.startswith("/access")


def test_a_name_is_not_told_to_who_may_not_see_the_person_any_more(
    facilitator: FlaskClient, cast: Cast, db_session: scoped_session[Session]
) -> None:
    path = report(facilitator, person_id=cast.migrant.id).location
    cast.migrant.move_house("33.01.06.2014", account=cast.coordinator, now=clock.now())
    db_session.commit()
    page = facilitator.get(path)
    assert page.status_code == 200
    assert "Sri Wahyuni" not in page.text


def test_every_look_is_noted(facilitator: FlaskClient, db_session: scoped_session[Session]) -> None:
    path = report(facilitator).location
    stored = newest().id
    facilitator.get(path)
    facilitator.get("/broker-reports")
    db_session.rollback()
    entries = db_session.execute(
        sa.select(AuditEntry.act, AuditEntry.subject_id).where(AuditEntry.subject == "broker_report")
    ).tuples()
    assert sorted(entries) == [("created", stored), ("seen", stored)]
    assert db_session.scalar(sa.select(AuditEntry.detail).where(AuditEntry.subject == "brokers")) == "brokers.index"
    details = " ".join(db_session.scalars(sa.select(AuditEntry.detail)))
    assert "Darto" not in details


def test_the_list_goes_on(app: Flask, facilitator: FlaskClient, cast: Cast) -> None:
    for number in range(60):
        facts = {"words": f"Kejadian {number:02}", "threat": "none", "child_involved": False, "reporter_kind": "family"}
        BrokerReport.record(account=cast.facilitator, person=None, now=clock.now(), modus=[], may_forward=[], **facts)
    db.session.commit()
    path, pages = "/broker-reports", []
    while path:
        text = facilitator.get(path).text
        pages.append(re.findall(r"Kejadian (\d\d)", text))
        onward = re.search(r'rel="next" href="([^"]+)"', text)
        path = onward[1] if onward else ""
    assert [len(page) for page in pages] == [25, 25, 10]
    assert [n for page in pages for n in page] == [f"{n:02}" for n in reversed(range(60))]


def test_a_code_that_is_taken_is_drawn_again(facilitator: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter(["LC-7K3M", "LC-7K3M", "LC-7K3M", "LC-9QQ2"])
    monkeypatch.setattr(model, "new_reference", lambda _length: next(drawn))
    report(facilitator)
    report(facilitator)
    assert newest().reference == "LC-9QQ2"
    assert count() == 2


def test_the_same_form_twice_is_one_report(facilitator: FlaskClient) -> None:
    key = "3f0e1d2c-0000-4000-8000-00000000000d"
    assert report(facilitator, client_id=key).location == report(facilitator, client_id=key).location
    assert count() == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_way_to_it_stands_under_more(app: Flask, facilitator: FlaskClient, cast: Cast, login: Login) -> None:
    assert 'href="/broker-reports"' in facilitator.get("/more").text
    administrator = new_client(app)
    login(administrator, cast.administrator)
    assert 'href="/broker-reports"' not in administrator.get("/more").text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_form_sends_files(app: Flask, facilitator: FlaskClient) -> None:
    page = facilitator.get("/broker-reports/new").text
    assert 'enctype="multipart/form-data"' in page
    field = re.search(r"<input[^>]*data-photos[^>]*>", page)
    assert field is not None
    for attribute in ('type="file"', 'accept="image/*"', "multiple", 'name="photos"'):
        assert attribute in field[0]
    assert 'name="photo_quality"' in page


def test_every_field_of_the_form_is_a_column(app: Flask) -> None:
    with app.test_request_context():
        columns = set(BrokerReport.__table__.columns.keys())
        assert set(ReportForm().facts) - {"reporter_contact"} <= columns  # which is sealed
