"""Workers, web servers and a provider as processes of their own, to be killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from types import TracebackType

ROOT = Path(__file__).resolve().parents[2]


class RecordingProvider:
    """The process of provider.py, and what it wrote down."""

    def __init__(self, file: Path, process: subprocess.Popen[str]) -> None:
        assert process.stdout
        self._file, self._process = file, process
        self.port = int(process.stdout.readline())

    def hurry(self) -> None:
        """Takes no time any more."""
        self._process.send_signal(signal.SIGUSR1)

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
    """Processes by name, copies of one that runs `module`. All are gone when it ends."""

    def __init__(self, *arguments: str, module: str = "tests.faults.worker", files: Sequence[int] = ()) -> None:
        """`files`: what is open here and is handed down to them."""
        command = [sys.executable, "-m", module, *arguments]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        self._mother = subprocess.Popen(command, cwd=ROOT, text=True, pass_fds=files, **pipes)
        self._numbers = count(1)
        self.running: dict[str, int] = {}

    def __enter__(self) -> Fleet:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for name in list(self.running):
            self.kill(name)
        try:
            self._mother.communicate(timeout=10)
        except subprocess.TimeoutExpired:
            self._mother.kill()
            self._mother.wait()
            if error is None:
                raise

    def start(self, kind: str = "worker") -> str:
        name = f"{kind}-{next(self._numbers)}"
        assert self._mother.stdin
        assert self._mother.stdout
        self._mother.stdin.write(f"{name}\n")
        self._mother.stdin.flush()
        self.running[name] = int(self._mother.stdout.readline())
        return name

    def kill(self, name: str) -> None:
        """As the machine would: nothing is finished, nothing is given back. Returns once the process is gone."""
        process = self.running.pop(name)
        os.kill(process, signal.SIGKILL)
        give_up_at = time.monotonic() + 10
        while _is_alive(process):
            assert time.monotonic() < give_up_at, f"{name} does not die"
            time.sleep(0.002)

    def stop(self, name: str) -> bool:
        """As an operator would. Did it end by itself, in good order?"""
        os.kill(self.running[name], signal.SIGTERM)
        assert self._mother.stdout
        ended_well = self._mother.stdout.readline() == "ended well\n"
        del self.running[name]
        return ended_well


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True
