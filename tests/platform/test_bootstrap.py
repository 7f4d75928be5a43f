"""What runs before anything is installed: finding Python and npm, stamps, the lists of packages."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tools import chromium, environment, frontend, lighthouse, run
from tools.environment import Stamps
from tools.progress import ROOT, SetUpError

#: A Python as the script sees one: its version, and whether it has venv.
FAKE = """#!/bin/sh
case "$*" in
  *ensurepip*) exit {suitable} ;;
  *version_info*print*|*print*version_info*) echo {version} ;;
  *version_info*) exit {recent} ;;
  --version) echo "Python {version}.0" ;;
esac
"""


def find_python(folder: Path, **fakes: dict[str, object]) -> subprocess.CompletedProcess[str]:
    for name, facts in fakes.items():
        (folder / name.replace("_", ".")).write_text(FAKE.format(**facts))
        (folder / name.replace("_", ".")).chmod(0o755)
    script = str(ROOT / "tools" / "find-python.sh")
    return subprocess.run(["/bin/sh", script], env={"PATH": str(folder)}, capture_output=True, text=True, check=False)


GOOD = {"suitable": 0, "recent": 0}


def test_the_newest_python_is_taken(tmp_path: Path) -> None:
    found = find_python(tmp_path, python3_11=GOOD | {"version": "3.11"}, python3_13=GOOD | {"version": "3.13"})
    assert found.stdout.strip() == str(tmp_path / "python3.13")


def test_one_that_is_too_old_is_named(tmp_path: Path) -> None:
    found = find_python(tmp_path, python3={"suitable": 1, "recent": 1, "version": "3.9"})
    assert found.returncode == 1
    assert "needs Python 3.11" in found.stderr
    assert "Python 3.9.0" in found.stderr
    assert "PYTHON=/path/to" in found.stderr


def test_one_without_venv_is_explained(tmp_path: Path) -> None:
    found = find_python(tmp_path, python3={"suitable": 1, "recent": 0, "version": "3.12"})
    assert found.returncode == 1
    assert "sudo apt-get install python3.12-venv" in found.stderr


def test_none_at_all(tmp_path: Path) -> None:
    found = find_python(tmp_path)
    assert found.returncode == 1
    assert "needs Python 3.11" in found.stderr


def test_stamps_notice_a_changed_list(tmp_path: Path) -> None:
    listing, stamps = tmp_path / "list.txt", Stamps(tmp_path / "there" / "stamps.json")
    listing.write_text("one")
    assert not stamps.holds(listing)
    stamps.note(listing)
    assert stamps.holds(listing)
    listing.write_text("two")
    assert not stamps.holds(listing)


def test_a_broken_stamp_counts_as_none(tmp_path: Path) -> None:
    listing = tmp_path / "list.txt"
    listing.write_text("one")
    (tmp_path / "stamps.json").write_text("{")
    assert not Stamps(tmp_path / "stamps.json").holds(listing)


def test_an_old_or_missing_npm_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frontend, "_npm_of_wheel", lambda: (["npm of the wheel"], {}))
    monkeypatch.setenv("PATH", str(tmp_path))
    assert frontend.find_npm()[0] == ["npm of the wheel"]
    npm = tmp_path / "npm"
    npm.write_text("#!/bin/sh\necho 6.14.18\n")
    npm.chmod(0o755)
    assert frontend.find_npm()[0] == ["npm of the wheel"]
    npm.write_text("#!/bin/sh\necho a warning\necho 10.8.2\n")
    assert frontend.find_npm()[0] == [str(npm)]


@pytest.mark.parametrize("port", ["http", "0", "65536", "-1", "80 80"])
def test_a_wrong_port_is_explained(port: str) -> None:
    with pytest.raises(SetUpError, match="PORT is a number"):
        run.port_of({"PORT": port})


def test_a_demonstration_unless_the_environment_says_otherwise() -> None:
    assert run.environment_of({}, 8000)["DEMO"] == "1"
    assert run.environment_of({"DEMO": "0"}, 8000)["DEMO"] == "0"
    assert run.environment_of({"APP_ENV": "production"}, 8000)["DEMO"] == "0"
    assert run.environment_of({"PUBLIC_URL": "https://desmigratif.example.go.id"}, 8000)["DEMO"] == "0"
    assert run.environment_of({"PUBLIC_URL": "http://127.0.0.1:8000"}, 8000)["DEMO"] == "1"


@pytest.mark.parametrize(
    ("arguments", "demo", "today"), [((), "1", None), (("DEMO=0", "TODAY=2026-12-01"), "0", "2026-12-01")]
)
def test_make_run_as_it_is_typed_is_a_demonstration(
    tmp_path: Path, arguments: tuple[str, ...], demo: str, today: str | None
) -> None:
    """What make hands on to tools.run, and what that makes of it."""
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\nenv -0\n")
    python.chmod(0o755)
    clean = {name: value for name, value in os.environ.items() if name not in ("DEMO", "TODAY", "PORT", "MAKEFLAGS")}
    command = ["make", "-C", str(ROOT), "run", f"PYTHON={python}", *arguments]
    output = subprocess.run(command, env=clean, capture_output=True, text=True, check=True).stdout
    given = dict(line.split("=", 1) for line in output.split("\0") if "=" in line)
    env = run.environment_of(given, run.port_of(given))
    assert (env["DEMO"], env.get("TODAY"), env["PORT"]) == (demo, today, "8000")


def test_the_banner_names_address_accounts_and_phones() -> None:
    text = run.banner(8123, {"DEMO": "1"}, 0.0)
    assert "http://127.0.0.1:8123/simulator" in text
    for one in run.demo_accounts():
        assert re.search(rf"{one.username}\s+{one.password}\s+{one.place}", text)
    assert "simulator" not in run.banner(8123, {"DEMO": "0"}, 0.0)


def test_a_named_chromium_that_does_not_start_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMIUM", "/nowhere/chrome")
    with pytest.raises(SetUpError, match="does not start"):
        chromium.installed()


@pytest.mark.parametrize(("offered", "asked_for"), [((0, 1), 1), ((1,), 2), ((), 2)])
def test_apt_gives_the_shell_or_else_the_browser(
    monkeypatch: pytest.MonkeyPatch, offered: tuple[int, ...], asked_for: int
) -> None:
    packages = ["chromium-headless-shell", "chromium"]
    asked: list[str] = []

    def apt_get(command: list[str], **_others: object) -> None:
        if command[1] == "install":
            asked.append(command[-1])
            if packages.index(command[-1]) not in offered:
                raise SetUpError("Unable to locate package")

    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(chromium, "run", apt_get)
    monkeypatch.setattr(chromium, "installed", lambda: f"/usr/bin/{asked[-1]}" if asked else None)
    assert chromium._from_apt() == (f"/usr/bin/{packages[offered[0]]}" if offered else None)
    assert asked == packages[:asked_for]


@pytest.mark.parametrize(("user", "without"), [(0, True), (1000, False)])
def test_only_root_gives_up_the_sandbox(monkeypatch: pytest.MonkeyPatch, user: int, without: bool) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: user)
    assert ("--no-sandbox" in chromium.flags()) is without


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt", "requirements-node.txt"])
def test_every_package_is_pinned_with_hashes(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    for entry in re.split(r"\n(?=\S)", re.sub(r"(?m)^\s*#.*\n?", "", text).strip()):
        assert re.match(r"[a-z0-9._-]+(\[[a-z,]+\])?==[^ ]+", entry), entry[:60]
        assert "--hash=sha256:" in entry, entry[:60]
    assert "://" not in text


def test_the_list_for_developing_holds_the_one_for_running() -> None:
    """So one environment serves both, and its stamp for running stays true."""
    pins = [
        set(re.findall(r"(?m)^[a-z0-9._-]+==[^ \n]+", listing.read_text(encoding="utf-8")))
        for listing in (environment.RUNNING, environment.DEVELOPING)
    ]
    assert pins[0] <= pins[1]


@pytest.mark.parametrize(
    ("manifest", "lock"), [(frontend.MANIFEST, frontend.LOCK), lighthouse.LISTS], ids=["frontend", "lighthouse"]
)
def test_npm_packages_are_exact_and_name_no_registry(manifest: Path, lock: Path) -> None:
    wanted = json.loads(manifest.read_text(encoding="utf-8"))
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted["dependencies"].values())
    packages = [facts for path, facts in json.loads(lock.read_text(encoding="utf-8"))["packages"].items() if path]
    assert all(facts["integrity"].startswith("sha512-") for facts in packages)
    assert not [facts for facts in packages if "resolved" in facts]
