"""Fixtures: the application on a fresh SQLite and a fresh PostgreSQL, a browser-like client, the cast.

A test that takes `app` (or `client`, `cast`, …) runs once on each database. Where one is enough:
`@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)`.
"""

from __future__ import annotations

import atexit
import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
import sqlalchemy as sa
from flask import Flask, g, session
from flask.testing import FlaskClient
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy.orm import Session, scoped_session

from tests import bytecode, compiled_rules, html_check, people
from tests.databases import PostgresDatabases, SqliteDatabases, in_memory, is_in_turn
from webapp import catalogues, clock, create_app
from webapp.accounts import audit, passwords, sessions
from webapp.accounts.model import Account
from webapp.cases import seeds as minutes
from webapp.config import Settings
from webapp.conversations import seeds as canned
from webapp.db import db
from webapp.departures import seeds
from webapp.helplines import seeds as helplines
from webapp.outbox import texts
from webapp.security import limiter

compiled_rules.remember()
bytecode.keep()
KEYS = (("test", b"0123456789abcdef0123456789abcdef"),)
Login = Callable[[FlaskClient, Account], None]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What takes long begins first, in all processes, so that none is left with it while the others have nothing to do.

    xdist gives each process a part of the list, in this order. What shares something with the other tests of its file
    stays with them.
    """
    processes = getattr(config, "workerinput", {}).get("workercount", 1)
    together: dict[str, list[pytest.Item]] = {}
    for item in items:
        if seconds_of(item):
            together.setdefault(str(item.path) if shares(item) else item.nodeid, []).append(item)
    long = sorted(together.values(), key=lambda group: -max(map(seconds_of, group)))
    quick = [item for item in items if not seconds_of(item)]
    piles = [[item for group in long[n::processes] for item in group] for n in range(processes)]
    for n, pile in enumerate(piles):
        # As xdist divides the list: a pile that is longer would begin with the end of the one before.
        share = (len(items) - sum(map(len, piles[:n]))) // (processes - n)
        missing = max(0, share - len(pile))
        pile += quick[:missing]
        del quick[:missing]
    items[:] = [item for pile in piles for item in pile]


def seconds_of(item: pytest.Item) -> float:
    """About so long takes a test that says of itself that it is slow, or that needs a browser; 0 for all others."""
    slow = item.get_closest_marker("slow")
    if slow or item.get_closest_marker("browser"):
        return float(slow.kwargs.get("seconds", 5)) if slow else 5.0
    return 0.0


def shares(item: pytest.Item) -> bool:
    """Does it use what is made once for all tests of its file?"""
    known = item._fixtureinfo.name2fixturedefs if isinstance(item, pytest.Function) else {}
    return any(definition.scope == "module" for definitions in known.values() for definition in definitions)


def settings_for(url: str, **others: Any) -> Settings:
    """Settings of a test on the database at `url`."""
    chosen: dict[str, Any] = {"secret_key": "secret-of-the-tests", "encryption_keys": KEYS, "log_level": "WARNING"}
    if not url.startswith("sqlite"):
        # Beside no database of its own, the simulated network would be that of the installation in this folder.
        chosen["simulator_url"] = f"sqlite:///{network_folder() / 'network.db'}"
    return Settings(database_url=url, **(chosen | others))


@cache
def network_folder() -> Path:
    folder = in_memory("dmnet")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def prepare(url: str) -> None:
    """Migrate an empty database; add areas, accounts of the cast, and the shipped rules and texts."""
    catalogues.compile_stale()
    app = create_app(settings_for(url))
    with app.app_context():
        flask_migrate.upgrade()
        db.session.add_all(people.areas())
        db.session.flush()
        db.session.add_all(people.accounts())
        seeds.load()
        helplines.load()
        texts.load()
        canned.load()
        minutes.load()
        db.session.commit()
        db.session.remove()
        db.engine.dispose()


def populate(url: str) -> None:
    """Add the people of the cast."""
    engine = sa.create_engine(url)
    with Session(engine) as session, session.begin():
        people.add_people(session)
    engine.dispose()


@pytest.fixture(scope="session")
def sqlite_databases() -> Iterator[SqliteDatabases]:
    databases = SqliteDatabases(in_memory("dmsqlite"), prepare, populate)
    yield databases
    databases.stop()


@pytest.fixture(scope="session")
def postgres_databases() -> Iterator[PostgresDatabases]:
    databases = PostgresDatabases(prepare, populate)
    yield databases
    databases.stop()


@pytest.fixture(
    params=[pytest.param("sqlite", marks=pytest.mark.sqlite), pytest.param("postgresql", marks=pytest.mark.postgresql)]
)
def database_url(request: pytest.FixtureRequest, applications: dict[str, Application]) -> Iterator[str]:
    """A fresh database: migrated, with the areas and accounts of the cast and the shipped rules.

    For a test that takes `cast` the people of the cast are in it too.
    On PostgreSQL it is one that was put back as it was, but for tests with `@pytest.mark.own_database`: those that
    change its tables, fill them with thousands of rows or care how they lie on the disk. On SQLite that is so for
    tests with `@pytest.mark.served`, behind which a server stands that outlives them.
    """
    kind = "postgres" if request.param == "postgresql" else "sqlite"
    databases = request.getfixturevalue(f"{kind}_databases")
    peopled = "cast" in request.fixturenames
    marks = {mark.name for mark in request.node.iter_markers()}
    if "served" in marks or (kind == "postgres" and "own_database" not in marks):
        url = databases.in_turn(peopled=peopled)
        yield url
        if not databases.renew(url) and url in applications:
            applications.pop(url).dispose()
    else:
        url = databases.fresh("own", peopled=peopled)
        yield url
        databases.drop(url)


@pytest.fixture(scope="session")
def applications() -> Iterator[dict[str, Application]]:
    """The application of each database, for all tests: a new one would compile every statement and address again."""
    known: dict[str, Application] = {}
    yield known
    for one in known.values():
        one.dispose()


@pytest.fixture
def app(request: pytest.FixtureRequest, database_url: str, applications: dict[str, Application]) -> Iterator[Flask]:
    """The application on a fresh database, with its context pushed.

    `@pytest.mark.settings(demo=True)` gives one test an application of its own with other settings; so does
    `@pytest.mark.settings()`, which a test needs that adds routes.
    """
    marker = request.node.get_closest_marker("settings")
    if marker:
        app = application(database_url, **marker.kwargs)
    else:
        if database_url not in applications:
            applications[database_url] = Application(application(database_url))
        app = applications[database_url].as_new()
    with app.app_context():
        yield app
        db.session.remove()
        # At this address is another database in the next test, unless it is the one that is put back as it was.
        if marker or not is_in_turn(database_url):
            db.engine.dispose()


def application(database_url: str, **settings: Any) -> Flask:
    app = create_app(settings_for(database_url, **settings))
    app.testing = True
    app.test_client_class = Client
    app.jinja_env.bytecode_cache = COMPILED_TEMPLATES
    html_check.install(app)
    # A server ends the session before what is written after the answer; the client's own context would keep it.
    # A page that is made for a phone's copy stands within the request that asked for it.
    app.teardown_request(lambda _error: None if "copying" in g else db.session.remove())
    return app


class Application:
    """One that is used again, without what a test before did to it."""

    def __init__(self, app: Flask) -> None:
        self._app, self._config, self._extensions = app, dict(app.config), dict(app.extensions)

    def dispose(self) -> None:
        with self._app.app_context():
            db.engine.dispose()

    def as_new(self) -> Flask:
        for now, before in ((self._app.config, self._config), (self._app.extensions, self._extensions)):
            now.clear()
            now.update(before)
        self._app.testing = True
        for file in network_folder().iterdir():
            file.unlink()
        limiter.reset()
        return self._app


CAREFUL_HASHER = passwords._hasher


@pytest.fixture(autouse=True)
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """A password hashed with care takes 20 ms, several hundred times. The one test of the care takes it back."""
    monkeypatch.setattr(passwords, "_hasher", people.quick_hasher())


class MemoryCache(BytecodeCache):
    """Templates are compiled once for all applications of this test process."""

    def __init__(self) -> None:
        self._codes: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._codes:
            bucket.bytecode_from_string(self._codes[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._codes[bucket.key] = bucket.bytecode_to_string()


COMPILED_TEMPLATES = MemoryCache()


class Client(FlaskClient):
    """Like a browser: same origin, and each request with a context and a transaction of its own."""

    def open(self, *args: Any, buffered: bool = True, follow_redirects: bool = False, **kwargs: Any) -> Any:
        # What the test itself did must be stored before the request looks, and must not hold SQLite's lock.
        db.session.commit()
        with self.application.app_context():
            return super().open(*args, buffered=buffered, follow_redirects=follow_redirects, **kwargs)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return new_client(app)


def new_client(app: Flask) -> FlaskClient:
    """Another browser, without the cookies of `client`."""
    client = app.test_client()
    client.environ_base["HTTP_SEC_FETCH_SITE"] = "same-origin"
    return client


@pytest.fixture
def db_session(app: Flask) -> scoped_session[Session]:
    return db.session


@pytest.fixture
def cast(app: Flask) -> people.Cast:
    """The fixed cast of tests/people.py, which `database_url` has stored."""
    return people.Cast(db.session)


@pytest.fixture
def login() -> Login:
    """`login(client, cast.facilitator)`: this browser is logged in, as after the page, which has tests of its own.

    Most tests begin so; through the page it would take a tenth of the time of all of them.
    """

    def log_in(client: FlaskClient, account: Account) -> None:
        db.session.commit()
        app, account_id = client.application, account.id
        db.session.rollback()
        with app.app_context(), client.session_transaction() as cookie:
            before = dict(cookie)
        with app.app_context(), app.test_request_context("/login", environ_base=client.environ_base):
            session.update(before)
            entering = db.session.get_one(Account, account_id)
            sessions.begin(entering, clock.real_now())
            audit.changed("logged_in", "account", entering.id, entering.area_code)
            db.session.commit()
            after = dict(session)
        with app.app_context(), client.session_transaction() as cookie:
            cookie.clear()
            cookie.update(after)

    return log_in
