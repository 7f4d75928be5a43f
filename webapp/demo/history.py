"""What left on earlier days: the texts of the demonstration's past are settled as its worker would have done then.

Nothing is sent: whatever gateway is set, no provider is asked, and the pages say of these texts that they arrived.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import sqlalchemy as sa

from sms.gateways import Receipt
from sms.outbox import Taken
from webapp.db import db
from webapp.outbox import receipts
from webapp.outbox.store import SqlStore

#: The name of who carried them: no gateway of the settings is ever asked about one of these.
CARRIER = "simulator"
#: What is younger is still to leave: the worker sends it when the demonstration starts.
YOUNGEST = timedelta(hours=1)
AT_ONCE = 100
#: An operator's receipt comes some seconds later.
ON_THE_WAY = timedelta(seconds=9)


class Past:
    """The worker of the days before `now`."""

    def __init__(self, now: datetime, price_rupiah: int) -> None:
        self._now = now
        self._store = _OfThen(db.engine, gateway=CARRIER, owner="demonstration", lease=60, price_rupiah=price_rupiah)

    def carry(self, at: datetime) -> int:
        """Texts that were due at `at` arrived then, by the same checks, words and hours as ever. Returns how many.

        What is due within the last hour is left to the worker.
        """
        if at > self._now - YOUNGEST:
            return 0
        found = self._store.claim_due(AT_ONCE, at).handovers
        self._store.settle([Taken(one.id, _provider_id(one.outgoing.reference)) for one in found], at)
        news = [Receipt(one.outgoing.reference, _provider_id(one.outgoing.reference), "delivered") for one in found]
        receipts.apply(db.session, CARRIER, news, at + ON_THE_WAY)
        db.session.expire_all()
        return len(found)


class _OfThen(SqlStore):
    """The outbox within the transaction that loads the demonstration."""

    @contextmanager
    def _transaction(self) -> Iterator[sa.Connection]:
        db.session.flush()
        yield db.session.connection()


def _provider_id(reference: str) -> str:
    return f"DEMO{reference}"
