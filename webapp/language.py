"""In which language and time zone a page speaks: the account's, else the browser session's, else Indonesian."""

from __future__ import annotations

from flask import Flask, has_request_context, session
from flask_babel import Babel, get_locale
from flask_babel.speaklater import LazyString
from flask_login import current_user
from markupsafe import escape

from webapp.config import LANGUAGES

DEFAULT_LANGUAGE = "id"
DEFAULT_ZONE = "Asia/Jakarta"


def init_app(app: Flask) -> None:
    # Catalogues: webapp/translations/<language>/LC_MESSAGES/messages.po
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = "translations"
    Babel(
        app,
        default_locale=DEFAULT_LANGUAGE,
        default_timezone=DEFAULT_ZONE,
        locale_selector=chosen_language,
        timezone_selector=chosen_zone,
    )
    app.jinja_env.globals["get_locale"] = get_locale
    # The library passes lazy sentences off as markup, so what somebody typed would stand on a page unescaped in them.
    LazyString.__html__ = _escaped


def _escaped(words: LazyString) -> str:
    return str(escape(str(words)))


def chosen_language() -> str:
    if not has_request_context():
        return DEFAULT_LANGUAGE
    chosen = current_user.language if current_user.is_authenticated else session.get("language")
    return chosen if chosen in LANGUAGES else DEFAULT_LANGUAGE


def chosen_zone() -> str:
    if has_request_context() and current_user.is_authenticated:
        return str(current_user.area.zone)
    return DEFAULT_ZONE
