"""Forms of what happens to a person: phones, relatives, consents, stages."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Optional, ValidationError

from webapp.people.choices import HOW_GIVEN, STAGES
from webapp.people.fields import (
    ConsentFields,
    ContactFields,
    NumberField,
    PhoneFields,
    at_most,
    complain,
    options,
    stripped,
)
from webapp.people.stages import DECEASED, MOVES

FROM_HOURS = {"": _l("As usual")} | {str(hour): f"{hour:02}.00" for hour in range(24)}
UNTIL_HOURS = {"": _l("As usual")} | {str(hour): f"{hour:02}.00" for hour in range(1, 25)}
EARLIEST = date(1980, 1, 1)


def hour_or_none(text: str | None) -> int | None:
    """None for the usual hours, and for what is no choice, which the field itself refuses."""
    return int(text) if text and text in FROM_HOURS | UNTIL_HOURS else None


class PhoneUseForm(FlaskForm):
    """Who reads a phone and when it may be texted."""

    reader = PhoneFields.reader(required=True)
    do_not_text = BooleanField(_l("Do not text this phone"))
    safe_from_hour = SelectField(_l("Safe from"), choices=options(FROM_HOURS), coerce=str, validators=[Optional()])
    safe_until_hour = SelectField(_l("Safe until"), choices=options(UNTIL_HOURS), coerce=str, validators=[Optional()])

    def validate_safe_from_hour(self, _field: SelectField) -> None:
        """Asked only if it was chosen, as the one below."""
        if hour_or_none(self.safe_until_hour.data) is None:
            raise ValidationError(_l("Choose both hours, or leave both as usual."))

    def validate_safe_until_hour(self, field: SelectField) -> None:
        begin, end = hour_or_none(self.safe_from_hour.data), hour_or_none(field.data)
        if begin is None:
            raise ValidationError(_l("Choose both hours, or leave both as usual."))
        if end is not None and end <= begin:
            raise ValidationError(_l("The safe hours end after they begin."))

    @property
    def use(self) -> dict[str, Any]:
        """What Person.add_phone and Person.change_phone take besides number and reader."""
        return {
            "do_not_text": self.do_not_text.data,
            "safe_from_hour": hour_or_none(self.safe_from_hour.data),
            "safe_until_hour": hour_or_none(self.safe_until_hour.data),
        }


class PhoneForm(PhoneUseForm):
    number = NumberField(_l("Phone"), validators=[InputRequired(_l("Write the number."))])


class ContactForm(FlaskForm):
    """A relative to call in need."""

    name = ContactFields.name(required=True)
    relation = ContactFields.relation(required=True)
    number = NumberField(_l("Phone of this relative"), validators=[InputRequired(_l("Write the number."))])

    @property
    def fields(self) -> dict[str, str]:
        """What Person.change_contact takes."""
        return {"name": self.name.data, "relation": self.relation.data, "number": self.number.data}


class ConsentForm(FlaskForm):
    """Consent to each purpose, given or withdrawn. Withdrawing needs nothing but the word."""

    consent_data = ConsentFields.answer("data")
    consent_sms = ConsentFields.answer("sms")
    consent_forwarding = ConsentFields.answer("forwarding")
    how = RadioField(_l("How was it given?"), choices=options(HOW_GIVEN), default="spoken")
    witness = StringField(_l("Witness"), filters=[stripped], validators=[at_most(100)])

    def validate(self, extra_validators: Any = None) -> bool:
        fits = super().validate(extra_validators)
        if fits and not self.consents:
            complain(self.consent_data, _l("Choose for at least one of the three what the person says."))
        return fits and not self.errors

    @property
    def consents(self) -> dict[str, bool]:
        """Purpose → whether the person agrees, of those that were asked."""
        return ConsentFields.answers(self)


class StageForm(FlaskForm):
    """The next step on the path, on a day that has come."""

    stage = RadioField(_l("New stage"), validators=[InputRequired(_l("Choose the new stage."))])
    on_day = DateField(_l("Since which day?"), validators=[InputRequired(_l("Say on which day."))])
    reason = TextAreaField(_l("Reason or remark"), filters=[stripped], validators=[at_most(300)])

    def __init__(self, *args: Any, from_stage: str, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.stage.choices = options({stage: STAGES[stage] for stage in MOVES.get(from_stage, ())})

    def validate_reason(self, field: TextAreaField) -> None:
        """Not by a slip of the thumb: it ends every text."""
        if self.stage.data == DECEASED and not field.data:
            raise ValidationError(_l("Write from whom you know it. All texts to this person end."))

    def validate_on_day(self, field: DateField) -> None:
        if field.data is None:
            return  # what was typed is no date; the field itself says so
        if field.data > self.today:
            raise ValidationError(_l("This day has not come yet."))
        if field.data < EARLIEST:
            raise ValidationError(_l("Check the year: this date cannot be right."))


class BecauseForm(FlaskForm):
    """A correction, with its reason."""

    reason = TextAreaField(
        _l("Reason"),
        filters=[stripped],
        validators=[DataRequired(_l("Write the reason in a few words.")), at_most(300)],
    )


class ReversalForm(BecauseForm):
    """The same of the newest step. Its id goes along: to take back what was taken back needs a page that shows it."""

    move_id = HiddenField()


class NonproceduralForm(FlaskForm):
    """The mark that somebody goes or went outside the legal path."""

    marked = RadioField(
        _l("Does or did this person leave outside the legal path (nonprosedural)?"),
        choices=options({"yes": _l("Yes"), "no": _l("No")}),
        validators=[InputRequired(_l("Choose yes or no."))],
    )
    reason = TextAreaField(_l("What is known about it?"), filters=[stripped], validators=[at_most(300)])
