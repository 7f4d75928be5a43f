"""The programme before which phones stand. It outlives a test; the database behind it is put back as it was."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache, cached_property

import pytest

from tests.faults.sync.hostile import Hostile
from tests.faults.sync.phones import Crowd
from tests.faults.sync.web import Web


@dataclass
class Programme:
    """A web server, the network before it and a process for phones; what nobody asks for is not begun."""

    web: Web
    _running: ExitStack

    @cached_property
    def network(self) -> Hostile:
        return self._running.enter_context(Hostile(self.web.port, 0))

    @cached_property
    def crowd(self) -> Crowd:
        return self._running.enter_context(Crowd(self.network.address))


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
