"""What keeps a warning back: too few reports, a licensed namesake, a name, whatever an officer types."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.people import Cast
from tests.warnings.conftest import Browser
from tests.warnings.crowd import enough_reports, report
from tests.warnings.doing import AREA, GENERAL, agree, make, newest, page_of
from webapp import clock
from webapp.brokers.model import BrokerReport, BrokerStep
from webapp.db import db
from webapp.warnings.model import SafetyWarning
from webapp.warnings.quoted import is_among


def test_reports_that_were_dismissed_meanwhile_stop_the_approval(app: Flask, cast: Cast, browser: Browser) -> None:
    enough_reports(cast, at=clock.now() - timedelta(days=2))
    warning = make(browser, **AREA)
    agree(browser, "ratna", "submission", warning)
    db.session.execute(sa.text("UPDATE broker_reports SET state = 'not_proven'"))
    db.session.commit()
    agree(browser, "bambang", "approval", warning)
    assert newest().state == "waiting"


@pytest.mark.parametrize(
    "change", [{"areas": []}, {"stages": []}, {"text_code": "N2"}, {"urgent": "y"}, {"text_code": ""}]
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_does_not_fit_is_told(app: Flask, cast: Cast, browser: Browser, change: dict[str, Any]) -> None:
    assert browser("ratna").post("/warnings", data=GENERAL | change).status_code == 422
    assert db.session.scalar(sa.select(sa.func.count(SafetyWarning.id))) == 0


def confirm(report: BrokerReport, number: str = "12/Pid.Sus/2026") -> None:
    """By a document with this number. Commits."""
    facts = {"from": "verifying", "to": "officially_confirmed", "confirmed": {"office": "PN", "number": number}}
    db.session.add(BrokerStep(report_id=report.id, kind="moved", facts=facts, account_id=None, at=clock.now()))
    report.state = "officially_confirmed"
    db.session.commit()


VERDICT = GENERAL | {
    "text_code": "N2", "named": "Darto Wijaya", "notice_source": "PN", "decision_number": "12/Pid.Sus/2026",
    "notice_on": "2026-10-01", "notice_link": "https://sipp.pn-cilacap.go.id/12", "legal_basis": "UU 18/2017",
}  # fmt: skip


@pytest.mark.settings(warn_individuals=True)
def test_a_verdict_is_quoted_by_two_of_the_province_or_above(app: Flask, cast: Cast, browser: Browser) -> None:
    made = report(cast, accused_names="Darto Wijaya", contact="Bu Karti 081377777777", state="verifying")
    confirm(made, "12/PID.SUS/2026")
    assert browser("ratna").post("/warnings", data=VERDICT | {"report_id": made.id}).status_code == 422
    warning = make(browser, "bambang", **VERDICT, report_id=made.id)
    assert "Putusan resmi PN no. 12/Pid.Sus/2026" in page_of(browser, "bambang", warning)
    agree(browser, "bambang", "submission", warning)
    assert newest().state == "waiting"
    assert agree(browser, "bambang", "approval", warning).status_code == 403
    agree(browser, "dewi", "approval", warning)
    assert newest().state == "approved"


@pytest.mark.settings(warn_individuals=True)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_name_without_a_confirmed_report_or_of_a_reporter_is_refused(
    app: Flask, cast: Cast, browser: Browser
) -> None:
    made = report(cast, accused_names="Darto Wijaya", contact="Karti 081377777777", state="verifying")
    warning = make(browser, "bambang", **VERDICT, report_id=made.id)
    assert "has not been confirmed" in page_of(browser, "bambang", warning)
    confirm(made)
    warning = make(browser, "bambang", **(VERDICT | {"named": "Karti"}), report_id=made.id)
    assert "name of a reporter" in page_of(browser, "bambang", warning)
    agree(browser, "bambang", "submission", warning)
    assert newest().state == "draft"


@pytest.mark.settings(warn_individuals=True)
@pytest.mark.parametrize(
    ("change", "number", "why"),
    [
        ({"named": "Sri Wahyuni"}, "12/Pid.Sus/2026", "accuses nobody of this name"),
        ({}, "13/Pid.Sus/2026", "a document with another number"),
    ],
)
def test_a_confirmed_report_lets_no_other_name_and_no_other_verdict_through(
    app: Flask, cast: Cast, browser: Browser, change: dict[str, str], number: str, why: str
) -> None:
    made = report(cast, accused_names="Bu Sri, Pak Darto Wijaya", state="verifying")
    confirm(made, number)
    warning = make(browser, "bambang", **(VERDICT | change), report_id=made.id)
    assert why in page_of(browser, "bambang", warning)
    agree(browser, "bambang", "submission", warning)
    assert newest().state == "draft"


def test_a_name_stands_whole_among_the_accused() -> None:
    accused = "Bu Sri Lestari (istri) dan Pak DARTO  Wijaya alias Gondrong"
    for named in ("Darto Wijaya", "darto wijaya", "Sri Lestari", "Gondrong"):
        assert is_among(named, accused)
    for named in ("", "Darto Wijaya Kusuma", "Lestari Istri", "Wijaya Gondrong", "Art"):
        assert not is_among(named, accused)


def test_a_stock_text_that_was_edited_to_hold_a_name_is_refused(app: Flask, cast: Cast, browser: Browser) -> None:
    report(cast, accused_names="Pak Darto")
    db.session.execute(sa.text("UPDATE texts SET body = body || ' Awas Darto' WHERE code = 'W4'"))
    db.session.commit()
    warning = make(browser, **GENERAL)
    assert "a name from a report" in page_of(browser, "ratna", warning)
    agree(browser, "ratna", "approval", warning)
    assert newest().state == "draft"
