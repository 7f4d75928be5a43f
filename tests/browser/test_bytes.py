"""How much travels to a phone on 2G, measured on the wire: headers, compressed bodies, every file."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.browsing import Open

pytestmark = pytest.mark.browser

FIRST, REPEATED = 50_000, 10_000


class Wire:
    """Counts what a page's requests bring, by address, as Chromium's network layer sees it."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._addresses: dict[str, str] = {}
        self.bytes: dict[str, int] = {}
        session = page.context.new_cdp_session(page)
        session.on("Network.requestWillBeSent", self._asked)
        session.on("Network.loadingFinished", self._came)
        session.send("Network.enable")

    def load(self, path: str) -> int:
        """Bytes until the page and all it asked for are there."""
        self.bytes.clear()
        answer = self._page.goto(path, wait_until="networkidle")
        assert answer is not None
        assert answer.status == 200
        return sum(self.bytes.values())

    def _asked(self, event: dict[str, Any]) -> None:
        self._addresses[event["requestId"]] = event["request"]["url"]

    def _came(self, event: dict[str, Any]) -> None:
        self.bytes[self._addresses[event["requestId"]]] = int(event["encodedDataLength"])


def test_login_page_loads_within_50_kilobytes(open_page: Open) -> None:
    wire = Wire(open_page())
    assert wire.load("/login") <= FIRST, wire.bytes
    assert any(".css" in address for address in wire.bytes), "the stylesheet must have been counted"


def test_hari_ini_loads_within_50_kilobytes(open_page: Open) -> None:
    wire = Wire(open_page("siti"))
    assert wire.load("/") <= FIRST, wire.bytes
    assert any("htmx" in address for address in wire.bytes), "the script must have been counted"


def test_further_pages_load_within_10_kilobytes(open_page: Open, ids: dict[str, int]) -> None:
    wire = Wire(open_page("siti"))
    wire.load("/")
    for path in ("/people", f"/people/{ids['sri']}", f"/departures/{ids['leaving']}", "/inbox", "/"):
        assert wire.load(path) <= REPEATED, (path, wire.bytes)
