"""What kept forms add to a person's timeline."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from webapp.offline import acts, queries
from webapp.offline.model import KeptForm
from webapp.people import sections
from webapp.people.model import Person
from webapp.people.signals import moved_house
from webapp.people.villagers import move_along
from webapp.photos.subjects import add_subject

EVENT_LABELS = {
    "form_kept": lambda facts: _l("A form came that no longer fitted: %(title)s", title=facts["title"]),
    "kept_form_settled": lambda facts: _l("That form is settled: %(outcome)s", outcome=facts["outcome"]),
}


def register() -> None:
    """Called by create_app."""
    add_subject(acts.SUBJECT, queries.may_be_seen)
    sections.EVENT_LABELS.update(EVENT_LABELS)
    moved_house.connect(_bring_along)


def _bring_along(person: Person) -> None:
    """What waits about somebody waits where that somebody lives, and is read nowhere else."""
    move_along(KeptForm, person)
