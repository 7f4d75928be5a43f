"""What `make lighthouse` needs: Lighthouse, from npm. Standard library only.

Its version stands in bench/lighthouse/package.json, the hashes of all that it brings in the lock file beside it.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from tools.environment import Stamps
from tools.frontend import TOOLS, find_npm
from tools.progress import ROOT, SetUpError, run, step

FOLDER = TOOLS / "lighthouse"
SOURCE = ROOT / "bench" / "lighthouse"
LISTS = (SOURCE / "package.json", SOURCE / "package-lock.json")
SCRIPT = FOLDER / "node_modules" / "lighthouse" / "cli" / "index.js"


def ensure() -> Path:
    """Fetch it, unless it is here and the lists have not changed since. Raises SetUpError."""
    stamps = Stamps(TOOLS / "lighthouse.json")
    if not (stamps.holds(*LISTS) and SCRIPT.is_file()):
        step("Fetching Lighthouse with npm (110 MB)")
        shutil.rmtree(FOLDER, ignore_errors=True)
        FOLDER.mkdir(parents=True)
        for listing in LISTS:
            shutil.copyfile(listing, FOLDER / listing.name)
        npm, env = find_npm()
        run(
            [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
            cwd=FOLDER,
            env=env,
            failure="npm could not fetch it. Is the network there? Its last words:",
        )
        stamps.note(*LISTS)
    return SCRIPT


if __name__ == "__main__":
    try:
        ensure()
    except SetUpError as error:
        sys.exit(str(error))
