"""Forms of a person: what is asked at registration and afterwards, and what is said when it does not fit."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from webapp.areas.model import Area
from webapp.db import db
from webapp.people import candidates
from webapp.people import nik as niks
from webapp.people.birth import BirthField
from webapp.people.choices import EDUCATION, HOW_GIVEN, LANGUAGES, NIK_WARNINGS, SEXES
from webapp.people.duplicates import Identity
from webapp.people.fields import (
    NO,
    ConsentFields,
    ContactFields,
    NumberField,
    PhoneFields,
    at_most,
    complain,
    options,
    stripped,
)
from webapp.people.model import SELF
from webapp.people.names import fold

OLDEST_YEARS = 110


class PersonForm(FlaskForm):
    """Who a person is. Birth as a date, or only a year, or only an age."""

    name = StringField(
        _l("Full name"),
        filters=[stripped],
        validators=[DataRequired(_l("Write the name.")), at_most(100)],
        render_kw={"autocomplete": "off", "autocapitalize": "words"},
    )
    sex = RadioField(_l("Sex"), choices=options(SEXES), validators=[InputRequired(_l("Choose woman or man."))])
    birth_date = BirthField(_l("Date of birth"))
    age = IntegerField(_l("Age in years"), validators=[Optional()], render_kw={"inputmode": "numeric"})
    nik = StringField(
        _l("NIK"), validators=[Optional(), at_most(40)], render_kw={"inputmode": "numeric", "autocomplete": "off"}
    )
    nik_confirmed = BooleanField(_l("It stands so on the card"))
    address = StringField(
        _l("Address"), filters=[stripped], validators=[at_most(200)], render_kw={"autocomplete": "off"}
    )
    language = SelectField(_l("Language of texts"), choices=options(LANGUAGES), default="id")
    education = SelectField(_l("Education"), choices=options(EDUCATION), validators=[Optional()])

    def __init__(self, *args: Any, today: date, person_id: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today, self.person_id = today, person_id
        #: Shown only once something about the NIK has to be confirmed.
        self.nik_doubtful = bool(self.nik_confirmed.data)

    def validate(self, extra_validators: Any = None) -> bool:
        fits = super().validate(extra_validators)
        self.check_together()
        return fits and not self.errors

    def check_together(self) -> None:
        """What no field can check alone. An empty field that may stay empty runs no validator of its own."""
        if self.birth_date.year is not None and self.age.data is not None and not self.age.errors:
            by_age = self.today.year - self.age.data
            if not by_age - 1 <= self.birth_date.year <= by_age:
                complain(self.age, _l("Age and year of birth do not fit. Correct one, or leave the age empty."))
        if self.year_of_birth is None and not self.birth_date.errors and not self.age.errors:
            complain(self.birth_date, _l("Write the date of birth, or only the year, or only the age."))

    def validate_name(self, field: StringField) -> None:
        if not fold(field.data):
            raise ValidationError(_l("Write the name in Latin letters, as on the identity card."))

    def validate_birth_date(self, field: BirthField) -> None:
        if field.year is not None and not self.today.year - OLDEST_YEARS <= field.year <= self.today.year:
            raise ValidationError(_l("Check the year: this date cannot be right."))
        if field.data and field.data > self.today:
            raise ValidationError(_l("This day has not come yet."))

    def validate_age(self, field: IntegerField) -> None:
        if field.data is not None and not 0 <= field.data <= OLDEST_YEARS:
            raise ValidationError(_l("Write the age in years, for example 32."))

    def validate_nik(self, field: StringField) -> None:
        try:
            field.data = niks.normalise(field.data)
        except niks.BadNik:
            raise ValidationError(_l("A NIK has 16 digits. Leave it empty if it is not at hand.")) from None
        doubts = self._doubts_about(field.data)
        self.nik_doubtful = bool(doubts)
        if doubts and not self.nik_confirmed.data:
            words = " ".join(str(NIK_WARNINGS[doubt]) for doubt in doubts)
            raise ValidationError(
                _l("%(doubts)s Correct it, or tick below that it stands so on the card.", doubts=words)
            )

    def _doubts_about(self, nik: str) -> list[str]:
        doubts = niks.warnings(
            nik,
            sex=self.sex.data or "",
            birth_date=self.birth_date.data,
            birth_year=self.year_of_birth,
            regency_exists=lambda code: db.session.get(Area, code) is not None,
        )
        taken = self.person_id is not None and set(candidates.with_nik(nik)) - {self.person_id}
        return [*doubts, "taken"] if taken else doubts

    @property
    def year_of_birth(self) -> int | None:
        """As stated, or the earliest that a stated age allows: who is 18 today was born 18 or 19 years before
        this year's end, and Person.age_on counts from a year alone downwards."""
        if self.birth_date.year is not None:
            return self.birth_date.year
        return None if self.age.data is None else int(self.today.year - self.age.data - 1)

    @property
    def identity(self) -> Identity:
        return Identity(self.name.data, self.birth_date.data, self.year_of_birth)

    @property
    def fields(self) -> dict[str, Any]:
        """What Person.register and Person.change take."""
        values = {name: self[name].data or "" for name in ("name", "sex", "nik", "address", "language", "education")}
        return values | {"birth_date": self.birth_date.data, "birth_year": self.year_of_birth}


