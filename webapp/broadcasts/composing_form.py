"""The form of a broadcast: whom it is for, what it says, when it goes. Choices are filled by drafting.form_for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import gettext
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
    TextAreaField,
    TimeField,
)
from wtforms.validators import DataRequired, InputRequired, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from sms.hours import FROM_HOUR, UNTIL_HOUR
from webapp.audiences.acts import KEPT_FOR
from webapp.audiences.criteria import Criteria, problems
from webapp.audiences.model import RecipientList
from webapp.broadcasts import merging, words
from webapp.broadcasts.model import FACILITATORS, LISTED, LONGEST_BODY, LONGEST_TITLE, MIGRANTS
from webapp.broadcasts.timing import MOST_SPREAD_HOURS, OFFICE
from webapp.people.choices import LANGUAGES
from webapp.people.fields import at_most, complain, options, stripped

NOW, LATER = "now", "later"
WHEN = {NOW: _l("As soon as it is approved"), LATER: _l("On a day, at an hour")}
MOST_DAYS_AHEAD = timedelta(days=60)
MOST_AREAS = 60
#: What says who is meant: enough to count.
AUDIENCE = (
    *("recipients", "areas", "stages", "sex", "languages", "age_from", "age_until"),
    *("destinations", "sectors", "schemes", "leaves_from", "leaves_until", "missing"),
)
#: Long lists: folded up, with what is chosen told beside them.
LISTS = ("areas", "stages", "languages", "destinations", "sectors", "schemes", "missing")
PROBLEMS = {
    "none": _l("Choose an area."),
    "unknown": _l("Choose one of those that are offered."),
    "out_of_range": _l("From 18 to 99 years."),
    "ends_before_it_begins": _l("It ends before it begins."),
}


OFFERED = PROBLEMS["unknown"]


def _ticks(label: Any, hint: Any = "", wrong: Any = OFFERED) -> SelectMultipleField:
    return SelectMultipleField(
        label,
        description=hint,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        invalid_choice_message=wrong,
    )


def _number(label: Any, hint: Any = "") -> IntegerField:
    attrs = {"inputmode": "numeric", "autocomplete": "off", "maxlength": "4"}
    wrong = _l("Write a number in digits.")
    return IntegerField(label, description=hint, validators=[Optional()], render_kw=attrs, invalid_value_message=wrong)


def _day(label: Any, hint: Any = "") -> DateField:
    wrong = _l("There is no such day.")
    return DateField(label, description=hint, validators=[Optional(), _plausible], invalid_value_message=wrong)


def _plausible(_form: FlaskForm, field: DateField) -> None:
    if field.data and not date(1980, 1, 1) <= field.data <= date(2099, 12, 31):
        raise ValidationError(_l("Check the year: this date cannot be right."))


def _tidy(text: str | None) -> str:
    """Lines stay lines, of one kind only: each costs one letter."""
    return (text or "").replace("\r\n", "\n").replace("\r", "\n").strip()


def _words(label: Any) -> TextAreaField:
    attrs = {"rows": "5"}
    return TextAreaField(label, filters=[_tidy], validators=[at_most(LONGEST_BODY)], render_kw=attrs)


class ComposingForm(FlaskForm):
    """`now`: the moment of which 'today' is told."""

    version = HiddenField()
    broadcast_id = HiddenField()
    copied_from = HiddenField()
    #: The list that it goes to, if it goes to one; then nobody else is asked for.
    list_id = HiddenField()
    title = StringField(
        _l("What do you call it?"),
        description=_l("For your office, and the headline where facilitators read it. It is not sent."),
        filters=[stripped],
        validators=[DataRequired(_l("Give it a name.")), at_most(LONGEST_TITLE)],
        render_kw={"maxlength": str(LONGEST_TITLE)},
    )
    recipients = RadioField(
        _l("Who gets it?"),
        choices=options({kind: label for kind, label in words.RECIPIENTS.items() if kind != LISTED}),
        default=MIGRANTS,
        invalid_choice_message=OFFERED,
        validators=[InputRequired(_l("Choose who gets it."))],
    )
    areas = _ticks(_l("In which areas?"), wrong=_l("Choose only areas inside your own."))
    place = StringField(
        _l("Find a village, a district, a regency"),
        filters=[lambda text: stripped(text)[:80]],
        render_kw={"autocomplete": "off", "maxlength": "80", "spellcheck": "false"},
    )
    stages = _ticks(_l("At which stage?"), _l("Without a tick: at all of them."))
    sex = RadioField(_l("Women or men?"), default="", invalid_choice_message=OFFERED)
    languages = _ticks(_l("Who wants texts in which language?"), _l("Without a tick: in all of them."))
    age_from = _number(_l("From which age?"), _l("In years, 18 at least: nobody younger is texted."))
    age_until = _number(_l("Up to which age?"))
    destinations = _ticks(_l("To which country?"), _l("Without a tick: to all of them."))
    sectors = _ticks(_l("For which work?"), _l("Without a tick: for all of it."))
    schemes = _ticks(_l("By which way?"), _l("Without a tick: by all of them."))
    leaves_from = _day(_l("Leaves from"))
    leaves_until = _day(_l("Leaves until"))
    missing = _ticks(_l("Which papers are missing?"), _l("One of the ticked ones is enough."))
    body_id = _words(LANGUAGES["id"])
    body_jv = _words(LANGUAGES["jv"])
    body_su = _words(LANGUAGES["su"])
    body_sas = _words(LANGUAGES["sas"])
    confirmed_by = StringField(
        _l("Which office has confirmed the words?"),
        description=_l("Of the other languages: somebody who reads them as their own. For example: balai bahasa."),
        filters=[stripped],
        validators=[at_most(120)],
        render_kw={"autocomplete": "off", "maxlength": "120"},
    )
    when = RadioField(
        _l("When does it go out?"),
        choices=options(WHEN),
        default=NOW,
        invalid_choice_message=OFFERED,
        validators=[InputRequired(_l("Choose when."))],
    )
    send_on = _day(_l("On which day?"), _l("Within the next 60 days."))
    send_at = TimeField(
        _l("At which hour?"),
        description=_l("On the clock of whoever gets it, from 8.00 to 19.59."),
        validators=[Optional()],
        invalid_value_message=_l("Write an hour such as 09:30."),
    )
    spread_hours = _number(
        _l("Spread over how many hours?"), _l("So that not everybody calls at once. Empty or 0: all at once.")
    )
    useful_until = _day(_l("Of use until"), _l("Afterwards nothing of it goes out. Empty: three days."))
    emergency = BooleanField(
        _l("An emergency: at once, also at night"),
        description=_l("Only if people are in danger before the morning. A second officer always has to approve it."),
    )
    reason = SelectField(
        _l("Why can it not wait?"),
        choices=options({"": _l("Choose…"), **words.REASONS}),
        filters=[lambda value: value or ""],
        invalid_choice_message=OFFERED,
    )
    announced = BooleanField(
        _l("Show it to facilitators on Hari ini"), description=_l("So that they can pass it on and answer questions.")
    )
    audience_name = StringField(
        _l("Name of the audience"),
        filters=[stripped],
        validators=[at_most(60)],
        render_kw={"autocomplete": "off", "maxlength": "60"},
    )

    now: datetime
    listed: RecipientList | None = None
    #: Codes of areas that were looked for.
    found: tuple[str, ...] = ()

    @property
    def bodies(self) -> dict[str, str]:
        """Language → words, of those that are written."""
        written = {language: self[f"body_{language}"].data for language in LANGUAGES}
        return {language: body for language, body in written.items() if body}

    @property
    def criteria(self) -> Criteria:
        """As far as they are typed. Of facilitators nothing but the areas is asked, of a list nothing at all."""
        if self.listed is not None:
            return Criteria(areas=(self.listed.area_code,))
        if self.recipients.data == FACILITATORS:
            return Criteria(areas=tuple(self.areas.data or ()))
        lists: dict[str, Any] = {name: tuple(self[name].data or ()) for name in LISTS}
        plain = ("age_from", "age_until", "leaves_from", "leaves_until")
        return Criteria(sex=self.sex.data or "", **lists, **{name: self[name].data for name in plain})

    @property
    def columns(self) -> list[str]:
        """What its list can be merged with."""
        return [key for key, _ in self.listed.columns] if self.listed else []

    def take(self, listed: RecipientList) -> None:
        """It goes to this list, and is nothing that others could read."""
        self.listed, self.list_id.data = listed, str(listed.id)
        self.recipients.choices = options({LISTED: words.RECIPIENTS[LISTED]})
        self.recipients.data = LISTED
        self.announced.data = False

    @property
    def audience_errors(self) -> list[str]:
        """What keeps from counting who is meant."""
        return [str(what) for name in AUDIENCE for what in self[name].errors]

    def forget(self, *kept: str) -> None:
        """Leave only what is wrong with these fields: of others nothing has been asked yet."""
        for field in self:
            if field.name not in kept:
                field.errors = []

    def validate(self, extra_validators: Any = None) -> bool:
        """Each field by itself, then what they mean together."""
        right = bool(super().validate(extra_validators))
        for name, what in self._faults():
            if not self[name].errors:
                right = False
                complain(self[name], what)
        return right

    def _faults(self) -> Iterator[tuple[str, Any]]:
        yield from self._audience_faults()
        yield from self._words_faults()
        yield from self._confirmation_faults()
        yield from self._timing_faults()

    def _audience_faults(self) -> Iterator[tuple[str, Any]]:
        if len(self.areas.data or ()) > MOST_AREAS:
            yield "areas", gettext("At most %(number)s areas; a wider one takes in those below it.", number=MOST_AREAS)
        for name, kind in problems(self.criteria).items():
            yield name, PROBLEMS[kind]

    def _words_faults(self) -> Iterator[tuple[str, Any]]:
        for language, body in {merging.FALLBACK: "", **self.bodies}.items():
            found = [words.fault(one, self.columns) for one in merging.faults(body, self.columns)]
            if found:
                yield f"body_{language}", " ".join(found)

    def _confirmation_faults(self) -> Iterator[tuple[str, Any]]:
        """Source: DOMAIN, languages: what no native reader has confirmed is not sent."""
        if set(self.bodies) - {merging.FALLBACK} and not self.confirmed_by.data:
            yield "confirmed_by", _l("Write who has confirmed the words.")

    def _timing_faults(self) -> Iterator[tuple[str, Any]]:
        if self.emergency.data and self.listed is not None:
            yield "emergency", _l("A list is texted by day. Send an emergency to the people of an area.")
        if self.emergency.data and not self.reason.data:
            yield "reason", _l("Say why it is an emergency.")
        if not 0 <= (self.spread_hours.data or 0) <= MOST_SPREAD_HOURS:
            yield "spread_hours", gettext("From 0 to %(most)s hours.", most=MOST_SPREAD_HOURS)
        first = self.today
        if self.when.data == LATER:
            yield from self._moment_faults()
            first = self.send_on.data or first
        if self.useful_until.data and self.useful_until.data < first:
            yield "useful_until", _l("It would be over before it begins.")

    def _moment_faults(self) -> Iterator[tuple[str, Any]]:
        day, hour = self.send_on.data, self.send_at.data
        if day is None:
            yield "send_on", _l("Say on which day.")
        elif day < self.today:
            yield "send_on", _l("This day is over.")
        elif day > self.today + MOST_DAYS_AHEAD:
            yield "send_on", _l("At most 60 days ahead.")
        elif self.listed and day >= (self.listed.created_at + KEPT_FOR).date():
            yield "send_on", _l("By then the list is removed: it is kept for 30 days.")
        if hour is None:
            yield "send_at", _l("Say at which hour.")
        elif not self.emergency.data and not FROM_HOUR <= hour.hour < UNTIL_HOUR:
            yield "send_at", _l("From 8.00 to 19.59.")
        elif day == self.today and hour <= self.now.astimezone(OFFICE).time():
            yield "send_at", _l("This hour has passed.")

    @property
    def today(self) -> date:
        return self.now.astimezone(OFFICE).date()
