"""A text to Sri, a worker's store, and looking at what is stored."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from itertools import count
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.outbox.crowd import MORNING, VALUES
from tests.people import Cast
from webapp.db import db
from webapp.outbox import queue
from webapp.outbox.model import Message
from webapp.outbox.store import SqlStore
from webapp.people.model import Person

Write = Callable[..., str]
_numbers = count(1)


@pytest.fixture
def write(cast: Cast) -> Write:
    """`write(person, purpose=…, …)` queues a reminder to the person's phone (Sri's, if nobody is named); its key."""

    def write(person: Person | None = None, now: datetime = MORNING, **columns: Any) -> str:
        to = person or cast.migrant
        phone = to.phones[0]
        row = {"key": f"text:{next(_numbers)}", "purpose": "reminder", "person_id": to.id, "phone_id": phone.id}
        row |= {"number": phone.number, "area_code": to.area_code, "text_code": "R1", "values": VALUES, "due_at": now}
        row |= columns
        queue.enqueue(**row, now=now)
        db.session.commit()
        return str(row["key"])

    return write


@pytest.fixture
def store(app: Flask) -> SqlStore:
    return store_of("worker-1")


def store_of(owner: str, lease: float = 60) -> SqlStore:
    return SqlStore(db.engine, gateway="told", owner=owner, lease=lease, price_rupiah=350)


def stored(key: str) -> Message:
    """The text as it is stored now. Ends the transaction of the session, which would hold SQLite's lock."""
    db.session.rollback()
    message = db.session.scalars(sa.select(Message).where(Message.key == key)).one()
    db.session.rollback()
    db.session.refresh(message)
    db.session.expunge(message)
    db.session.rollback()
    return message
