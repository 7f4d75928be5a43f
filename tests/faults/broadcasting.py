"""The web server and the worker of broadcasts, both real, to be killed while they make and send them.

python -m tests.faults.broadcasting DATABASE_URL PROVIDER_PORT WEB_SOCKET BEGUN

Then a name a line, 'web-1' or 'worker-2'; the process id comes back. WEB_SOCKET is an open file on which the web
servers listen one after the other, BEGUN the second since 1970 that the programme takes for MORNING.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from datetime import timedelta

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.faults.worker import LIMITS, Recorded
from tests.warnings.crowd import MORNING
from webapp import clock, create_app
from webapp.broadcasts import expanding, sending
from webapp.config import Settings
from webapp.outbox import holding
from webapp.outbox.worker import work

PRICE = 350


class Silent(WSGIRequestHandler):
    def log(self, *_arguments: object, **_named: object) -> None:
        """Nobody reads it."""


def main() -> None:
    """Has loaded everything once, and becomes a new process for each name it reads."""
    url, port, web_socket, begun = sys.argv[1:]
    clock.now = lambda: MORNING + timedelta(seconds=time.time() - float(begun))
    in_small_steps()
    app = application(url)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # who was killed leaves nothing behind
    for line in sys.stdin:
        name = line.strip()
        pid = os.fork()
        if pid == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.environ["PGAPPNAME"] = name
            if name.startswith("web"):
                serve(app, int(web_socket))
            else:
                with app.app_context():
                    work(Recorded(int(port)), LIMITS, price_rupiah=PRICE, name=name)
                print("ended well", flush=True)
            os._exit(0)
        print(pid, flush=True)


def in_small_steps() -> None:
    """So that they die between any two of them."""
    expanding.PORTION = expanding.PORTION_OF_SQLITE = 4
    holding.PORTION = 3
    sending.SECONDS, sending.LOOK_EVERY = 1.0, timedelta(seconds=0.3)


def application(url: str) -> Flask:
    settings = Settings(
        url,
        secret_key="secret-of-the-tests",
        encryption_keys=(("test", b"k" * 32),),
        sms_price_rupiah=PRICE,
        notices_a_day=10_000,
        notices_alone=0,
        log_level="WARNING",
    )
    return create_app(settings)


def serve(app: Flask, web_socket: int) -> None:
    make_server("127.0.0.1", 0, app, threaded=True, request_handler=Silent, fd=web_socket).serve_forever()


if __name__ == "__main__":
    main()
