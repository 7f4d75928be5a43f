"""Rows of other tables that carry the village of their person, so that lists of an area need no join."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from webapp.db import db

if TYPE_CHECKING:
    from webapp.people.model import Person


def move_along(model: Any, person: Person, *which: sa.ColumnElement[bool]) -> None:
    """Every such row of this person in `model` (with `person_id` and `area_code`) belongs to the new village."""
    rows = sa.update(model).where(model.person_id == person.id, model.area_code != person.area_code, *which)
    db.session.execute(rows.values(area_code=person.area_code))
