"""Signs of life of the workers, and whether their route is open. Both run on the clock of the database."""

from __future__ import annotations

import secrets
import socket
from datetime import datetime, timedelta
from typing import cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from sms.outbox import Beat, Pause
from webapp.outbox import routing
from webapp.outbox.model import Worker
from webapp.routes import states
from webapp.routes.model import RouteState

worker, state = cast(sa.Table, Worker.__table__), cast(sa.Table, RouteState.__table__)
#: A worker that has given no sign for so long is no longer counted among those that share a route, and pages
#: say that nothing is sent if there is no other. It gives one every 5 seconds.
SILENT_AFTER = timedelta(seconds=30)
#: Rows of finished and killed workers are kept for so long.
KEPT_FOR = timedelta(days=1)


class Presence:
    """What one worker tells of itself, in the caller's transaction."""

    def __init__(self, gateway: str, owner: str) -> None:
        """`gateway`: the code of its route, or the name of the settings' gateway."""
        self._gateway, self._owner = gateway, owner
        self._proved = 0

    def beat(self, connection: sa.Connection, handed_over: int, moment: datetime) -> Beat:
        facts = {"id": self._owner, "gateway": self._gateway, "started_at": moment, "handed_over": handed_over}
        _store(connection, worker, facts | {"beat_at": moment}, changes=("beat_at", "handed_over"))
        connection.execute(sa.delete(worker).where(worker.c.beat_at < moment - KEPT_FOR))
        return Beat(self._live_workers(connection, moment), self._pause(connection, handed_over, moment))

    def leave(self, connection: sa.Connection, handed_over: int, moment: datetime) -> None:
        values = {"beat_at": moment, "stopped_at": moment, "handed_over": handed_over}
        connection.execute(sa.update(worker).where(worker.c.id == self._owner).values(values))

    def pause(self, connection: sa.Connection, pause: Pause, moment: datetime) -> None:
        """The route rests, and what waits for it goes by another one, if there is one."""
        states.rest(connection, self._gateway, moment + timedelta(seconds=pause.seconds), pause.reason)
        routing.divide_anew(connection)

    def hear(self, connection: sa.Connection, moment: datetime) -> None:
        states.hear(connection, self._gateway, moment)

    def _live_workers(self, connection: sa.Connection, moment: datetime) -> int:
        alive = sa.and_(worker.c.stopped_at.is_(None), worker.c.beat_at > moment - SILENT_AFTER)
        query = sa.select(sa.func.count()).where(worker.c.gateway == self._gateway, alive)
        return connection.scalar(query) or 1

    def _pause(self, connection: sa.Connection, handed_over: int, moment: datetime) -> Pause:
        """Until when the route rests; a rest that is over is forgotten as soon as a text was taken again."""
        taken, self._proved = handed_over > self._proved, handed_over
        row = connection.execute(sa.select(state).where(state.c.name == self._gateway)).one_or_none()
        if row is None or row.paused_until is None:
            return Pause(0)
        if row.paused_until > moment:
            return Pause((row.paused_until - moment).total_seconds(), row.pause_reason)
        if taken:
            states.prove(connection, self._gateway, moment)
        return Pause(0)


def new_name() -> str:
    """Of a worker, unlike that of any other, also of one before it with the same number. At most 32 letters."""
    return f"{socket.gethostname()[:20]}-{secrets.token_hex(5)}"


def _store(connection: sa.Connection, table: sa.Table, facts: dict[str, object], changes: tuple[str, ...]) -> None:
    """Insert the row, or change these columns of the one that is there."""
    insert = (sqlite if connection.dialect.name == "sqlite" else postgresql).insert(table).values(facts)
    keys = list(table.primary_key.columns)
    connection.execute(
        insert.on_conflict_do_update(index_elements=keys, set_={name: insert.excluded[name] for name in changes})
    )
