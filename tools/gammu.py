"""A gammu-smsd for the tests of a modem: an installed one, else apt-get's, else words. Standard library only.

`python -m tools.gammu` installs it if it can. Without it these tests are skipped, and say so; all others run. An
installation that has a modem needs the same two packages.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

from tools.progress import SetUpError, run, say, step

PACKAGES = ("gammu-smsd", "libdbd-sqlite3")
#: The tables of the daemon, as its distribution makes them.
SCHEMAS = Path("/usr/share/doc/gammu-smsd/examples")
#: Where libdbi looks for its SQLite driver.
DRIVERS = ("/usr/lib/*/dbd/libdbdsqlite3.so", "/usr/lib/dbd/libdbdsqlite3.so", "/usr/lib64/dbd/libdbdsqlite3.so")
HELP = """No gammu-smsd with SQLite was found, and none could be installed.
  Debian, Ubuntu:  sudo apt-get install gammu-smsd libdbd-sqlite3"""


def find_or_install() -> str:
    """Path of a gammu-smsd with its tables and SQLite. Raises SetUpError with words on how to get one."""
    path = installed() or _from_apt()
    if path is None:
        raise SetUpError(HELP)
    return path


@cache
def installed() -> str | None:
    path = shutil.which("gammu-smsd")
    has_driver = any(next(Path("/").glob(pattern[1:]), None) for pattern in DRIVERS)
    return path if path and has_driver and schema("sqlite").exists() and _starts(path) else None


def schema(database: str) -> Path:
    """The script that makes the tables: 'sqlite' or 'pgsql'. Distributions may keep it compressed, or nowhere."""
    return SCHEMAS / f"{database}.sql"


def _starts(path: str) -> bool:
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=30).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _from_apt() -> str | None:
    if not (hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get")):
        return None
    step("Installing gammu-smsd with apt-get")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        for words in (["update"], ["install", "-y", "--no-install-recommends", *PACKAGES]):
            run(["apt-get", words[0], "-q", *words[1:]], env=quiet, failure="apt-get could not do it.")
    except SetUpError:
        return None
    installed.cache_clear()
    return installed()


if __name__ == "__main__":
    try:
        say(find_or_install())
    except SetUpError as error:
        say(f"  The tests with a modem's daemon will be skipped. {error}")
        sys.exit(0)
