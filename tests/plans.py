"""What is sent to the database, and how the database would find it, were its tables large."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from webapp.db import db


@contextmanager
def statements() -> Iterator[list[tuple[str, Any]]]:
    """Everything that is sent to the database meanwhile."""
    sent: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        sent.append((statement, parameters))

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)


def plan(statement: str, parameters: Any, as_is: bool = False) -> str:
    """How the database would do it, were its tables large; or with its tables as they are."""
    db.session.rollback()
    connection = db.session.connection()
    if connection.dialect.name == "postgresql":
        if not as_is:
            _as_if_large(connection, statement)
        lines = connection.exec_driver_sql("EXPLAIN " + statement, parameters).scalars().all()
    else:
        lines = [row[3] for row in connection.exec_driver_sql("EXPLAIN QUERY PLAN " + statement, parameters)]
    return "\n".join(lines)


def _as_if_large(connection: sa.Connection, statement: str) -> None:
    connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
    # Few rows are gathered and sorted; a million is not. Trigrams can only be gathered.
    gather = "on" if "trigrams(" in statement else "off"
    connection.exec_driver_sql(f"SET LOCAL enable_bitmapscan = {gather}")
    connection.exec_driver_sql(f"SET LOCAL enable_sort = {gather}")
    connection.exec_driver_sql(f"SET LOCAL enable_incremental_sort = {gather}")


def reads_whole_table(how: str, table: str) -> bool:
    """Is the table read from end to end?"""
    return bool(re.search(rf"SCAN {table}\b(?! USING (COVERING )?INDEX)|Seq Scan on {table}\b", how))
