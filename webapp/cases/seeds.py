"""The shipped table of minutes. Loading adds what is not there; what an administrator changed stays as it is."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import sqlalchemy as sa

from webapp.cases.model import EscalationStep
from webapp.db import db

SHIPPED = Path(__file__).parent / "data" / "escalation.csv"


def load() -> int:
    """Add shipped rows whose code is not in the database yet; returns how many. The caller commits."""
    known = set(db.session.scalars(sa.select(EscalationStep.code)))
    with SHIPPED.open(encoding="utf-8", newline="") as lines:
        fresh = [row for row in csv.DictReader(lines) if row["code"] not in known]
    db.session.add_all(_step(row) for row in fresh)
    return len(fresh)


def _step(row: dict[str, str]) -> EscalationStep:
    numbers = {name: int(row[name]) for name in ("step", "after_minutes")}
    return EscalationStep(**{**row, **numbers, "as_of": date.fromisoformat(row["as_of"])})
