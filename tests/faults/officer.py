"""An officer with a browser, before a web server that is killed again and again."""

from __future__ import annotations

import http.client
import secrets
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlencode

from tests.people import PASSWORD

#: Seconds after which an answer is not waited for any more, and within which every form gets one at last.
PATIENCE, GIVE_UP = 5.0, 40.0
HEADERS = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}


class Officer:
    """Sends each form until it is answered, as a phone does that keeps what it could not send."""

    def __init__(self, port: int, username: str) -> None:
        self._port, self._cookie = port, ""
        #: So many forms were answered, and so many times no answer came.
        self.answered = self.cut_off = 0
        #: A form is on its way.
        self.waits = False
        self.post("/login", username=username, password=PASSWORD)
        assert self._cookie, f"{username} is not let in"

    def post(self, path: str, **form: str) -> str:
        """Where the answer leads. Whatever dies meanwhile, it is stored once: all tries carry the same key."""
        body = urlencode({**form, "client_id": secrets.token_hex(12)})
        give_up_at = time.monotonic() + GIVE_UP
        while True:
            try:
                status, location = self._send(path, body)
            except (OSError, http.client.HTTPException):
                self.cut_off += 1
                assert time.monotonic() < give_up_at, f"{path} is never answered"
                continue
            assert status == 303, f"{path} is answered with {status}"
            self.answered += 1
            return location

    def _send(self, path: str, body: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE)
        try:
            self.waits = True
            connection.request("POST", path, body, {**HEADERS, "Cookie": self._cookie})
            answer = connection.getresponse()
            answer.read()
            for line in answer.headers.get_all("Set-Cookie", []):
                self._cookie = line.partition(";")[0]
            return answer.status, answer.headers.get("Location", "")
        finally:
            self.waits = False
            connection.close()


@contextmanager
def listening() -> Iterator[socket.socket]:
    """Where the web servers listen. It stays open while none of them lives: who calls then waits for the next one."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as one:
        yield one
