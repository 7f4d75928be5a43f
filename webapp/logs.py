"""Logs that a machine can read and that hold nobody's data: one JSON object a line, to standard error.

Of a request: method, route (`/people/<int:person_id>`, never the address itself, whose query may hold what
was searched for), status, milliseconds, account. Of an exception: its type and where it was raised, never
its words, which in a database error are the values of a row. Long numbers are blanked wherever they stand.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import time
import traceback
from datetime import UTC, datetime
from typing import Any, TextIO

import sqlalchemy as sa
from flask import Flask, g, request
from flask.logging import default_handler
from werkzeug.wrappers import Response

REQUESTS = logging.getLogger("webapp.requests")
#: Phones, NIK, passports, accounts: nothing with as many digits is needed in a log.
LONG_NUMBER = re.compile(r"\+?\d(?:[ .-]?\d){8,}")
QUERY = re.compile(r"\?[^\s\"']*")
KNOWN_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})
#: What every LogRecord has; all else came with `extra=` and is written out.
STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class JsonLines(logging.Formatter):
    """One line a record."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": cleaned(record.getMessage()),
        }
        for name, value in vars(record).items():
            if name not in STANDARD:
                line[name] = value if isinstance(value, int | float | bool | None) else cleaned(str(value))
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = describe(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False)


class Stderr(logging.StreamHandler[TextIO]):
    """Writes to whatever standard error is at that moment, which tests and servers exchange."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> TextIO:  # type: ignore[override]  # read-only here
        return sys.stderr


def init_app(app: Flask) -> None:
    set_up(app.config["SETTINGS"].log_level)
    app.logger.removeHandler(default_handler)
    # First of all, so that what other hooks take or refuse is measured too.
    app.before_request_funcs.setdefault(None, []).insert(0, _start_clock)
    app.after_request(log_request)
    for warning in app.config["SETTINGS"].warnings:
        app.logger.warning(warning)


def set_up(level: str) -> None:
    """Send everything through one handler; calling it again only changes the level."""
    root = logging.getLogger()
    root.setLevel(level)
    if not any(isinstance(handler.formatter, JsonLines) for handler in root.handlers):
        handler = Stderr()
        handler.setFormatter(JsonLines())
        root.addHandler(handler)
    for noisy in ("werkzeug", "alembic", "twilio.http_client", "urllib3"):
        logging.getLogger(noisy).setLevel("WARNING")


def cleaned(text: str) -> str:
    return LONG_NUMBER.sub("[number]", QUERY.sub("?[query]", text))


def describe(error: BaseException | None) -> dict[str, Any]:
    """Type, place and code of an exception and of what caused it, without its words."""
    if error is None:
        return {}
    frames = traceback.extract_tb(error.__traceback__)
    told: dict[str, Any] = {
        "type": f"{type(error).__module__}.{type(error).__qualname__}",
        "where": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-8:]],
    }
    if isinstance(error, sa.exc.DBAPIError):
        told["code"] = getattr(error.orig, "sqlstate", None) or getattr(error.orig, "sqlite_errorname", None)
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None:
        told["cause"] = describe(cause)
    return told


def _start_clock() -> None:
    g.started = time.perf_counter()


def log_request(response: Response) -> Response:
    """Nothing of what a person typed: the rule that matched, not the address."""
    rule = request.url_rule.rule if request.url_rule else None
    milliseconds = round((time.perf_counter() - g.get("started", time.perf_counter())) * 1000, 1)
    REQUESTS.info(
        "request",
        extra={
            "method": request.method if request.method in KNOWN_METHODS else "other",
            "route": rule,
            "status": response.status_code,
            "ms": milliseconds,
            "account": _account_id(),
        },
    )
    return response


def _account_id() -> int | None:
    """Of the person who is logged in, without asking the database again."""
    user = g.get("_login_user")
    state = sa.inspect(user, raiseerr=False)
    return state.identity[0] if state is not None and getattr(state, "identity", None) else None
