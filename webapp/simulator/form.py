"""Forms of the pretend phones: an answer, another day, how the network behaves."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, DecimalField, IntegerField, SelectChoice, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, ValidationError

from sms.gateways.simulator import BUSY, NO_SUCH_NUMBER, UNDELIVERED, Behaviour

LONGEST_ANSWER = 480
#: A demonstration further away than that shows nothing of this programme.
FARTHEST = timedelta(days=3653)
PERCENT = NumberRange(min=0, max=100, message=_l("A number from 0 to 100."))
NUMBER_MISSING = InputRequired(_l("Write a number, also if it is 0."))


class AnswerForm(FlaskForm):
    """What the owner of a phone writes."""

    body = TextAreaField(
        _l("Answer from this phone"),
        validators=[
            InputRequired(_l("Write something first.")),
            Length(max=LONGEST_ANSWER, message=_l("At most three texts, 480 letters.")),
        ],
    )


class DayForm(FlaskForm):
    """The day that the demonstration takes for today."""

    day = DateField(_l("Let today be"), validators=[InputRequired(_l("Choose a day."))])

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def validate_day(self, field: DateField) -> None:
        if field.data and abs(field.data - self.today) > FARTHEST:
            raise ValidationError(_l("Choose a day within ten years."))


class BehaviourForm(FlaskForm):
    """Good and bad days of a mobile network."""

    delay_seconds = DecimalField(
        _l("Seconds until a text arrives"),
        places=1,
        validators=[NUMBER_MISSING, NumberRange(min=0, max=3600, message=_l("A number from 0 to 3600."))],
    )
    fail_percent = IntegerField(_l("Texts that fail, of 100"), validators=[NUMBER_MISSING, PERCENT])
    failure = SelectField(
        _l("How they fail"),
        choices=[
            SelectChoice(BUSY, _l("The network is busy and refuses")),
            SelectChoice(NO_SUCH_NUMBER, _l("There is no such number")),
            SelectChoice(UNDELIVERED, _l("Taken, but never delivered")),
        ],
    )
    drop_answer_percent = IntegerField(
        _l("Texts taken without an answer to the worker, of 100"), validators=[NUMBER_MISSING, PERCENT]
    )
    duplicate_receipts = BooleanField(_l("Every receipt comes twice"))
    reorder_receipts = BooleanField(_l("Receipts come in any order"))

    @property
    def behaviour(self) -> Behaviour:
        return Behaviour(
            delay_seconds=float(self.delay_seconds.data),
            fail_percent=self.fail_percent.data,
            failure=self.failure.data,
            drop_answer_percent=self.drop_answer_percent.data,
            duplicate_receipts=self.duplicate_receipts.data,
            reorder_receipts=self.reorder_receipts.data,
        )
