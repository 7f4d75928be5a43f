"""Pages of how a person is reached: phones and family contacts."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from sms.phone import national
from webapp import clock
from webapp.accounts import audit
from webapp.accounts.access import current_account
from webapp.accounts.model import ADMINISTRATOR
from webapp.page import invalid, stored
from webapp.people import editing, shared_phones
from webapp.people.model import FamilyContact, Person, Phone
from webapp.people.path_form import ContactForm, PhoneForm, PhoneUseForm
from webapp.people.queries import people_of
from webapp.people.words import relation_in_words

phones = Blueprint("phones", __name__)
contacts = Blueprint("contacts", __name__)


@phones.get("/people/<int:person_id>/phones")
def new(person_id: int) -> str:
    return render_template("people/phone.html", person=people_of(current_account).get(person_id), form=PhoneForm())


@phones.post("/people/<int:person_id>/phones")
def create(person_id: int) -> Response | tuple[str, int]:
    person, form = people_of(current_account).to_change(person_id), PhoneForm()
    if not form.validate_on_submit() or shared_phones.refused(person, form):
        return invalid("people/phone.html", person=person, form=form)
    person.add_phone(form.number.data, form.reader.data, account=current_account, now=clock.now(), **form.use)
    if shared_phones.is_read_by_others(person, form.number.data):
        return _back(person, _l("The phone is stored. Somebody else is stored with this number too: is it right?"))
    return _back(person, _l("The phone is stored."))


@phones.get("/people/<int:person_id>/phones/<int:phone_id>")
def edit(person_id: int, phone_id: int) -> str:
    person = people_of(current_account).get(person_id)
    phone = _phone(person, phone_id)
    audit.seen("person", person.id, person.area_code)
    form, edit = PhoneUseForm(obj=phone), editing.of_phone(person, phone)
    return render_template("people/phone.html", person=person, phone=phone, form=form, edit=edit)


@phones.post("/people/<int:person_id>/phones/<int:phone_id>")
def update(person_id: int, phone_id: int) -> Response | tuple[str, int]:
    person, form = people_of(current_account).to_change(person_id), PhoneUseForm()
    phone, now = _phone(person, phone_id), clock.now()
    edit, use = editing.of_phone(person, phone), {"reader": form.reader.data, **form.use}
    fits = form.validate_on_submit() and not edit.contradicts(form, use)
    if not fits or shared_phones.refused_change(person, form, phone, edit.values):
        return invalid("people/phone.html", person=person, phone=phone, form=form, edit=edit)
    person.change_phone(phone, account=current_account, now=now, **edit.values)
    edit.tell(current_account, now)
    return _back(person, _l("The phone is stored."))


@phones.get("/people/<int:person_id>/phones/<int:phone_id>/removal")
def removal(person_id: int, phone_id: int) -> str:
    person = people_of(current_account).get(person_id)
    return render_template("people/phone_removal.html", person=person, phone=_phone(person, phone_id))


@phones.post("/people/<int:person_id>/phones/<int:phone_id>/removal")
def remove(person_id: int, phone_id: int) -> Response:
    person = people_of(current_account).to_change(person_id)
    person.remove_phone(_phone(person, phone_id), account=current_account, now=clock.now())
    return _back(person, _l("The phone is removed. Nothing is texted there any more."))


@contacts.get("/people/<int:person_id>/contacts")
def new_contact(person_id: int) -> str:
    person = people_of(current_account).get(person_id)
    return render_template("people/contact.html", person=person, form=ContactForm())


@contacts.post("/people/<int:person_id>/contacts")
def create_contact(person_id: int) -> Response | tuple[str, int]:
    person, form = people_of(current_account).to_change(person_id), ContactForm()
    if not form.validate_on_submit() or shared_phones.refused_of_relative(person, form):
        return invalid("people/contact.html", person=person, form=form)
    person.add_contact(form.name.data, form.relation.data, form.number.data, account=current_account, now=clock.now())
    return _back(person, _l("The relative is stored."))


@contacts.get("/people/<int:person_id>/contacts/<int:contact_id>")
def edit_contact(person_id: int, contact_id: int) -> str:
    person = people_of(current_account).get(person_id)
    contact = _contact(person, contact_id)
    audit.seen("person", person.id, person.area_code)
    form = ContactForm(obj=contact)
    # Only those who call see whole numbers.
    form.number.data = "" if current_account.role == ADMINISTRATOR else national(contact.number)
    edit = editing.of_contact(person, contact)
    return render_template("people/contact.html", person=person, contact=contact, form=form, edit=edit)


@contacts.post("/people/<int:person_id>/contacts/<int:contact_id>")
def update_contact(person_id: int, contact_id: int) -> Response | tuple[str, int]:
    person, form, now = people_of(current_account).to_change(person_id), ContactForm(), clock.now()
    contact = _contact(person, contact_id)
    edit = editing.of_contact(person, contact)
    fits = form.validate_on_submit() and not shared_phones.refused_of_relative(person, form)
    if not fits or edit.contradicts(form, form.fields):
        return invalid("people/contact.html", person=person, contact=contact, form=form, edit=edit)
    person.change_contact(contact, account=current_account, now=now, **edit.values)
    edit.tell(current_account, now)
    return _back(person, _l("The relative is stored."))


@contacts.get("/people/<int:person_id>/contacts/<int:contact_id>/removal")
def contact_removal(person_id: int, contact_id: int) -> str:
    person = people_of(current_account).get(person_id)
    contact = _contact(person, contact_id)
    words = {"relation_in_words": relation_in_words}
    return render_template("people/contact_removal.html", person=person, contact=contact, **words)


@contacts.post("/people/<int:person_id>/contacts/<int:contact_id>/removal")
def remove_contact(person_id: int, contact_id: int) -> Response:
    person = people_of(current_account).to_change(person_id)
    person.remove_contact(_contact(person, contact_id), account=current_account, now=clock.now())
    return _back(person, _l("The relative is removed."))


def _phone(person: Person, phone_id: int) -> Phone:
    return next((phone for phone in person.phones_in_use if phone.id == phone_id), None) or abort(404)


def _contact(person: Person, contact_id: int) -> FamilyContact:
    return next((contact for contact in person.contacts_in_use if contact.id == contact_id), None) or abort(404)


def _back(person: Person, message: object) -> Response:
    return stored(url_for("people.show", person_id=person.id, _anchor="reach"), message)
