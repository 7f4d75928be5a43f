"""Pages that say what went wrong and what to do now, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import Flask, current_app, render_template
from flask_babel import lazy_gettext as _l
from markupsafe import escape
from werkzeug.exceptions import (
    BadRequest,
    ClientDisconnected,
    Conflict,
    HTTPException,
    RequestTimeout,
    ServiceUnavailable,
)
from werkzeug.wrappers import Response

from webapp import kept_on_phone
from webapp.db import db
from webapp.page import wants_part


@dataclass(frozen=True)
class Words:
    title: Any
    advice: Any
    #: Why, for the script that sends saved forms: it tells its owner, tries again, or lets a human look.
    reason: str = ""
    #: Of a form that is stored already: where it led.
    location: str = ""


#: By status; views may give words of their own with `abort(409, Words(…))`.
WORDS = {
    400: Words(
        _l("This request cannot be read"),
        _l("It holds characters that are not text. Go back, type it again and send it once more. Nothing was stored."),
    ),
    401: Words(
        _l("Please log in first"),
        _l("Your session has ended. Log in, then go back and send the form again. Nothing was stored."),
        "login",
    ),
    403: Words(
        _l("This is not open to you"),
        _l("Your role does not allow it, or the form came from another site. Ask your coordinator if you need it."),
    ),
    404: Words(
        _l("This page does not exist"),
        _l("The address may be wrong, or it belongs to another area than yours."),
    ),
    405: Words(
        _l("This cannot be done here"),
        _l("The address expects another kind of request. Go back to the page and use its buttons."),
    ),
    409: Words(
        _l("This form was already stored"),
        _l("It was stored once with other words. Open the page again to see what is stored, then change it there."),
        "key",
    ),
    413: Words(
        _l("This is too large"),
        _l("At most 1 MB can be sent at once. Shorten it and send it again. Nothing was stored."),
    ),
    415: Words(
        _l("This request cannot be read"),
        _l("It is not a form. Go back to the page and use its buttons. Nothing was stored."),
    ),
    422: Words(
        _l("This does not fit"),
        _l("Something in it is missing or too long. Go back, check it and send it again. Nothing was stored."),
    ),
    429: Words(
        _l("Too many attempts"),
        _l("Wait a few minutes, then try again."),
    ),
    500: Words(
        _l("Something broke on our side"),
        _l("It is our fault, not yours. What you sent was not stored. Try again in a few minutes."),
    ),
    503: Words(
        _l("Busy at the moment"),
        _l("Try again in a minute. What you sent was not stored."),
    ),
}


CHANGED = Words(
    _l("Somebody else was faster"),
    _l("What you sent does not fit what is stored by now. Open the page again and look. Nothing was stored."),
    "again",
)
PHOTOS_TOO_LARGE = Words(
    _l("These photos are too large"),
    _l("At most 8 MB can be sent at once. Go back, choose fewer photos, and send it again. Nothing was stored."),
)
LIST_TOO_LARGE = Words(
    _l("This file is too large"),
    _l("A list may have at most 2 MB. Go back and choose another file. Nothing was stored."),
)
RECIPIENTS_TOO_LARGE = Words(
    _l("This file is too large"),
    _l("A list of recipients may have at most 12 MB. Go back and divide it into two files. Nothing was stored."),
)
#: Codes of SQLite and PostgreSQL that a second attempt may not meet: busy, serialization, deadlock, lock time-out.
PASSING = ("SQLITE_BUSY", "SQLITE_LOCKED", "40001", "40P01", "55P03")
#: Codes of a row that lacks what it must have: no other attempt can help, the form should have said so.
INCOMPLETE = ("SQLITE_CONSTRAINT_NOTNULL", "SQLITE_CONSTRAINT_CHECK", "23502", "23514")
BUSY_SECONDS = 30


def init_app(app: Flask) -> None:
    app.register_error_handler(HTTPException, show)
    app.register_error_handler(ClientDisconnected, cut_off)
    app.register_error_handler(sa.exc.DataError, does_not_fit)
    app.register_error_handler(OverflowError, does_not_fit)
    app.register_error_handler(sa.exc.IntegrityError, in_the_way)
    app.register_error_handler(sa.exc.OperationalError, busy)


def show(error: HTTPException) -> Response | tuple[str, int]:
    """The page of this error; a sentence for htmx, which swaps it into a part of a page."""
    if error.response is not None or error.code is None:
        return error.get_response()
    db.session.rollback()
    words = error.description if isinstance(error.description, Words) else WORDS.get(error.code, WORDS[400])
    response = current_app.make_response((_body(words, error.code), error.code))
    if words.reason and kept_on_phone.current():
        response.headers["Saved-Form-Reason"] = words.reason
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response


def cut_off(_error: ClientDisconnected) -> Response | tuple[str, int]:
    """Only half of the form came. If anybody still hears us: send it again."""
    return show(RequestTimeout(description=WORDS[503]))  # type: ignore[arg-type]  # our words, not a string


def does_not_fit(error: Exception) -> Response | tuple[str, int]:
    """The database refused a value: too long or too large for its column. The forms should have said so."""
    current_app.logger.warning("the database refused a value", exc_info=error)
    return show(BadRequest(description=WORDS[422]))  # type: ignore[arg-type]  # our words, not a string


def in_the_way(error: sa.exc.IntegrityError) -> Response | tuple[str, int]:
    """Somebody stored the same at the same moment, or a form lacked what a row must have."""
    if _code_of(error).startswith(INCOMPLETE):
        return does_not_fit(error)
    current_app.logger.warning("the database refused a row", exc_info=error)
    return show(Conflict(description=CHANGED))  # type: ignore[arg-type]  # our words, not a string


def busy(error: sa.exc.OperationalError) -> Response | tuple[str, int]:
    """The database is locked, two transactions were in each other's way, or its server restarts: try again."""
    if not (_code_of(error).startswith(PASSING) or error.connection_invalidated):
        raise error
    current_app.logger.warning("the database was busy", exc_info=error)
    return show(ServiceUnavailable(retry_after=BUSY_SECONDS))


def _code_of(error: sa.exc.DBAPIError) -> str:
    return str(getattr(error.orig, "sqlite_errorname", "") or getattr(error.orig, "sqlstate", ""))


def _body(words: Words, code: int) -> Any:
    saved = kept_on_phone.current()
    if saved is not None and not saved.awaited:
        names = ("title", "advice", "reason", "location")
        return {name: str(getattr(words, name)) for name in names}
    return _sentence(words) if wants_part() else _page(words, code)


def _sentence(words: Words) -> str:
    return f'<p class="notice is-bad" role="alert">{escape(words.title)}. {escape(words.advice)}</p>'


def _page(words: Words, code: int) -> str:
    if code < 500:
        return render_template("error.html", words=words, code=code)
    try:
        return render_template("error.html", words=words, code=code)
    except Exception:
        # Whatever broke (often the database) may break the page as well; these words need nothing.
        current_app.logger.exception("the error page could not be shown")
        return f"<!doctype html><html lang=id><title>{code}</title><h1>{escape(words.title)}</h1>{_sentence(words)}"
