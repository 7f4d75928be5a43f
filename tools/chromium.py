"""A Chromium for tests and screenshots: an installed one, else apt-get's, else Playwright's, else words.

`python -m tools.chromium` prints where it is.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tools.progress import SetUpError, run, step

#: The same engine without windows around its pages opens them in half of the time, so it comes first.
SHELL = "chromium-headless-shell"
NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
PACKAGES = (SHELL, "chromium")
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
#: What a test does not look at and waits for: hints of its maker's hosts, pages of the address bar and renderers
#: that are made in advance for every window. Of several lists Chromium takes the last, so Playwright's own is lost.
NOT_NEEDED = (
    *("OptimizationHints", "MediaRouter", "Translate", "PaintHolding", "HttpsUpgrades"),
    *("WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "AimEnabled", "SpareRendererForSitePerProcess"),
)
#: Chromium looks for updates, models and its maker's hosts as soon as it starts; a test must not.
QUIET = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-extensions",
    f"--disable-features={','.join(NOT_NEEDED)}",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
]
HELP = """No Chromium was found, and none could be installed. The tests open every page in a real browser.
  Debian:          sudo apt-get install chromium-headless-shell
  Ubuntu:          sudo apt-get install chromium
  Fedora:          sudo dnf install chromium
  elsewhere:       install Chrome or Chromium, or name one: CHROMIUM=/path/to/chrome make test"""


def find_or_install() -> str:
    """Path of a Chromium that starts. Raises SetUpError with words on how to get one."""
    path = installed() or _from_apt() or _from_playwright()
    if path is None:
        raise SetUpError(HELP)
    return path


def flags() -> list[str]:
    """Arguments for it. Its sandbox is given up only where it cannot work: for root."""
    return [*QUIET, "--no-sandbox"] if os.geteuid() == 0 else QUIET


def installed() -> str | None:
    """CHROMIUM, or what stands on the PATH, or Playwright's own that was downloaded before."""
    if named := os.environ.get("CHROMIUM"):
        if not _starts(named):
            raise SetUpError(f"CHROMIUM={named} does not start.")
        return named
    found = (shutil.which(name) for name in NAMES)
    on_path = next((path for path in (*found, str(MAC)) if path and _starts(path)), None)
    if on_path is None and (own := _playwrights_own()) and _starts(own):
        return own
    return on_path


def _starts(path: str) -> bool:
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=60).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _from_apt() -> str | None:
    if not (hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get")):
        return None
    step("Installing Chromium with apt-get")
    try:
        _apt_get("update")
    except SetUpError:
        return None
    for package in PACKAGES:
        try:
            _apt_get("install", "-y", "--no-install-recommends", package)
        except SetUpError:
            continue
        if found := installed():
            return found
    return None


def _apt_get(command: str, *arguments: str) -> None:
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    run(["apt-get", command, "-q", *arguments], env=quiet, failure="apt-get could not do it.")


def _from_playwright() -> str | None:
    step("Downloading Playwright's Chromium")
    try:
        run([sys.executable, "-m", "playwright", "install", "chromium"], failure="Playwright could not do it.")
    except SetUpError:
        return None
    return installed()


def _playwrights_own() -> str | None:
    """Where Playwright keeps the Chromium that it downloads, if it is there."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return None
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


if __name__ == "__main__":
    try:
        print(find_or_install())
    except SetUpError as error:
        sys.exit(str(error))
