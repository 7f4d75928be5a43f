"""Photos that belong to nothing do not stay: nobody can see them, and they show somebody."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from webapp.accounts.housekeeping import add_sweep
from webapp.db import db
from webapp.photos.model import Photo

#: A form may lie on a phone without signal for weeks before it is sent, and its photos come first.
LOOSE = timedelta(days=30)


def register() -> None:
    """Called by create_app; calling twice changes nothing."""
    add_sweep(sweep)


def sweep(now: datetime) -> int:
    """Remove old photos that are incomplete or attached to nothing. Returns how many. Never commits."""
    old = sa.delete(Photo).where(sa.text("subject = ''"), Photo.created_at < now - LOOSE)
    return db.session.execute(old).rowcount  # type: ignore[attr-defined]  # a DELETE has it
