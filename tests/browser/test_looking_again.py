"""What moves by itself is looked at again: gently, without eval, and not under the eyes of whoever reads it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.browsing import Open

pytestmark = pytest.mark.browser
PAGE = "/broadcasts/dashboard"


def marked(page: Page) -> bool:
    """Is it still the part that was marked?"""
    return bool(page.evaluate("document.getElementById('dashboard').dataset.mark === 'old'"))


def opened(open_page: Open) -> tuple[Page, list[str]]:
    """The dashboard, its part marked, and what it asks for from now on."""
    page = open_page("ratna")
    page.clock.install()
    page.goto(PAGE)
    page.evaluate("document.getElementById('dashboard').dataset.mark = 'old'")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.url.endswith(PAGE) else None)
    return page, asked


def test_after_ten_seconds_the_part_is_new(open_page: Open) -> None:
    page, asked = opened(open_page)
    page.clock.fast_forward(9_000)
    assert asked == []
    with page.expect_response(lambda answer: answer.url.endswith(PAGE)):
        page.clock.fast_forward(1_500)
    page.locator("#dashboard:not([data-mark])").wait_for(state="attached")
    assert page.locator("h1").count() == 1
    # What has come asks for itself in its turn.
    with page.expect_response(lambda answer: answer.url.endswith(PAGE)):
        page.clock.fast_forward(10_500)


def test_nobody_asks_for_what_nobody_sees(open_page: Open) -> None:
    page, asked = opened(open_page)
    page.evaluate("Object.defineProperty(document, 'hidden', {configurable: true, get: () => true})")
    page.clock.run_for(60_000)
    assert asked == []
    assert marked(page)
    page.evaluate("Object.defineProperty(document, 'hidden', {configurable: true, get: () => false})")
    with page.expect_response(lambda answer: answer.url.endswith(PAGE)):
        page.clock.fast_forward(10_500)
