"""Photos that belong to nothing do not stay: nobody can see them, and they show somebody."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from webapp.accounts.housekeeping import FORM_KEYS, add_sweep
from webapp.db import db
from webapp.photos.model import Photo

#: Photos go out before their form, and may wait for it as long as the key of a form is kept.
LOOSE = FORM_KEYS


def register() -> None:
    """Called by create_app; calling twice changes nothing."""
    add_sweep(sweep)


def sweep(now: datetime) -> int:
    """Remove old photos that are incomplete or attached to nothing. Returns how many. Never commits."""
    old = sa.delete(Photo).where(sa.text("subject = ''"), Photo.created_at < now - LOOSE)
    return db.session.execute(old).rowcount  # type: ignore[attr-defined]  # a DELETE has it
