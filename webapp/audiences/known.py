"""What is stored about the numbers of a list: who cannot be texted, who is known. In few statements, never one by one.

Whoever brings a list learns of people in their own area only. A STOP holds everywhere, and so do 'wrong person', 'no
such number' and what stands against a text to whoever holds it elsewhere; which of them it was is not told, and nothing
else tells whether a number is known elsewhere.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from webapp import clock
from webapp.areas.codes import is_within, within
from webapp.areas.model import Area
from webapp.audiences import reaching
from webapp.audiences.listed import Listed, Problem, Recipient, Told
from webapp.db import db
from webapp.outbox.checks import holder, stands_against, theirs
from webapp.people.model import SELF, NumberState, Person, Phone

#: Numbers of one statement.
CHUNK = 10_000


@dataclass
class Checked:
    """A list beside what is stored. Its recipients are only those who can be texted."""

    listed: Listed
    area_code: str
    unreachable: Told = field(default_factory=Told)
    #: Person and their area, by number.
    people: dict[str, tuple[int, str]] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return self.listed.total + len(self.unreachable)


def check(listed: Listed, area_code: str) -> Checked:
    """Ask for all numbers, as somebody of this area. Changes `listed`: who cannot be texted is no recipient of it."""
    checked = Checked(listed, area_code)
    numbers = [one.number for one in listed.recipients]
    _leave_out(checked, _halted(numbers) | _refused_elsewhere(numbers, area_code))
    checked.people = _people(numbers, area_code)
    _place(listed, area_code)
    return checked


def _leave_out(checked: Checked, halted: set[str]) -> None:
    listed, title = checked.listed, checked.listed.columns.number.title
    for one in listed.recipients if halted else ():
        if one.number in halted:
            checked.unreachable.add(Problem(one.row, title, "cannot_be_texted"))
    listed.recipients = [one for one in listed.recipients if one.number not in halted]


def _halted(numbers: Sequence[str]) -> set[str]:
    state = NumberState
    said = sa.or_(*(column.is_not(None) for column in (state.stopped_at, state.wrong_person_at, state.invalid_at)))
    found: set[str] = set()
    for some in _chunks(numbers):
        found.update(db.session.scalars(sa.select(state.number).where(_among(state.number, some), said)))
    return found


def _refused_elsewhere(numbers: Sequence[str], area_code: str) -> set[str]:
    """Numbers of somebody elsewhere to whose phone no text may go: the claim would hold them back (outbox/checks.py),
    and what is held back of a list of one row would tell who is registered elsewhere."""
    found: set[str] = set()
    query = sa.select(holder.c.number).join(theirs, theirs.c.id == holder.c.person_id)
    elsewhere = (holder.c.removed_at.is_(None), ~within(theirs.c.area_code, area_code))
    against = query.where(*elsewhere, stands_against(holder, theirs))
    for some in _chunks(numbers):
        found.update(db.session.scalars(against.where(_among(holder.c.number, some)), reaching.at(clock.now())))
    return found


def _people(numbers: Sequence[str], area_code: str) -> dict[str, tuple[int, str]]:
    """Of several with one number the one whose phone must not be texted, then whose own it is, then the newest."""
    order = (Phone.do_not_text, Phone.reader == SELF, Phone.id)
    found: dict[str, tuple[int, str]] = {}
    for some in _chunks(numbers):
        query = sa.select(Phone.number, Person.id, Person.area_code).join(Person, Person.id == Phone.person_id)
        living = query.where(
            _among(Phone.number, some), Phone.removed_at.is_(None), within(Person.area_code, area_code)
        )
        # The last of a number stays.
        found |= {number: (person, area) for number, person, area in db.session.execute(living.order_by(*order))}
    return found


def _place(listed: Listed, area_code: str) -> None:
    """Villages that there are not, or that are not in the area, are noted; the row counts for the whole area then."""
    told = sorted({one.area_code for one in listed.recipients if one.area_code})
    known: set[str] = set()
    for some in _chunks(told):
        known.update(db.session.scalars(sa.select(Area.code).where(_among(Area.code, some))))
    wrong = {code: _why_not(code, area_code, known) for code in told}
    if any(wrong.values()):
        title = listed.columns.village.title if listed.columns.village else ""
        listed.recipients = [_without_village(one, wrong, listed.notes, title) for one in listed.recipients]


def _why_not(code: str, area_code: str, known: set[str]) -> str:
    if not is_within(code, area_code):
        return "village_elsewhere"
    return "" if code in known else "no_village"


def _without_village(one: Recipient, wrong: dict[str, str], notes: Told, title: str) -> Recipient:
    if not (why := wrong.get(one.area_code)):
        return one
    notes.add(Problem(one.row, title, why))
    return one._replace(area_code="")


def _chunks(values: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(values), CHUNK):
        yield values[start : start + CHUNK]


def _among(column: Any, values: Sequence[str]) -> sa.ColumnElement[bool]:
    """Is it one of these? They are one parameter: thousands would each be a word of the statement."""
    if db.session.get_bind().dialect.name == "postgresql":
        return sa.and_(column == sa.any_(sa.cast(list(values), ARRAY(sa.String))))
    each = sa.func.json_each(json.dumps(values)).table_valued("value")
    return sa.and_(column.in_(sa.select(each.c.value)))
