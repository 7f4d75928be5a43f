"""Browsers of a test: the size of a phone, an Indonesian, and patient."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.server import Server

#: The smallest phone that facilitators use, and a screen of the office.
PHONE, DESK = {"width": 360, "height": 640}, {"width": 1280, "height": 800}
#: How long a page may take before a test gives up, in milliseconds. Generous: two cores, many tests.
PATIENCE = 15_000

#: `open_page("siti", **options of the context)`: see conftest.py.
Open = Callable[..., Page]


def new_context(browser: Browser, address: str, **options: Any) -> BrowserContext:
    """Without the service worker, so that a test sees the pages themselves; tests/browser/offline/ lets it in."""
    chosen: dict[str, Any] = {"viewport": PHONE, "has_touch": True, "locale": "id-ID", "base_url": address}
    chosen["service_workers"] = "block"
    context = browser.new_context(**(chosen | options))
    context.set_default_timeout(PATIENCE)
    return context


def listen(page: Page, complaints: list[str]) -> None:
    """Write down scripts that fail and whatever the content security policy refuses."""
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
    page.on("console", lambda said: "Content Security Policy" in said.text and complaints.append(said.text))


@contextmanager
def watched(server: Server) -> Iterator[list[str]]:
    """At the end no script may have failed, the content security policy refused nothing, the server logged no error."""
    complaints: list[str] = []
    errors_before = len(server.errors())
    yield complaints
    assert not complaints + server.errors()[errors_before:]


def submit(page: Page, action: str) -> None:
    """Press the button of the form whose action ends so, and wait for the page that follows."""
    with page.expect_navigation():
        page.locator(f"form[action$='{action}'] [type=submit]").first.click()


def fill_birth(page: Page, day: str) -> None:
    """An ISO date, in the three boxes of a date of birth."""
    year, month, of_month = day.split("-")
    boxes = page.locator("[name=birth_date]")
    boxes.nth(0).fill(str(int(of_month)))
    boxes.nth(1).select_option(str(int(month)))
    boxes.nth(2).fill(year)
