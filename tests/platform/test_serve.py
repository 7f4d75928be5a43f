"""Web server and worker live and die together."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tools import serve
from tools.progress import ROOT, SetUpError

WEB = (
    "import http.server as h, os; "
    "h.HTTPServer(('127.0.0.1', int(os.environ['PORT'])), h.BaseHTTPRequestHandler).serve_forever()"
)
SLEEP = "import time; print('asleep', flush=True); time.sleep(60)"
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"
DIE = "import sys, time; time.sleep(0.5); print('no gateway', flush=True); sys.exit(3)"


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(serve, "ROOT", tmp_path)
    monkeypatch.setattr(serve, "python", lambda: Path(sys.executable))
    monkeypatch.setattr(serve, "WEB", ("-c", WEB))
    return tmp_path


@pytest.fixture
def handlers():
    """`serve` takes over signals; the test runner wants its own back."""
    kept = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


@pytest.mark.usefixtures("handlers")
def test_a_childs_death_stops_the_other_and_is_told(
    here: Path, port: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(serve, "WORKER", ("-c", DIE))
    with pytest.raises(SetUpError) as told:
        serve.serve(port, {**os.environ, "PORT": str(port)}, lambda: "THE BANNER")
    assert "The SMS worker ended with code 3" in str(told.value)
    assert "no gateway" in str(told.value)
    assert "THE BANNER" in capsys.readouterr().out
    assert is_free(port)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_both_cleanly(tmp_path: Path, port: int, number: signal.Signals) -> None:
    programme = f"""
import os, sys
from pathlib import Path
from tools import serve
serve.ROOT = Path({str(tmp_path)!r})
serve.python = lambda: Path(sys.executable)
serve.WEB, serve.WORKER = ("-c", {WEB!r}), ("-c", {SLEEP!r})
serve.serve({port}, os.environ | {{"PORT": "{port}"}}, lambda: "up")
"""
    process = subprocess.Popen([sys.executable, "-c", programme], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "up\n"
    process.send_signal(number)
    rest, _ = process.communicate(timeout=20)
    assert process.returncode == 0
    assert "Stopped. What was entered is kept." in rest
    assert is_free(port)


def test_one_that_will_not_stop_is_killed(here: Path) -> None:
    child = serve.Child("SMS worker", ("-c", STUBBORN), os.environ, here / "log")
    child.start()
    time.sleep(0.3)
    child.stop()
    child.wait(time.monotonic() + 0.3)
    assert child.ended
    assert "was killed by signal 9" in child.obituary()


def test_a_taken_port_is_explained_before_anything_starts(port: int) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        with pytest.raises(SetUpError, match=f"make run PORT={port + 1}"):
            serve.refuse_taken(port)
