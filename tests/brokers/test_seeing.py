"""Who may see a report, and who may learn who reports it: a table of readers, namings and accusations."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from tests.brokers.office import CONTACT, again, steps, taken, told
from tests.conftest import Login, new_client
from tests.people import DISTRICT, HOME, PROVINCE, REGENCY, Cast
from tests.routes import grant, routes, stored_examples
from webapp import clock
from webapp.accounts.model import Account, AuditEntry
from webapp.brokers.model import ANONYMOUS, CONFIDENTIAL, NAMED, NAMINGS, BrokerReport
from webapp.brokers.referral import refer
from webapp.db import db

Browser = Callable[[str], FlaskClient]
#: username → role and area, besides the cast: a colleague in the village, and coordinators of other levels.
OTHERS = {
    "wati": ("facilitator", HOME),
    "kades": ("coordinator", HOME),
    "camat": ("coordinator", DISTRICT),
    "rekan": ("coordinator", REGENCY),
}
#: Who sees a report that Siti wrote in Bajing; of those of the village only if it accuses nobody there.
SEES = ("siti", "camat", "rekan", "ratna", "bambang", "dewi", "agus")
SEES_UNLESS_STAFF = ("kades",)
SEES_NOTHING = ("wati", "joko", "hartono")
#: Ratna verifies it.
LEARNS = {
    NAMED: {"siti", "camat", "rekan", "ratna", "bambang", "dewi"},
    CONFIDENTIAL: {"siti", "ratna"},
    ANONYMOUS: set(),
}


@pytest.fixture
def browser(app: Flask, cast: Cast, login: Login) -> Browser:
    siti = cast.facilitator
    for username, (role, area_code) in OTHERS.items():
        account = Account(
            username=username, name=username.title(), role=role, area_code=area_code,
            password_hash=siti.password_hash, created_at=siti.created_at,
        )  # fmt: skip
        db.session.add(account)
    grant(cast, db.session(), until=clock.real_now() + timedelta(hours=1))
    known: dict[str, FlaskClient] = {}

    def find(username: str) -> FlaskClient:
        if username not in known:
            known[username] = new_client(app)
            login(known[username], cast.account(username))
        return known[username]

    return find


@pytest.mark.parametrize("staff", [False, True])
@pytest.mark.parametrize("naming", NAMINGS)
def test_the_table(browser: Browser, cast: Cast, naming: str, staff: bool) -> None:
    report = told(
        cast.facilitator, naming=naming, accuses_staff=staff, person=cast.migrant, reporter_kind="victim",
        may_forward=["police"],
    )  # fmt: skip
    taken(report, cast.coordinator, "verifying")
    letter = refer(
        report, cast.coordinator, clock.now(), office="police", addressee="Polres", letter_number="", note="",
        without_consent="",
    )  # fmt: skip
    db.session.commit()
    path = f"/broker-reports/{report.id}"
    for username in (*SEES, *SEES_UNLESS_STAFF, *SEES_NOTHING):
        sees = username in SEES or (username in SEES_UNLESS_STAFF and not staff)
        learns = LEARNS[naming] | ({"kades"} if naming == NAMED and not staff else set())
        who, reader = (username, naming, staff), browser(username)
        assert reader.get(path).status_code == (200 if sees else 404), who
        assert (report.reference in reader.get("/broker-reports?show=all").text) == sees, who
        for page in (path, "/broker-reports", "/broker-reports?show=all", f"{path}/referrals/{letter.id}"):
            text = reader.get(page).text
            assert "Karti" not in text, (who, page)
            if username != "siti":
                assert "Sri Wahyuni" not in text, (who, page)
                assert "Siti Aminah" not in text or page == "/broker-reports", (who, page)
        shown = reader.post(f"{path}/reporter-views")
        assert shown.status_code == (200 if username in learns else 403 if username == "agus" else 404), who
        assert (CONTACT in shown.text) == (username in learns), who
        named = reader.post(f"{path}/referrals/{letter.id}/reporter-views")
        office = username not in ("agus", "siti", "wati", "joko")
        assert named.status_code == (200 if naming == NAMED and username in learns and office else
                                     403 if not office else 404), who  # fmt: skip


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("staff", [False, True])
def test_no_endpoint_of_a_report_opens_to_who_may_not_see_it(
    app: Flask, browser: Browser, cast: Cast, staff: bool
) -> None:
    """Whatever the address: 404 as if there were none, or 403 for the role."""
    examples = stored_examples(cast, db.session())
    db.session.get_one(BrokerReport, examples["report_id"]).accuses_staff = staff
    db.session.commit()
    tried = 0
    for route in routes(app, examples):
        if "report_id" not in route.rule.arguments or not route.endpoint.startswith("brokers."):
            continue
        for username in (*SEES_NOTHING, *(SEES_UNLESS_STAFF if staff else ())):
            answer = browser(username).open(route.path, method=route.method)
            assert answer.status_code in (403, 404), (str(route), username)
            tried += 1
    assert tried >= 50


def test_after_a_colleague_took_it_over_only_she_learns_it(browser: Browser, cast: Cast) -> None:
    report = taken(told(cast.facilitator), cast.coordinator)
    path = f"/broker-reports/{report.id}"
    known = {"verifier_id": str(cast.coordinator.id), "reason": "Ratna cuti"}
    assert browser("bambang").post(f"{path}/verification", data=known).status_code == 303
    assert browser("ratna").post(f"{path}/reporter-views").status_code == 404
    assert CONTACT in browser("bambang").post(f"{path}/reporter-views").text


def test_it_is_shown_once_and_both_logs_say_to_whom(browser: Browser, cast: Cast) -> None:
    report = taken(told(cast.facilitator), cast.coordinator)
    answer = browser("ratna").post(f"/broker-reports/{report.id}/reporter-views")
    assert answer.headers["Cache-Control"] == "no-store"
    assert steps(report)[-1] == ("revealed", cast.coordinator.id)
    query = sa.select(AuditEntry.account_id, AuditEntry.subject_id).where(AuditEntry.act == "revealed")
    assert db.session.execute(query).tuples().all() == [(cast.coordinator.id, report.id)]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_whoever_may_not_learn_it_is_offered_no_button(browser: Browser, cast: Cast) -> None:
    path = f"/broker-reports/{taken(told(cast.facilitator), cast.coordinator).id}"
    assert f"{path}/reporter-views" in browser("ratna").get(path).text
    assert f"{path}/reporter-views" not in browser("bambang").get(path).text


def test_the_name_of_whom_it_is_about_is_not_told_if_it_tells_who_reports(browser: Browser, cast: Cast) -> None:
    """A victim who reports in confidence is named by her own name."""
    for kind, open_to_all in (("victim", False), ("family", False), ("neighbour", True)):
        report = taken(told(cast.facilitator, person=cast.migrant, reporter_kind=kind), cast.coordinator)
        path = f"/broker-reports/{report.id}"
        assert ("Sri Wahyuni" in browser("ratna").get(path).text) == open_to_all, kind
        assert "Sri Wahyuni" in browser("ratna").post(f"{path}/reporter-views").text
        assert "Sri Wahyuni" in browser("siti").get(path).text


def test_an_anonymous_report_keeps_nothing_of_the_reporter(browser: Browser, cast: Cast) -> None:
    """Not even what a form of a changed page would send."""
    report = again(told(cast.facilitator, naming=ANONYMOUS, person=cast.migrant))
    assert (report.contact_encrypted, report.person_id, report.area_code) == (None, None, HOME)


def test_facilitators_are_told_nothing_of_what_coordinators_find(browser: Browser, cast: Cast) -> None:
    report = taken(told(cast.facilitator), cast.coordinator)
    path = f"/broker-reports/{report.id}"
    note = {"answer": "no", "note": "Kuitansi palsu"}
    assert browser("ratna").post(f"{path}/checks/evidence", data=note).status_code == 303
    assert "Kuitansi palsu" in browser("ratna").get(path).text
    own = browser("siti").get(path).text
    assert "Kuitansi palsu" not in own
    assert "Ratna" not in own
    assert re.search(r"MELATI|[A-Z]+ \d{3}", own)


def test_a_coordinator_of_no_larger_area_is_left_out_of_nothing(browser: Browser, cast: Cast) -> None:
    """What Siti wrote is of Bajing; a coordinator of Jawa Tengah sees it, one of Ponorogo does not."""
    told(cast.facilitator)
    assert cast.province.area_code == PROVINCE
    assert "LC-" in browser("bambang").get("/broker-reports?show=all").text
    assert not re.search(r"LC-[2-9C-Z]{4}<", browser("hartono").get("/broker-reports?show=all").text)
