"""Chromium by its own protocol, through two pipes: every target of a browser, its service workers too, can be slowed.

Playwright hides the sessions of service workers, so a benchmark that must slow them speaks to Chromium itself.
"""

from __future__ import annotations

import json
import os
import select
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tools import chromium

Message = dict[str, Any]
#: How long Chromium may take for an answer, in seconds.
PATIENCE = 60.0


class ProtocolError(Exception):
    """Chromium refused a command."""


class Chromium:
    """One running browser. Everything happens in `call` and `until`: there are no threads."""

    def __init__(self, process: subprocess.Popen[bytes], read_fd: int, write_fd: int) -> None:
        self.process = process
        self._read, self._write = read_fd, write_fd
        self._buffer = b""
        self._count = 0
        self._answers: dict[int, Message] = {}
        self._posted: set[int] = set()
        #: What hears of every event.
        self.listeners: list[Callable[[Message], None]] = []
        #: Commands nobody waited for that were refused.
        self.refused: list[str] = []

    def call(self, method: str, session: str = "", /, **params: Any) -> Message:
        number = self._send(method, session, params)
        self.until(lambda: number in self._answers, PATIENCE, method)
        answer = self._answers.pop(number)
        if "error" in answer:
            raise ProtocolError(f"{method}: {answer['error']['message']}")
        result: Message = answer["result"]
        return result

    def post(self, method: str, session: str = "", /, **params: Any) -> None:
        """Without waiting: also from within a listener."""
        self._posted.add(self._send(method, session, params))

    def until(self, condition: Callable[[], Any], seconds: float, what: str) -> None:
        end = time.monotonic() + seconds
        while not condition():
            left = end - time.monotonic()
            if left <= 0:
                raise TimeoutError(f"{what} took longer than {seconds:.0f} s")
            self._take(min(left, 0.25))

    def wait(self, seconds: float) -> None:
        """Listen for so long."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self._take(left)

    def _send(self, method: str, session: str, params: Message) -> int:
        self._count += 1
        message: Message = {"id": self._count, "method": method, "params": params}
        if session:
            message["sessionId"] = session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self._write, data) :]
        return self._count

    def _take(self, seconds: float) -> None:
        if not select.select([self._read], [], [], seconds)[0]:
            return
        data = os.read(self._read, 1 << 20)
        if not data:
            raise ProtocolError("Chromium has ended")
        *messages, self._buffer = (self._buffer + data).split(b"\0")
        for message in messages:
            self._handle(json.loads(message))

    def _handle(self, message: Message) -> None:
        number = message.get("id")
        if number is None:
            for listener in self.listeners:
                listener(message)
        elif number in self._posted:
            self._posted.discard(number)
            if "error" in message:
                self.refused.append(message["error"]["message"])
        else:
            self._answers[number] = message


@contextmanager
def started(*more: str) -> Iterator[Chromium]:
    """A Chromium with a profile of its own, until the block ends."""
    profile = tempfile.mkdtemp(prefix="budget")
    to_read, to_write = os.pipe(), os.pipe()
    arguments = [chromium.find_or_install(), "--headless", "--remote-debugging-pipe", f"--user-data-dir={profile}"]
    arguments += [*chromium.flags(), "--disable-dev-shm-usage", "--enable-precise-memory-info", *more, "about:blank"]
    process = _with_pipes(arguments, to_write[0], to_read[1])
    os.close(to_write[0])
    os.close(to_read[1])
    browser = Chromium(process, to_read[0], to_write[1])
    try:
        yield browser
    finally:
        process.terminate()
        process.wait(15)
        os.close(to_read[0])
        os.close(to_write[1])
        shutil.rmtree(profile, ignore_errors=True)


def _with_pipes(arguments: list[str], commands: int, answers: int) -> subprocess.Popen[bytes]:
    """Chromium reads commands from file descriptor 3 and writes to 4, which a shell can arrange everywhere."""
    script = f'exec "$0" "$@" 3<&{commands} 4>&{answers}'
    silent = subprocess.DEVNULL
    return subprocess.Popen(
        ["/bin/sh", "-c", script, *arguments],
        stdin=silent,
        stdout=silent,
        stderr=silent,
        pass_fds=(commands, answers),
        start_new_session=True,
    )
