"""The shipped checklist, destinations and reminder rules: data with source and as-of date.

Loading adds what is not there; what an administrator changed stays as it is.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from webapp.db import Base, db
from webapp.departures.model import ChecklistItem, Destination, ReminderRule

DATA = Path(__file__).parent / "data"
Convert = Callable[[str], Any]


def load() -> int:
    """Add shipped rows whose code is not in the database yet; returns how many. The caller commits."""
    added = _add(Destination, "destinations.csv", {"as_of": date.fromisoformat})
    added += _add(
        ChecklistItem,
        "checklist.csv",
        {"position": int, "due_days": int, "has_number": _yes, "has_expiry": _yes, "as_of": date.fromisoformat},
    )
    added += _add(
        ReminderRule,
        "rules.csv",
        {
            "offset_days": int,
            "repeat_days": int,
            "hour": int,
            "useful_days": int,
            "as_of": date.fromisoformat,
        },
    )
    return added


def _add(model: type[Base], file: str, convert: dict[str, Convert]) -> int:
    known = set(db.session.scalars(sa.select(model.code)))  # type: ignore[attr-defined]  # each has a code
    with (DATA / file).open(encoding="utf-8", newline="") as lines:
        fresh = [row for row in csv.DictReader(lines) if row["code"] not in known]
    db.session.add_all(model(**{k: convert[k](v) if k in convert else v for k, v in row.items()}) for row in fresh)
    return len(fresh)


def _yes(text: str) -> bool:
    return text == "1"
