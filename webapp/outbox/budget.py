"""What a route takes in a day, counted in the transaction of the claim: two workers together do not pass its limit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from sms.outbox import Failed, Later, NotTaken, Released
from sms.states import SENDING, UNKNOWN
from webapp.outbox.model import Message
from webapp.routes.choice import OF_THE_SETTINGS
from webapp.routes.model import RouteDay
from webapp.routes.queries import day_of

message, days = cast(sa.Table, Message.__table__), cast(sa.Table, RouteDay.__table__)
#: Outcomes by which a text surely did not go, so that it costs nothing and does not count.
NOT_CHARGED = (Released, Later, Failed, NotTaken)


class Budget:
    """Of one worker on one route. The route of the settings keeps no count."""

    def __init__(self, route: str, owner: str, daily_limit: int | None, price_rupiah: int) -> None:
        self._route, self._owner, self._price = route, owner, price_rupiah
        self.daily_limit = daily_limit

    def left(self, connection: sa.Connection, moment: datetime) -> int:
        """Texts that may still be claimed today. The count is locked until the claim is stored."""
        assert self.daily_limit is not None
        self._add(connection, day_of(moment), (0, 0, 0))
        today = sa.and_(days.c.route == self._route, days.c.day == day_of(moment))
        return self.daily_limit - connection.execute(sa.select(days.c.texts).where(today)).scalar_one()

    def spend(self, connection: sa.Connection, claimed: Sequence[tuple[int, str, int, int]], moment: datetime) -> None:
        """`claimed`: (id, words, segments, version) of each text."""
        if self._route != OF_THE_SETTINGS:
            segments = sum(count for _, _, count, _ in claimed)
            self._add(connection, day_of(moment), (len(claimed), segments, segments * self._price))

    def give_back(self, connection: sa.Connection, ids: Sequence[int]) -> None:
        """These texts did not go after all. Call it while this worker still has their lease."""
        if self._route == OF_THE_SETTINGS or not ids:
            return
        ours = (message.c.id.in_(ids), message.c.lease_owner == self._owner)
        under_way = message.c.state.in_((SENDING, UNKNOWN))
        columns = (message.c.handed_at, message.c.segments, message.c.price_rupiah)
        counts: dict[date, tuple[int, int, int]] = {}
        for handed_at, segments, rupiah in connection.execute(sa.select(*columns).where(*ours, under_way)):
            day = day_of(handed_at)
            before = counts.get(day, (0, 0, 0))
            counts[day] = (before[0] - 1, before[1] - segments, before[2] - rupiah)
        for day in sorted(counts):
            self._add(connection, day, counts[day])

    def _add(self, connection: sa.Connection, day: date, numbers: tuple[int, int, int]) -> None:
        names = ("texts", "segments", "rupiah")
        added: dict[str, Any] = dict(zip(names, numbers, strict=True))
        statement = (sqlite if connection.dialect.name == "sqlite" else postgresql).insert(days)
        statement = statement.values(route=self._route, day=day, **added)
        more = {name: days.c[name] + statement.excluded[name] for name in names}
        connection.execute(statement.on_conflict_do_update(index_elements=["route", "day"], set_=more))
