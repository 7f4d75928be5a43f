"""From the form of a new person to the registry."""

from __future__ import annotations

from datetime import datetime

from webapp.accounts import audit
from webapp.accounts.model import Account
from webapp.areas.model import Area
from webapp.people import candidates, wording
from webapp.people.candidates import Likely
from webapp.people.form import RegistrationForm
from webapp.people.model import Person


def likely(form: RegistrationForm, village: Area, account: Account) -> Likely:
    """Who may be registered already. What of them is shown is noted in the audit log."""
    found = candidates.likely(form.identity, village.code, form.numbers, form.nik.data or "", account.area_code)
    for person, _ in found.seen:
        audit.seen("person", person.id, person.area_code)
    return found


def register(form: RegistrationForm, village: Area, account: Account, now: datetime, written: datetime) -> Person:
    """Store the person of a form that validated, with phone, relative and consents.

    `written`: when it was filled in, perhaps days ago without a signal; consent was given then.
    """
    person = Person.register(area_code=village.code, account=account, now=now, **form.fields)
    for purpose, given in form.consents.items():
        person.record_consent(
            purpose,
            given,
            account=account,
            now=now,
            how=form.how.data,
            witness=form.witness.data,
            language=wording.LANGUAGE,
            said_at=written,
        )
    for number in form.numbers:
        person.add_phone(number, form.reader.data, account=account, now=now)
    if form.contact_number.data:
        person.add_contact(
            form.contact_name.data, form.contact_relation.data, form.contact_number.data, account=account, now=now
        )
    return person
