"""The virtual environment `.venv`, filled with the pinned packages. Standard library only.

A stamp beside the environment says which list of packages it was filled from, so that a second start
asks pip nothing.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

from tools.progress import ROOT, Counter, SetUpError, run, say, step

VENV = ROOT / ".venv"
RUNNING = ROOT / "requirements.txt"
DEVELOPING = ROOT / "requirements-dev.txt"


def python() -> Path:
    return VENV / "bin" / "python"


def ensure(*, developing: bool = False) -> None:
    """Make `.venv` if it is missing or broken, and install what its stamp does not yet name.

    The list for developing holds all of the list for running, at the same versions.
    """
    if not _works():
        step(f"Making .venv with Python {sys.version.split()[0]}")
        shutil.rmtree(VENV, ignore_errors=True)
        run([sys.executable, "-m", "venv", VENV], failure=_venv_failure())
    wanted = [DEVELOPING] if developing else [RUNNING]
    stamps = Stamps(VENV / "installed.json")
    for listing in wanted:
        if not stamps.holds(listing):
            install(listing, [python(), "-m", "pip"])
            stamps.note(*([RUNNING, DEVELOPING] if developing else [RUNNING]))


def install(listing: Path, pip: list[str | Path], *options: str | Path) -> None:
    """Install a list of packages pinned with hashes, and count them while it goes."""
    total = sum(1 for line in listing.read_text(encoding="utf-8").splitlines() if "==" in line)
    step(f"Installing {total} packages from {listing.name}")
    counter = Counter(total)

    def count(line: str) -> None:
        if line.startswith("Collecting "):
            counter.next(line.removeprefix("Collecting ").partition(" ")[0])
        elif line.startswith("Installing collected"):
            counter.close()
            say("  unpacking them")

    run(
        [*pip, "install", "--require-hashes", "--disable-pip-version-check", "--no-input", "-r", listing, *options],
        failure=f"pip could not install {listing.name}. Is the network there? Its last words:",
        on_line=count,
    )


class Stamps:
    """Which files were worked through, by the hash of their contents."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def holds(self, *sources: Path) -> bool:
        known = self._read()
        return all(known.get(_name(source)) == _hash(source) for source in sources)

    def note(self, *sources: Path) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        known = self._read() | {_name(source): _hash(source) for source in sources}
        self._file.write_text(json.dumps(known, indent=2), encoding="utf-8")

    def _read(self) -> dict[str, str]:
        try:
            known: dict[str, str] = json.loads(self._file.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return {}
        return known


def _name(file: Path) -> str:
    return file.relative_to(ROOT).as_posix() if file.is_relative_to(ROOT) else str(file)


def _hash(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _works() -> bool:
    """Does the environment's Python start, from this very folder, and is it new enough?

    An environment that was copied or moved still starts, but its commands point elsewhere.
    """
    question = "import sys, pip; assert sys.version_info >= (3, 11); print(sys.prefix)"
    try:
        answer = subprocess.run([python(), "-c", question], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return False
    return Path(answer.stdout.strip()) == VENV


def _venv_failure() -> str:
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    return f"Python could not make .venv. On Debian and Ubuntu: sudo apt-get install python{version}-venv. It said:"


if __name__ == "__main__":
    try:
        ensure(developing="--developing" in sys.argv)
    except SetUpError as error:
        sys.exit(str(error))
