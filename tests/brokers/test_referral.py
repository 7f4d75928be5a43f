"""Letters to offices: only where the reporter agreed or a duty is stated, without the reporter, with a receipt."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.brokers.office import CONTACT, again, steps, taken, told
from tests.people import Cast
from webapp import clock
from webapp.accounts.model import Account
from webapp.brokers import queries, referral
from webapp.brokers.model import BrokerReport
from webapp.db import db

LETTER = {"office": "police", "addressee": "Kapolres Cilacap", "letter_number": "7/XII/2026", "note": "Ada anak."}


def report_of(account: Account, coordinator: Account, state: str = "verifying", **facts: Any) -> BrokerReport:
    return taken(told(account, **({"may_forward": ["police"]} | facts)), coordinator, state)


def write(client: FlaskClient, report: BrokerReport, **fields: str) -> TestResponse:
    return client.post(f"/broker-reports/{report.id}/referrals", data=LETTER | fields)


def test_a_letter_goes_to_an_office_that_the_reporter_agreed_to(coordinator: FlaskClient, cast: Cast) -> None:
    report = report_of(cast.facilitator, cast.coordinator)
    assert coordinator.get(f"/broker-reports/{report.id}/referrals/new").status_code == 200
    answer = write(coordinator, report)
    (letter,) = queries.referrals_of(again(report))
    assert answer.location == f"/broker-reports/{report.id}/referrals/{letter.id}"
    assert again(report).state == "referred"
    assert [kind for kind, _ in steps(report)][-2:] == ["referred", "moved"]


@pytest.mark.parametrize("office", ["bp3mi", "disnaker", "lpsk"])
def test_to_another_office_only_with_a_stated_duty_or_danger(coordinator: FlaskClient, cast: Cast, office: str) -> None:
    report = report_of(cast.facilitator, cast.coordinator)
    assert write(coordinator, report, office=office).status_code == 422
    assert again(report).state == "verifying"
    assert write(coordinator, report, office=office, without_consent="TPPO, ada anak").status_code == 303
    assert "TPPO, ada anak" in coordinator.get(f"/broker-reports/{report.id}").text


def test_no_act_passes_it_on_without_one(cast: Cast) -> None:
    report = report_of(cast.facilitator, cast.coordinator, may_forward=[])
    with pytest.raises(ValueError, match="did not agree"):
        referral.refer(report, cast.coordinator, clock.now(), **LETTER, without_consent="")


def test_the_letter_holds_the_facts_and_not_the_reporter(coordinator: FlaskClient, cast: Cast) -> None:
    facts = {"accused_names": "Pak Darto", "money_asked": 5_000_000, "country": "Taiwan", "naming": "named"}
    report = report_of(cast.facilitator, cast.coordinator, words="Anak saya Rina diajak.", **facts)
    page = coordinator.get(write(coordinator, report).location).text
    for shown in (
        report.reference,
        "Kapolres Cilacap",
        "7/XII/2026",
        "Pak Darto",
        "Rp5.000.000",
        "Taiwan",
        "Ada anak.",
    ):
        assert shown in page
    for hidden in (CONTACT, "Karti", "Rina", "Siti Aminah"):
        assert hidden not in page


def test_the_reporter_is_named_only_where_agreed_and_on_request(coordinator: FlaskClient, cast: Cast) -> None:
    for naming, office, named in (
        ("named", "police", True), ("named", "lpsk", False), ("confidential", "police", False),
    ):  # fmt: skip
        report = report_of(cast.facilitator, cast.coordinator, naming=naming)
        path = write(coordinator, report, office=office, without_consent="Ada bahaya").location
        answer = coordinator.post(f"{path}/reporter-views")
        assert answer.status_code == (200 if named else 404), (naming, office)
        assert (CONTACT in answer.text) == named
        assert (f"{path}/reporter-views" in coordinator.get(path).text) == named
        assert (steps(report)[-1][0] == "revealed") == named


def test_in_danger_it_goes_out_at_the_first_look(coordinator: FlaskClient, cast: Cast) -> None:
    """The moves of the table are made and noted all the same."""
    report = report_of(cast.facilitator, cast.coordinator, "triage")
    assert write(coordinator, report).status_code == 303
    assert again(report).state == "referred"
    assert [kind for kind, _ in steps(report)] == ["taken", "moved", "referred", "moved", "moved"]


def test_a_second_office_gets_a_letter_of_its_own(coordinator: FlaskClient, cast: Cast) -> None:
    report = report_of(cast.facilitator, cast.coordinator, may_forward=["police", "lpsk"])
    assert write(coordinator, report).status_code == 303
    assert write(coordinator, report, office="lpsk").status_code == 303
    assert [letter.office for letter in queries.referrals_of(again(report))] == ["police", "lpsk"]


def test_what_has_ended_is_not_passed_on(coordinator: FlaskClient, cast: Cast) -> None:
    report = report_of(cast.facilitator, cast.coordinator)
    report.state = "closed"
    assert coordinator.get(f"/broker-reports/{report.id}/referrals/new").status_code == 409
    assert write(coordinator, report).status_code == 409
    assert not queries.referrals_of(again(report))


def test_the_receipt_is_noted_once(coordinator: FlaskClient, cast: Cast) -> None:
    report = report_of(cast.facilitator, cast.coordinator)
    path = f"{write(coordinator, report).location}/receipt"
    today = clock.now().date()
    fields = {"received_by": "Aiptu Slamet", "receipt_number": "STPL/3", "on_day": today.isoformat()}
    assert coordinator.get(path).status_code == 200
    assert coordinator.post(path, data=fields | {"received_by": ""}).status_code == 422
    assert coordinator.post(path, data=fields | {"on_day": str(today + timedelta(days=2))}).status_code == 422
    assert coordinator.post(path, data=fields | {"on_day": "0001-01-01"}).status_code == 422
    assert coordinator.post(path, data=fields).status_code == 303
    assert coordinator.post(path, data=fields | {"received_by": "Orang lain"}).status_code == 409
    db.session.rollback()
    (letter,) = queries.referrals_of(report)
    assert (letter.received_by, letter.receipt_number) == ("Aiptu Slamet", "STPL/3")
    assert "Aiptu Slamet" in coordinator.get(f"/broker-reports/{report.id}").text


def test_a_letter_of_another_report_is_404(coordinator: FlaskClient, cast: Cast) -> None:
    report, other = (report_of(cast.facilitator, cast.coordinator) for _ in range(2))
    letter = write(coordinator, report).location.rpartition("/")[2]
    assert coordinator.get(f"/broker-reports/{other.id}/referrals/{letter}").status_code == 404
