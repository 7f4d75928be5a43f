"""The service worker: one script at the root, since a script may only serve what lies below its own address."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, current_app, session
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp.accounts import access
from webapp.accounts.access import RULES, current_account
from webapp.areas.model import VILLAGE
from webapp.assets import STATIC, bare
from webapp.language import DEFAULT_LANGUAGE
from webapp.offline.words import words_in
from webapp.security import CONTENT_SECURITY_POLICY

ROOT = Path(__file__).resolve().parent.parent.parent
#: In this order; the last one listens.
SCRIPTS = ("store", "vault", "copies", "local", "queue", "sending", "answers", "worker")
#: Forms of these are about the account or the machine, and need it on the other side: they are never kept.
NEVER_KEPT = frozenset({"accounts", "areas", "callbacks", "simulator", "photos"})
#: What every page needs besides itself.
ASSETS = ("app.css", "app.js", "vendor/htmx.min.js", "icons.svg", "favicon.svg", "queue.js", "photos.js")


def init_app(app: Flask) -> None:
    app.config["VERSION"] = version()
    app.after_request(say_whose)


def say_whose(response: Response) -> Response:
    """Whose answer this is: a phone that two people share must not mix what it keeps for them.

    Id, language, and 'copies' if the phone keeps a village of theirs for reading; '0' for nobody. What is the same
    for everybody, such as the worker itself, is nobody's: a cache between us may give it to another phone.
    """
    if response.cache_control.public:
        return response
    if not current_user.is_authenticated:
        response.headers["Account"] = "0"
    elif "token" in session:
        copies = " copies" if access.RULES["offline.people"] >= {current_account.role} and _is_of_village() else ""
        response.headers["Account"] = f"{current_account.id} {current_account.language}{copies}"
    return response


def _is_of_village() -> bool:
    return current_account.area.level == VILLAGE


@cache
def version() -> str:
    """Another whenever pages may look different: code, templates, words, or static files have changed."""
    digest = hashlib.sha256()
    patterns = ("webapp/**/*.py", "webapp/**/*.po", "templates/**/*.html", "static/*.*", "static/offline/*.js")
    for file in sorted(file for pattern in patterns for file in ROOT.glob(pattern)):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def script() -> str:
    """The whole service worker, without comments and indents: a third of what travels."""
    parts = [(STATIC / "offline" / f"{name}.js").read_text("utf-8") for name in SCRIPTS]
    return f"const SETTINGS = {json.dumps(settings())};\n{bare(chr(10).join(parts))}"


def settings() -> dict[str, Any]:
    asset: Any = current_app.jinja_env.globals["asset"]
    return {
        "version": current_app.config["VERSION"],
        "assets": [asset(name) for name in ASSETS],
        "css": asset("app.css"),
        "script": asset("app.js"),
        "queueScript": asset("queue.js"),
        "csp": CONTENT_SECURITY_POLICY,
        "neverKept": sorted(_never_kept()),
        "words": words_in(DEFAULT_LANGUAGE),
    }


def _never_kept() -> set[str]:
    """Addresses of forms that are not kept, as regular expressions."""
    found = set()
    for rule in current_app.url_map.iter_rules():
        if "POST" in (rule.methods or ()) and _needs_us(rule.endpoint):
            found.add("^" + _expression(rule.rule) + "$")
    return found


def _needs_us(endpoint: str) -> bool:
    view = current_app.view_functions[endpoint]
    needs = getattr(view, "only_reads", False) or getattr(view, "needs_network", False)
    return needs or endpoint.partition(".")[0] in NEVER_KEPT or endpoint not in RULES


def _expression(rule: str) -> str:
    return "".join("[^/]+" if part.startswith("<") else part for part in _split(rule))


def _split(rule: str) -> list[str]:
    parts, rest = [], rule
    while rest:
        text, bracket, rest = rest.partition("<")
        parts.append(text)
        if bracket:
            name, _, rest = rest.partition(">")
            parts.append(f"<{name}>")
    return parts
