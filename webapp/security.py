"""What every request must pass, and what every answer carries. Knows nothing of accounts."""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes, urlsplit

from flask import Flask, abort, current_app, request, session
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, Map
from werkzeug.wrappers import Response

from webapp.config import Settings
from webapp.errors import LIST_TOO_LARGE, PHOTOS_TOO_LARGE, RECIPIENTS_TOO_LARGE, Words
from webapp.page import LARGEST_ID

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

READING = ("GET", "HEAD", "OPTIONS")
#: Kinds of bodies; JSON is none, which Flask-WTF would else take for a form. An empty one needs no kind.
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data", "")
#: Endpoint → the most bytes of a body that is no form. They take OCTETS and nothing else.
RAW_BODIES = {"photos.store_piece": 33 * 1024}
OCTETS = "application/octet-stream"
#: Endpoint → the most bytes of a body of JSON. They take nothing else; whoever sends it signs it.
JSON_BODIES = {"callbacks.events": 64 * 1024}
#: Names under which forms carry files.
PHOTOS_FIELD, LIST_FIELD = "photos", "file"


@dataclass(frozen=True)
class FilesAllowed:
    """What a form with files may carry: under which one name, and at most so many bytes of the whole form."""

    field: str
    most: int
    #: Said to whoever sends more.
    too_large: Words


