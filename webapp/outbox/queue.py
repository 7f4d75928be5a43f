"""Putting texts into the outbox, and taking back what has not gone yet: in the transaction of what causes it.

Nothing here commits or sends. A key is unique for ever, so the same cause cannot make the same text twice.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import islice
from typing import Any, cast

import sqlalchemy as sa

from sms.states import NOT_SENT, QUEUED, SENDING, UNKNOWN, WITHDRAWN
from webapp import clock
from webapp.areas.model import Area
from webapp.db import db
from webapp.outbox.checks import PRIORITIES
from webapp.outbox.model import Message
from webapp.outbox.routing import route_of_new
from webapp.outbox.rows import Rows
from webapp.people.model import Phone
from webapp.prepared import PreparedInsert
from webapp.routes.choice import Choice, chosen_in_sql
from webapp.routes.queries import carrying

message = cast(sa.Table, Message.__table__)
#: So many rows go through one statement.
CHUNK = 1000
#: What a text is if the caller does not say otherwise; its zone is that of its area.
DEFAULTS: dict[str, Any] = {
    "cause": "",
    "person_id": None,
    "phone_id": None,
    "text_code": "",
    "values": {},
    "body": "",
    "language": "id",
    "sensitivity": "personal",
    "stages": "",
    "expects": "",
    "expires_at": None,
    "created_by_id": None,
    "private": False,
}
#: What may still change while a text waits.
PLANNED = (
    *("purpose", "person_id", "phone_id", "number", "area_code", "zone", "text_code", "values", "body", "language"),
    *("sensitivity", "stages", "expects", "priority", "due_at", "expires_at"),
)
#: Every column of a new text that has no default in the database.
NEW = ("key", "cause", "reference", *PLANNED, "private", "created_by_id", "created_at", "updated_at")
FRESH = {"state": QUEUED, "reason": "", "attempts": 0, "answer": "", "gateway": "", "error_code": ""}
FRESH |= {"segments": 0, "price_rupiah": 0}
#: Under way: not to be planned, withdrawn or changed any more.
UNDER_WAY = (SENDING, UNKNOWN)

Row = Mapping[str, Any]


def enqueue(
    *, key: str, purpose: str, number: str, area_code: str, due_at: datetime, now: datetime, **columns: Any
) -> bool:
    """Queue one text unless there is one with this key. Returns whether it was new.

    `number` is E.164; `purpose` one of checks.PRIORITIES; `columns` are others of Message: either `text_code`
    and `values`, or `body`.
    """
    row = {"key": key, "purpose": purpose, "number": number, "area_code": area_code, "due_at": due_at, **columns}
    return enqueue_many([row], now) == 1


def enqueue_many(rows: Iterable[Row], now: datetime) -> int:
    """Queue texts whose keys are not there yet. Rows are as in `enqueue`. Returns how many were new."""
    db.session.flush()
    return sum(_insert(chunk, now) for chunk in _chunks(rows))


def withdraw(*, reason: str, now: datetime, keys: Iterable[str] = (), cause: str | None = None) -> int:
    """Take back what still waits, by keys or all of a cause. Returns how many texts that were."""
    which = message.c.cause == cause if cause is not None else message.c.key.in_(list(keys))
    return _withdraw(which, reason, now)


def withdraw_to(number: str, *, reason: str, now: datetime) -> int:
    """Take back what still waits for the people who have this number, and would go there."""
    owners = sa.select(Phone.person_id).where(Phone.number == number)
    return _withdraw(sa.and_(message.c.number == number, message.c.person_id.in_(owners)), reason, now)


def sync(cause: str, wanted: Sequence[Row], now: datetime, reason: str = "no_longer_planned") -> None:
    """Make what waits of this cause be exactly `wanted`, compared by key. See `sync_many`."""
    sync_many({cause: wanted}, now, reason)


def sync_many(wanted: Mapping[str, Sequence[Row]], now: datetime, reason: str = "no_longer_planned") -> None:
    """Make what waits of each cause be exactly what is wanted of it.

    New keys are inserted, waiting ones brought up to date, withdrawn, suppressed and expired ones wait
    again; what waits and is not wanted is withdrawn with `reason`. What was or is being sent stays as it is.
    """
    db.session.flush()
    for causes in _chunks(wanted):
        rows = [{**row, "cause": cause} for cause in causes for row in wanted[cause]]
        known = _known(causes)
        _update([row for row in rows if known.get(row["key"]) in (QUEUED, *NOT_SENT)], now)
        enqueue_many([row for row in rows if row["key"] not in known], now)
        unwanted = {key for key, state in known.items() if state == QUEUED} - {row["key"] for row in rows}
        for keys in _chunks(unwanted):
            _withdraw(message.c.key.in_(keys), reason, now)
    _forget_loaded()


def _known(causes: Sequence[str]) -> dict[str, str]:
    """Key → state of every text of these causes."""
    query = sa.select(message.c.key, message.c.state).where(message.c.cause.in_(causes), message.c.cause != "")
    return dict(db.session.execute(query).tuples().all())


def _insert(rows: Sequence[Row], now: datetime) -> int:
    choices = carrying(db.session, clock.real_now()).for_new_texts
    table, insertion = _insertion(_dialect(), choices)
    complete = _completed(rows)
    facts = ({"reference": secrets.token_hex(16), "created_at": now, "updated_at": now, **row} for row in complete)
    return insertion.execute(table.filled([row[name] for name in NEW] for row in facts)).rowcount


@lru_cache(maxsize=16)
def _insertion(dialect: str, choices: tuple[Choice, ...]) -> tuple[Rows, PreparedInsert]:
    """Kept for as long as the routes stay what they are."""
    table = _rows(NEW)
    fresh = [sa.literal(value, message.c[name].type).label(name) for name, value in FRESH.items()]
    fresh.append(chosen_in_sql(choices, table.c.purpose, table.c.number, table.c.area_code).label("route"))
    # SQLite needs the condition to tell ON CONFLICT from a join.
    selected = sa.select(*(table.c[name] for name in NEW), *fresh).where(sa.true())

    def build(insert: Any) -> Any:
        statement = insert(message).from_select([*NEW, *FRESH, "route"], selected)
        return statement.on_conflict_do_nothing(index_elements=["key"])

    return table, PreparedInsert(build)


def _update(rows: Sequence[Row], now: datetime) -> None:
    """Bring what waits up to date, and let what was taken back wait again.

    A text that is being retried keeps its later time.
    """
    if not rows:
        return
    table = _rows(("key", *PLANNED))
    waits, later = message.c.state == QUEUED, message.c.due_at > table.c.due_at
    retried = sa.and_(waits, message.c.attempts > 0, later)
    values = {name: table.c[name] for name in PLANNED} | {
        "state": QUEUED,
        "reason": sa.case((retried, message.c.reason), else_=""),
        "attempts": sa.case((waits, message.c.attempts), else_=0),
        "due_at": sa.case((retried, message.c.due_at), else_=table.c.due_at),
        "updated_at": now,
        "route": _route_of(table),
    }
    planned = sa.and_(message.c.key == table.c.key, _state_of_each().in_((QUEUED, *NOT_SENT)))
    statement = sa.update(message).where(planned).values(values)
    for chunk in _chunks(_completed(rows)):
        _execute(statement, table.filled([row[name] for name in ("key", *PLANNED)] for row in chunk))


def _route_of(table: Rows) -> sa.ColumnElement[str]:
    return route_of_new(table.c.purpose, table.c.number, table.c.area_code)


def _withdraw(which: sa.ColumnElement[bool], reason: str, now: datetime) -> int:
    db.session.flush()
    statement = sa.update(message).where(which, _state_of_each() == QUEUED)
    moved = _execute(statement.values(state=WITHDRAWN, reason=reason, updated_at=now), {})
    _forget_loaded()
    return moved


def _state_of_each() -> sa.ColumnElement[str]:
    """The state, asked of rows found by key or cause: by its own index SQLite would read every waiting text."""
    return sa.func.coalesce(message.c.state, "")


def _completed(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """With what the caller left out."""
    zones = _zones({row["area_code"] for row in rows if "zone" not in row})
    return [
        {
            **DEFAULTS,
            "priority": PRIORITIES[row["purpose"]],
            "zone": zones.get(row["area_code"], "Asia/Jakarta"),
            **row,
        }
        for row in rows
    ]


def _zones(area_codes: set[str]) -> dict[str, str]:
    if not area_codes:
        return {}
    return dict(db.session.execute(sa.select(Area.code, Area.zone).where(Area.code.in_(area_codes))).tuples().all())


def _rows(names: Sequence[str]) -> Rows:
    return Rows(_dialect(), **{name: message.c[name].type for name in names})


def _dialect() -> str:
    return db.session.get_bind().dialect.name


def _execute(statement: Any, facts: dict[str, Any]) -> int:
    # Of an INSERT the count would be dropped.
    result = db.session.execute(statement, facts, execution_options={"preserve_rowcount": True})
    return cast(sa.CursorResult[Any], result).rowcount


def _forget_loaded() -> None:
    """Texts that this session has loaded are read anew: they were changed behind its back."""
    for loaded in db.session.identity_map.values():
        if isinstance(loaded, Message):
            db.session.expire(loaded)


def _chunks(things: Iterable[Any]) -> Iterator[list[Any]]:
    remaining = iter(things)
    while chunk := list(islice(remaining, CHUNK)):
        yield chunk
