"""A text for groups is copied by one tap; where that cannot be, a hint says how to do it by hand."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.browsing import Open

pytestmark = pytest.mark.browser
COPY, SAID, HINT = "[data-copy]", "#group-text-copied", "#group-text-hint"


def opened(open_page: Open, ids: dict[str, int], what: str, **how: Any) -> Page:
    page = open_page("siti", **how)
    page.goto(f"/{what}/{ids['followed' if what == 'announcements' else 'warning']}")
    return page


@pytest.mark.parametrize("what", ["announcements", "warnings"])
def test_one_tap_copies_the_whole_text(open_page: Open, ids: dict[str, int], what: str) -> None:
    page = opened(open_page, ids, what)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    expect(page.locator(HINT)).to_be_hidden()
    expect(page.locator(SAID)).to_be_hidden()
    page.locator(COPY).click()
    expect(page.locator(SAID)).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == page.locator("#group-text").input_value()


def test_where_it_may_not_be_copied_it_is_said_how_to_do_it_by_hand(open_page: Open, ids: dict[str, int]) -> None:
    page = opened(open_page, ids, "announcements")
    page.evaluate("void (navigator.clipboard.writeText = () => Promise.reject(new Error('not allowed')))")
    page.locator(COPY).click()
    expect(page.locator(HINT)).to_be_visible()
    expect(page.locator(COPY)).to_be_hidden()
    expect(page.locator(SAID)).to_be_hidden()


def test_a_browser_without_a_clipboard_copies_what_is_selected(open_page: Open, ids: dict[str, int]) -> None:
    page = opened(open_page, ids, "announcements")
    page.context.grant_permissions(["clipboard-read"])
    read = "window.readClipboard = navigator.clipboard.readText.bind(navigator.clipboard)"
    page.evaluate(f"{read}; Object.defineProperty(navigator, 'clipboard', {{value: undefined, configurable: true}})")
    page.locator(COPY).click()
    expect(page.locator(SAID)).to_be_visible()
    assert page.evaluate("readClipboard()") == page.locator("#group-text").input_value()


def test_without_a_script_it_is_copied_by_hand(open_page: Open, ids: dict[str, int]) -> None:
    page = opened(open_page, ids, "announcements", java_script_enabled=False)
    expect(page.locator(HINT)).to_be_visible()
    expect(page.locator(COPY)).to_be_hidden()
