"""Halting all texts of a cause at once, and letting them go on.

The hold itself keeps the claim from them in the moment in which it is stored, however many there are. Afterwards they
are taken out of the queue in portions ("parked"), so that nobody has to step over them there again and again. Nothing
here commits.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa

from sms.states import QUEUED, WITHDRAWN
from webapp.db import db, insert
from webapp.outbox.model import Hold, Message

message = cast(sa.Table, Message.__table__)
#: The reason of a text that was taken out of the queue and will be put back.
PARKED = "paused"
PORTION = 5_000


def hold(cause: str) -> None:
    """From the commit on nothing of this cause is claimed."""
    db.session.execute(insert(Hold).values(cause=cause).on_conflict_do_nothing())


def release(cause: str) -> None:
    db.session.execute(sa.delete(Hold).where(Hold.cause == cause))


def is_held(cause: str) -> bool:
    return db.session.get(Hold, cause) is not None


def last_expiry(cause: str) -> datetime | None:
    """When the last of its texts has lost its meaning: afterwards none is claimed, also without a hold. None: it has
    no texts."""
    return db.session.scalar(sa.select(sa.func.max(Message.expires_at)).where(Message.cause == cause))


def park(cause: str, now: datetime, limit: int | None = None) -> int:
    """Take the next of its waiting texts out of the queue. Returns how many: fewer than `limit` (PORTION), and it is
    done."""
    return _move(cause, _state() == QUEUED, now, limit, state=WITHDRAWN, reason=PARKED)


def put_back(cause: str, now: datetime, limit: int | None = None) -> int:
    """The other way round."""
    parked = sa.and_(_state() == WITHDRAWN, message.c.reason == PARKED)
    return _move(cause, parked, now, limit, state=QUEUED, reason="")


def take_back(cause: str, reason: str, now: datetime, limit: int | None = None) -> int:
    """Withdraw the next of its texts that wait or are parked, for good."""
    parked = sa.and_(_state() == WITHDRAWN, message.c.reason == PARKED)
    waits = sa.or_(_state() == QUEUED, parked)
    return _move(cause, waits, now, limit, state=WITHDRAWN, reason=reason)


def _move(cause: str, which: sa.ColumnElement[bool], now: datetime, limit: int | None, **values: Any) -> int:
    some = sa.select(message.c.id).where(message.c.cause == cause, which).limit(PORTION if limit is None else limit)
    # A text that is just being claimed stays with whoever claims it.
    some = some.with_for_update(skip_locked=True)
    statement = sa.update(message).where(message.c.id.in_(some)).values(**values, updated_at=now)
    result = db.session.execute(statement, execution_options={"synchronize_session": False})
    return cast(sa.CursorResult[Any], result).rowcount


def _state() -> sa.ColumnElement[str]:
    """Asked of rows found by their cause: by its own index SQLite would read every waiting text."""
    return sa.func.coalesce(message.c.state, "")
