"""Signs of life of the workers, and whether their route is open. Both run on the clock of the database."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from sms.outbox import Beat, Pause
from webapp.outbox.model import Route, Worker

worker, route = cast(sa.Table, Worker.__table__), cast(sa.Table, Route.__table__)
#: A worker that has given no sign for so long is no longer counted among those that share a route, and pages
#: say that nothing is sent if there is no other. It gives one every 5 seconds.
SILENT_AFTER = timedelta(seconds=30)
#: Rows of finished and killed workers are kept for so long.
KEPT_FOR = timedelta(days=1)


class Presence:
    """What one worker tells of itself, in the caller's transaction."""

    def __init__(self, gateway: str, owner: str) -> None:
        self._gateway, self._owner = gateway, owner

    def beat(self, connection: sa.Connection, handed_over: int, moment: datetime) -> Beat:
        facts = {"id": self._owner, "gateway": self._gateway, "started_at": moment, "handed_over": handed_over}
        _store(connection, worker, facts | {"beat_at": moment}, changes=("beat_at", "handed_over"))
        connection.execute(sa.delete(worker).where(worker.c.beat_at < moment - KEPT_FOR))
        return Beat(self._live_workers(connection, moment), self._pause(connection, moment))

    def leave(self, connection: sa.Connection, handed_over: int, moment: datetime) -> None:
        values = {"beat_at": moment, "stopped_at": moment, "handed_over": handed_over}
        connection.execute(sa.update(worker).where(worker.c.id == self._owner).values(values))

    def pause(self, connection: sa.Connection, pause: Pause, moment: datetime) -> None:
        until = moment + timedelta(seconds=pause.seconds)
        facts = {"gateway": self._gateway, "paused_until": until, "pause_reason": pause.reason}
        _store(connection, route, facts, changes=("paused_until", "pause_reason"))

    def _live_workers(self, connection: sa.Connection, moment: datetime) -> int:
        alive = sa.and_(worker.c.stopped_at.is_(None), worker.c.beat_at > moment - SILENT_AFTER)
        query = sa.select(sa.func.count()).where(worker.c.gateway == self._gateway, alive)
        return connection.scalar(query) or 1

    def _pause(self, connection: sa.Connection, moment: datetime) -> Pause:
        row = connection.execute(sa.select(route).where(route.c.gateway == self._gateway)).one_or_none()
        if row is None or row.paused_until is None or row.paused_until <= moment:
            return Pause(0)
        return Pause((row.paused_until - moment).total_seconds(), row.pause_reason)


def _store(connection: sa.Connection, table: sa.Table, facts: dict[str, object], changes: tuple[str, ...]) -> None:
    """Insert the row, or change these columns of the one that is there."""
    insert = (sqlite if connection.dialect.name == "sqlite" else postgresql).insert(table).values(facts)
    keys = list(table.primary_key.columns)
    connection.execute(
        insert.on_conflict_do_update(index_elements=keys, set_={name: insert.excluded[name] for name in changes})
    )
