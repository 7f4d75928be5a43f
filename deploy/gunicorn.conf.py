"""The web server. Threads, because a request mostly waits for the database; no access log, because the
application writes its own without addresses' queries (webapp/logs.py).
"""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path

from gunicorn.arbiter import Arbiter
from gunicorn.workers.base import Worker

bind = os.environ.get("WEB_BIND") or f"127.0.0.1:{os.environ.get('PORT', '8000')}"


def whole(name: str, default: int) -> int:
    value = os.environ.get(name) or str(default)
    if not (value.isascii() and value.isdigit() and int(value)):
        sys.exit(f"Pengaturan belum benar / settings need attention:\n- {name} is a whole number, at least 1.")
    return int(value)


workers = whole("WEB_WORKERS", 1)
worker_class = "gthread"
threads = whole("WEB_THREADS", 8)
# The application is made once, and each process begins as a copy of it: starts are quicker, and memory is shared.
preload_app = True
timeout = 60
graceful_timeout = 10
keepalive = 30
# A process is renewed now and then, so that a slow leak never becomes an incident.
max_requests, max_requests_jitter = 20_000, 2_000
# Heartbeats of processes in memory: on a slow disk they would be taken for dead.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None
# Which proxy is trusted is a setting of the application (TRUSTED_PROXIES).
forwarded_allow_ips = ""
# Nobody steers this server at run time; its socket would lie in a home that a service does not have.
control_socket_disable = True


def when_ready(_server: Arbiter) -> None:
    """What all processes share is never rubbish: to look at it would copy it into each of them."""
    gc.freeze()


def post_fork(server: Arbiter, _worker: Worker) -> None:
    """Two processes must not speak through one connection to the database."""
    from webapp.db import db  # not before the settings above are checked

    with server.app.wsgi().app_context():
        db.engine.dispose(close=False)


accesslog = None
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "webapp.logs.JsonLines"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"level": "INFO", "handlers": ["stderr"]},
    "loggers": {
        "gunicorn.error": {"level": "INFO", "handlers": ["stderr"], "propagate": False},
        "gunicorn.access": {"level": "CRITICAL", "handlers": [], "propagate": False},
    },
}
