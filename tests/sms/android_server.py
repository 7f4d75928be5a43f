"""A real HTTP server that plays the phone: it holds requests to the app's published description and keeps texts.

What it asks of a request and says in an answer is transcribed from the description (OpenAPI) that the app itself
serves: names, limits and states of a message, a webhook and the health check.
"""

from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

USER, PASSWORD, DEVICE = "sms", "password-of-the-tests", "ffffffffceb0b1db0000018e937c815b"
CREATED = "2026-12-01T09:00:00.000+07:00"
STATES = ("Pending", "Cancelling", "Cancelled", "Processed", "Sent", "Delivered", "Failed")
PRIORITIES = (-128, 0, 100, 127)
FIELDS = {"id", "deviceId", "phoneNumbers", "textMessage", "priority", "simNumber", "withDeliveryReport", "isEncrypted"}
EVENTS = ("sms:received", "sms:sent", "sms:delivered", "sms:failed", "sms:cancelled", "system:ping")


def check(name: str, status: str, value: int, unit: str = "percent") -> dict[str, Any]:
    return {name: {"description": name, "observedUnit": unit, "observedValue": value, "status": status}}


HEALTH: dict[str, Any] = {
    "status": "pass",
    "version": "1.75.0",
    "releaseId": 2310,
    "checks": check("battery:level", "pass", 94)
    | check("battery:charging", "pass", 5, "flags")
    | check("connection:status", "pass", 1, "Yes/No")
    | check("connection:transport", "pass", 4, "flags"),
}


@dataclass
class Answer:
    """Instead of the phone's own answer."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    wait: float = 0
    #: Close the connection instead of answering.
    cut: bool = False
    #: The phone takes the text all the same.
    taken: bool = False


@dataclass
class Request:
    method: str
    path: str
    query: dict[str, list[str]]
    body: Any
    headers: Mapping[str, str]


class AndroidServer:
    """Serve from a thread on a free port of this machine until closed."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.answers: list[Answer] = []
        #: The texts that it took, by id, in the words of the description.
        self.texts: dict[str, dict[str, Any]] = {}
        self.webhooks: dict[str, dict[str, Any]] = {}
        self.health: tuple[int, dict[str, Any]] = (200, HEALTH)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def will(self, *answers: Answer) -> None:
        self.answers.extend(answers)

    def becomes(self, id: str, state: str, error: str | None = None) -> None:
        """The text came so far."""
        assert state in STATES
        recipient = self.texts[id]["recipients"][0] | {"state": state} | ({"error": error} if error else {})
        self.texts[id] |= {"state": state, "recipients": [recipient]}

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, request: Request) -> Answer:
        told = self.answers.pop(0) if self.answers else None
        if told is None:
            return Answer(*self._own(request))
        if told.taken:
            assert self._own(request)[0] == 202
        return told

    def _own(self, request: Request) -> tuple[int, Any]:
        if request.path == "/health":
            return self.health
        if request.headers.get("Authorization") != basic(USER, PASSWORD):
            return 401, {"message": "Unauthorized"}
        if (request.method, request.path) == ("POST", "/messages"):
            return self._take(request.body)
        if (request.method, request.path) == ("POST", "/webhooks"):
            return self._register(request.body)
        text = self.texts.get(request.path.removeprefix("/messages/"))
        return (200, text) if text else (404, None)

    def _take(self, message: dict[str, Any]) -> tuple[int, Any]:
        if fault := fault_of(message):
            return 400, {"message": fault}
        if message["id"] in self.texts:
            return 409, {"message": "Message with the same ID already exists"}
        recipients = [{"phoneNumber": number, "state": "Pending"} for number in message["phoneNumbers"]]
        text = {"id": message["id"], "deviceId": DEVICE, "state": "Pending", "createdAt": CREATED}
        text |= {"isHashed": False, "isEncrypted": False, "recipients": recipients, "states": {"Pending": CREATED}}
        self.texts[message["id"]] = text
        return 202, text

    def _register(self, webhook: dict[str, Any]) -> tuple[int, Any]:
        if webhook["event"] not in EVENTS or not webhook["url"].startswith("https://") or len(webhook["id"]) > 36:
            return 400, {"message": "Invalid URL"}
        self.webhooks[webhook["id"]] = webhook
        return 201, webhook

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                self._answer()

            def do_POST(self) -> None:
                self._answer()

            def _answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
                asked = urlsplit(self.path)
                said = json.loads(body) if body else None
                request = Request(self.command, asked.path, parse_qs(asked.query), said, self.headers)
                server.requests.append(request)
                self._send(server.answer(request))

            def _send(self, answer: Answer) -> None:
                time.sleep(answer.wait)
                if answer.cut:
                    self.close_connection = True
                    return
                words = answer.body if isinstance(answer.body, str) else json.dumps(answer.body)
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(words.encode())))
                self.end_headers()
                self.wfile.write(words.encode())

            def log_message(self, *_args: Any) -> None:
                """Tests say what matters."""

        return Handler


def basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def fault_of(message: dict[str, Any]) -> str:
    """What the description says against this request; '' if nothing."""
    numbers, text = message.get("phoneNumbers"), message.get("textMessage", {}).get("text")
    if unknown := set(message) - FIELDS - {"ttl", "validUntil"}:
        return f"unknown field {unknown}"
    if not isinstance(numbers, list) or not 1 <= len(numbers) <= 100:
        return "phoneNumbers is empty"
    if not isinstance(text, str) or not 1 <= len(text) <= 65535:
        return "Text message is empty"
    if len(message.get("id", "")) > 36 or message.get("priority", 0) not in PRIORITIES:
        return "Invalid request"
    if not 1 <= message.get("simNumber", 1) <= 3:
        return "simNumber must be >= 1"
    if message.get("deviceId", DEVICE) != DEVICE:
        return "Invalid device ID"
    if message.get("ttl", 5) < 5 or ("ttl" in message and "validUntil" in message):
        return "fields conflict: ttl and validUntil"
    return ""
