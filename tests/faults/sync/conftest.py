"""The programme before which phones stand. It outlives a test; the database behind it is put back as it was."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache

import pytest
from flask import Flask

from tests.faults.sync.plan import departure_of
from tests.faults.sync.programme import Programme
from tests.faults.sync.scene import HURRY, Scene
from tests.faults.sync.web import Web
from tests.people import PASSWORD, Cast
from webapp.db import db


@pytest.fixture(scope="module")
def programmes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Programme]]:
    """That of each database, for all tests of a file."""
    with ExitStack() as running:

        @cache
        def programme(url: str) -> Programme:
            web = running.enter_context(Web(url, tmp_path_factory.mktemp("web"), WEB_WORKERS="2"))
            return Programme(web, running)

        yield programme


@pytest.fixture
def programme(database_url: str, programmes: Callable[[str], Programme]) -> Iterator[Programme]:
    """For tests with `@pytest.mark.served`."""
    found = programmes(database_url)
    before = len(found.web.log)
    yield found
    assert "Traceback" not in found.web.log[before:], found.web.log


@pytest.fixture
def scene(app: Flask, cast: Cast, programme: Programme) -> Iterator[Scene]:
    sri, siti = cast.migrant, cast.facilitator
    facts = (siti.id, sri.id, departure_of(sri, siti))
    db.session.commit()
    phone = programme.crowd.phone(str(uuid.uuid4()), hurry=HURRY, copies=False)
    phone.do("logIn", "siti", PASSWORD)
    phone.do("visit", f"/people/{facts[1]}")  # who is kept for a village is one whom the writer was shown
    yield Scene(phone, programme, cast, *facts)
    phone.do("end")
    programme.network.next.clear()
    programme.network.silent = False
