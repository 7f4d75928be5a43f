"""The database of a gammu-smsd, SQLite or PostgreSQL, and what we add to it. For gammu.py only.

The daemon's tables are made by its distribution; column names are in capitals and so stand in quotation marks. A
modem sends some ten texts a minute, so a connection for each call costs nothing and survives a daemon that is away.
Statements are written with '?'.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from typing import Any, Protocol

from sms.gateways import GatewayError, Uncertain

#: Seconds to wait for the daemon, or another worker, to finish writing.
PATIENCE = 20.0

#: Our own table says which row of the daemon's is which text of ours, and what of it we have told. The indexes keep
#: polling quick when the daemon's tables, which it never empties, are long.
ADDED = """
CREATE TABLE IF NOT EXISTS desmigratif_texts (
    reference TEXT PRIMARY KEY, id BIGINT NOT NULL UNIQUE, segments INTEGER NOT NULL, at DOUBLE PRECISION NOT NULL,
    told TEXT NOT NULL DEFAULT '', expired INTEGER NOT NULL DEFAULT 0, finished INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS desmigratif_unfinished ON desmigratif_texts (at) WHERE finished = 0;
CREATE INDEX IF NOT EXISTS desmigratif_unread ON inbox ("ID") WHERE "Processed" = 'false'
"""

Row = tuple[Any, ...]


class Connection(Protocol):
    def run(self, statement: str, values: Sequence[object] = ()) -> list[Row]:
        """What the statement returns; [] for one that returns nothing."""


class Database(Protocol):
    #: Now, by the daemon's clock, as it stands in its columns; and the same so many seconds ago, given as a number.
    now: str
    ago: str
    #: Seconds since a row was changed.
    age: str

    def writing(self) -> Any:
        """A context: a transaction. Raises GatewayError, or Uncertain if it may have been stored."""

    def reading(self) -> Any:
        """A context. Raises GatewayError."""

    def moment(self, value: object) -> datetime | None:
        """A time of the daemon's, such as when a text was received."""


class Sqlite:
    """The file of a daemon with the driver sqlite3. The daemon writes its times by its local clock, triggers by UTC."""

    now = "datetime('now', 'localtime')"
    ago = "datetime('now', 'localtime', '-{} seconds')"
    age = "(julianday('now') - julianday({})) * 86400"

    def __init__(self, path: str) -> None:
        # An empty database must not appear where the path is wrong.
        self._uri = f"file:{path}?mode=rw"
        self._adding = _Once()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        with self._open() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield _SqliteConnection(connection)
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        with self._open() as connection:
            yield _SqliteConnection(connection)

    def moment(self, value: object) -> datetime | None:
        try:
            return datetime.fromisoformat(str(value)).astimezone(UTC)
        except (ValueError, OverflowError):
            return None

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(sqlite3.connect(self._uri, uri=True, timeout=PATIENCE, isolation_level=None)) as connection:
                self._adding.do(lambda: connection.executescript(ADDED))
                yield connection
        except sqlite3.DatabaseError as error:
            # Another writer that takes too long passes; a path or file that is none does not.
            raise _refused("locked" not in str(error) and "busy" not in str(error)) from None


class Postgres:
    """The database of a daemon with the driver native_pgsql. It writes times of texts in UTC, others by the server."""

    now = "LOCALTIMESTAMP"
    ago = "LOCALTIMESTAMP - interval '{} seconds'"
    age = "EXTRACT(EPOCH FROM LOCALTIMESTAMP - {})"

    def __init__(self, url: str) -> None:
        self._url = url
        self._adding = _Once()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """If the line breaks while the server commits, nobody knows."""
        import psycopg

        with self._open() as connection:
            yield _PostgresConnection(connection)
            try:
                connection.commit()
            except psycopg.OperationalError:
                raise Uncertain("commit") from None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        with self._open() as connection:
            yield _PostgresConnection(connection)

    def moment(self, value: object) -> datetime | None:
        return value.replace(tzinfo=UTC) if isinstance(value, datetime) else None

    @contextmanager
    def _open(self) -> Iterator[Any]:
        import psycopg

        try:
            with closing(psycopg.connect(self._url, connect_timeout=5)) as connection:
                self._adding.do(lambda: self._add(connection))
                yield connection
        except psycopg.OperationalError:
            raise _refused(False) from None
        except psycopg.ProgrammingError:
            raise _refused(True) from None

    @staticmethod
    def _add(connection: Any) -> None:
        # Two workers that begin at once would both make the table.
        connection.execute("SELECT pg_advisory_xact_lock(7310424)")
        for statement in ADDED.split(";"):
            connection.execute(statement)
        connection.commit()


class _SqliteConnection:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def run(self, statement: str, values: Sequence[object] = ()) -> list[Row]:
        return self._connection.execute(statement, values).fetchall()


class _PostgresConnection:
    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def run(self, statement: str, values: Sequence[object] = ()) -> list[Row]:
        cursor = self._connection.execute(statement.replace("?", "%s"), values)
        return list(cursor.fetchall()) if cursor.description else []


class _Once:
    """Done by the first that comes, and again by the next if it failed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._is_done = False

    def do(self, act: Any) -> None:
        with self._lock:
            if not self._is_done:
                act()
                self._is_done = True


def open_database(url: str) -> Database:
    """'sqlite:////absolute/path' or 'postgresql://user:password@host/name'. Raises ValueError for others."""
    if url.startswith("sqlite:///"):
        return Sqlite(url.removeprefix("sqlite:///"))
    if url.startswith("postgresql://"):
        return Postgres(url)
    raise ValueError("a gammu-smsd's database is sqlite:///… or postgresql://…")


def _refused(is_setting: bool) -> GatewayError:
    return GatewayError(permanent=False, code="no_tables" if is_setting else "no_connection", pause_route=is_setting)
