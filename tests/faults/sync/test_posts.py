"""One form over bad connections, seen from the server: half of it is nothing, and five of it are one."""

from __future__ import annotations

import http.client
import socket
import uuid
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.faults.sync.conftest import Programme
from tests.people import PASSWORD, Cast
from webapp.accounts.model import Submission
from webapp.db import db
from webapp.people.history import Event

pytestmark = [pytest.mark.slow, pytest.mark.served]
FORM = "application/x-www-form-urlencoded"
AT_ONCE = 5


class Browser:
    """Logged in; each request on a connection of its own."""

    def __init__(self, port: int) -> None:
        self.port, self._cookie = port, ""
        answer = self.post("/login", {"username": "siti", "password": PASSWORD})
        self._cookie = str(answer.getheader("Set-Cookie")).partition(";")[0]

    def post(self, path: str, fields: dict[str, str]) -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("POST", path, urlencode(fields), self._headers)
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return answer

    def post_part(self, path: str, fields: dict[str, str], missing: int) -> bytes:
        """The connection ends before the last `missing` bytes. What was answered to that."""
        body = urlencode(fields)
        lines = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(body)}"]
        lines += [f"{name}: {value}" for name, value in self._headers.items()]
        with socket.create_connection(("127.0.0.1", self.port), timeout=30) as connection:
            connection.sendall(("\r\n".join(lines) + "\r\n\r\n" + body[:-missing]).encode())
            connection.shutdown(socket.SHUT_WR)
            return connection.recv(100)

    @property
    def _headers(self) -> dict[str, str]:
        return {"Content-Type": FORM, "Cookie": self._cookie, "Sec-Fetch-Site": "same-origin", "Saved-Form": "later"}


@pytest.fixture
def notes(cast: Cast) -> str:
    """Where a note about Sri is sent to."""
    path = f"/people/{cast.migrant.id}/notes"
    db.session.rollback()  # or SQLite would let nobody else write
    return path


@pytest.fixture
def browser(app: Flask, programme: Programme) -> Browser:
    return Browser(programme.web.port)


def stored() -> list[str]:
    query = sa.select(Event.facts).where(Event.kind == "note")
    words = [facts["words"] for facts in db.session.scalars(query)]
    assert len(words) == db.session.scalar(sa.select(sa.func.count(Submission.id)))
    db.session.rollback()
    return words


def test_half_a_form_is_not_taken_for_a_whole_one(browser: Browser, notes: str) -> None:
    form = {"client_id": str(uuid.uuid4()), "words": "Tiga kata saja"}
    for missing in (1, 5, 30):
        assert browser.post_part(notes, form, missing).startswith(b"HTTP/1.1 408 ")
    assert stored() == []
    assert browser.post(notes, form).status == 200
    assert stored() == ["Tiga kata saja"]


def test_five_at_once_are_stored_once(browser: Browser, notes: str) -> None:
    """Also while two server processes take them."""
    for round_ in range(10):
        form, ready = {"client_id": str(uuid.uuid4()), "words": str(round_)}, Barrier(AT_ONCE)

        def send(_: int, form: dict[str, str] = form, ready: Barrier = ready) -> int:
            ready.wait(10)
            return browser.post(notes, form).status

        with ThreadPoolExecutor(AT_ONCE) as threads:
            assert list(threads.map(send, range(AT_ONCE))) == [200] * AT_ONCE
    assert stored() == [str(round_) for round_ in range(10)]


def test_what_only_the_first_try_carries_makes_no_other_form_of_it(browser: Browser, notes: str) -> None:
    """htmx sends what the queue shows of a form along; the phone that sends it again by itself does not."""
    form = {"client_id": str(uuid.uuid4()), "words": "Sekali"}
    assert browser.post(notes, form | {"kept_about": "{}", "csrf_token": "old"}).status == 200
    assert browser.post(notes, form).status == 200
    assert stored() == ["Sekali"]
