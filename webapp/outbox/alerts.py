"""Texts that call an officer at once. They say what kind of thing waits and where to look, never whom it is about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from webapp.accounts.model import Account
from webapp.outbox import queue
from webapp.outbox.checks import ALARM

#: Later the officer has seen the page, or the next one was called.
GOOD_FOR = timedelta(hours=12)


def alert(
    officers: Iterable[Account], code: str, values: Mapping[str, str], *, key: str, cause: str, now: datetime
) -> int:
    """Queue the stock text `code` to each of these officers who has a phone; once for each `key` and officer.

    `cause` is what it is about ('case:7'), so that what still waits can be withdrawn. Returns how many were new.
    """
    rows = [
        {
            "key": f"{key}:{officer.id}",
            "cause": cause,
            "purpose": ALARM,
            "number": officer.phone,
            "area_code": officer.area_code,
            "text_code": code,
            "values": dict(values),
            "language": officer.language,
            "sensitivity": "public",
            "due_at": now,
            "expires_at": now + GOOD_FOR,
        }
        for officer in officers
        if officer.phone is not None and officer.closed_at is None
    ]
    return queue.enqueue_many(rows, now)
