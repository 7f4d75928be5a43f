"""Editing what somebody else may have edited meanwhile.

A form carries the version it began from. Fields that another officer changed since then and that differ from
what was sent are shown with both values; sending the form again decides. All others are simply stored.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, Protocol

import sqlalchemy as sa
from flask_babel import format_date, gettext
from flask_wtf import FlaskForm

from webapp.db import db
from webapp.people.fields import complain
from webapp.people.model import Event


class Versioned(Protocol):
    """A record whose version grows with every change, told by its events."""

    @property
    def version(self) -> int: ...


def changed_since(version: int, changes: Iterable[Mapping[str, Any]]) -> set[str]:
    """Names of the fields that were changed after this version. Each change says which version it made."""
    return {name for facts in changes if facts.get("version", 0) > version for name in facts["fields"]}


def changes_of(person_id: int, kind: str) -> list[Mapping[str, Any]]:
    """What the timeline holds of changes of this kind."""
    query = sa.select(Event.facts).where(Event.person_id == person_id, Event.kind == kind)
    return list(db.session.scalars(query))


def tell(
    form: FlaskForm,
    record: Versioned,
    since: set[str],
    shown: Callable[[str], Any],
    fields: Mapping[str, str] | None = None,
) -> bool:
    """Does a field of the form contradict what was stored since? Then each says so, with both values.

    `shown`: the stored value in words; `fields`: the form's name of a field where it has another.
    """
    names = fields or {}
    found: dict[str, str] = {}
    for name, value in form.fields.items():
        if name in since and value != getattr(record, name):
            found.setdefault(names.get(name, name), name)
    for field, name in found.items():
        complain(form[field], gettext("Meanwhile changed to: %(value)s. Store again to keep yours.", value=shown(name)))
    if found:
        form["version"].data, form["version"].raw_data = record.version, None
    return bool(found)


def in_words(value: Any, choices: Mapping[Any, Any]) -> Any:
    """A stored value as a page writes it."""
    if isinstance(value, date):
        return format_date(value)
    return choices.get(value, value) or "-"
