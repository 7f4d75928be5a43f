"""The one database: SQLite on one machine, PostgreSQL when a province outgrows it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, TypeVar

import sqlalchemy as sa
from flask import Flask, current_app, has_request_context, request
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect, Engine
from sqlalchemy.orm import DeclarativeBase

from webapp.config import Settings

READING = ("GET", "HEAD", "OPTIONS")
View = TypeVar("View")
INSERTS: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


class Base(DeclarativeBase):
    """All tables share one naming rule, so that migrations can name what they drop."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(model_class=Base, engine_options={"pool_pre_ping": False})
migrate = Migrate(directory="migrations", compare_type=True, render_as_batch=True)


class UTCDateTime(sa.types.TypeDecorator[datetime]):
    """Aware UTC in Python, always; a naive time is a bug and is refused."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("times are stored aware, in UTC")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


#: Area codes are compared as ranges ('33.01.' … '33.01/'), which needs byte order on both databases.
AreaCode = sa.String(13).with_variant(sa.String(13, collation="C"), "postgresql")
#: Keys of names, ordered by bytes on both databases so that keyset pages agree.
SortKey = sa.String(200).with_variant(sa.String(200, collation="C"), "postgresql")
#: 64-bit identities; SQLite only autoincrements INTEGER.
BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def engine_options(settings: Settings) -> dict[str, Any]:
    """Parameters of a statement are personal data, and the text of an exception ends in a log: they are hidden.

    No prepared statements on PostgreSQL: pgbouncer in transaction mode hands each transaction to another
    server connection, which does not know them.
    """
    if settings.sqlite:
        return {"hide_parameters": True}
    return {"hide_parameters": True, "connect_args": {"prepare_threshold": None}}


def init_db(app: Flask) -> None:
    db.init_app(app)
    migrate.init_app(app, db)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            _tune_sqlite(db.engine)


def _tune_sqlite(engine: Engine) -> None:
    """WAL, foreign keys, patience, and transactions that begin where SQLAlchemy says.

    synchronous=FULL: 'sending' must be on disk before the provider is called, and a form that was
    acknowledged must survive a power cut. A writer begins IMMEDIATE, so that it waits its turn
    instead of failing when it turns from reading to writing.
    """

    @event.listens_for(engine, "connect")
    def set_pragmas(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "busy_timeout=20000",
            "cache_size=-65536",
            "temp_store=MEMORY",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN" if _only_reads(connection) else "BEGIN IMMEDIATE")


def _only_reads(connection: sa.Connection) -> bool:
    """What the connection says of itself counts first: beside a POST that writes, another may only look."""
    options = connection.get_execution_options()
    if options.get("writes"):
        return False
    if options.get("reads"):
        return True
    return has_request_context() and (request.method in READING or view_only_reads())


def only_reads(view: View) -> View:
    """A view that is asked by POST, so that what is typed stands in no address, and that stores nothing.

    On SQLite it then does not wait for those who write, nor they for it.
    """
    view.only_reads = True  # type: ignore[attr-defined]  # read below, from the view of the request
    return view


def needs_network(view: View) -> View:
    """A form whose answer is the point of it: a phone without a network does not keep it for later."""
    view.needs_network = True  # type: ignore[attr-defined]  # read by offline/worker.py
    return view


def view_only_reads() -> bool:
    """Does the view of this request store nothing, whatever is posted to it?"""
    view = current_app.view_functions.get(request.endpoint or "")
    return bool(getattr(view, "only_reads", False))


def insert(table: Any) -> Any:
    """INSERT in the dialect of this session's database, which knows ON CONFLICT."""
    return INSERTS[db.session.get_bind().dialect.name](table)


def like_literal(text: str) -> str:
    """`text` as a literal inside LIKE … ESCAPE '\\'."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
