"""Forms of coordinators: taking a report on, answering the checklist, the next state, letters and receipts."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Optional, ValidationError

from webapp.brokers.choices import MOVES, OFFICES
from webapp.brokers.states import CONFIRMED, moves_by_hand, needs_reason
from webapp.brokers.verification import ANSWERS
from webapp.people.fields import at_most, complain, options, stripped

LONGEST_REASON, LONGEST_NOTE = 300, 500
NO_REASON = _l("Write why, in a few words.")
NOT_THAT_DAY = _l("Check the day: it is still to come, or very long ago.")
EARLIEST = date(2000, 1, 1)


def _text(label: Any, most: int, hint: Any = "", needed: Any = None) -> TextAreaField:
    validators = [DataRequired(needed)] if needed else [Optional()]
    return TextAreaField(
        label,
        description=hint,
        filters=[lambda text: (text or "").strip()],
        validators=[*validators, at_most(most)],
        render_kw={"rows": 3},
    )


def _line(label: Any, most: int, hint: Any = "", needed: Any = None) -> StringField:
    validators = [DataRequired(needed)] if needed else [Optional()]
    return StringField(
        label,
        description=hint,
        filters=[stripped],
        validators=[*validators, at_most(most)],
        render_kw={"autocomplete": "off"},
    )


def _day(label: Any, needed: bool) -> DateField:
    words = _l("Write a day, such as 2026-11-30.")
    return DateField(label, validators=[InputRequired(words) if needed else Optional()])


def _may_have_been(day: date, today: date) -> bool:
    return EARLIEST <= day <= today


class TakeForm(FlaskForm):
    """Taking on what nobody has, or taking over from a colleague with a reason."""

    #: Who had it when the page was made; '' if nobody had.
    verifier_id = HiddenField()
    reason = _text(_l("Why do you take it over?"), LONGEST_REASON, _l("Your colleague reads it."))

    def __init__(self, *args: Any, taken: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.taken = taken

    def validate(self, extra_validators: Any = None) -> bool:
        fits = super().validate(extra_validators)
        if self.taken and not self.reason.data:
            complain(self.reason, NO_REASON)
        return fits and not self.errors


class CheckForm(FlaskForm):
    """One question of the checklist."""

    answer = RadioField(
        _l("Answer"), choices=options(ANSWERS), validators=[InputRequired(_l("Choose what fits best."))]
    )
    note = _text(
        _l("Note"), LONGEST_REASON, _l("What you saw or heard, and from whom. Nothing that leads to the reporter.")
    )


class MoveForm(FlaskForm):
    """The next state."""

    #: Where it stood when the page was made.
    from_state = HiddenField()
    to = RadioField(_l("What comes next?"), validators=[InputRequired(_l("Choose what comes next."))])
    reason = _text(_l("Why?"), LONGEST_REASON, _l("Needed at each end, and to take it up again."))
    office = _line(_l("Which office has confirmed it?"), 120, _l("For example Polres Cilacap, or a court."))
    document = _line(_l("Number of its letter or verdict"), 80)
    confirmed_on = _day(_l("Its day"), needed=False)

    def __init__(self, *args: Any, state: str, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.state, self.today = state, today
        self.to.choices = options({to: MOVES[to] for to in moves_by_hand(state)})

    @property
    def may_be_confirmed(self) -> bool:
        return CONFIRMED in moves_by_hand(self.state)

    @property
    def confirmation(self) -> dict[str, Any]:
        """By which document an office confirmed it, for acts.move."""
        if self.to.data != CONFIRMED:
            return {}
        day = self.confirmed_on.data.isoformat()
        return {"confirmed": {"office": self.office.data, "number": self.document.data, "day": day}}

    def validate(self, extra_validators: Any = None) -> bool:
        fits = super().validate(extra_validators)
        if self.to.data == CONFIRMED:
            self._require_document()
        if not self.reason.data and self.to.data and needs_reason(self.state, self.to.data):
            complain(self.reason, NO_REASON)
        return fits and not self.errors

    def _require_document(self) -> None:
        needed = _l("Without the office, the number and the day of its document nothing is officially confirmed.")
        for field in (self.office, self.document, self.confirmed_on):
            if not field.data and not field.errors:
                complain(field, needed)
        if self.confirmed_on.data and not _may_have_been(self.confirmed_on.data, self.today):
            complain(self.confirmed_on, NOT_THAT_DAY)


class ReferralForm(FlaskForm):
    """A letter to an office. Offices that the reporter did not agree to need a reason."""

    #: What referral.refer takes.
    FACTS = ("office", "addressee", "letter_number", "note", "without_consent")

    office = RadioField(
        _l("To which office?"), choices=options(OFFICES), validators=[InputRequired(_l("Choose the office."))]
    )
    addressee = _line(
        _l("To whom exactly?"),
        120,
        _l("As it stands on the letter, for example 'Kapolres Cilacap, u.p. Unit PPA'."),
        needed=_l("Write to whom the letter goes."),
    )
    letter_number = _line(_l("Number of our letter"), 60, _l("May be written by hand later."))
    note = _text(
        _l("What must the office know?"),
        LONGEST_NOTE,
        _l("Stands in the letter, with the facts of the report. Name neither the reporter nor anybody close to them."),
    )
    without_consent = _text(
        _l("Without the reporter's consent: why must it be told all the same?"),
        LONGEST_REASON,
        _l("Only a duty by law, or people in danger. It stays with the report."),
    )

    def __init__(self, *args: Any, agreed: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agreed = agreed

    def validate(self, extra_validators: Any = None) -> bool:
        fits = super().validate(extra_validators)
        if self.office.data in OFFICES and self.office.data not in self.agreed and not self.without_consent.data:
            complain(
                self.without_consent,
                _l("The reporter did not agree to this office. Ask first, or write which duty or danger there is."),
            )
        return fits and not self.errors


class ReceiptForm(FlaskForm):
    """The office has the letter."""

    received_by = _line(_l("Who took the letter?"), 80, _l("Name and rank."), needed=_l("Write who took it."))
    receipt_number = _line(_l("Their number for it"), 60)
    on_day = _day(_l("On which day?"), needed=True)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def validate_on_day(self, field: DateField) -> None:
        if field.data and not _may_have_been(field.data, self.today):
            raise ValidationError(NOT_THAT_DAY)


class SeparationForm(FlaskForm):
    """Two reports were not of the same event."""

    reason = _text(_l("Why are they two events?"), LONGEST_REASON, needed=NO_REASON)
