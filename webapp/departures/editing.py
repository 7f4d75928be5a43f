"""Changing a departure that somebody else may have changed meanwhile, and entering one that is there already."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask_babel import format_date, gettext

from webapp.db import db
from webapp.departures import acts
from webapp.departures.choices import SCHEMES, SECTORS
from webapp.departures.form import DepartureForm
from webapp.departures.model import Departure
from webapp.people import conflicts

CHOICES: dict[str, dict[str, Any]] = {"scheme": SCHEMES, "sector": SECTORS}


def in_conflict(departure: Departure, form: DepartureForm) -> bool:
    """Did somebody change the same fields since the form was opened? Then each says so, with both values."""
    version = form.version.data or departure.version
    if version >= departure.version:
        return False
    changes = conflicts.changes_of(departure.person_id, "departure_changed")
    mine = [facts for facts in changes if facts.get("departure") == departure.id]
    since = conflicts.changed_since(version, mine)
    return conflicts.tell(form, departure, since, lambda name: _shown(departure, name))


def same_departure(person_id: int, form: DepartureForm) -> Departure | None:
    """A departure of this person that goes on, to this country on this day: entered a second time."""
    query = sa.select(Departure).where(
        Departure.person_id == person_id,
        Departure.state.in_(("open", "postponed")),
        Departure.destination_code == form.destination_code.data,
        Departure.planned_on.is_not_distinct_from(form.fields["planned_on"]),
        Departure.planned_month.is_not_distinct_from(form.fields["planned_month"]),
    )
    return db.session.scalars(query.order_by(Departure.id.desc()).limit(1)).first()


def says_more(departure: Departure, form: DepartureForm) -> bool:
    """Does the form differ from the departure that is there? Then it is for the officer to say what holds."""
    if all(value == getattr(departure, name) for name, value in form.fields.items()):
        return False
    words = gettext("A departure to this country on this day is there already. Open it and change it there.")
    form.destination_code.errors = [*form.destination_code.errors, words]
    return True


def cannot_leave(departure: Departure, form: DepartureForm) -> bool:
    """Does the form say that the person left by a departure of which that cannot be said? Then its field says why."""
    if not form.has_left.data or acts.possible("leave", departure) or departure.departed_on == form.planned_on.data:
        return False
    if departure.departed_on is None:
        why = gettext("This departure is off. Take it up again first, then note that the person has left.")
    else:
        day = format_date(departure.departed_on, "d MMM y")
        why = gettext(
            "It is noted already that the person left, on %(day)s. Open the departure to correct it.", day=day
        )
    form.has_left.errors = [*form.has_left.errors, why]
    return True


def _shown(departure: Departure, name: str) -> Any:
    """The stored value in words."""
    value = getattr(departure, name)
    if name == "destination_code":
        return departure.destination.name
    if name == "planned_month" and value:
        return format_date(value, "MMMM yyyy")
    return conflicts.in_words(value, CHOICES.get(name, {}))
