"""`make lighthouse`: what Lighthouse says of the main pages of a facilitator, as a phone sees them.

python -m bench.lighthouse [--only /people …] [--check]

Performance, accessibility and best practices, each at least 95 of 100; below each page the audits that failed.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench.budget import prepared
from tools import chromium, contract, lighthouse
from tools.progress import SetUpError

GOAL = 95
CATEGORIES = ("performance", "accessibility", "best-practices")
#: {names} are ids of the scene of the browser tests.
PAGES = ("/login", "/", "/people", "/people/{sri}", "/departures/{leaving}", "/people/new", "/antrean")
PEOPLE = 200
SECONDS = 180


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="*", default=[], help="these addresses")
    parser.add_argument("--check", action="store_true", help="exit code 1 if a goal is missed")
    chosen = parser.parse_args()
    try:
        script = lighthouse.ensure()
    except SetUpError as error:
        sys.exit(str(error))
    print(f"{'page':<24}" + "".join(f"{name:>18}" for name in CATEGORIES) + f"   goal ≥ {GOAL}")
    below = 0
    with prepared.programme(PEOPLE) as (server, ids):
        cookie = "; ".join(f"{one['name']}={one['value']}" for one in prepared.cookies(server))
        for path in (page.format(**ids) for page in PAGES):
            if not chosen.only or path in chosen.only:
                below += show(path, looked_at(script, server.address + path, "" if path == "/login" else cookie))
    sys.exit(1 if chosen.check and below else 0)


def looked_at(script: Path, address: str, cookie: str) -> dict[str, Any]:
    """The report, as Lighthouse writes it. The cookie travels as a header: Lighthouse empties the browser first."""
    node, env = contract.node()
    with tempfile.TemporaryDirectory(prefix="lighthouse") as folder:
        output = Path(folder) / "report.json"
        command = [node, str(script), address, "--output=json", f"--output-path={output}", "--quiet"]
        command += ["--form-factor=mobile", f"--only-categories={','.join(CATEGORIES)}", "--max-wait-for-load=60000"]
        command += [f"--chrome-flags=--headless=new {' '.join(chromium.flags())}"]
        if cookie:
            headers = Path(folder) / "headers.json"
            headers.write_text(json.dumps({"Cookie": cookie}))
            command.append(f"--extra-headers={headers}")
        found = {**os.environ, **env, "CHROME_PATH": chromium.find_or_install()}
        ended = subprocess.run(command, env=found, cwd=folder, capture_output=True, text=True, timeout=SECONDS)
        if not output.is_file():
            sys.exit(f"Lighthouse ended with code {ended.returncode}:\n{ended.stderr[-2000:]}")
        report: dict[str, Any] = json.loads(output.read_text("utf-8"))
        # A page that sends to the log-in would be looked at instead, and be fine.
        assert report["finalDisplayedUrl"] == address, report["finalDisplayedUrl"]
        return report


def show(path: str, report: dict[str, Any]) -> int:
    """Print it. Returns how many goals it misses."""
    scores = [round(100 * (report["categories"][name]["score"] or 0)) for name in CATEGORIES]
    cells = "".join(f"{score:>13} {'ok  ' if score >= GOAL else 'over'}" for score in scores).replace("over", "low ")
    print(f"{path:<24}{cells}", flush=True)
    for name in CATEGORIES:
        for audit in report["categories"][name]["auditRefs"]:
            _say_failed(name, audit, report["audits"][audit["id"]])
    if warning := report.get("runWarnings"):
        print(f"    warnings: {warning}")
    return sum(score < GOAL for score in scores)


def _say_failed(category: str, reference: dict[str, Any], audit: dict[str, Any]) -> None:
    """Audits below nine tenths that count; of performance those too that only advise."""
    score, weighs = audit.get("score"), reference["weight"] > 0
    if score is None or score >= 0.9 or not (weighs or category == "performance"):
        return
    print(f"    {category}: {audit['id']} {score:.2f} · {audit['title']} {audit.get('displayValue', '')}")
    for item in (audit.get("details") or {}).get("items", [])[:3]:
        print(f"        {_short(item)}")


def _short(item: dict[str, Any]) -> str:
    node = item.get("node") or {}
    words = [node.get("snippet", ""), str(item.get("url", "")), str(item.get("description", ""))]
    return " ".join(word for word in words if word)[:160] or json.dumps(item)[:160]


if __name__ == "__main__":
    main()
