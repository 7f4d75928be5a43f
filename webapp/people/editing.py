"""Editing the details of a person; see conflicts.py for what happens when two do so at once."""

from __future__ import annotations

from datetime import date
from typing import Any

from webapp.people import conflicts
from webapp.people.choices import EDUCATION, LANGUAGES, SEXES
from webapp.people.form import EditForm
from webapp.people.model import Person
from webapp.people.nik import masked

#: Words for fields with choices.
CHOICES: dict[str, dict[str, Any]] = {"sex": SEXES, "language": LANGUAGES, "education": EDUCATION}
#: Date and year of birth are one field of the form.
FIELDS = {"birth_year": "birth_date"}


def form_of(person: Person, today: date) -> EditForm:
    """The form with what is stored; the NIK stays masked beside it."""
    stored = {name: getattr(person, name) for name in ("name", "sex", "address", "language", "education", "version")}
    birth = person.birth_date or person.birth_year
    return EditForm(formdata=None, today=today, person_id=person.id, data=stored | {"birth_date": birth})


def in_conflict(person: Person, form: EditForm) -> bool:
    """Did somebody change the same fields since the form was opened? Then each says so, with both values."""
    version = form.version.data
    if version >= person.version:
        return False
    since = conflicts.changed_since(version, conflicts.changes_of(person.id, "details_changed"))
    return conflicts.tell(form, person, since, lambda name: _shown(person, name), FIELDS)


def _shown(person: Person, name: str) -> Any:
    value = getattr(person, name)
    if name == "nik":
        return masked(value) if value else "-"
    return conflicts.in_words(value, CHOICES.get(name, {}))
