"""What the contract tests need: prism, and what Twilio publishes: the OpenAPI description, the counter of segments.

Standard library only.

Twilio publishes the description inside an npm package of its command-line tools (MIT). Without npm or
network the tests of the contract are skipped, and say so; all others run.
"""

from __future__ import annotations

import base64
import hashlib
import shutil
import sys
import tarfile
from pathlib import Path

from tools.environment import Stamps
from tools.frontend import TOOLS, find_npm
from tools.progress import ROOT, SetUpError, run, say, step

FOLDER = TOOLS / "contract"
LISTS = (ROOT / "tests" / "contract" / "package.json", ROOT / "tests" / "contract" / "package-lock.json")
PRISM = FOLDER / "node_modules" / "@stoplight" / "prism-cli" / "dist" / "index.js"
SEGMENTS = FOLDER / "node_modules" / "sms-segments-calculator" / "dist" / "index.js"
DESCRIPTION = FOLDER / "twilio_api_v2010.json"
PACKAGE = "@twilio/cli-core@8.3.2"
SHA512 = "qRTAZS15i/nseKHu2zZIb1BD78WFRVOWM65iC9JqjZdNpz5KQaiEI1klsLcWDi1pwXH9JG6pbFXJrIiYRJw/dw=="
MEMBER = "package/src/services/twilio-api/twilio_api_v2010.json"


def ensure() -> None:
    """Fetch both, unless they are here and the lists have not changed since. Raises SetUpError."""
    stamps = Stamps(TOOLS / "contract.json")
    if stamps.holds(*LISTS, Path(__file__)) and all(file.is_file() for file in (PRISM, SEGMENTS, DESCRIPTION)):
        return
    step("Fetching prism and Twilio's API description with npm")
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    _fetch_prism()
    _fetch_description()
    stamps.note(*LISTS, Path(__file__))


def node() -> tuple[str, dict[str, str]]:
    """The command and its environment: the machine's own Node, else the wheel's."""
    _, env = find_npm()
    found = shutil.which("node", path=env.get("PATH"))
    if found is None:
        raise SetUpError("There is an npm on this machine, but no node.")
    return found, env


def _fetch_prism() -> None:
    for listing in LISTS:
        shutil.copyfile(listing, FOLDER / listing.name)
    _npm("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")


def _fetch_description() -> None:
    """The one file of the package, not the hundreds of packages that it depends on."""
    _npm("pack", PACKAGE, "--ignore-scripts", "--loglevel=error")
    (archive,) = FOLDER.glob("twilio-cli-core-*.tgz")
    if base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode() != SHA512:
        raise SetUpError(f"{PACKAGE} is not the package that these tests were written with.")
    with tarfile.open(archive) as package:
        member = package.extractfile(MEMBER)
        assert member is not None
        DESCRIPTION.write_bytes(member.read())
    archive.unlink()


def _npm(*words: str) -> None:
    npm, env = find_npm()
    run([*npm, *words], cwd=FOLDER, env=env, failure="npm could not fetch it. Is the network there? Its last words:")


if __name__ == "__main__":
    try:
        ensure()
    except SetUpError as error:
        say(f"  The contract tests will be skipped. {error}")
        sys.exit(0)
