"""INSERT … ON CONFLICT that runs often: compiled once for each kind of database.

SQLAlchemy keeps compiled statements, but none with ON CONFLICT (until its version 2.1): each execution would cost ten
times what the database needs for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.compiler import Compiled

from webapp.db import INSERTS, db

#: Without it the count of rows would be dropped.
OPTIONS: dict[str, Any] = {"preserve_rowcount": True}


class PreparedInsert:
    """What `build` makes of the INSERT function of the session's database, whose values are told at each execution.

    `columns`: names of the values of a plain INSERT … VALUES; none for INSERT … SELECT.
    """

    def __init__(self, build: Callable[[Any], Any], columns: Sequence[str] | None = None) -> None:
        self._build, self._columns = build, columns
        self._compiled: dict[str, Compiled] = {}

    def execute(self, values: Mapping[str, Any]) -> sa.CursorResult[Any]:
        """In the transaction of the session, which is not flushed for it."""
        connection = db.session.connection()
        name = connection.dialect.name
        if name not in self._compiled:
            statement = self._build(INSERTS[name])
            self._compiled[name] = statement.compile(dialect=connection.dialect, column_keys=self._columns)
        # A compiled statement can be executed, which the type of `execute` does not say.
        result: sa.CursorResult[Any] = connection.execute(self._compiled[name], values, execution_options=OPTIONS)  # type: ignore[call-overload]
        return result
