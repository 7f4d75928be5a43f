"""Forms of a departure: what is asked, and what is said when it does not fit."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    MonthField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from webapp.departures import queries
from webapp.departures.choices import CALL_OUTCOMES, SCHEMES, SECTORS
from webapp.departures.model import Departure, Paper
from webapp.departures.numbers import plain_number

EARLIEST, LATEST = date(1980, 1, 1), date(2099, 12, 31)


def options(words: dict[str, Any]) -> list[SelectChoice]:
    """Choices of a field from stored value → words."""
    return [SelectChoice(value, label) for value, label in words.items()]


def plausible(_form: FlaskForm, field: DateField) -> None:
    if field.data and not EARLIEST <= field.data <= LATEST:
        raise ValidationError(_l("Check the year: this date cannot be right."))


class DepartureForm(FlaskForm):
    """A new or changed departure. Only destination and scheme are required; the rest becomes known."""

    destination_code = SelectField(
        _l("Destination"), validators=[InputRequired(_l("Choose the country of destination."))]
    )
    scheme = SelectField(
        _l("By which way does the person leave?"),
        choices=options({"": _l("Choose…"), **SCHEMES}),
        validators=[InputRequired(_l("Choose how the person leaves."))],
    )
    planned_on = DateField(_l("Day of departure"), validators=[Optional(), plausible])
    #: Shown only once the day has passed.
    has_left = BooleanField(_l("The person left on this day"))
    planned_month = MonthField(_l("Or only the month"), validators=[Optional(), plausible])
    sector = SelectField(_l("Kind of work"), choices=options(SECTORS), validators=[Optional()])
    job = StringField(_l("Job"), validators=[Length(max=80, message=_l("At most 80 letters."))])
    agency = StringField(_l("Agency (P3MI)"), validators=[Length(max=100, message=_l("At most 100 letters."))])
    employer = StringField(_l("Employer"), validators=[Length(max=100, message=_l("At most 100 letters."))])
    port = StringField(_l("Airport or port"), validators=[Length(max=60, message=_l("At most 60 letters."))])
    contract_start = DateField(_l("Contract begins"), validators=[Optional(), plausible])
    contract_end = DateField(_l("Contract ends"), validators=[Optional(), plausible])

    def __init__(self, *args: Any, today: date, stored: Departure | None = None, **kwargs: Any) -> None:
        """`stored`: the departure that is changed; its own planned day may have passed."""
        super().__init__(*args, **kwargs)
        self.today, self.stored = today, stored
        english = str(get_locale()) == "en"
        names = {d.code: d.name_en if english else d.name_id for d in queries.destinations()}
        self.destination_code.choices = options({"": _l("Choose…"), **names})

    @property
    def asks_who_left(self) -> bool:
        """The day has passed, and nobody has noted yet that the person left."""
        day = self.planned_on.data
        noted = self.stored is not None and self.stored.departed_on is not None
        return day is not None and day < self.today and not noted

    @property
    def left_on(self) -> date | None:
        """The day on which the person has left already, if the form says so."""
        return self.planned_on.data if self.asks_who_left and self.has_left.data else None

    def validate_planned_on(self, field: DateField) -> None:
        known = self.stored is not None and self.stored.planned_on == field.data
        if self.asks_who_left and not self.has_left.data and not known:
            raise ValidationError(_l("This day has passed. Correct it, or tick below that the person left on it."))

    def validate_contract_end(self, field: DateField) -> None:
        if field.data and self.contract_start.data and field.data <= self.contract_start.data:
            raise ValidationError(_l("The contract ends after it begins."))

    @property
    def fields(self) -> dict[str, Any]:
        """What `acts.record` and `acts.change` take. A known day makes the month superfluous."""
        values = {name: self[name].data for name in FIELD_NAMES}
        for name in ("sector", "job", "agency", "employer", "port"):
            values[name] = (values[name] or "").strip()
        if values["planned_on"]:
            values["planned_month"] = None
        return values


FIELD_NAMES = (
    "destination_code", "scheme", "planned_on", "planned_month", "sector", "job", "agency", "employer", "port",
    "contract_start", "contract_end",
)  # fmt: skip


class PaperForm(FlaskForm):
    """One item of the checklist done, on a day, with number and expiry where the item has them."""

    #: Sent by the button beside a paper that is missing, which says nothing but 'done'.
    one_tap = BooleanField()
    done_on = DateField(_l("Done on"), validators=[InputRequired(_l("Say on which day.")), plausible])
    number = StringField(_l("Number"), validators=[Length(max=30, message=_l("At most 30 letters."))])
    expires_on = DateField(_l("Valid until"), validators=[Optional(), plausible])

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def validate_done_on(self, field: DateField) -> None:
        if field.data and field.data > self.today:
            raise ValidationError(_l("This day has not come yet."))

    def facts(self, known: Paper | None) -> dict[str, Any]:
        """What `acts.keep_paper` takes. An expiry that the form did not ask for stays as it is; an emptied one goes.

        An empty number keeps the stored one.
        """
        expires_on = self.expires_on.data
        if known is not None and not self.expires_on.raw_data:
            expires_on = known.expires_on
        facts = {"done_on": self.done_on.data, "expires_on": expires_on}
        number = plain_number(self.number.data or "")
        return facts | ({"whole_number": number} if number else {})


class DayForm(FlaskForm):
    """Leaving or coming home on a day that has already come."""

    on_day = DateField(_l("On which day"), validators=[InputRequired(_l("Say on which day.")), plausible])

    def __init__(
        self, *args: Any, today: date, left_on: date | None = None, home_on: date | None = None, **kwargs: Any
    ) -> None:
        """A day of coming home is not before `left_on`, a day of leaving not after `home_on`."""
        super().__init__(*args, **kwargs)
        self.today, self.left_on, self.home_on = today, left_on, home_on

    def validate_on_day(self, field: DateField) -> None:
        if not field.data:
            return
        if field.data > self.today:
            raise ValidationError(_l("This day has not come yet."))
        if self.left_on and field.data < self.left_on:
            raise ValidationError(_l("This is before the day of leaving. Correct that first if it is wrong."))
        if self.home_on and field.data > self.home_on:
            raise ValidationError(_l("This is after the day of coming home. Correct that first if it is wrong."))


class ReasonForm(FlaskForm):
    """Why a departure is postponed, cancelled or taken up again; kept in the timeline."""

    reason = TextAreaField(
        _l("Reason"),
        validators=[
            InputRequired(_l("Write the reason in a few words.")),
            Length(max=300, message=_l("At most 300 letters.")),
        ],
    )

    @property
    def facts(self) -> tuple[Any, ...]:
        """What the act takes."""
        return (self.reason.data,)


class NewDayForm(ReasonForm):
    """The same where the day of departure must be said anew, or that nobody knows it yet."""

    planned_on = DateField(_l("New day of departure"), validators=[Optional(), plausible])
    not_known = BooleanField(_l("The day is not known yet"))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def validate_planned_on(self, field: DateField) -> None:
        if field.data and field.data < self.today:
            raise ValidationError(_l("This day has passed. Write the new one, or tick that it is not known yet."))

    def validate_not_known(self, field: BooleanField) -> None:
        """Asked here, since an empty day is not asked whether it fits."""
        if not self.planned_on.raw_data or not self.planned_on.raw_data[0].strip():
            if not field.data:
                raise ValidationError(_l("Write the new day, or tick that it is not known yet."))
        elif field.data:
            raise ValidationError(_l("A day is written above. Empty it, or take this tick away."))

    @property
    def facts(self) -> tuple[Any, ...]:
        return self.reason.data, self.planned_on.data


class CallForm(FlaskForm):
    """What came of calling a person or family who did not answer a text."""

    outcome = RadioField(
        _l("What did you learn?"),
        choices=options(CALL_OUTCOMES),
        validators=[InputRequired(_l("Choose what you learned."))],
    )
    note = TextAreaField(_l("Note"), validators=[Length(max=300, message=_l("At most 300 letters."))])
