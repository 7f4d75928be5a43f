"""A real Chromium before the real programme.

Both live as long as the tests of this folder: Playwright keeps an event loop, which other tests must not meet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from tests.browser import scene
from tests.browser.browsing import Open, listen, new_context, watched
from tests.browser.server import Server, running
from tests.databases import SqliteDatabases
from tests.people import PASSWORD
from tools import chromium


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="package")
def browser(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=chromium.find_or_install(), args=chromium.flags())
    yield browser
    browser.close()


@pytest.fixture(scope="package")
def village(sqlite_databases: SqliteDatabases) -> Iterator[tuple[Server, dict[str, int]]]:
    """The running programme with the scene of scene.py. Its tests change nothing that another one sees."""
    url = sqlite_databases.fresh()
    ids = scene.set_up(url)
    with running(url) as server:
        yield server, ids


@pytest.fixture(scope="package")
def server(village: tuple[Server, dict[str, int]]) -> Server:
    return village[0]


@pytest.fixture(scope="package")
def ids(village: tuple[Server, dict[str, int]]) -> dict[str, int]:
    """Ids of what scene.py made, by name."""
    return village[1]


@pytest.fixture(scope="package")
def cookies(browser: Browser, server: Server) -> Callable[[str], Any]:
    """`cookies("siti")`: the state of a browser in which this account has logged in."""
    known: dict[str, Any] = {}

    def state_of(username: str) -> Any:
        if username not in known:
            known[username] = _log_in(browser, server, username)
        return known[username]

    return state_of


def _log_in(browser: Browser, server: Server, username: str) -> Any:
    context = browser.new_context()
    answer = context.request.post(
        f"{server.address}/login",
        form={"username": username, "password": PASSWORD},
        headers={"Origin": server.address},
        max_redirects=0,
    )
    assert answer.status == 303, answer.text()
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def open_page(browser: Browser, server: Server, cookies: Callable[[str], Any]) -> Iterator[Open]:
    """`open_page("siti")`: an empty page of a fresh browser on a phone, logged in as this account (or nobody)."""
    with watched(server) as complaints:
        contexts: list[BrowserContext] = []

        def open_as(username: str | None = None, **options: Any) -> Page:
            state = cookies(username) if username else None
            contexts.append(new_context(browser, server.address, storage_state=state, **options))
            page = contexts[-1].new_page()
            listen(page, complaints)
            return page

        yield open_as
        for context in contexts:
            context.close()


@pytest.fixture(scope="module")
def page_of(browser: Browser, server: Server, cookies: Callable[[str], Any]) -> Iterator[Callable[[str | None], Page]]:
    """`page_of("siti")`: as open_page, but one page for all tests of a file that only look."""
    with watched(server) as complaints:
        pages: dict[str | None, Page] = {}

        def page_of(username: str | None) -> Page:
            if username not in pages:
                state = cookies(username) if username else None
                pages[username] = new_context(browser, server.address, storage_state=state).new_page()
                listen(pages[username], complaints)
            return pages[username]

        yield page_of
        for page in pages.values():
            page.context.close()
