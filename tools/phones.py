"""What the phones of tests/faults/sync need: an IndexedDB for Node, from npm. Standard library only.

Without npm or network these tests are skipped, and say so; all others run.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from tools.environment import Stamps
from tools.frontend import TOOLS, find_npm
from tools.progress import ROOT, SetUpError, run, say, step

FOLDER = TOOLS / "phones"
LISTS = tuple(ROOT / "tests" / "faults" / "sync" / name for name in ("package.json", "package-lock.json"))
MODULES = FOLDER / "node_modules"


def ensure() -> None:
    """Fetch it, unless it is here and the lists have not changed since. Raises SetUpError."""
    stamps = Stamps(TOOLS / "phones.json")
    if stamps.holds(*LISTS, Path(__file__)) and is_here():
        return
    step("Fetching an IndexedDB for the phones of the tests with npm")
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    for listing in LISTS:
        shutil.copyfile(listing, FOLDER / listing.name)
    npm, env = find_npm()
    words = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
    run([*npm, *words], cwd=FOLDER, env=env, failure="npm could not fetch it. Is the network there? Its last words:")
    stamps.note(*LISTS, Path(__file__))


def is_here() -> bool:
    return (MODULES / "fake-indexeddb" / "package.json").is_file()


if __name__ == "__main__":
    try:
        ensure()
    except SetUpError as error:
        say(f"  The tests with phones will be skipped. {error}")
        sys.exit(0)
