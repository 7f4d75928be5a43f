"""The web side of Desmigratif. Read `create_app` as a table of contents."""

from __future__ import annotations

import os
from pathlib import Path

from flask import Flask
from htmx_flask import Htmx

from sms.phone import mask
from webapp import assets, cli, compression, errors, language, logs, security, templating
from webapp.accounts import access, audit, menu, passwords, sessions, submissions
from webapp.accounts import views as accounts
from webapp.agencies import views as agencies
from webapp.areas import views as areas
from webapp.audiences import upkeep as audiences_upkeep
from webapp.broadcasts import sections as broadcasts_sections
from webapp.broadcasts import views as broadcasts
from webapp.brokers import sections as brokers_sections
from webapp.brokers import views as brokers
from webapp.callbacks import chores
from webapp.callbacks import views as callbacks
from webapp.cases import sections as cases_sections
from webapp.cases import views as cases
from webapp.config import Settings
from webapp.conversations import sections as conversations_sections
from webapp.conversations import views as conversations
from webapp.conversations.presenter import by_sender
from webapp.db import engine_options, init_db
from webapp.demo import load as demonstration
from webapp.departures import rule_views as rules
from webapp.departures import sections as departures_sections
from webapp.departures import views as departures
from webapp.helplines import views as helplines
from webapp.offline import sections as offline_sections
from webapp.offline import views as offline
from webapp.offline import worker
from webapp.outbox import invitations, silence, ties
from webapp.outbox import sections as outbox_sections
from webapp.outbox import text_views as texts
from webapp.outbox import views as outbox
from webapp.outbox.reasons import state_words
from webapp.people import views as people
from webapp.people.words import grouped, number_link, numbers_to_call
from webapp.photos import upkeep as photos_upkeep
from webapp.photos import views as photos
from webapp.routes import views as routes
from webapp.simulator import views as simulator
from webapp.today import views as today
from webapp.warnings import sections as warnings_sections
from webapp.warnings import views as warnings

ROOT = Path(__file__).resolve().parent.parent
NOUNS = (
    *(areas, accounts, agencies, people, photos, routes, outbox, texts, cases, departures, rules, conversations),
    *(brokers, warnings, broadcasts, callbacks, helplines, offline, today),
)
#: Each hangs a noun's part on another's page, or lets it hear another's signal.
HANGINGS = (
    photos_upkeep,
    invitations,
    outbox_sections,
    cases_sections,
    silence,
    ties,
    departures_sections,
    conversations_sections,
    brokers_sections,
    audiences_upkeep,
    warnings_sections,
    broadcasts_sections,
    offline_sections,
    chores,
)
#: What templates of every noun say of numbers, texts and people.
FILTERS = {
    "masked": mask,
    "grouped": grouped,
    "state_words": state_words,
    "numbers_to_call": numbers_to_call,
    "by_sender": by_sender,
}
LARGEST_BODY = 1024 * 1024
MOST_FIELDS = 200


def create_app(settings: Settings | None = None) -> Flask:
    """The application, ready to serve. Raises SettingsError if the environment is not in order."""
    app = Flask(__name__, template_folder=str(ROOT / "templates"), static_folder=None)
    configure(app, settings or Settings.from_environment(os.environ))
    init_db(app)
    Htmx(app)
    language.init_app(app)
    security.init_app(app)
    guard(app)
    errors.init_app(app)
    templating.init_app(app)
    register_nouns(app)
    add_platform(app)
    require_rules(app)
    if not app.config["SETTINGS"].private:
        passwords.refuse(app, demonstration.published())
    return app


def configure(app: Flask, settings: Settings) -> None:
    secure = settings.public_url.startswith("https://")
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings),
        # With this prefix browsers take the cookie only from this very host and only over TLS.
        SESSION_COOKIE_NAME="__Host-desmigratif" if secure else "desmigratif",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        MAX_FORM_MEMORY_SIZE=LARGEST_BODY // 2,
        MAX_FORM_PARTS=MOST_FIELDS,
        WTF_CSRF_ENABLED=False,
    )


def guard(app: Flask) -> None:
    """Who is asking, may they, and have they asked this before: in this order, before every view."""
    audit.init_app(app)
    sessions.init_app(app)
    access.init_app(app)
    submissions.init_app(app)


def register_nouns(app: Flask) -> None:
    """The pages of every noun; the pretend phones only where nobody is real."""
    settings: Settings = app.config["SETTINGS"]
    simulated = settings.sms_gateway == "simulator" and settings.private
    for noun in (*NOUNS, simulator) if simulated else NOUNS:
        app.register_blueprint(noun.blueprint)
    for hanging in HANGINGS:
        hanging.register()
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.globals.update(menu=menu.menu, open_until=menu.open_until, number_link=number_link)


def add_platform(app: Flask) -> None:
    """Commands, logs, compressed pages and static files."""
    cli.init_app(app)
    compression.init_app(app)
    logs.init_app(app)
    assets.init_app(app)
    worker.init_app(app)


def require_rules(app: Flask) -> None:
    """Refuse to start with a route that nobody has thought about. Raises LookupError that names it."""
    if missing := access.endpoints_without_rule(app):
        raise LookupError(f"accounts/access.py has no rule for: {', '.join(missing)}")
