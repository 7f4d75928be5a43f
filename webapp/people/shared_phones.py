"""What an officer says of a phone against what is known already: that others read it.

"Only this person" opens a phone to personal and sensitive texts (reach.py), so nothing may contradict it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from webapp.accounts import audit
from webapp.db import db
from webapp.people.fields import complain
from webapp.people.form import RegistrationForm
from webapp.people.model import SELF, NumberState, Person, Phone
from webapp.people.path_form import ContactForm, PhoneForm, PhoneUseForm

READ_BY_OTHERS = _l(
    "A relative or another person is stored with this number, so others read it: choose so, or correct it."
)


def refused(person: Person, form: PhoneForm) -> bool:
    """Does the form of a new phone contradict what is known? Then the field says so."""
    if _is_stored(person, form.number.data):
        complain(form.number, _l("This number is stored already. Open it on the person's page to change it."))
    elif form.reader.data == SELF and is_read_by_others(person, form.number.data):
        complain(form.reader, READ_BY_OTHERS)
    return bool(form.errors)


def refused_change(person: Person, form: PhoneUseForm, phone: Phone, use: Mapping[str, Any]) -> bool:
    """Would a phone that others read become the person's own? `use`: what is to be stored of the form."""
    becomes_own = use.get("reader") == SELF and phone.reader != SELF
    if becomes_own and is_read_by_others(person, phone.number):
        complain(form.reader, READ_BY_OTHERS)
    return bool(form.errors)


def refused_at_registration(form: RegistrationForm) -> bool:
    """Is the new person's 'own' phone also somebody else's, of whom the officer said that it is a different person?"""
    if form.reader.data == SELF and form.numbers and _is_somebodys(form.numbers[0], None):
        complain(form.reader, READ_BY_OTHERS)
    return bool(form.errors)


def _is_stored(person: Person, number: str) -> bool:
    """One that is halted may be entered again: that is how an officer says that it is right after all."""
    state = db.session.get(NumberState, number)
    if state is not None and (state.wrong_person_at or state.invalid_at):
        return False
    return any(phone.number == number for phone in person.phones_in_use)


def refused_of_relative(person: Person, form: ContactForm) -> bool:
    """Is a relative's number the person's own phone, which nobody else is said to read?"""
    own = [phone.number for phone in person.phones_in_use if phone.reader == SELF]
    if form.number.data in own:
        complain(
            form.number,
            _l("This is the person's own phone. If the relative reads it too, say so at that phone first."),
        )
    return bool(form.errors)


def is_read_by_others(person: Person, number: str) -> bool:
    """Is this number also a relative's of this person, or a phone of somebody else?"""
    if any(contact.number == number for contact in person.contacts_in_use):
        return True
    return _is_somebodys(number, person)


def _is_somebodys(number: str, person: Person | None) -> bool:
    other = db.session.execute(_others_with(number, person).limit(1)).first()
    if other is not None:
        audit.seen("person", other.id, other.area_code, detail="alike")
    return other is not None


def _others_with(number: str, person: Person | None) -> sa.Select[tuple[int, str]]:
    """Not whoever had it when SALAH came from there: they lose it as soon as it is somebody's."""
    said_at = sa.select(NumberState.wrong_person_at).where(NumberState.number == number).scalar_subquery()
    theirs = sa.or_(said_at.is_(None), Phone.added_at > said_at)
    query = sa.select(Person.id, Person.area_code).join(Phone, Phone.person_id == Person.id)
    if person is not None:
        query = query.where(Phone.person_id != person.id)
    return query.where(Phone.number == number, Phone.removed_at.is_(None), theirs)
