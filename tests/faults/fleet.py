"""Workers and a provider as processes of their own, to be killed."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from types import TracebackType

ROOT = Path(__file__).resolve().parents[2]


class RecordingProvider:
    """The process of provider.py, and what it wrote down."""

    def __init__(self, file: Path, process: subprocess.Popen[str]) -> None:
        assert process.stdout
        self._file = file
        self.port = int(process.stdout.readline())

    @property
    def taken(self) -> Counter[str]:
        """Reference → how often it was handed over."""
        return Counter(words[1] for words in self._lines() if words[0] == "taken")

    @property
    def asked(self) -> set[str]:
        """References that somebody asked about."""
        return {words[1] for words in self._lines() if words[0] == "asked"}

    def _lines(self) -> list[list[str]]:
        return [line.split() for line in self._file.read_text().splitlines()]


@contextmanager
def recording_provider(folder: Path, slowest: float) -> Iterator[RecordingProvider]:
    file = folder / "provider.log"
    command = [sys.executable, str(ROOT / "tests/faults/provider.py"), str(file), str(slowest)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield RecordingProvider(file, process)
        finally:
            process.terminate()


class Fleet:
    """Worker processes by name. All are gone when it ends."""

    def __init__(self, database_url: str, port: int) -> None:
        self._arguments = (database_url, str(port))
        self._numbers = count(1)
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Fleet:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for name in list(self.running):
            self.kill(name)

    def start(self) -> str:
        name = f"worker-{next(self._numbers)}"
        command = [sys.executable, "-m", "tests.faults.worker", *self._arguments, name]
        self.running[name] = subprocess.Popen(command, cwd=ROOT)
        return name

    def kill(self, name: str) -> None:
        """As the machine would: nothing is finished, nothing is given back."""
        process = self.running.pop(name)
        process.kill()
        process.wait()

    def stop(self, name: str, seconds: float = 10) -> int:
        """As an operator would. Returns the exit code."""
        process = self.running.pop(name)
        process.send_signal(signal.SIGTERM)
        return process.wait(seconds)
