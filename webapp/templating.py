"""Words that every template may use besides its own context."""

from __future__ import annotations

from uuid import uuid4

from flask import Flask

from webapp import moments


def init_app(app: Flask) -> None:
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals["new_client_id"] = new_client_id
    app.jinja_env.globals["programme"] = app.config["SETTINGS"].programme
    app.jinja_env.globals["demo_day"] = moments.demo_day
    app.jinja_env.filters["moment"] = moments.moment
    app.jinja_env.filters["local_date"] = moments.local_date


def new_client_id() -> str:
    """The key of one form: a repeat of the form carries the same key and is stored once."""
    return str(uuid4())
