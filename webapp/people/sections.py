"""What other nouns hang on a person's page: sections, entries of the timeline, words for events.

A noun calls these from its own `register()`, which create_app calls; calling twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from webapp.people.model import Person

#: person → (template, its context). The template is included in the person's page.
Section = Callable[[Person], tuple[str, dict[str, Any]]]


@dataclass(frozen=True)
class Entry:
    """One line of the timeline: when, of what kind, and the template that shows it."""

    at: datetime
    kind: str
    template: str
    context: dict[str, Any] = field(default_factory=dict)


#: (person_id, only before this time or None, at most so many) → entries, the newest first.
Source = Callable[[int, datetime | None, int], list[Entry]]

#: Ids of people on a page of the list → a few words beside the name of some of them, in one query.
RowNotes = Callable[[list[int]], Mapping[int, Any]]

#: The whole number of a paper, in capitals without spaces → ids of the people whose it is.
Finder = Callable[[str], sa.Select[tuple[int]]]

#: (order, function): the smallest order stands highest.
SECTIONS: list[tuple[int, Section]] = []
TIMELINE: list[Source] = []
ROW_NOTES: list[RowNotes] = []
FINDERS: list[Finder] = []
#: Event kind → sentence for its facts. Nouns add their own.
EVENT_LABELS: dict[str, Callable[[Mapping[str, Any]], Any]] = {}


def add_section(order: int, function: Section) -> None:
    """Show this section on every person's page, at its place in the order."""
    SECTIONS[:] = sorted([s for s in SECTIONS if s[1] is not function] + [(order, function)], key=lambda s: s[0])


def add_row_notes(function: RowNotes) -> None:
    """Say this beside the names in lists of people."""
    if function not in ROW_NOTES:
        ROW_NOTES.append(function)


def add_finder(function: Finder) -> None:
    """Let people be found by numbers that this noun keeps sealed."""
    if function not in FINDERS:
        FINDERS.append(function)


def row_notes(people: list[int]) -> dict[int, Any]:
    """What other nouns say beside these people's names."""
    return {person_id: words for notes in ROW_NOTES if people for person_id, words in notes(people).items()}


def add_source(function: Source) -> None:
    """Merge these entries into every person's timeline."""
    if function not in TIMELINE:
        TIMELINE.append(function)
