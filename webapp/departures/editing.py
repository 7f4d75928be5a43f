"""Changing a departure that somebody else may have changed meanwhile, and entering one that is there already."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask_babel import format_date, gettext

from webapp.db import db
from webapp.departures import acts, questions
from webapp.departures.form import DepartureForm
from webapp.departures.model import Departure
from webapp.people.conflicts import Edit, Story
from webapp.people.fields import complain

#: These must fit one another, whoever wrote them.
DATES = ("planned_on", "contract_start", "contract_end")


def of_departure(departure: Departure) -> Edit:
    return Edit(questions.DEPARTURE, departure, _story(departure, ("departure_changed",), "departure_chosen"))


def of_paper(departure: Departure, item_code: str) -> Edit:
    paper = departure.paper(item_code)
    story = _story(departure, ("paper_done", "paper_undone"), "paper_chosen", item=item_code)
    return Edit(questions.PAPER if paper else questions.MISSING_PAPER, paper, story)


def of_day(departure: Departure, step: str) -> Edit:
    """The correction of a day of leaving or coming home."""
    asked, kinds = {
        "leaving": (questions.LEAVING, ("departure_left", "arrived", "leaving_corrected")),
        "return": (questions.RETURN, ("departure_ended", "return_corrected")),
    }[step]
    return Edit(asked, departure, _story(departure, kinds, f"{step}_chosen"))


def _story(departure: Departure, kinds: tuple[str, ...], chosen: str, **about: Any) -> Story:
    return Story(departure.person, departure.version, kinds, chosen, {"departure": departure.id, **about})


def does_not_fit(departure: Departure, form: DepartureForm, edit: Edit) -> bool:
    """Does what comes of both edits not go together? Then a field says so."""
    values = {name: edit.values.get(name, getattr(departure, name)) for name in DATES}
    if form.has_left.data and "planned_on" not in edit.values:
        form.planned_on.data = values["planned_on"]
        if not form.asks_who_left and departure.departed_on is None:
            complain(form.has_left, gettext("The day that is kept has not come yet. Take this tick away."))
    begin, end = values["contract_start"], values["contract_end"]
    if begin and end and end <= begin:
        complain(form.contract_end, gettext("The contract ends after it begins."))
    return bool(form.errors) or cannot_leave(departure, form)


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
