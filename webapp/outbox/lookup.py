"""Facts by key as one parameter, looked up in a statement for each of many rows.

Joined to a table of JSON rows (rows.py), each row would be compared with all of them: neither database knows how many
there are, nor has an index for them. So it is one JSON object, in which a key is found quickly.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql


class Lookup:
    """`text(key, field)` is what is known of the row's key, as text; `part(key, field)` the same as JSON that can be
    added to. NULL if nothing is. On PostgreSQL the statement has to join `table`, of one row, on true."""

    def __init__(self, dialect: str, name: str) -> None:
        self._name, self._sqlite = name, dialect == "sqlite"
        self._parameter = sa.bindparam(name, type_=sa.String)
        self.table: sa.CTE | None = None if self._sqlite else self._read_once()

    def filled(self, facts: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
        """The parameter: key → field → text, or what JSON holds. Keys hold no quotation marks."""
        return {self._name: json.dumps(facts, ensure_ascii=False)}

    def joined_to(self, others: sa.FromClause) -> sa.FromClause:
        return others if self.table is None else others.join(self.table, sa.true())

    def text(self, key: sa.ColumnElement[str], field: str) -> sa.ColumnElement[str]:
        if self.table is None:
            # SQLite keeps a text that it has taken apart for the rest of the statement.
            return sa.func.json_extract(self._parameter, '$."' + key + f'".{field}', type_=sa.Text)
        return sa.func.jsonb_extract_path_text(self.table.c.facts, key, field, type_=sa.Text)

    def part(self, key: sa.ColumnElement[str], field: str) -> sa.ColumnElement[Any]:
        """On PostgreSQL as it lies there, which spares writing it out and reading it again in each row."""
        if self.table is None:
            return self.text(key, field)
        return sa.func.jsonb_extract_path(self.table.c.facts, key, field, type_=postgresql.JSONB)

    def _read_once(self) -> sa.CTE:
        facts = sa.cast(self._parameter, postgresql.JSONB).label("facts")
        return sa.select(facts).cte(self._name).prefix_with("MATERIALIZED")
