"""The shipped canned replies, for everybody. Loading adds what was never there: one that was removed stays away."""

from __future__ import annotations

import csv
from pathlib import Path

import sqlalchemy as sa

from webapp import clock
from webapp.areas.codes import NATION
from webapp.conversations.model import CannedReply
from webapp.db import db

SHIPPED = Path(__file__).parent / "data" / "canned.csv"


def load() -> int:
    """Add shipped replies whose title the nation never had; returns how many. The caller commits."""
    known = set(db.session.scalars(sa.select(CannedReply.title).where(CannedReply.area_code == NATION)))
    with SHIPPED.open(encoding="utf-8", newline="") as lines:
        fresh = [row for row in csv.DictReader(lines) if row["title"] not in known]
    db.session.add_all(CannedReply(area_code=NATION, updated_at=clock.real_now(), **row) for row in fresh)
    return len(fresh)
