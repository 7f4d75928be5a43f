"""A real HTTP server that plays Twilio: it records what it is asked and answers as it is told."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

ACCOUNT, TOKEN = "AC" + "0" * 32, "token-of-the-tests"


def sid(number: int) -> str:
    return f"SM{number:032x}"


def message(number: int, created: Any, **changes: Any) -> dict[str, Any]:
    """A message as Twilio shows it, with all fields of its contract."""
    facts = {
        "account_sid": ACCOUNT,
        "api_version": "2010-04-01",
        "body": "",
        "date_created": format_datetime(created),
        "date_sent": format_datetime(created),
        "date_updated": format_datetime(created),
        "direction": "outbound-api",
        "error_code": None,
        "error_message": None,
        "from": "+15005550006",
        "messaging_service_sid": None,
        "num_media": "0",
        "num_segments": "1",
        "price": None,
        "price_unit": "USD",
        "sid": sid(number),
        "status": "queued",
        "subresource_uris": {"media": "/media.json"},
        "tags": None,
        "to": "+6281234567801",
        "uri": f"/2010-04-01/Accounts/{ACCOUNT}/Messages/{sid(number)}.json",
    }
    return facts | changes


@dataclass
class Answer:
    """One answer: what, and how badly."""

    status: int = 201
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    wait: float = 0
    #: Close the connection instead of answering.
    cut: bool = False


@dataclass
class Request:
    method: str
    path: str
    query: dict[str, list[str]]
    form: dict[str, list[str]]
    headers: Mapping[str, str]


class TwilioServer:
    """Serve from a thread on a free port of this machine until closed."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.answers: list[Answer] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def will(self, *answers: Answer) -> None:
        self.answers.extend(answers)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                self._answer()

            def do_POST(self) -> None:
                self._answer()

            def _answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
                asked = urlsplit(self.path)
                server.requests.append(
                    Request(self.command, asked.path, parse_qs(asked.query), parse_qs(body), self.headers)
                )
                self._send(server.answers.pop(0))

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