#: Endpoint → its files; everywhere else a file is refused. A browser without a script sends photos as its camera made
#: them. A list is 2 or 12 MB, and some bytes more for the words beside it.
FORMS_WITH_FILES = {
    "brokers.create": FilesAllowed(PHOTOS_FIELD, 8 * 1024 * 1024, PHOTOS_TOO_LARGE),
    "agencies.imports.create": FilesAllowed(LIST_FIELD, (2 * 1024 + 16) * 1024, LIST_TOO_LARGE),
    "broadcasts.lists.create": FilesAllowed(LIST_FIELD, (12 * 1024 + 16) * 1024, RECIPIENTS_TOO_LARGE),
}
#: These blueprints answer machines, which sign what they send; the views check the signature.
SIGNED_BY_THE_SENDER = ("callbacks",)
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    # Ids of people stand in addresses; no other site learns them.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
#: What only a page can obey. A phone asks for many answers that are none, and pays for each byte.
HEADERS_OF_PAGES = {
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}
DATA, POLICY_OF_DATA = "application/json", "default-src 'none'; frame-ancestors 'none'"
NOT_MODIFIED = 304
ONE_YEAR = 365 * 24 * 3600
#: What no keyboard types, no page may hold and PostgreSQL partly refuses: control characters but tab and
#: line ends, and the code points that Unicode keeps free of characters.
CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef"
    + "".join(chr(plane * 0x10000 + last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
    + "]"
)
REPLACED = "\ufffd"

#: Per address and process, against floods. How often an account may be tried stands in the database.
limiter = Limiter(get_remote_address, storage_uri="memory://", headers_enabled=False)


class RowId(IntegerConverter):
    """`<int:…>` in an address: an id that databases can hold. Longer numbers are addresses of nothing."""

    regex = r"\d{1,19}"

    def __init__(self, map: Map) -> None:
        super().__init__(map, max=LARGEST_ID)


def init_app(app: Flask) -> None:
    settings: Settings = app.config["SETTINGS"]
    app.wsgi_app = _or_cut_off(app.wsgi_app)  # type: ignore[assignment, method-assign]
    if hops := settings.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    app.url_map.converters["int"] = RowId
    app.before_request(refuse_broken_text)
    app.before_request(refuse_other_sites)
    limiter.init_app(app)
    app.after_request(add_headers)
    app.jinja_env.globals["csrf_token"] = csrf_token


def _or_cut_off(wsgi_app: WSGIApplication) -> WSGIApplication:
    """A body ends where its length says, or the connection broke: half a form must not be taken for a whole one.

    gunicorn says that it ends bodies itself, so that Werkzeug would take what has come for all of it.
    """

    def with_length(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ.get("CONTENT_LENGTH"):
            environ.pop("wsgi.input_terminated", None)
        return wsgi_app(environ, start_response)

    return with_length


def refuse_broken_text() -> None:
    """400 for bytes that are not UTF-8 and for control characters, anywhere, before any view."""
    path = request.environ.get("PATH_INFO", "").encode("latin-1")
    if not (_is_text(path) and _is_text(unquote_to_bytes(request.query_string))):
        abort(400)
    if request.method not in READING and request.endpoint in JSON_BODIES:
        _refuse_other_than_json(JSON_BODIES[request.endpoint])
    # A text message may hold any character, and must not be lost for it: callbacks clean what they take in.
    if request.method not in READING and request.blueprint not in SIGNED_BY_THE_SENDER:
        _refuse_broken_form()


def _refuse_other_than_json(most: int) -> None:
    """It is parsed by the view, once its signature has been checked."""
    request.max_content_length = most
    if (request.content_length or 0) > most:
        abort(413)
    if request.mimetype != DATA:
        abort(415)


def _refuse_broken_form() -> None:
    """Reads the body, so that one that is too large ends here with 413."""
    endpoint = request.endpoint or ""
    if endpoint in RAW_BODIES:
        _refuse_broken_octets(RAW_BODIES[endpoint])
        return
    if request.mimetype not in FORMS:
        abort(415)
    if request.mimetype == "application/x-www-form-urlencoded":
        body = request.get_data()
        if body.count(b"&") >= current_app.config["MAX_FORM_PARTS"]:
            abort(413)
        if not _is_text(unquote_to_bytes(body)):
            abort(400)
        return
    if endpoint in FORMS_WITH_FILES:
        _allow_files(FORMS_WITH_FILES[endpoint])
    elif request.files:
        abort(400)  # this form takes no files, and a file is no text
    for name, value in request.form.items(multi=True):
        if _is_broken(name + value):
            abort(400)


def _refuse_broken_octets(most: int) -> None:
    """Any bytes may stand in them; the view looks at what they are. A body of no kind must be empty."""
    request.max_content_length = most
    if (request.content_length or 0) > most:
        abort(413)
    if request.mimetype != OCTETS and (request.mimetype or request.get_data()):
        abort(415)


def _allow_files(allowed: FilesAllowed) -> None:
    """The names of files are text; their content is looked at by the field that takes them.

    Megabytes are read of somebody who has logged in, not of strangers.
    """
    length = request.content_length or 0
    if length > allowed.most:
        abort(413, allowed.too_large)
    if session.get("token"):
        request.max_content_length = allowed.most
    elif length > current_app.config["MAX_CONTENT_LENGTH"]:
        abort(401)
    for field, file in request.files.items(multi=True):
        if field != allowed.field or _is_broken(file.filename or ""):
            abort(400)


def _is_broken(text: str) -> bool:
    return REPLACED in text or CONTROL.search(text) is not None


def _is_text(data: bytes) -> bool:
    try:
        return not CONTROL.search(data.decode())
    except UnicodeDecodeError:
        return False


def refuse_other_sites() -> None:
    """A form of another site must not act in our user's name. Needs no token, so saved forms do not go stale.

    Browsers say where a request comes from in Sec-Fetch-Site (all since 2023, over TLS), older ones in
    Origin; one that sends neither must bring the token that its page carried.
    """
    if request.method in READING or request.blueprint in SIGNED_BY_THE_SENDER:
        return
    if site := request.headers.get("Sec-Fetch-Site"):
        allowed = site in ("same-origin", "none")
    elif (origin := request.headers.get("Origin", "null")) != "null":
        allowed = urlsplit(origin).netloc in _own_hosts()
    else:
        allowed = hmac.compare_digest(csrf_token().encode(), request.form.get("csrf_token", "").encode())
    if not allowed:
        abort(403)


def _own_hosts() -> tuple[str, str]:
    return request.host, urlsplit(current_app.config["SETTINGS"].public_url).netloc


def csrf_token() -> str:
    """Bound to the browser's session: derived from the log-in where there is one, so that it lives as long."""
    if token := session.get("token"):
        return hmac.new(current_app.config["SECRET_KEY"].encode(), f"csrf:{token}".encode(), "sha256").hexdigest()
    if "csrf" not in session:
        session["csrf"] = secrets.token_urlsafe(16)
    return str(session["csrf"])


def _headers_for(response: Response) -> dict[str, str]:
    if response.status_code == NOT_MODIFIED:
        return {}  # the browser goes on with those that it has
    if response.mimetype == DATA:
        return HEADERS | {"Content-Security-Policy": POLICY_OF_DATA}
    return HEADERS | HEADERS_OF_PAGES if response.mimetype == "text/html" else HEADERS


def add_headers(response: Response) -> Response:
    for name, value in _headers_for(response).items():
        response.headers.setdefault(name, value)
    if current_app.config["SESSION_COOKIE_SECURE"]:
        response.headers["Strict-Transport-Security"] = f"max-age={ONE_YEAR}"
    response.vary.add("HX-Request")
    if "Cache-Control" not in response.headers:
        # A shared phone must not show the last person's pages after logging out.
        response.headers["Cache-Control"] = "private, no-store" if "token" in session else "private, no-cache"
    return response
