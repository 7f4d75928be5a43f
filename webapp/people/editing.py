"""The edits of a person, their phones, relatives and path; see conflicts.py for what happens when two edit at once."""

from __future__ import annotations

from datetime import date

from sms.phone import mask
from webapp.people import questions
from webapp.people.conflicts import Edit, Story
from webapp.people.form import EditForm
from webapp.people.model import FamilyContact, Person, Phone


def form_of(person: Person, today: date) -> EditForm:
    """The form with what is stored; the NIK stays masked beside it."""
    stored = {name: getattr(person, name) for name in ("name", "sex", "address", "language", "education")}
    birth = person.birth_date or person.birth_year
    return EditForm(formdata=None, today=today, person_id=person.id, data=stored | {"birth_date": birth})


def of_details(person: Person) -> Edit:
    return Edit(questions.DETAILS, person, Story(person, person.version, ("details_changed",), "details_chosen"))


def of_phone(person: Person, phone: Phone) -> Edit:
    kinds = ("phone_added", "phone_changed", "phone_confirmed")
    about = {"phone": phone.id, "number": mask(phone.number)}
    return Edit(questions.PHONE, phone, Story(person, person.version, kinds, "phone_chosen", about))


def of_contact(person: Person, contact: FamilyContact) -> Edit:
    about = {"contact": contact.id}
    return Edit(
        questions.CONTACT, contact, Story(person, person.version, ("contact_changed",), "contact_chosen", about)
    )


def of_stage(person: Person) -> Edit:
    kinds = ("stage_moved", "stage_taken_back")
    return Edit(questions.STAGE, person, Story(person, person.version, kinds, "stage_chosen"))


def of_mark(person: Person) -> Edit:
    kinds = ("nonprocedural_marked", "nonprocedural_unmarked")
    return Edit(questions.MARK, person, Story(person, person.version, kinds, "nonprocedural_chosen"))
