"""The real worker with the recording provider as its gateway, and short leases.

python -m tests.faults.worker DATABASE_URL PROVIDER_PORT, then a name a line; the process id comes back
"""

from __future__ import annotations

import http.client
import os
import signal
import sys
import threading
from dataclasses import dataclass, field

from flask import Flask

from sms.gateways import Accepted, Found, GatewayError, LookUp, Outgoing, Uncertain
from sms.handover import Limits
from tests.outbox.crowd import MORNING
from webapp import clock, create_app
from webapp.config import Settings
from webapp.outbox.worker import work

#: Longest call, seconds. The provider takes a fraction of it.
CALL = 1.0
LIMITS = Limits(
    in_flight=8, batch=40, lease=2.0, provider=CALL, ask_after=0.3, repair=0.2, beat=0.5, idle=0.1, attempts=1000
)


@dataclass
class Recorded:
    """Talks to tests/faults/provider.py. One connection a thread."""

    port: int
    name: str = "recorded"
    can_receive: bool = False
    _of_thread: threading.local = field(default_factory=threading.local)

    def send(self, text: Outgoing) -> Accepted:
        status, answer = self._call("POST", text.reference)
        if status != 200:
            raise GatewayError(permanent=False, code=str(status))
        return Accepted(answer)

    def look_up(self, text: LookUp) -> Found | None:
        status, answer = self._call("GET", text.reference)
        return Found(answer, "sent") if status == 200 else None

    def _call(self, method: str, reference: str) -> tuple[int, str]:
        connection = self._connection()
        try:
            connection.request(method, f"/texts/{reference}")
            response = connection.getresponse()
            return response.status, response.read().decode()
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            raise Uncertain("no_answer") from error

    def _connection(self) -> http.client.HTTPConnection:
        if not hasattr(self._of_thread, "connection"):
            self._of_thread.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=CALL)
        connection: http.client.HTTPConnection = self._of_thread.connection
        return connection


def main() -> None:
    """Has loaded everything once, and becomes a new worker for each name it reads: sixty starts would take minutes."""
    url, port = sys.argv[1:]
    # Made once; no connection is open yet that its copies would share.
    app = create_app(Settings(url, secret_key="secret-of-the-tests", encryption_keys=(("test", b"k" * 32),)))
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # who was killed leaves nothing behind
    for name in sys.stdin:
        pid = os.fork()
        if pid == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            be_worker(app, int(port), name.strip())
            print("ended well", flush=True)
            os._exit(0)
        print(pid, flush=True)


def be_worker(app: Flask, port: int, name: str) -> None:
    os.environ["PGAPPNAME"] = name  # by which the server knows its connections
    with app.app_context():
        clock.now = lambda: MORNING
        work(Recorded(port), LIMITS, price_rupiah=350, name=name)


if __name__ == "__main__":
    main()
