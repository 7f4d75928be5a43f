"""The real programme in processes of its own: web server and SMS worker, as `make run` starts them."""

from __future__ import annotations

import base64
import os
import socket
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from tests.conftest import KEYS, create_app, settings_for
from tools.serve import WEB, WORKER, Child

START_SECONDS, STOP_SECONDS = 30.0, 15.0
#: Settings of the machine that must not decide what a test does.
NOT_FROM_THE_MACHINE = ("TWILIO_", "SMS_", "DATABASE_URL", "SIMULATOR_URL", "TODAY", "PORT", "APP_ENV", "PUBLIC_URL")

LOGS = {"web server": "web.log", "SMS worker": "worker.log"}


@dataclass(frozen=True)
class Server:
    """A running demonstration."""

    address: str
    database_url: str

    @property
    def folder(self) -> Path:
        """Where database and logs are."""
        return Path(self.database_url.removeprefix("sqlite:///")).parent

    def errors(self) -> list[str]:
        """What web server and worker logged as an error, so far."""
        lines = [line for name in LOGS.values() for line in (self.folder / name).read_text("utf-8").splitlines()]
        return [line for line in lines if '"level": "error"' in line or line.startswith("Traceback")]


@contextmanager
def running(database_url: str) -> Iterator[Server]:
    """Web server and worker on this prepared SQLite database, until the block ends."""
    port = _free_port()
    folder = Path(database_url.removeprefix("sqlite:///")).parent
    env = _environment(database_url, port)
    commands = zip(LOGS.items(), (WEB, WORKER), strict=True)
    children = [Child(name, command, env, folder / log) for (name, log), command in commands]
    try:
        for child in children:
            child.start()
        _wait(f"http://127.0.0.1:{port}/login", children)
        yield Server(f"http://127.0.0.1:{port}", database_url)
    finally:
        for child in children:
            child.stop()
        until = time.monotonic() + STOP_SECONDS
        for child in children:
            child.wait(until)


def demonstration(database_url: str) -> Flask:
    """The application on the same database, to prepare what stands on its pages."""
    return create_app(settings_for(database_url, demo=True))


def _environment(database_url: str, port: int) -> dict[str, str]:
    name, key = KEYS[0]
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(NOT_FROM_THE_MACHINE)}
    return {
        **inherited,
        "DATABASE_URL": database_url,
        "DEMO": "1",
        "SMS_GATEWAY": "simulator",
        "SECRET_KEY": "secret-of-the-tests",
        "ENCRYPTION_KEYS": f"{name}:{base64.b64encode(key).decode()}",
        "LOG_LEVEL": "WARNING",
        "PORT": str(port),
        "WEB_BIND": f"127.0.0.1:{port}",
        "PYTHONUNBUFFERED": "1",
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait(url: str, children: list[Child]) -> None:
    until = time.monotonic() + START_SECONDS
    while True:
        dead = [child.obituary() for child in children if child.ended]
        assert not dead, "\n".join(dead)
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            assert time.monotonic() < until, f"nothing answers at {url}"
            time.sleep(0.1)
