"""The real web server on a prepared database, to be stopped, killed and started again on the same port."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import TracebackType

from tests.browser.server import _environment, _free_port
from tools.progress import ROOT
from tools.serve import WEB

START_SECONDS = 30.0


class Web:
    """gunicorn with its workers, in a process group of its own. What it logs goes to a file in `folder`."""

    def __init__(self, database_url: str, folder: Path, **env: str) -> None:
        self.port, self._log = _free_port(), folder / "web.log"
        network = {"SIMULATOR_URL": f"sqlite:///{folder / 'network.db'}"}
        self._env = _environment(database_url, self.port) | network | env
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Web:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._process is not None:
            self.kill()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        return self._log.read_text("utf-8")

    def start(self) -> None:
        """Returns once it answers."""
        with self._log.open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, *WEB],
                cwd=ROOT,
                env=self._env,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        until = time.monotonic() + START_SECONDS
        while not self._answers():
            assert self._process.poll() is None, self.log
            assert time.monotonic() < until, self.log
            time.sleep(0.05)

    def stop(self) -> None:
        """As an operator would: what has begun is finished."""
        process, self._process = self._process, None
        assert process
        process.terminate()
        process.wait(START_SECONDS)

    def kill(self) -> None:
        """As a power cut would: nothing is finished."""
        process, self._process = self._process, None
        assert process
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(START_SECONDS)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}/health", timeout=5):
                return True
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False
