"""Changing a departure that somebody else may have changed meanwhile, and entering one that is there already.

The form carries the version it began from. Fields that were changed since then and differ from what was sent
are shown with both values; sending the form again decides. All others are simply stored.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa
from flask_babel import format_date, gettext

from webapp.db import db
from webapp.departures.choices import SCHEMES, SECTORS
from webapp.departures.form import DepartureForm
from webapp.departures.model import Departure
from webapp.people.model import Event

CHOICES: dict[str, dict[str, Any]] = {"scheme": SCHEMES, "sector": SECTORS}


def conflicts(departure: Departure, form: DepartureForm) -> bool:
    """Did somebody change the same fields since the form was opened? Then each says so, with both values."""
    since = changed_since(departure, form.version.data or departure.version)
    found = [name for name, value in form.fields.items() if name in since and value != getattr(departure, name)]
    for name in found:
        stored = gettext("Meanwhile changed to: %(value)s. Store again to keep yours.", value=_shown(departure, name))
        form[name].errors = [*form[name].errors, stored]
    if found:
        form.version.data, form.version.raw_data = departure.version, None
    return bool(found)


def changed_since(departure: Departure, version: int) -> set[str]:
    """Names of the fields that were changed after this version."""
    if version >= departure.version:
        return set()
    query = sa.select(Event.facts).where(Event.person_id == departure.person_id, Event.kind == "departure_changed")
    changes = [
        facts
        for facts in db.session.scalars(query)
        if facts.get("departure") == departure.id and facts.get("version", 0) > version
    ]
    return {name for facts in changes for name in facts["fields"]}


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


def _shown(departure: Departure, name: str) -> Any:
    """The stored value in words."""
    value = getattr(departure, name)
    if name == "destination_code":
        return departure.destination.name
    if name == "planned_month" and value:
        return format_date(value, "MMMM yyyy")
    if isinstance(value, date):
        return format_date(value)
    return CHOICES.get(name, {}).get(value, value) or "-"
