"""The form of a report: short first, the rest folded away. Only what happened is required."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, NumberRange, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from webapp.brokers.choices import MODUS, OFFICES, REPORTERS, THREATS
from webapp.brokers.money import NotAnAmount, rupiah
from webapp.people.fields import at_most, options, stripped
from webapp.photos.field import PhotosField, quality_field

MOST_PEOPLE = 10_000
#: Longer than any amount that is meant.
LONGEST_AMOUNT = 30
#: What is folded away: title → fields, in the order of the page.
FOLDED = (
    (_l("More about who did it"), ("accused_phones", "agency_claimed", "modus")),
    (
        _l("Journey, money and papers"),
        ("country", "planned_departure", "place", "money_asked", "money_paid", "papers_held"),
    ),
    (
        _l("Who is affected, and who reports it"),
        ("people_count", "reporter_kind", "reporter_contact", "safe_hours"),
    ),
    (_l("Who may be told"), ("may_forward",)),
)
#: Fields that are no columns of the report.
BESIDE = ("person_id", "photos", "photo_quality", "csrf_token")


class RupiahField(StringField):
    """Whole rupiah in any usual spelling; `data` is a number, or None where nothing was written."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        # Not inputmode=numeric: people also write '5 juta'.
        super().__init__(label, render_kw={"autocomplete": "off"}, **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        text = valuelist[0].strip() if valuelist else ""
        self.data = None
        if not text:
            return
        try:
            self.data = rupiah(text[:LONGEST_AMOUNT])
        except NotAnAmount:
            raise ValueError(_l("Write the amount in rupiah, for example 5.000.000 or 5 juta.")) from None

    def _value(self) -> str:
        """What was typed, in a form that is shown again."""
        return self.raw_data[0] if self.raw_data else ""


def _words(label: Any, most: int, hint: Any = "", **attributes: str) -> StringField:
    attributes = {"autocomplete": "off"} | attributes
    return StringField(label, filters=[stripped], validators=[at_most(most)], description=hint, render_kw=attributes)


def _ticks(label: Any, words: dict[str, Any], hint: Any = "") -> SelectMultipleField:
    return SelectMultipleField(
        label,
        choices=options(words),
        description=hint,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )


class ReportForm(FlaskForm):
    """What a facilitator writes down of a broker."""

    person_id = HiddenField()
    words = TextAreaField(
        _l("What happened?"),
        description=_l("In your own words: who promised or asked what, when and where."),
        filters=[lambda text: (text or "").strip()],
        validators=[DataRequired(_l("Write what happened. A few words are enough.")), at_most(2000)],
        render_kw={"rows": 5},
    )
    accused_names = _words(
        _l("Who did it?"), 300, _l("Names or nicknames, as people call them."), autocapitalize="words"
    )
    threat = RadioField(
        _l("Was anybody threatened or hurt?"),
        choices=options(THREATS),
        default="none",
        validators=[InputRequired(_l("Choose what fits best."))],
    )
    child_involved = BooleanField(_l("A child is involved (younger than 18)"))
    photos = PhotosField(description=_l("Of chats, receipts, business cards or papers. Up to three."))
    photo_quality = quality_field()

    accused_phones = _words(_l("Their phone numbers"), 200, _l("Also WhatsApp, and bank or e-wallet numbers."))
    agency_claimed = _words(_l("For which agency do they say they work?"), 120)
    modus = _ticks(_l("What do you recognise?"), MODUS)

    country = _words(_l("To which country?"), 60)
    planned_departure = _words(_l("When are people to leave?"), 60, _l("A day, or words such as 'after Lebaran'."))
    place = _words(_l("Where did it happen, or where do people wait?"), 120)
    money_asked = RupiahField(_l("Money that was asked for (rupiah)"))
    money_paid = RupiahField(_l("Money that was paid already (rupiah)"))
    papers_held = _words(_l("Papers that they keep"), 200, _l("For example passport, family card, diploma."))

    people_count = IntegerField(
        _l("How many people are affected?"),
        validators=[
            Optional(),
            NumberRange(1, MOST_PEOPLE, _l("Write a number from 1 to %(most)s.", most=MOST_PEOPLE)),
        ],
        render_kw={"inputmode": "numeric", "autocomplete": "off", "maxlength": "5"},
    )
    reporter_kind = RadioField(
        _l("Who reports this?"),
        choices=options(REPORTERS),
        default="facilitator",
        validators=[InputRequired(_l("Choose who reports this."))],
    )
    reporter_contact = _words(
        _l("Whom can we call about it?"), 120, _l("Name and number. Leave it empty if a call would be dangerous.")
    )
    safe_hours = _words(_l("When is a call safe?"), 60, _l("For example: only in the morning, before 10."))
    may_forward = _ticks(
        _l("Who may be told?"),
        OFFICES,
        _l("Ask whoever reports it. Without a tick, nobody outside the programme is told."),
    )

    def validate_people_count(self, field: IntegerField) -> None:
        if field.raw_data and field.raw_data[0].strip() and field.data is None:
            raise ValidationError(_l("Write a number from 1 to %(most)s.", most=MOST_PEOPLE))

    @property
    def facts(self) -> dict[str, Any]:
        """What BrokerReport.record takes."""
        return {field.name: field.data for field in self if field.name not in BESIDE}

    @property
    def folded(self) -> list[tuple[Any, list[Any], bool]]:
        """Title, fields, and whether the group stands open: because something in it was filled in or is wrong."""
        groups = ((title, [self[name] for name in names]) for title, names in FOLDED)
        return [(title, fields, any(map(_is_touched, fields))) for title, fields in groups]


def _is_touched(field: Any) -> bool:
    return bool(field.errors) or field.data not in (None, "", [], field.default)
