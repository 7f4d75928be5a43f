"""Recipients go into the table in one go: 100,000 objects would take half a minute."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from webapp.audiences.known import Checked
from webapp.audiences.model import RecipientListRow
from webapp.db import db

Values = tuple[Any, ...]
TABLE = RecipientListRow.__tablename__
COLUMNS = ("list_id", "row", "number", "person_id", "area_code", "name", "language", "values")


def add_rows(list_id: int, checked: Checked) -> None:
    """In the transaction of the caller."""
    connection = db.session.connection()
    names = ", ".join(f'"{name}"' for name in COLUMNS)
    if connection.dialect.name == "postgresql":
        _copy(connection, f"COPY {TABLE} ({names}) FROM STDIN", _rows(list_id, checked))
    elif rows := list(_rows(list_id, checked)):
        connection.exec_driver_sql(f"INSERT INTO {TABLE} ({names}) VALUES ({', '.join('?' * len(COLUMNS))})", rows)


def _copy(connection: sa.Connection, statement: str, rows: Iterator[Values]) -> None:
    """By the protocol that PostgreSQL has for it; SQLAlchemy has none."""
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(statement) as target:
        for row in rows:
            target.write_row(row)


def _rows(list_id: int, checked: Checked) -> Iterator[Values]:
    keys = [column.key for column in checked.listed.columns.values]
    nobody = (None, "")
    for row, number, name, language, village, told in checked.listed.recipients:
        person_id, area_code = checked.people.get(number, nobody)
        values = {key: value for key, value in zip(keys, told, strict=True) if value}
        area = area_code or village or checked.area_code
        yield list_id, row, number, person_id, area, name, language, json.dumps(values)
