"""What a text quotes is compared with the list again, before it goes out and ever after."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.people import Cast
from tests.warnings.conftest import Browser
from tests.warnings.crowd import revoked_company, willing
from tests.warnings.doing import COMPANY, agree, make, newest, page_of, texts
from webapp import clock
from webapp.agencies import acts as agencies
from webapp.db import db
from webapp.outbox.model import Message
from webapp.warnings import acts

STALE = "the status has changed"


def listed(name: str = "PT Contoh Karya", days_ago: int = 3) -> None:
    revoked_company(name, as_of=clock.now().date() - timedelta(days=days_ago))


def sent(cast: Cast, browser: Browser) -> None:
    """A warning about PT Contoh Karya that one person of Bajing has got."""
    willing(cast, 1)
    listed()
    warning = make(browser, **COMPANY)
    agree(browser, "ratna", "submission", warning)
    agree(browser, "bambang", "approval", warning)
    texts()
    db.session.execute(sa.update(Message).values(state="sent", sent_at=clock.now()))
    db.session.commit()


def is_told(browser: Browser, who: str = "ratna") -> set[bool]:
    """Do the list of warnings and Hari ini say that one is to be corrected?"""
    return {STALE in browser(who).get(page).text for page in ("/warnings", "/")}


def test_a_licence_that_went_to_another_company_keeps_the_old_name_back(
    app: Flask, cast: Cast, browser: Browser
) -> None:
    willing(cast, 1)
    listed()
    warning = make(browser, **COMPANY)
    listed("PT Sungguh Lain")
    agree(browser, "ratna", "submission", warning)
    assert newest().state == "draft"
    assert "another name, day or source" in page_of(browser, "ratna", warning)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_so_does_a_newer_list_while_it_waits_for_approval(app: Flask, cast: Cast, browser: Browser) -> None:
    willing(cast, 1)
    listed()
    warning = make(browser, **COMPANY)
    agree(browser, "ratna", "submission", warning)
    assert newest().state == "waiting"
    listed(days_ago=1)
    agree(browser, "bambang", "approval", warning)
    assert newest().state == "waiting"


def test_another_company_behind_the_licence_asks_for_a_correction(app: Flask, cast: Cast, browser: Browser) -> None:
    sent(cast, browser)
    listed("PT. CONTOH KARYA", days_ago=1)
    assert is_told(browser) == {False}, "the same company on a newer list, spelt otherwise"
    listed("PT Sungguh Lain", days_ago=1)
    assert is_told(browser) == {True}
    assert is_told(browser, "siti") == {False}, "a facilitator corrects nothing"
    page = browser("ratna").get(f"/warnings/{newest().id}/correction").text
    assert ('value="WK2"' in page, 'value="WK1"' in page) == (True, False), "nobody was told of the other company"


def test_what_was_stopped_half_way_asks_for_a_correction_only_if_somebody_has_it(
    app: Flask, cast: Cast, browser: Browser
) -> None:
    sent(cast, browser)
    acts.stop(newest(), cast.coordinator, "over", clock.now())
    db.session.commit()
    assert newest().state == "cancelled"
    agencies.replace([], "KP2MI", clock.now().date())
    db.session.commit()
    assert is_told(browser) == {True}
    db.session.execute(sa.update(Message).values(state="withdrawn"))
    db.session.commit()
    assert is_told(browser) == {False}
