"""The outbox of sms/outbox.py in SQL: the table of messages is the queue, on SQLite and on PostgreSQL.

Claims of several workers do not meet: PostgreSQL locks the rows and skips locked ones, SQLite lets one
writer in at a time. Leases run on the clock of the database, so workers' machines may disagree about time.
Statements are made once, and a batch is moved by one of them (rows.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import InterfaceError, OperationalError

from sms.gateways import EXPIRED, GivenBack, LookUp, Receipt
from sms.outbox import (
    Beat,
    Claim,
    Doubt,
    Failed,
    Known,
    Later,
    NotTaken,
    Outcome,
    Pause,
    Released,
    StoreUnavailable,
    Taken,
    Unsure,
)
from webapp import clock
from webapp.outbox import checks, receipts, statements
from webapp.outbox.budget import NOT_CHARGED, Budget
from webapp.outbox.model import Message
from webapp.outbox.sorting import Sorted, sort
from webapp.outbox.statements import Due
from webapp.outbox.texts import Texts
from webapp.outbox.workers import Presence
from webapp.routes.choice import OF_THE_SETTINGS
from webapp.routes.rest import DAILY_LIMIT, until_tomorrow

#: The rest of a route that gave texts back which it had not sent for so long.
NOT_SENDING, SENT_WITHIN = Pause(900, "unreachable"), timedelta(minutes=10)


class SqlStore:
    """One worker's view of the outbox. Every call is a transaction of its own."""

    def __init__(
        self,
        engine: sa.Engine,
        *,
        gateway: str,
        owner: str,
        lease: float,
        price_rupiah: int,
        route: str = OF_THE_SETTINGS,
        daily_limit: int | None = None,
    ) -> None:
        """`owner` names this worker; `lease` is in seconds; a segment costs `price_rupiah` if nobody says otherwise.

        `gateway` is whom to ask about a text: of a route with a code that code, of the settings' route the name of its
        gateway. `daily_limit`: texts of such a route on one day.
        """
        self._engine = engine
        self._gateway = gateway
        self._lease = timedelta(seconds=lease)
        self._statements = _Statements(engine.dialect.name, gateway, owner, price_rupiah, route)
        self._presence = Presence(gateway, owner)
        self._budget = Budget(route, owner, daily_limit, price_rupiah)

    def claim_due(self, limit: int, now: datetime) -> Claim:
        with self._transaction() as connection:
            limit = self._within_budget(connection, limit)
            rows = self._due(connection, limit, now) if limit else []
            if not rows:
                return Claim()
            texts = Texts.load(connection, {row.text_code for row in rows})
            found = sort(rows, texts, now, clock.real_now())
            self._store(connection, found, now)
        return Claim(found.handovers, examined=len(rows))

    def _within_budget(self, connection: sa.Connection, limit: int) -> int:
        """How many texts may be claimed; where the limit of the day is reached, the route rests until the next one."""
        if self._budget.daily_limit is None:
            return limit
        moment = self._clock(connection)
        left = self._budget.left(connection, moment)
        if left <= 0:
            self._presence.pause(connection, Pause(until_tomorrow(moment).total_seconds(), DAILY_LIMIT), moment)
        return max(0, min(limit, left))

    def settle(self, outcomes: Sequence[Outcome], now: datetime) -> int:
        kinds: dict[type, list[Any]] = {}
        for outcome in outcomes:
            kinds.setdefault(type(outcome), []).append(outcome)
        with self._transaction() as connection:
            self._budget.give_back(connection, [o.id for o in outcomes if isinstance(o, NOT_CHARGED)])
            return sum(self._settlers[kind](self, connection, group, now) for kind, group in kinds.items())

    def mark_cut_off(self, ask_in: float, now: datetime) -> int:
        with self._transaction() as connection:
            moment = self._clock(connection)
            facts = {"moment": moment, "until": moment + timedelta(seconds=ask_in), "now": now}
            return connection.execute(self._statements.cut_off, facts).rowcount

    def claim_doubts(self, limit: int, now: datetime) -> Sequence[Doubt]:
        with self._transaction() as connection:
            moment = self._clock(connection)
            rows = connection.execute(self._statements.doubts, {"moment": moment, "limit": limit}).all()
            if not rows:
                return []
            ids = [row.id for row in rows]
            connection.execute(self._statements.ask, {"ids": ids, "until": moment + self._lease})
            others = connection.execute(self._statements.other_ids, {"numbers": [row.number for row in rows]}).all()
        return [_doubt(row, moment, others) for row in rows]

    def receive(self, news: Sequence[Receipt], now: datetime) -> int:
        with self._transaction() as connection:
            if any(one.code != EXPIRED for one in news):
                self._presence.hear(connection, self._clock(connection))
            return receipts.apply(connection, self._gateway, news, now)

    def take_back(self, given: Sequence[GivenBack], now: datetime) -> int:
        rows = [{"reference_of_it": one.reference, "its_id": one.provider_id, "now": now} for one in given]
        with self._transaction() as connection:
            moment = self._clock(connection)
            its = Message.reference.in_([one.reference for one in given])
            since = connection.scalar(
                sa.select(sa.func.min(Message.handed_at, type_=Message.handed_at.type)).where(its)
            )
            moved = connection.execute(self._statements.take_back, rows).rowcount
            # What was handed over just before the end of its hours says nothing against the route.
            if moved and since is not None and moment - since > SENT_WITHIN:
                self._presence.pause(connection, NOT_SENDING, moment)
            return moved

    def pause(self, pause: Pause) -> None:
        with self._transaction() as connection:
            self._presence.pause(connection, pause, self._clock(connection))

    def beat(self, handed_over: int) -> Beat:
        with self._transaction() as connection:
            return self._presence.beat(connection, handed_over, self._clock(connection))

    def leave(self, handed_over: int) -> None:
        with self._transaction() as connection:
            self._presence.leave(connection, handed_over, self._clock(connection))

    @contextmanager
    def _transaction(self) -> Iterator[sa.Connection]:
        try:
            with self._engine.connect().execution_options(writes=True) as connection, connection.begin():
                yield connection
        except (OperationalError, InterfaceError) as error:
            raise StoreUnavailable(type(error.orig).__name__) from error

    def _clock(self, connection: sa.Connection) -> datetime:
        """The database's own clock; SQLite's is that of this machine."""
        if connection.dialect.name == "sqlite":
            return clock.real_now()
        moment: datetime = connection.execute(statements.database_clock).scalar_one()
        return moment

    def _due(self, connection: sa.Connection, limit: int, now: datetime) -> list[Due]:
        """Class after class, so that a crowd of notices does not hide one alarm, nor future rows the due ones."""
        found: list[Due] = []
        for priority in sorted(set(checks.PRIORITIES.values())):
            facts = {"priority": priority, "limit": limit - len(found), **checks.moments(now)}
            found += map(Due._make, connection.execute(self._statements.due, facts))
            if len(found) >= limit:
                break
        return found

    def _store(self, connection: sa.Connection, found: Sorted, now: datetime) -> None:
        its = self._statements
        if found.claimed:
            moment = self._clock(connection)
            facts = {"moment": moment, "until": moment + self._lease, "now": now}
            connection.execute(its.claim, its.claims.filled(found.claimed) | facts)
            self._budget.spend(connection, found.claimed, moment)
        if found.ended:
            connection.execute(its.end, [facts | {"now": now} for facts in found.ended])
        if found.put_off:
            connection.execute(its.put_off, [facts | {"now": now} for facts in found.put_off])

    def _take(self, connection: sa.Connection, outcomes: list[Taken], now: datetime) -> int:
        rows = [(o.id, o.provider_id, o.segments, o.price) for o in outcomes]
        facts = {"fact_gateway": self._gateway, "now": now}
        return connection.execute(self._statements.take, self._statements.taken.filled(rows) | facts).rowcount

    def _know(self, connection: sa.Connection, outcomes: list[Known], now: datetime) -> int:
        news = 0
        for o in outcomes:
            facts = {"fact_key": o.id, "fact_provider_id": o.provider_id, "fact_code": o.code}
            facts |= {"fact_gateway": self._gateway, "now": now}
            news += connection.execute(self._statements.know[o.state], facts).rowcount
        return news

    def _retry(self, connection: sa.Connection, outcomes: list[Later], now: datetime) -> int:
        rows = [
            {"text_id": o.id, "later": now + timedelta(seconds=o.seconds), "code": o.code, "now": now} for o in outcomes
        ]
        return connection.execute(self._statements.retry, rows).rowcount

    def _fail(self, connection: sa.Connection, outcomes: list[Failed], now: datetime) -> int:
        rows = [{"text_id": o.id, "why": o.reason, "code": o.code, "now": now} for o in outcomes]
        moved = connection.execute(self._statements.fail, rows).rowcount
        if dead := [o.id for o in outcomes if o.dead_number]:
            receipts.flag_numbers(connection, Message.id.in_(dead), now)
        return moved

    def _release(self, connection: sa.Connection, outcomes: list[Released], now: datetime) -> int:
        facts = {"ids": [o.id for o in outcomes], "now": now}
        return connection.execute(self._statements.release, facts).rowcount

    def _requeue(self, connection: sa.Connection, outcomes: list[NotTaken], now: datetime) -> int:
        facts = {"ids": [o.id for o in outcomes], "now": now}
        return connection.execute(self._statements.requeue, facts).rowcount

    def _doubt(self, connection: sa.Connection, outcomes: list[Unsure], now: datetime) -> int:
        moment = self._clock(connection)
        rows = [
            {"text_id": o.id, "until": moment + timedelta(seconds=o.seconds), "why": o.reason, "now": now}
            for o in outcomes
        ]
        return connection.execute(self._statements.doubt, rows).rowcount

    _settlers: dict[type, Callable[[SqlStore, sa.Connection, list[Any], datetime], int]] = {
        Taken: _take,
        Known: _know,
        Later: _retry,
        Failed: _fail,
        Released: _release,
        NotTaken: _requeue,
        Unsure: _doubt,
    }


