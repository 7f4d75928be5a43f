"""How migrations run: inside the application, on its own database, all or nothing on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from alembic import context
from alembic.autogenerate.api import AutogenContext
from flask import current_app

from migrations.names import include_name
from webapp.db import AreaCode, BigId, SortKey, UTCDateTime, db


def render_item(kind: str, item: Any, _autogenerate: AutogenContext) -> str | bool:
    """Write the project's own column types by their names."""
    if kind == "type":
        for name, own in (("AreaCode", AreaCode), ("SortKey", SortKey), ("BigId", BigId)):
            if item is own:
                return name
        if isinstance(item, UTCDateTime):
            return "UTCDateTime"
    return False


@contextmanager
def migrating(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A connection on which SQLite does not enforce foreign keys: altering a table there means
    making it anew, and dropping the old one would count as deleting its rows. They are checked at the end.
    """
    with engine.connect() as connection:
        if connection.dialect.name != "sqlite":
            yield connection
            return
        raw = connection.connection.dbapi_connection
        raw.execute("PRAGMA foreign_keys=OFF")
        try:
            yield connection
        finally:
            raw.execute("PRAGMA foreign_keys=ON")


def check_foreign_keys(connection: sa.Connection) -> None:
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise RuntimeError(f"migration left rows without their parent: {broken[:5]}")


def run() -> None:
    options = current_app.extensions["migrate"].configure_args
    with migrating(db.engine) as connection:
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            include_name=include_name,
            render_item=render_item,
            transactional_ddl=True,
            **options,
        )
        with context.begin_transaction():
            context.run_migrations()
            check_foreign_keys(connection)


if context.is_offline_mode():
    raise SystemExit("Migrations need the database itself: run `flask db upgrade` without --sql.")
run()
