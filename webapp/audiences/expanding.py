"""What statements that make many texts at once have in common: one INSERT … SELECT for each portion of an audience.

A portion is the people whose ids follow those of the last one, and commits together with the note how far it came.
So a worker that dies leaves whole portions behind, and the next one goes on from there. The key of each text
('warning:7:1234') exists once, which makes a repeated portion do nothing.
"""

from __future__ import annotations

import secrets
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from webapp.db import db, insert
from webapp.departures.model import Departure, Destination
from webapp.departures.whereabouts import HAS_LEFT
from webapp.outbox.model import Message

message = cast(sa.Table, Message.__table__)
LONGEST_NAME = 10


def insert_texts(selected: sa.Select[Any], parameters: dict[str, Any]) -> int:
    """Queue the rows of this statement whose keys are not there yet. Returns how many were new."""
    names = [column.name for column in selected.selected_columns]
    statement = insert(message).from_select(names, selected)
    try:
        # Nearly always all of them are new, and PostgreSQL looks for each key twice if it must not stumble over one.
        with db.session.begin_nested():
            return _execute(statement, parameters)
    except IntegrityError:
        return _execute(statement.on_conflict_do_nothing(index_elements=["key"]), parameters)


def _execute(statement: sa.Insert, parameters: dict[str, Any]) -> int:
    result = db.session.execute(statement, parameters, execution_options={"preserve_rowcount": True})
    return cast(sa.CursorResult[Any], result).rowcount


def key_of(cause: str, number: Any) -> sa.ColumnElement[str]:
    """'warning:7:1234' for the row of this id."""
    return sa.literal(f"{cause}:") + sa.cast(number, sa.String)


def reference(key: sa.ColumnElement[str]) -> sa.ColumnElement[str]:
    """Unguessable, as 32 letters; made by the database, for there is one in each row.

    PostgreSQL asks the system for each random number, which takes longer than everything else in a row. One secret of
    each statement, hashed with the key, is as good.
    """
    if is_sqlite():
        return sa.func.lower(sa.func.hex(sa.func.randomblob(16)))
    both = sa.func.convert_to(sa.literal(secrets.token_hex(32)) + key, "UTF8")
    return sa.func.left(sa.func.encode(sa.func.sha256(both), "hex"), 32)


def first_name(name: Any) -> sa.ColumnElement[str]:
    """outbox/officers.first_name, for many. Names are stored without needless spaces."""
    place = (sa.func.instr if is_sqlite() else sa.func.strpos)(name + " ", " ")
    return sa.func.substr(sa.func.substr(name, 1, place - 1), 1, LONGEST_NAME)


def zone_abroad(people: sa.FromClause) -> sa.ScalarSelect[Any]:
    """departures/whereabouts.py, for many: the zone of the country of work of whoever has left, else NULL."""
    return (
        sa.select(Destination.zone)
        .join(Departure, Departure.destination_code == Destination.code)
        .where(
            Departure.person_id == people.c.id,
            Departure.state == "open",
            sa.or_(people.c.stage.in_(HAS_LEFT), Departure.departed_on.is_not(None)),
        )
        .order_by(Departure.departed_on.desc().nulls_last(), Departure.id.desc())
        .limit(1)
        .correlate(people)
        .scalar_subquery()
    )


def is_sqlite() -> bool:
    return db.session.get_bind().dialect.name == "sqlite"
