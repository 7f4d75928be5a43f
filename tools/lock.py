"""`make lock`: pin what requirements*.in ask for, with hashes, for every supported Python and platform.

uv makes the lists, in an environment of its own, because pip cannot resolve for other machines than this one.
"""

from __future__ import annotations

import subprocess
import sys
import venv

from tools.progress import ROOT, SetUpError, run, step

UV = "uv==0.13.9"
FOLDER = ROOT / ".tools" / "lock"
LISTINGS = ("requirements", "requirements-dev", "requirements-node")


def main(upgrade: bool) -> None:
    """Raises SetUpError."""
    if not (FOLDER / "bin" / "uv").exists():
        step("Fetching uv")
        venv.create(FOLDER, with_pip=True, clear=True)
        run([FOLDER / "bin" / "pip", "install", "--quiet", UV], failure="uv could not be installed.")
    for listing in LISTINGS:
        step(f"Pinning {listing}.txt")
        run([*_command(listing), *(["--upgrade"] if upgrade else [])], failure=f"{listing}.in cannot be resolved:")
    subprocess.run(["git", "diff", "--stat", "--", "requirements*.txt"], cwd=ROOT, check=False)


def _command(listing: str) -> list[str]:
    return [
        str(FOLDER / "bin" / "uv"),
        *("pip", "compile", "--quiet", "--universal", "--python-version", "3.11"),
        *("--generate-hashes", "--no-header", "--no-emit-index-url", "--strip-extras"),
        *(f"{listing}.in", "--output-file", f"{listing}.txt"),
    ]


if __name__ == "__main__":
    try:
        main(upgrade="--upgrade" in sys.argv)
    except SetUpError as error:
        sys.exit(str(error))
