"""Fields that several forms of people share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Field, Form, RadioField, SelectField, StringField
from wtforms.fields import TelField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from sms.phone import BadNumber, normalise
from webapp.people.choices import BAD_NUMBERS, PURPOSES, READERS, RELATIONS

LONGEST_NUMBER = 30
YES, NO = "yes", "no"
#: What the person says to one purpose of consent.
ANSWERS = {YES: _l("Agrees"), NO: _l("Does not agree")}


def stripped(text: str | None) -> str:
    """Without spaces at the ends, and with single ones between."""
    return " ".join((text or "").split())


def options(words: Mapping[str, Any]) -> list[SelectChoice]:
    """What a select or a row of radio buttons offers: value → words."""
    return [SelectChoice(value, label) for value, label in words.items()]


def at_most(letters: int) -> Length:
    return Length(max=letters, message=_l("At most %(letters)s letters.", letters=letters))


def complain(field: Field, words: Any) -> None:
    """Add words to what is wrong with a field."""
    field.errors = [*field.errors, words]


class NumberField(TelField):
    """A phone number in any spelling; its data is E.164 once it validates."""

    data: str

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, render_kw={"autocomplete": "off", "inputmode": "tel"}, **kwargs)

    def pre_validate(self, _form: Any) -> None:
        if not (self.data or "").strip():
            self.data = ""
            return
        if len(self.data) > LONGEST_NUMBER:
            raise ValidationError(BAD_NUMBERS["too_long"])
        try:
            self.data = normalise(self.data)
        except BadNumber as error:
            raise ValidationError(BAD_NUMBERS[error.reason]) from None

    def _value(self) -> str:
        """What was typed, in a form that is shown again."""
        return self.raw_data[0] if self.raw_data else self.data or ""


class PhoneFields:
    """Makers of a phone's fields; required where the form is about the phone itself."""

    @staticmethod
    def reader(*, required: bool) -> RadioField:
        needed = InputRequired(_l("Choose who reads this phone.")) if required else Optional()
        return RadioField(_l("Who reads this phone?"), choices=options(READERS), validators=[needed])


class ContactFields:
    """Makers of a family contact's fields."""

    @staticmethod
    def name(*, required: bool) -> StringField:
        needed = [DataRequired(_l("Write the relative's name."))] if required else []
        return StringField(
            _l("Name of a relative to call in need"),
            filters=[stripped],
            validators=[*needed, at_most(100)],
            render_kw={"autocomplete": "off", "autocapitalize": "words"},
        )

    @staticmethod
    def relation(*, required: bool) -> SelectField:
        needed = InputRequired(_l("Choose how they are related.")) if required else Optional()
        choices = options({"": _l("Choose…"), **RELATIONS})
        return SelectField(_l("How are they related?"), choices=choices, validators=[needed])


class ConsentFields:
    """One question for each purpose; what was not asked has no answer."""

    @staticmethod
    def answer(purpose: str, needed: Sequence[Any] = ()) -> RadioField:
        return RadioField(PURPOSES[purpose], choices=options(ANSWERS), validators=[*needed] or [Optional()])

    @staticmethod
    def answers(form: Form) -> dict[str, bool]:
        """Purpose → whether the person agrees, of those that were asked in the form's fields consent_…"""
        return {purpose: field.data == YES for purpose in PURPOSES if (field := form[f"consent_{purpose}"]).data}