class _Statements:
    """What this worker executes, made once; the database driver keeps the compiled forms."""

    def __init__(self, dialect: str, gateway: str, owner: str, price_rupiah: int, route: str) -> None:
        self.due = statements.due(route)
        self.claims = statements.claims(dialect)
        self.claim = statements.claim(self.claims, gateway, owner, price_rupiah)
        self.end, self.put_off = statements.end(), statements.put_off()
        self.taken = statements.taken(dialect)
        self.take = statements.take(self.taken)
        self.know = statements.know()
        self.retry, self.fail = statements.retry(owner), statements.fail(owner)
        self.release, self.requeue, self.doubt = (
            statements.release(owner),
            statements.requeue(owner),
            statements.doubt(owner),
        )
        self.take_back = statements.take_back(gateway)
        self.cut_off = statements.cut_off()
        self.doubts, self.ask = statements.doubts(gateway), statements.ask(owner)
        self.other_ids = statements.other_ids(gateway)


def _doubt(row: sa.Row[Any], moment: datetime, others: Sequence[sa.Row[Any]]) -> Doubt:
    taken = frozenset(other.provider_id for other in others if other.number == row.number)
    question = LookUp(row.reference, row.number, row.body, since=row.handed_at, taken=taken)
    return Doubt(row.id, question, row.attempts, age=(moment - row.handed_at).total_seconds())
