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

from webapp.brokers.choices import CALLS, CHANNELS, MODUS, NAMINGS, OFFICES, REPORTERS, THREATS
from webapp.brokers.model import ANONYMOUS, APP, CONFIDENTIAL
from webapp.brokers.money import NotAnAmount, rupiah
from webapp.people.fields import at_most, complain, options, stripped
from webapp.photos.field import PhotosField, quality_field

MOST_PEOPLE = 10_000
#: Longer than any amount that is meant.
LONGEST_AMOUNT = 30
#: What is folded away: title → fields, in the order of the page.
FOLDED = (
    (
        _l("More about who did it"),
        (
            *("accused_phones", "accused_accounts", "accused_plates"),
            *("agency_claimed", "letter_shown", "modus", "accuses_staff"),
        ),
    ),
    (
        _l("What was promised"),
        ("country", "job_promised", "wage_promised", "visa_promised", "planned_departure"),
    ),
    (
        _l("Place, money and papers"),
        ("place", "money_asked", "money_paid", "papers_held", "people_count"),
    ),
    (
        _l("Who reports it, and who may learn that"),
        ("channel", "reporter_kind", "naming", "reporter_contact", "safe_to_call", "safe_hours"),
    ),
    (_l("Who may be told"), ("may_forward",)),
)
#: Fields that are no columns of the report.
BESIDE = ("person_id", "area_code", "photos", "photo_quality", "csrf_token")
#: What leads to the reporter, so an anonymous report may hold none of it.
LEADS_TO_REPORTER = ("reporter_contact", "safe_hours")
STAYS_UNKNOWN = _l(
    "A report without any name keeps nothing that leads to the reporter. Empty this field, or choose 'In confidence'."
)
#: What was answered to "is it safe to call", as it is stored.
SAFE = {"": None, "yes": True, "no": False}


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
    area_code = HiddenField()
    words = TextAreaField(
        _l("What happened?"),
        description=_l("In your own words: who promised or asked what, when and where."),
        filters=[lambda text: (text or "").strip()],
        validators=[DataRequired(_l("Write what happened. A few words are enough.")), at_most(2000)],
        render_kw={"rows": 5},
    )
    accused_names = _words(
        _l("Who did it?"), 300, _l("Names, nicknames and other names they use."), autocapitalize="words"
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

    accused_phones = _words(_l("Their phone numbers"), 200, _l("Also WhatsApp."))
    accused_accounts = _words(
        _l("Their bank accounts or e-wallets"), 200, _l("Bank, number and name, as on a receipt.")
    )
    accused_plates = _words(_l("Number plates of their vehicles"), 100, autocapitalize="characters")
    agency_claimed = _words(_l("For which agency do they say they work?"), 120)
    letter_shown = _words(
        _l("Did they show a letter of assignment (surat tugas)?"), 100, _l("Its number, and who signed it.")
    )
    modus = _ticks(_l("What do you recognise?"), MODUS)
    accuses_staff = BooleanField(
        _l("Somebody of the village office is said to be part of it"),
        description=_l("Then nobody of the village sees the report but you. It goes to the regency."),
    )

    country = _words(_l("To which country?"), 60)
    job_promised = _words(_l("Which work?"), 80)
    wage_promised = _words(_l("Which wage?"), 60, _l("With the currency, for example 'NT$ 29.500 a month'."))
    visa_promised = _words(_l("On which visa?"), 60, _l("For example work, visit, umrah, or 'nobody says'."))
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
    # Not required: forms that a phone kept from before these were asked mean what stands here.
    channel = RadioField(
        _l("How did you learn of it?"),
        choices=options(CHANNELS),
        default=APP,
    )
    reporter_kind = RadioField(
        _l("Who reports this?"),
        choices=options(REPORTERS),
        default="facilitator",
        validators=[InputRequired(_l("Choose who reports this."))],
    )
    naming = RadioField(
        _l("Who may learn who reports it?"),
        choices=options(NAMINGS),
        default=CONFIDENTIAL,
    )
    reporter_contact = _words(
        _l("Whom can we call about it?"), 120, _l("Name and number. Leave it empty if a call would be dangerous.")
    )
    safe_to_call = RadioField(_l("Is it safe to call the reporter?"), choices=options(CALLS), default="")
    safe_hours = _words(_l("When is a call safe?"), 60, _l("For example: only in the morning, before 10."))
    may_forward = _ticks(
        _l("Who may be told?"),
        OFFICES,
        _l("Ask whoever reports it. Without a tick, nobody outside the programme is told."),
    )

    def validate_people_count(self, field: IntegerField) -> None:
        if field.raw_data and field.raw_data[0].strip() and field.data is None:
            raise ValidationError(_l("Write a number from 1 to %(most)s.", most=MOST_PEOPLE))

    def validate(self, extra_validators: Any = None) -> bool:
        fits = super().validate(extra_validators)
        for name in LEADS_TO_REPORTER if self.is_anonymous else ():
            if self[name].data:
                complain(self[name], STAYS_UNKNOWN)
        return fits and not self.errors

    @property
    def is_anonymous(self) -> bool:
        """Whoever does not want to be named is not, whatever else is chosen."""
        return ANONYMOUS in (self.naming.data, self.reporter_kind.data)

    @property
    def facts(self) -> dict[str, Any]:
        """What BrokerReport.record takes."""
        facts = {field.name: field.data for field in self if field.name not in BESIDE}
        naming = ANONYMOUS if self.is_anonymous else self.naming.data
        return facts | {"naming": naming, "safe_to_call": SAFE[self.safe_to_call.data]}

    @property
    def folded(self) -> list[tuple[Any, list[Any], bool]]:
        """Title, fields, and whether the group stands open: because something in it was filled in or is wrong."""
        groups = ((title, [self[name] for name in names]) for title, names in FOLDED)
        return [(title, fields, any(map(_is_touched, fields))) for title, fields in groups]


def _is_touched(field: Any) -> bool:
    return bool(field.errors) or field.data not in (None, False, "", [], field.default)
