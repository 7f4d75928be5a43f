"""Many rows as one parameter: a JSON list that the database reads like a table.

One statement moves a whole batch: values that differ by row come from this table, the others are ordinary
parameters. On both databases this costs a fraction of one execution a row.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import TypeEngine

#: Name of the table, and of the parameter that holds its rows, where a statement has only one.
PARAMETER = "rows"


class Rows:
    """A table of these columns, whose contents are given when the statement is executed.

    `table_name`: another one for each table of a statement.
    """

    def __init__(self, dialect: str, table_name: str = PARAMETER, /, **columns: TypeEngine[Any]) -> None:
        self._names, self._parameter = tuple(columns), table_name
        self._sqlite = dialect == "sqlite"
        self.table = _of_sqlite(table_name, columns) if self._sqlite else _of_postgresql(table_name, columns)
        self.c = self.table.c

    def filled(self, rows: Iterable[Sequence[Any]]) -> dict[str, str]:
        """The parameter with these rows, whose values stand in the order of the columns."""
        facts = [list(row) if self._sqlite else dict(zip(self._names, row, strict=True)) for row in rows]
        return {self._parameter: json.dumps(facts, ensure_ascii=False, default=self._plain)}

    def _plain(self, value: Any) -> str:
        """A time as the database stores it."""
        if not isinstance(value, datetime):
            raise TypeError(f"{type(value).__name__} has no place in a row")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None).isoformat(" ", "microseconds") if self._sqlite else value.isoformat()


def _of_sqlite(name_of_table: str, columns: dict[str, TypeEngine[Any]]) -> sa.Subquery:
    value = sa.func.json_each(sa.bindparam(name_of_table, type_=sa.String)).table_valued("value").c.value
    fields = [
        sa.type_coerce(sa.func.json_extract(value, f"$[{position}]"), kind).label(name)
        for position, (name, kind) in enumerate(columns.items())
    ]
    return sa.select(*fields).subquery(name_of_table)


def _of_postgresql(name_of_table: str, columns: dict[str, TypeEngine[Any]]) -> sa.TableValuedAlias:
    contents = sa.cast(sa.bindparam(name_of_table, type_=sa.String), postgresql.JSON)
    fields = [sa.column(name, kind) for name, kind in columns.items()]
    listed = sa.func.json_to_recordset(contents, type_=sa.types.NullType()).table_valued(*fields, name=name_of_table)
    return listed.render_derived(name=name_of_table, with_types=True)
