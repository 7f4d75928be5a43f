"""What urgent cases add to a person's page, and to the worker."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from webapp.cases import chores, queries, safe_words
from webapp.cases.model import Case
from webapp.cases.signals import case_closed
from webapp.db import db
from webapp.outbox.chores import add_chore
from webapp.people.model import Person
from webapp.people.sections import EVENT_LABELS, add_section
from webapp.people.signals import moved_house
from webapp.people.tasks import HELP, Task, close_task
from webapp.people.villagers import move_along

#: Below departures, above the way to report a broker.
ORDER = 80


def register() -> None:
    """Called by create_app; calling twice changes nothing."""
    add_section(ORDER, section)
    add_chore(chores.climb_due)
    moved_house.connect(_bring_along)
    case_closed.connect(_close_tasks)
    EVENT_LABELS["safe_word_set"] = _said(_l("A safe word was set"))
    EVENT_LABELS["safe_word_removed"] = _said(_l("The safe word was removed"))


def section(person: Person) -> tuple[str, dict[str, Any]]:
    """Open cases, and whether there is a safe word."""
    open_cases = queries.open_of_person(person.id)
    return "cases/_section.html", {
        "person": person,
        "open_cases": open_cases,
        "has_word": safe_words.of_person(person.id) is not None,
    }


def _said(words: Any) -> Any:
    def label(_facts: Mapping[str, Any]) -> Any:
        return words

    return label


def _bring_along(person: Person) -> None:
    move_along(Case, person)


def _close_tasks(case: Case, *, outcome: str, account: Any, now: Any) -> None:
    """The task to help of the same person is done with it."""
    if case.person_id is None:
        return
    query = sa.select(Task).where(Task.person_id == case.person_id, Task.kind == HELP, Task.done_at.is_(None))
    for task in db.session.scalars(query).all():
        close_task(task, account, outcome, now)
