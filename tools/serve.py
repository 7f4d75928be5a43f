"""Web server and SMS worker side by side, stopped together. Standard library only.

If one of them ends by itself the other is stopped too: half a programme that looks whole would be worse.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from tools.environment import python
from tools.progress import ROOT, SetUpError, say

#: How long a child may take to come up, and to end after it was asked to.
START_SECONDS, STOP_SECONDS = 30.0, 15.0
TICK = 0.1
WEB = ("-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "webapp:create_app()")
WORKER = ("-m", "flask", "--app", "webapp", "worker")


@dataclass
class Child:
    """One process of the programme; what it prints goes to a file of its own."""

    name: str
    arguments: tuple[str, ...]
    env: Mapping[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def start(self) -> None:
        """In a session of its own, so that Ctrl-C reaches only us and we stop it in order."""
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                [str(python()), *self.arguments],
                cwd=ROOT,
                env=dict(self.env),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def stop(self) -> None:
        if self.process is not None and not self.ended:
            self.process.terminate()

    def wait(self, until: float) -> None:
        """Until it has ended; past `until` it and what it started is killed."""
        if self.process is None:
            return
        try:
            self.process.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def obituary(self) -> str:
        code = self.process.returncode if self.process is not None else None
        how = f"was killed by signal {-code}" if code is not None and code < 0 else f"ended with code {code}"
        last = self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-12:]
        return "\n".join([f"The {self.name} {how}. Its last words ({self.log}):", *(f"    {line}" for line in last)])


class Stopped(Exception):
    """Somebody pressed Ctrl-C or asked this process to end."""


def serve(port: int, env: Mapping[str, str], banner: Callable[[], str]) -> None:
    """Run both until somebody stops them; `banner` is said once they answer.

    Raises SetUpError if one ends by itself or does not come up.
    """
    refuse_taken(port)
    logs = ROOT / "instance"
    logs.mkdir(exist_ok=True)
    children = [
        Child("web server", WEB, {**env, "WEB_BIND": f"127.0.0.1:{port}"}, logs / "web.log"),
        Child("SMS worker", WORKER, env, logs / "worker.log"),
    ]
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _on_signal)
    try:
        for child in children:
            child.start()
        _wait_until_up(port, children)
        say(banner())
        while True:
            _check(children)
            time.sleep(TICK)
    except Stopped:
        say("\nStopping web server and SMS worker …")
    finally:
        _stop(children)
    say("Stopped. What was entered is kept.")


def refuse_taken(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise SetUpError(
                f"Port {port} is in use, perhaps by a programme that was started before. "
                f"Stop it, or choose another: make run PORT={port + 1}"
            ) from error


def _wait_until_up(port: int, children: list[Child]) -> None:
    until = time.monotonic() + START_SECONDS
    while not _answers(port):
        _check(children)
        if time.monotonic() > until:
            raise SetUpError(f"The web server did not answer within {START_SECONDS:.0f} s. See {children[0].log}.")
        time.sleep(TICK / 2)


def _answers(port: int) -> bool:
    """Does the page for logging in come? Whatever status it has: somebody answers."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def _check(children: list[Child]) -> None:
    for child in children:
        if child.ended:
            raise SetUpError(child.obituary() + "\nThe other one is stopped too.")


def _stop(children: list[Child]) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    for child in children:
        child.stop()
    until = time.monotonic() + STOP_SECONDS
    for child in children:
        child.wait(until)


def _on_signal(_number: int, _frame: FrameType | None) -> None:
    raise Stopped
