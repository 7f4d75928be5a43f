"""What set-up says while it works. Standard library only: it runs before anything is installed."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


class SetUpError(Exception):
    """Set-up cannot go on; the text says why and what helps."""


def say(text: str) -> None:
    print(text, flush=True)


def step(text: str) -> None:
    say(f"· {text}")


def run(
    command: Sequence[str | Path],
    *,
    failure: str,
    cwd: Path = ROOT,
    env: Mapping[str, str] | None = None,
    on_line: Callable[[str], None] | None = None,
) -> None:
    """Run a command and give `on_line` each line it prints. Raises SetUpError with its last words."""
    started = time.monotonic()
    process = subprocess.Popen(
        [str(part) for part in command],
        cwd=cwd,
        env=dict(env) if env is not None else None,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    lines: list[str] = []
    assert process.stdout is not None
    for line in process.stdout:
        lines.append(line.rstrip())
        if on_line is not None:
            on_line(line.rstrip())
    if process.wait() != 0:
        raise SetUpError("\n".join([failure, *(f"    {line}" for line in lines[-15:])]))
    if time.monotonic() - started > 1:
        say(f"  done in {time.monotonic() - started:.0f} s")


class Counter:
    """One line that counts: '  12 of 44  cryptography'. On a terminal it is rewritten in place."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._count = 0
        self._live = sys.stdout.isatty()

    def next(self, what: str) -> None:
        self._count = min(self._count + 1, self._total)
        if self._live:
            print(f"\r\033[K  {self._count} of {self._total}  {what}", end="", flush=True)
        elif self._count % 10 == 0:
            say(f"  {self._count} of {self._total}")

    def close(self) -> None:
        if self._live:
            print("\r\033[K", end="", flush=True)
