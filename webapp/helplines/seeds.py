"""The shipped numbers. Loading adds what is not there; what an administrator changed stays as it is."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import sqlalchemy as sa

from webapp.db import db
from webapp.helplines.model import Helpline

SHIPPED = Path(__file__).parent / "data" / "helplines.csv"


def load() -> int:
    """Add shipped rows whose code is not in the database yet; returns how many. The caller commits."""
    known = set(db.session.scalars(sa.select(Helpline.code)))
    with SHIPPED.open(encoding="utf-8", newline="") as lines:
        fresh = [row for row in csv.DictReader(lines) if row["code"] not in known]
    db.session.add_all(_helpline(row) for row in fresh)
    return len(fresh)


def _helpline(row: dict[str, str]) -> Helpline:
    verified_on = date.fromisoformat(row["verified_on"]) if row["verified_on"] else None
    return Helpline(**{**row, "position": int(row["position"]), "verified_on": verified_on})
