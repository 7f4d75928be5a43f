"""How a view ends: with a page or a part of it, with a form that did not fit, or stored."""

from __future__ import annotations

from typing import Any

from flask import flash, g, jsonify, make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from webapp import kept_on_phone
from webapp.db import db

LARGEST_ID = 2**63 - 1


def page_or_part(page: str, part: str, **context: Any) -> Response:
    """The page, or only its part for htmx. A boosted link or a restored history wants the whole page."""
    return make_response(render_template(part if wants_part() else page, **context))


def wants_part() -> bool:
    """Did htmx ask for a part of this page? Answers vary by it; `security` says so in Vary."""
    htmx = request.htmx  # type: ignore[attr-defined]  # put there by htmx-flask
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def stored(location: str, message: Any = None) -> Response:
    """Commit what the view did, say so, and go on to `location`.

    If the form carried a key, its answer is stored with it,
    so that a repeat of the form is led to the same place.
    """
    if mark := g.pop("mark_submission", None):
        mark(location)
    db.session.commit()
    return answer(location, message)


def answer(location: str, message: Any = None) -> Response:
    """It is stored: on to `location`. A phone that sent a saved form by itself is told in JSON, with a receipt."""
    saved = kept_on_phone.current()
    if message is not None and (saved is None or saved.awaited):
        flash(str(message))
    if saved is None:
        return _with_receipt(go_to(location))
    words = "" if message is None else str(message)
    return _with_receipt(jsonify(location=location, receipt=g.get("receipt", ""), message=words))


def _with_receipt(response: Response) -> Response:
    """Tells the phone that its form is stored: an answer without it, such as one that leads to a log-in, is none."""
    if receipt := g.get("receipt"):
        response.headers["Receipt"] = receipt
    return response


def stored_part(location: str, template: str, **context: Any) -> Response:
    """Commit, and answer htmx with the part of the page that has changed. A repeat of the form leads to `location`."""
    if mark := g.pop("mark_submission", None):
        mark(location)
    response = make_response(render_template(template, **context))
    db.session.commit()
    return _with_receipt(response)


def shown_once(location: str, template: str, **context: Any) -> Response:
    """Commit, and answer with a page that may be seen this once and is kept nowhere: no redirect, no cache.

    A repeat of the form is led to `location`, which shows it no more.
    """
    if mark := g.pop("mark_submission", None):
        mark(location)
    response = make_response(render_template(template, **context))
    db.session.commit()
    response.headers["Cache-Control"] = "no-store"
    return response


def answered(facts: dict[str, Any], status: int = 200) -> Response:
    """Commit, and answer a script, which reads facts and no pages."""
    db.session.commit()
    return make_response(jsonify(facts), status)


def go_to(location: str) -> Response:
    """A redirect after a POST; htmx is told to load the whole page, which it would otherwise swap into a part."""
    if wants_part():
        return Response(status=204, headers={"HX-Redirect": location})
    return redirect(location, 303)


def look_first(location: str) -> Response:
    """It was not stored: whoever tapped sees at `location` what it lacks, so their phone need not keep it either."""
    response = go_to(location)
    response.headers["Saved-Form-Reason"] = "look"
    return response


def invalid(template: str, **context: Any) -> tuple[str, int]:
    """Undo, and show the form again with what was typed and what is wrong with it."""
    db.session.rollback()
    return render_template(template, **context), 422


def row_id(text: str) -> int:
    """An id from a query, as in `request.args.get("before", type=row_id)`.

    Raises ValueError for what cannot be one, also for numbers larger than databases hold.
    """
    if not (text.isascii() and text.isdigit() and len(text) <= 19 and 0 < int(text) <= LARGEST_ID):
        raise ValueError("not an id")
    return int(text)


def local_path(text: str | None, default: str) -> str:
    """`text` if it is a path of this site, so that nobody is led elsewhere; else `default`."""
    if text and text.startswith("/") and not text.startswith("//") and "\\" not in text and len(text) <= 200:
        return text if text.isprintable() else default
    return default
