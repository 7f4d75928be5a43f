"""Phones before a programme of their own, at the end of a cable that can be cut."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser
from sqlalchemy.orm import Session

from tests.browser import scene
from tests.browser.browsing import listen
from tests.browser.offline.cable import Cable
from tests.browser.offline.phone import Phone
from tests.browser.server import Server, running
from tests.databases import SqliteDatabases


@dataclass
class Field:
    """Where facilitators work: the running programme, what is stored there, and the cable to it."""

    server: Server
    cable: Cable
    ids: dict[str, int]
    engine: sa.Engine

    def session(self) -> Session:
        return Session(self.engine)


@pytest.fixture(scope="module")
def programme(sqlite_databases: SqliteDatabases) -> Iterator[Field]:
    """One for all tests of a file, who write about people of their own."""
    url = sqlite_databases.fresh()
    ids = scene.set_up(url)
    with running(url) as server:
        port = urlsplit(server.address).port
        assert port
        cable, engine = Cable(port), sa.create_engine(url)
        yield Field(server, cable, ids, engine)
        engine.dispose()
        cable.cut()
    assert not server.errors()


NOTHING_WRITTEN = """async () => {
  for (const store of ["queue", "drafts", "photos"]) await remove(store, ...(await readKeys(store)));
}"""


@pytest.fixture
def field(programme: Field) -> Field:
    """The same, with the cable plugged in."""
    programme.cable.plug()
    return programme


@pytest.fixture(scope="module")
def one_phone(browser: Browser, programme: Field) -> Iterator[Phone]:
    """Siti's, for all tests of a file."""
    complaints: list[str] = []
    phone = Phone.of(browser, programme.cable.address)
    listen(phone.page, complaints)
    yield phone
    phone.close()
    assert not complaints


@pytest.fixture
def phone(one_phone: Phone, field: Field) -> Phone:
    """The same, logged in, with her village on it and nothing that waits."""
    if not one_phone.is_logged_in():
        one_phone.log_in("siti")
    one_phone.wait_until_copied()
    one_phone.ask(NOTHING_WRITTEN)
    return one_phone


@pytest.fixture
def phone_of_its_own(browser: Browser, field: Field) -> Iterator[Phone]:
    """For a test after which another one would find too much changed."""
    phone = Phone.of(browser, field.cable.address)
    phone.log_in("siti")
    phone.wait_until_copied()
    yield phone
    phone.close()
