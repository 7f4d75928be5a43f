"""`make run`: from a fresh clone to a running demonstration. Standard library only."""

from __future__ import annotations

import csv
import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from tools import environment, frontend, progress, serve
from tools.environment import Stamps
from tools.progress import ROOT, SetUpError, say, step

DATABASE = ROOT / "instance" / "desmigratif.db"
DEMO_ACCOUNTS = ROOT / "webapp" / "demo" / "accounts.csv"
YES = ("1", "true", "yes")
SEPARATOR = "─" * 72


def main() -> None:
    started = time.monotonic()
    try:
        port = port_of(os.environ)
        env = environment_of(os.environ, port)
        serve.refuse_taken(port)
        set_up()
        prepare(env)
        serve.serve(port, env, lambda: banner(port, env, started))
    except SetUpError as error:
        sys.exit(f"\n{error}")
    except KeyboardInterrupt:
        sys.exit("\nStopped before it was ready. Starting again goes on where this ended.")


def set_up(*, developing: bool = False) -> None:
    """Everything that must be fetched. Does nothing where it was done."""
    environment.ensure(developing=developing)
    frontend.ensure()


def prepare(env: Mapping[str, str]) -> None:
    """Migrate, load areas and rules, add the demonstration; in the environment's own Python.

    Done once for each state of the files it reads, unless another day, provider or database is asked for.
    """
    stamps = Stamps(DATABASE.with_suffix(".json"))
    own = not env.get("DATABASE_URL")
    # With a real provider the invented people are hushed first, and without DEMO their accounts are looked for.
    as_before = env["DEMO"].lower() in YES and not env.get("TODAY") and not env.get("TWILIO_ACCOUNT_SID")
    if own and DATABASE.exists() and as_before and stamps.holds(*sources()):
        return
    if own and not DATABASE.exists():
        step("Making the database, with all 91,600 areas of the official list")
    DATABASE.parent.mkdir(exist_ok=True)
    progress.run(
        [environment.python(), "-m", "flask", "--app", "webapp", "prepare"],
        env=env,
        failure="The database could not be prepared:",
        on_line=say,
    )
    if own:
        stamps.note(*sources())


def sources() -> list[Path]:
    """What the database is made from: migrations, shipped data, texts, translations, and who loads them."""
    patterns = ("migrations/**/*.py", "webapp/*/data/*.csv", "webapp/demo/*", "webapp/**/load.py", "webapp/**/*.po")
    found = {file for pattern in patterns for file in ROOT.glob(pattern) if file.is_file()}
    return sorted(found | {ROOT / "templates" / "sms" / "texts.tsv", ROOT / "webapp" / "cli.py"})


def port_of(env: Mapping[str, str]) -> int:
    """PORT, or 8000. Raises SetUpError."""
    text = env.get("PORT") or "8000"
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise SetUpError(f"PORT is a number from 1 to 65535, not {text!r}.")
    return int(text)


def environment_of(env: Mapping[str, str], port: int) -> dict[str, str]:
    """Settings of the children: a demonstration, unless the environment says otherwise.

    Make hands on what was not set as an empty word; that is no choice.
    """
    chosen = {name: value for name, value in env.items() if value or name not in ("DEMO", "TODAY")}
    try:
        public = urlsplit(env.get("PUBLIC_URL", "")).hostname not in (None, "127.0.0.1", "localhost", "::1")
    except ValueError:
        public = True  # no address at all; the settings say so in words
    demo = "0" if env.get("APP_ENV") == "production" or public else "1"
    return {"DEMO": demo, **chosen, "PORT": str(port), "PYTHONUNBUFFERED": "1"}


def banner(port: int, env: Mapping[str, str], started: float) -> str:
    address = f"http://127.0.0.1:{port}"
    lines = ["", SEPARATOR, f"  Desmigratif runs at {address}", ""]
    if env["DEMO"].lower() in YES:
        lines += [f"  {one.role:<14}{one.username:<7}{one.password:<19}{one.place}" for one in demo_accounts()]
        lines += ["", f"  Simulated phones: {address}/simulator"]
    lines += [f"  Logs: instance/web.log, instance/worker.log · ready in {time.monotonic() - started:.1f} s"]
    return "\n".join([*lines, "  Ctrl-C stops web server and SMS worker.", SEPARATOR])


class DemoAccount(NamedTuple):
    """Somebody of the demonstration who can log in; `place` says where they work."""

    role: str
    username: str
    password: str
    place: str


def demo_accounts() -> list[DemoAccount]:
    with DEMO_ACCOUNTS.open(encoding="utf-8", newline="") as lines:
        return [DemoAccount(*(row[name] for name in DemoAccount._fields)) for row in csv.DictReader(lines)]


if __name__ == "__main__":
    main()
