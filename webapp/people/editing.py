"""Editing details when somebody else may have edited them meanwhile.

The form carries the version it began from. Fields that another officer changed since then and that differ
from what was sent are shown with both values; sending the form again decides. All others are simply stored.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa
from flask_babel import format_date, gettext

from webapp.db import db
from webapp.people.choices import EDUCATION, LANGUAGES, SEXES
from webapp.people.fields import complain
from webapp.people.form import EditForm
from webapp.people.model import Event, Person
from webapp.people.nik import masked

#: Words for fields with choices.
CHOICES: dict[str, dict[str, Any]] = {"sex": SEXES, "language": LANGUAGES, "education": EDUCATION}


def form_of(person: Person, today: date) -> EditForm:
    """The form with what is stored; the NIK stays masked beside it."""
    stored = {name: getattr(person, name) for name in ("name", "sex", "address", "language", "education", "version")}
    birth = person.birth_date or person.birth_year
    return EditForm(formdata=None, today=today, person_id=person.id, data=stored | {"birth_date": birth})


def conflicts(person: Person, form: EditForm) -> bool:
    """Did somebody change the same fields since the form was opened? Then each says so, with both values."""
    sent, since = form.fields, changed_since(person, form.version.data)
    found = [name for name in since if name in sent and sent[name] != getattr(person, name)]
    if "birth_date" in found:
        found = [name for name in found if name != "birth_year"]
    for name in found:
        complain(
            form["birth_date" if name == "birth_year" else name],
            gettext("Meanwhile changed to: %(value)s. Store again to keep yours.", value=_shown(person, name)),
        )
    if found:
        form.version.data, form.version.raw_data = person.version, None
    return bool(found)


def changed_since(person: Person, version: int) -> set[str]:
    """Names of the fields that were changed after this version. Each change says which version it made."""
    if version >= person.version:
        return set()
    query = sa.select(Event.facts).where(Event.person_id == person.id, Event.kind == "details_changed")
    changes = [facts for facts in db.session.scalars(query) if facts.get("version", 0) > version]
    return {name for facts in changes for name in facts["fields"]}


def _shown(person: Person, name: str) -> Any:
    """The stored value in words."""
    value = getattr(person, name)
    if isinstance(value, date):
        return format_date(value)
    if name == "nik":
        return masked(value) if value else "-"
    return CHOICES.get(name, {}).get(value, value)
