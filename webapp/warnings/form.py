"""The forms of a warning: only choices and a few typed references, so that no words of a report can get in."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import DataRequired, InputRequired, Optional, Regexp, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from webapp.audiences.criteria import OFFERED_STAGES
from webapp.people.choices import STAGES
from webapp.people.fields import at_most, options, stripped
from webapp.people.stages import BEFORE
from webapp.warnings.levels import AREA_TEXT, COMPANY_TEXT, INDIVIDUAL_TEXT
from webapp.warnings.words import GIVEN_BACK, NOTICE_SOURCES, REASONS, STOPPED

#: 'KEP.123/PPTKLN/2026', 'UU 18/2017 Pasal 69 ayat (1)'.
REFERENCE = re.compile(r"[\w ./(),:-]+\Z", re.ASCII)
NAME = re.compile(r"[A-Za-z][A-Za-z .'-]*\Z")
#: Notices of the state stand on addresses of the state.
OFFICIAL_LINK = re.compile(r"https://([a-z0-9-]+\.)+go\.id(/[\w./?=&%-]*)?\Z", re.ASCII)


def _reference(label: Any, most: int, hint: Any) -> StringField:
    plain = Regexp(REFERENCE, message=_l("Write only letters, digits and . / ( ) , : -"))
    return StringField(
        label,
        filters=[stripped],
        validators=[Optional(), at_most(most), plain],
        description=hint,
        render_kw={"autocomplete": "off"},
    )


def _at_least_one(words: Any) -> Callable[[FlaskForm, SelectMultipleField], None]:
    """Not InputRequired: the browser would want every single box to be ticked."""

    def validate(_form: FlaskForm, field: SelectMultipleField) -> None:
        if not field.data:
            raise ValidationError(words)

    return validate


def _ticks(label: Any, needed: Any = None, hint: Any = "") -> SelectMultipleField:
    return SelectMultipleField(
        label,
        validators=[_at_least_one(needed)] if needed else [],
        description=hint,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )


def _choice(label: Any, words: Any = None) -> SelectField:
    """One of several, or none."""
    # Not validated as optional: that would skip what the form itself says of an empty one.
    choices = options({"": _l("Choose…"), **(words or {})})
    return SelectField(label, choices=choices, filters=[lambda value: value or ""])


class WarningForm(FlaskForm):
    """What it says and to whom it goes. Choices that depend on who asks are filled by drafting.form_for."""

    report_id = HiddenField()
    text_code = RadioField(_l("What does it say?"), validators=[InputRequired(_l("Choose a text."))])
    areas = _ticks(_l("Who gets it? Everybody in these areas"), _l("Choose at least one area."))
    stages = _ticks(_l("At which stage?"), _l("Choose at least one stage."))
    destinations = _ticks(_l("Who goes to which country?"), hint=_l("Without a tick: to whichever country."))
    urgent = BooleanField(
        _l("It cannot wait: send it now, also at night"),
        description=_l("Only if people are in danger before the morning. Otherwise it goes out between 8 and 20."),
    )
    reason = _choice(_l("Why can it not wait?"), REASONS)
    place = _choice(_l("Of which area does it speak?"))
    licence = _choice(_l("Which company?"))
    decision_number = _reference(
        _l("Number of the decision"), 60, _l("As it stands on the official letter or verdict.")
    )
    legal_basis = _reference(_l("Legal basis"), 120, _l("For example: UU 18/2017 Pasal 33."))

    def validate_reason(self, field: SelectField) -> None:
        if self.urgent.data and not field.data:
            raise ValidationError(_l("Say why it is urgent."))

    def validate_text_code(self, field: RadioField) -> None:
        needed = {AREA_TEXT: self.place, COMPANY_TEXT: self.licence}.get(field.data)
        if needed is not None and not needed.data:
            raise ValidationError(_l("This text needs a choice below: %(label)s", label=needed.label.text))

    @property
    def notice(self) -> dict[str, Any]:
        """Of a warning about a person; empty where they are switched off."""
        return {}


class IndividualForm(WarningForm):
    """Where warnings about a person are allowed: an official notice is quoted."""

    named = StringField(
        _l("Name, as the verdict has it"),
        filters=[stripped],
        validators=[Optional(), at_most(30), Regexp(NAME, message=_l("Letters only."))],
        render_kw={"autocomplete": "off"},
    )
    notice_source = _choice(_l("Who published it?"), NOTICE_SOURCES)
    notice_on = DateField(_l("On which day?"), validators=[Optional()])
    notice_link = StringField(
        _l("Where can it be read?"),
        filters=[stripped],
        validators=[
            Optional(),
            at_most(200),
            Regexp(OFFICIAL_LINK, message=_l("An address that ends with .go.id.")),
        ],
        description=_l("https://… of an office of the state (.go.id)"),
        render_kw={"autocomplete": "off", "inputmode": "url"},
    )

    def validate_text_code(self, field: RadioField) -> None:
        super().validate_text_code(field)
        needed = (self.named, self.notice_source, self.notice_on, self.notice_link, self.decision_number)
        if field.data == INDIVIDUAL_TEXT and not all(one.data for one in needed):
            raise ValidationError(_l("This text needs everything about the official verdict below."))

    @property
    def notice(self) -> dict[str, Any]:
        return {name: self[name].data for name in ("named", "notice_source", "notice_on", "notice_link")}


class ReadForm(FlaskForm):
    """Nobody sends, or asks another to send, what they have not read."""

    version = IntegerField(validators=[InputRequired(_l("The page is too old. Open it again."))])
    read = BooleanField(
        _l("I have read the text and to whom it goes"),
        validators=[DataRequired(_l("Read the text first, then tick here."))],
    )


class GiveBackForm(FlaskForm):
    why = RadioField(
        _l("Why is it given back?"),
        id="give-back-why",
        choices=options(GIVEN_BACK),
        validators=[InputRequired(_l("Choose why."))],
    )


class StopForm(FlaskForm):
    why = RadioField(
        _l("Why is it stopped?"),
        id="stop-why",
        choices=options(STOPPED),
        validators=[InputRequired(_l("Choose why."))],
    )


class CorrectionForm(FlaskForm):
    """What the people who got it are told. Choices: drafting.corrections_of."""

    kind = RadioField(_l("What are they told?"), validators=[InputRequired(_l("Choose what they are told."))])


STAGE_CHOICES = options({stage: STAGES[stage] for stage in OFFERED_STAGES})
#: Whom a broker can still harm before they leave.
USUAL_STAGES = [stage for stage in OFFERED_STAGES if stage in BEFORE]
