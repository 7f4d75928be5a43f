"""The web server. Threads, because a request mostly waits for the database; no access log, because the
application writes its own without addresses' queries (webapp/logs.py).
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

bind = os.environ.get("WEB_BIND") or f"127.0.0.1:{os.environ.get('PORT', '8000')}"


def whole(name: str, default: int) -> int:
    value = os.environ.get(name) or str(default)
    if not (value.isascii() and value.isdigit() and int(value)):
        sys.exit(f"Pengaturan belum benar / settings need attention:\n- {name} is a whole number, at least 1.")
    return int(value)


workers = whole("WEB_WORKERS", 1)
worker_class = "gthread"
threads = whole("WEB_THREADS", 8)
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
