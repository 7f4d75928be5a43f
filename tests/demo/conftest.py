"""The demonstration on a database that has the areas of the cast, and nobody of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from flask import Flask

from webapp import clock
from webapp.accounts.model import Account
from webapp.db import db
from webapp.demo import load

Officer = Callable[[str], Account]
#: 16:30 in Jakarta on a Tuesday: the hour to which every demonstration moves.
NOW = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)


@pytest.fixture
def now(app: Flask, monkeypatch: pytest.MonkeyPatch) -> datetime:
    """The demonstration is loaded. Returns what the programme takes for now."""
    db.session.execute(sa.delete(Account))
    monkeypatch.setattr(clock, "now", lambda: NOW)
    load.load(NOW)
    db.session.commit()
    return NOW


@pytest.fixture
def officer(now: datetime) -> Officer:
    return lambda username: db.session.scalars(sa.select(Account).where(Account.username == username)).one()
