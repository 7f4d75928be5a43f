"""From a draft to texts through the pages: who may do what, what each sees, and what keeps a warning back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.people import HOME, NEIGHBOUR, OTHER_VILLAGE, Cast
from tests.warnings.conftest import Browser
from tests.warnings.crowd import enough_reports, report, revoked_company, willing
from tests.warnings.doing import AREA, COMPANY, DISTRICT, GENERAL, agree, make, newest, page_of, texts
from webapp import clock
from webapp.accounts.model import Account
from webapp.agencies.model import Agency
from webapp.db import db
from webapp.outbox.model import Message
from webapp.warnings import queries
from webapp.warnings.model import SafetyWarning, WarningEvent


def test_a_coordinator_sends_general_advice_alone(app: Flask, cast: Cast, browser: Browser) -> None:
    willing(cast, 4)
    warning = make(browser, **GENERAL)
    page = page_of(browser, "ratna", warning)
    assert "KTP, KK, ijazah, paspor asli" in page
    assert "Send to 5 people" in page
    assert "Rp1,750" in page
    assert texts() == 0
    assert agree(browser, "ratna", "approval", warning).status_code == 303
    warning = newest()
    assert (warning.state, warning.recipients, warning.cost_rupiah) == ("approved", 5, 1750)
    assert texts() == 5
    assert newest().state == "sending"
    assert "Approved by Ratna Dewi for 5 people" in page_of(browser, "ratna", warning)


def test_the_page_says_why_others_do_not_get_it(app: Flask, cast: Cast, browser: Browser) -> None:
    page = page_of(browser, "ratna", make(browser, **GENERAL))
    assert "The person has not agreed to texts." in page
    assert "Bahasa Indonesia" in page


def test_nobody_sends_what_they_have_not_read(app: Flask, cast: Cast, browser: Browser) -> None:
    warning = make(browser, **GENERAL)
    answer = agree(browser, "ratna", "approval", warning, read="")
    assert answer.status_code == 422
    assert "Read the text first" in answer.text
    before = newest().version
    changed = browser("ratna").post(f"/warnings/{warning.id}/edit", data=GENERAL | {"text_code": "W1"})
    assert changed.status_code == 303
    assert newest().text_code == "W1"
    agree(browser, "ratna", "approval", warning, version=before)
    assert newest().state == "draft", "another version was read"


def test_an_area_needs_a_second_officer(app: Flask, cast: Cast, browser: Browser) -> None:
    willing(cast, 2)
    enough_reports(cast, at=clock.now() - timedelta(days=2))
    warning = make(browser, **AREA)
    assert "Info Kroya: ada kabar perekrut" in page_of(browser, "ratna", warning)
    assert agree(browser, "ratna", "approval", warning).status_code == 403
    agree(browser, "bambang", "approval", warning)
    assert newest().state == "draft", "not without handing it over"
    agree(browser, "ratna", "submission", warning)
    assert newest().state == "waiting"
    assert (newest().reports, newest().sources) == (3, 2)
    assert agree(browser, "ratna", "approval", warning).status_code == 403, "their own"
    assert agree(browser, "hartono", "approval", warning).status_code == 404
    assert "waits for your approval" in browser("bambang").get("/").text
    assert "waits for your approval" not in browser("ratna").get("/").text
    assert agree(browser, "bambang", "approval", warning).status_code == 303
    assert newest().state == "approved"
    assert texts() == 3


@pytest.mark.parametrize(
    ("columns", "why"),
    [
        ({"at": timedelta(hours=2)}, "younger than 24 hours"),
        ({"state": "not_proven"}, "Fewer than three reports"),
        ({"state": "closed"}, "Fewer than three reports"),
        ({"at": timedelta(days=200)}, "Fewer than three reports"),
        ({"contact": "Bu Karti 081300000009"}, "come from one source"),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_keeps_an_area_back(app: Flask, cast: Cast, browser: Browser, columns: dict[str, Any], why: str) -> None:
    ago = columns.get("at", timedelta(days=2))
    enough_reports(cast, **(columns | {"at": clock.now() - ago}))
    warning = make(browser, **AREA)
    assert why in page_of(browser, "ratna", warning)
    agree(browser, "ratna", "submission", warning)
    assert newest().state == "draft"


def test_urgent_reports_need_not_wait_a_day_and_the_second_officer_is_called(
    app: Flask, cast: Cast, browser: Browser
) -> None:
    enough_reports(cast, at=clock.now() - timedelta(minutes=5), urgent=True)
    warning = make(browser, **AREA, urgent="y", reason="holding")
    agree(browser, "ratna", "submission", warning)
    assert newest().state == "waiting"
    db.session.rollback()
    called = db.session.scalars(sa.select(Message.number).where(Message.text_code == "AWRN")).all()
    assert sorted(called) == sorted([cast.province.phone, cast.nation.phone])
    agree(browser, "dewi", "approval", warning)
    texts()
    assert {m.purpose for m in db.session.scalars(sa.select(Message).where(Message.text_code == "W8"))} == {"alarm"}


def test_a_company_is_quoted_with_its_decision_by_a_second_officer(app: Flask, cast: Cast, browser: Browser) -> None:
    willing(cast, 1)
    revoked_company(as_of=clock.now().date() - timedelta(days=3))
    warning = make(browser, **COMPANY)
    page = page_of(browser, "ratna", warning)
    assert "izin PT Contoh Karya berstatus dicabut" in page
    assert "KEP.12/2026" in page
    agree(browser, "ratna", "submission", warning)
    agree(browser, "bambang", "approval", warning)
    assert newest().state == "approved"
    assert texts() == 2


@pytest.mark.parametrize(
    ("form", "company", "why"),
    [
        ({"decision_number": ""}, {}, "number of the decision"),
        ({"legal_basis": ""}, {}, "Write the legal basis"),
        ({}, {"CV Contoh Karya": "X/1"}, "Another company of the same name"),
        ({}, {"name": "PT " + "Sangat " * 8}, "would be cut"),
        ({}, {"as_of": date(2025, 1, 1)}, "older than 90 days"),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_keeps_a_company_back(
    app: Flask, cast: Cast, browser: Browser, form: dict[str, str], company: dict[str, Any], why: str
) -> None:
    revoked_company(**({"as_of": clock.now().date() - timedelta(days=3)} | company))
    warning = make(browser, **(COMPANY | form))
    assert why in page_of(browser, "ratna", warning)
    agree(browser, "ratna", "submission", warning)
    assert newest().state == "draft"


def test_a_status_that_changes_asks_for_a_correction_in_one_tap(app: Flask, cast: Cast, browser: Browser) -> None:
    willing(cast, 1)
    revoked_company(as_of=clock.now().date() - timedelta(days=3))
    warning = make(browser, **COMPANY)
    agree(browser, "ratna", "submission", warning)
    agree(browser, "bambang", "approval", warning)
    texts()
    assert "the status has changed" not in browser("ratna").get("/warnings").text
    db.session.execute(sa.update(Agency).values(status="licensed"))
    db.session.execute(sa.update(Message).values(state="sent", sent_at=clock.now()))
    db.session.commit()
    assert "the status has changed" in browser("ratna").get("/warnings").text
    page = browser("ratna").get(f"/warnings/{warning.id}/correction").text
    assert "licence stands otherwise" in page
    answer = browser("ratna").post(f"/warnings/{warning.id}/correction", data={"kind": "WK1"})
    correction = newest()
    assert answer.location == f"/warnings/{correction.id}"
    assert "izin PT Contoh Karya kini aktif" in page_of(browser, "ratna", correction)
    assert "the status has changed" not in browser("ratna").get("/warnings").text
    agree(browser, "ratna", "submission", correction)
    agree(browser, "bambang", "approval", correction)
    assert (newest().state, newest().recipients) == ("approved", 2)


def test_a_wrong_one_is_taken_back_at_once_by_one_coordinator(app: Flask, cast: Cast, browser: Browser) -> None:
    willing(cast, 3)
    warning = make(browser, **GENERAL)
    agree(browser, "ratna", "approval", warning)
    texts()
    first = db.session.scalars(sa.select(Message).where(Message.text_code == "W4").limit(1)).one()
    first.state = "sent"
    db.session.commit()
    browser("ratna").post(f"/warnings/{warning.id}/correction", data={"kind": "WK2"})
    correction = newest()
    agree(browser, "ratna", "approval", correction)
    texts()
    states = {m.text_code: set() for m in db.session.scalars(sa.select(Message))}
    for message in db.session.scalars(sa.select(Message)):
        states[message.text_code].add(message.state)
    assert states["W4"] == {"sent", "withdrawn"}
    assert db.session.scalar(sa.select(sa.func.count()).where(Message.text_code == "WK2")) == 1
    assert "Do not pass it on any more" in page_of(browser, "siti", warning)
    assert "Text for groups" not in page_of(browser, "siti", warning)
    assert "Info kami tanggal" in page_of(browser, "siti", correction)


def test_it_can_be_given_back_and_stopped_with_a_reason(app: Flask, cast: Cast, browser: Browser) -> None:
    enough_reports(cast, at=clock.now() - timedelta(days=2))
    warning = make(browser, **AREA)
    agree(browser, "ratna", "submission", warning)
    assert browser("bambang").post(f"/warnings/{warning.id}/return").status_code == 422
    browser("bambang").post(f"/warnings/{warning.id}/return", data={"why": "audience"})
    assert newest().state == "draft"
    assert browser("ratna").post(f"/warnings/{warning.id}/stop", data={"why": "over"}).status_code == 303
    assert newest().state == "cancelled"
    agree(browser, "ratna", "submission", warning)
    assert newest().state == "cancelled"
    log = db.session.execute(sa.select(WarningEvent.kind, WarningEvent.reason).order_by(WarningEvent.id)).tuples()
    assert log.all() == [("drafted", ""), ("handed_over", ""), ("given_back", "audience"), ("stopped", "over")]
    assert "It goes to the wrong people" in page_of(browser, "ratna", warning)


def test_only_its_drafter_changes_a_draft(app: Flask, cast: Cast, browser: Browser) -> None:
    warning = make(browser, **GENERAL)
    assert browser("bambang").get(f"/warnings/{warning.id}").status_code == 200
    assert browser("bambang").get(f"/warnings/{warning.id}/edit").status_code == 404
    assert browser("bambang").post(f"/warnings/{warning.id}/edit", data=GENERAL).status_code == 404


def test_facilitators_see_what_goes_to_their_village_and_what_is_new_until_it_is_read(
    app: Flask, cast: Cast, browser: Browser
) -> None:
    warning = make(browser, **(GENERAL | {"areas": [HOME]}))
    assert browser("siti").get(f"/warnings/{warning.id}").status_code == 404, "a draft"
    agree(browser, "ratna", "approval", warning)
    assert warning.code not in browser("joko").get("/").text
    assert browser("joko").get(f"/warnings/{warning.id}").status_code == 404
    assert f"New: {newest().code}" in browser("siti").get("/").text
    page = page_of(browser, "siti", warning)
    assert "Text for groups" in page
    for hidden in ("What became of it", "What was done", "Stop it", "Ratna"):
        assert hidden not in page
    assert f"New: {newest().code}" not in browser("siti").get("/").text
    assert newest().code in browser("siti").get("/warnings").text
    assert newest().code not in browser("joko").get("/warnings").text


def test_facilitators_and_administrators_never_draft(app: Flask, cast: Cast, browser: Browser) -> None:
    for who in ("siti", "agus"):
        assert browser(who).get("/warnings").status_code == 200
        assert "Draft a warning" not in browser(who).get("/warnings").text
        assert browser(who).post("/warnings", data=GENERAL).status_code == 403
    assert db.session.scalar(sa.select(sa.func.count(SafetyWarning.id))) == 0


@pytest.mark.settings(sms_reply_number="081234567890")
def test_the_poster_has_a_code_that_opens_a_text_to_us(app: Flask, cast: Cast, browser: Browser) -> None:
    warning = make(browser, **GENERAL)
    agree(browser, "ratna", "approval", warning)
    page = page_of(browser, "siti", warning, "/poster")
    assert '<img src="data:image/svg+xml' in page
    assert "SMS LAPOR atau BANTU ke 081234567890" in page
    assert "Dokumen asli simpan sendiri" in page
    assert cast.facilitator.phone.removeprefix("+62") not in page


def test_no_browser_asks_for_every_tick(app: Flask, cast: Cast, browser: Browser) -> None:
    page = browser("ratna").get("/warnings/new").text
    boxes = re.findall(r'<input[^>]*type="checkbox"[^>]*>', page)
    assert len(boxes) > 10
    assert not [box for box in boxes if "required" in box]
    answer = browser("ratna").post("/warnings", data=GENERAL | {"areas": [], "stages": []})
    assert answer.status_code == 422


def test_without_a_number_of_the_programme_no_officers_phone_ends_on_a_wall(
    app: Flask, cast: Cast, browser: Browser
) -> None:
    warning = make(browser, **GENERAL)
    agree(browser, "ratna", "approval", warning)
    for part in ("/poster", ""):
        page = page_of(browser, "siti", warning, part)
        public = page[page.index("poster") :] if part else re.search(r"<textarea.*?</textarea>", page, re.S)[0]
        assert cast.facilitator.phone.removeprefix("+62") not in public
        assert "08001000" in public
    assert "<img" not in page_of(browser, "siti", warning, "/poster")


def test_a_draft_from_a_report_knows_its_district_and_what_fits(app: Flask, cast: Cast, browser: Browser) -> None:
    made = report(cast, words="RAHASIA Pak Darto", accused_names="Darto")
    page = browser("ratna").get(f"/warnings/new?report={made.id}").text
    assert re.search(r'value="W8"[^>]*checked|checked[^>]*value="W8"', page)
    assert re.search(rf'value="{DISTRICT}"[^>]*checked|checked[^>]*value="{DISTRICT}"', page)
    assert "RAHASIA" not in page
    assert "Darto" not in page
    assert browser("hartono").get(f"/warnings/new?report={made.id}").status_code == 404
    assert browser("hartono").post("/warnings", data=AREA | {"report_id": made.id}).status_code == 404
    assert make(browser, **AREA, report_id=made.id).report_id == made.id


def test_areas_of_an_address_are_offered_if_they_are_ones_own(app: Flask, cast: Cast, browser: Browser) -> None:
    page = browser("ratna").get(f"/warnings/new?areas={HOME},{NEIGHBOUR}&area={OTHER_VILLAGE}").text
    assert f'value="{HOME}"' in page
    assert f'value="{NEIGHBOUR}"' in page
    assert OTHER_VILLAGE not in page
    answer = browser("ratna").post("/warnings", data=GENERAL | {"areas": [OTHER_VILLAGE]})
    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("KEP Darto 2026", "a name from a report"),
        ("KEP Karti 2026", "name of a reporter"),
        ("KEP R 1234 AB", "number plate"),
        ("KEP 0812 3456 7890", "number from a report"),
        ("KEP Sri Wahyuni Bajing", "somebody of the registry"),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_nothing_of_a_report_gets_in_by_what_an_officer_types(
    app: Flask, cast: Cast, browser: Browser, typed: str, why: str
) -> None:
    report(
        cast, accused_names="Pak Darto", accused_phones="0812 3456 7890", accused_plates="R 1234 AB",
        contact="Bu Karti 081377777777",
    )  # fmt: skip
    revoked_company(as_of=clock.now().date() - timedelta(days=3))
    warning = make(browser, **(COMPANY | {"decision_number": typed}))
    assert why in page_of(browser, "ratna", warning)
    agree(browser, "ratna", "submission", warning)
    assert newest().state == "draft"


def test_the_list_goes_on(app: Flask, cast: Cast, browser: Browser) -> None:
    codes = [make(browser, **GENERAL).code for _ in range(27)]
    seen = list(_codes(browser))
    assert seen == codes[::-1]


def _codes(browser: Browser) -> Iterator[str]:
    path: str | None = "/warnings"
    while path:
        page = browser("ratna").get(path).text
        yield from re.findall(r"<strong>(P-\w+)</strong>", page)
        onward = re.search(r'rel="next" href="([^"]+)"', page)
        path = onward[1] if onward else None


def test_the_same_approval_twice_is_one(app: Flask, cast: Cast, browser: Browser) -> None:
    warning = make(browser, **GENERAL)
    key = {"client_id": "3f0e1d2c-0000-4000-8000-00000000000d", "version": newest().version}
    for _ in range(2):
        assert agree(browser, "ratna", "approval", warning, **key).status_code == 303
    assert db.session.scalar(sa.select(sa.func.count()).where(WarningEvent.kind == "approved")) == 1


def test_who_reads_one_stands_in_the_log_and_news_is_bounded(app: Flask, cast: Cast, browser: Browser) -> None:
    for _ in range(7):
        agree(browser, "ratna", "approval", make(browser, **GENERAL))
    siti: Account = cast.facilitator
    news = queries.news_for(siti, clock.now())
    assert len(news.unread) == queries.MOST_NEWS
    assert not news.waiting
    page_of(browser, "siti", news.unread[0])
    assert news.unread[0].id not in [w.id for w in queries.news_for(siti, clock.now()).unread]