class RegistrationForm(PersonForm):
    """Everything about a new person, in about a minute: who, phone, family, consent."""

    area_code = HiddenField()
    phone = NumberField(_l("Phone"), validators=[Optional()])
    reader = PhoneFields.reader(required=False)
    contact_name = ContactFields.name(required=False)
    contact_relation = ContactFields.relation(required=False)
    contact_number = NumberField(_l("Phone of this relative"), validators=[Optional()])
    consent_data = ConsentFields.answer(
        "data", [InputRequired(_l("Ask this first: without it nothing may be stored."))]
    )
    consent_sms = ConsentFields.answer("sms")
    consent_forwarding = ConsentFields.answer("forwarding")
    how = RadioField(_l("How was it given?"), choices=options(HOW_GIVEN), default="spoken")
    witness = StringField(_l("Witness"), filters=[stripped], validators=[at_most(100)])
    #: Set by the page of likely duplicates: 'a different person'.
    different_person = HiddenField()
    #: Set by the same page: back to the form.
    again = HiddenField()

    def validate_consent_data(self, field: RadioField) -> None:
        if field.data == NO:
            raise ValidationError(_l("Without this consent nothing may be stored. Help the person without it."))

    def check_together(self) -> None:
        super().check_together()
        if self.phone.data and not self.reader.data:
            complain(self.reader, _l("Choose who reads this phone."))
        if any((self.contact_name.data, self.contact_relation.data, self.contact_number.data)):
            self._check_contact()
        if self.phone.data and self.reader.data == SELF and self.phone.data == self.contact_number.data:
            complain(
                self.reader,
                _l("This is also the relative's number, so others read it: choose so, or correct one of the numbers."),
            )

    def _check_contact(self) -> None:
        if not self.contact_name.data:
            complain(self.contact_name, _l("Write the relative's name."))
        if not self.contact_relation.data:
            complain(self.contact_relation, _l("Choose how they are related."))
        if not self.contact_number.data:
            complain(self.contact_number, _l("Write the relative's number as well, or leave all three empty."))

    @property
    def numbers(self) -> list[str]:
        return [self.phone.data] if self.phone.data else []

    @property
    def consents(self) -> dict[str, bool]:
        """Purpose → whether the person agrees, of those that were asked."""
        return ConsentFields.answers(self)

    @property
    def carried(self) -> list[tuple[str, str]]:
        """Everything that was typed, for the page that asks before it is stored."""
        left_out = ("different_person", "again", "client_id", "csrf_token", "account")
        return [(f.name, value) for f in self if f.name not in left_out for value in f.raw_data or []]


class EditForm(PersonForm):
    """Details of somebody registered. An empty NIK keeps the stored one."""

    remove_nik = BooleanField(_l("Remove the stored NIK"))

    @property
    def fields(self) -> dict[str, Any]:
        values = super().fields
        if self.remove_nik.data:
            return values | {"nik": ""}
        if not values["nik"]:
            del values["nik"]
        return values


class NoteForm(FlaskForm):
    words = TextAreaField(
        _l("Note"),
        filters=[stripped],
        validators=[
            DataRequired(_l("Write the note first.")),
            Length(max=500, message=_l("At most 500 letters.")),
        ],
    )
