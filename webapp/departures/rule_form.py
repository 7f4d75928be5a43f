"""The form of a rule of reminders, and of the decision about a change of one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, HiddenField, IntegerField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, InputRequired, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from webapp.departures import rule_acts, rule_words
from webapp.departures.choices import SCHEMES
from webapp.departures.model import ReminderRule
from webapp.departures.reminders import PROGRESS
from webapp.departures.rule_check import BOUNDS, Known, RuleValues, changed, faults
from webapp.departures.rule_words import Names
from webapp.people.choices import STAGES
from webapp.people.fields import complain, options, stripped

#: Field → column; the others are called alike.
COLUMNS = {"days": "offset_days"}


def _number(label: Any, hint: Any = "") -> IntegerField:
    return IntegerField(
        label,
        description=hint,
        validators=[InputRequired(_l("Write a number."))],
        render_kw={"inputmode": "numeric", "autocomplete": "off", "maxlength": "4"},
    )


def _ticks(label: Any, hint: Any) -> SelectMultipleField:
    return SelectMultipleField(
        label, description=hint, widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )


class RuleForm(FlaskForm):
    """When it goes out and to whom. Whether it is before or after its day never changes: its words speak of that."""

    version = HiddenField()
    days = _number("")
    hour = _number(_l("Hour"), _l("From 8 to 19, on the clock of whoever gets it."))
    useful_days = _number(
        _l("How many days late is it still useful?"), _l("Whoever is entered later than its day gets it until then.")
    )
    repeat_days = _number(_l("Again every how many days?"), _l("0: it is sent once."))
    stages = _ticks(_l("At which stage?"), _l("At least one."))
    schemes = _ticks(_l("Who leaves by which way?"), _l("Without a tick: all."))
    destinations = _ticks(_l("To which country?"), _l("Without a tick: all."))
    missing_any = _ticks(_l("Only if one of these is still missing"), _l("Without a tick: whatever papers there are."))
    active = BooleanField(_l("In use"), description=_l("Without the tick nothing of this rule is sent."))
    source = StringField(
        _l("Who says so?"),
        filters=[stripped],
        description=_l("For example a circular letter with its number."),
        render_kw={"autocomplete": "off", "maxlength": "200"},
        validators=[DataRequired(_l("Write who says so."))],
    )
    as_of = DateField(_l("Of which day is that?"), validators=[InputRequired(_l("Write the day."))])

    def __init__(self, rule: ReminderRule, names: Names, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.rule, self.names = rule, names
        self.now = rule_acts.values_of(rule)
        self.before = rule.offset_days < 0
        self.days.label.text = _question_of_day(rule)
        self.stages.choices = options({stage: STAGES[stage] for stage in PROGRESS})
        self.schemes.choices = options(SCHEMES)
        self.destinations.choices = options(names.destinations)
        self.missing_any.choices = options(names.papers)

    def validate_days(self, field: IntegerField) -> None:
        """Of its own side of the day: a number below would put the rule on the other."""
        least, most = BOUNDS[self.now.anchor]
        least, most = (max(1, -most), -least) if self.before else (max(0, least), most)
        if field.data is not None and not least <= field.data <= most:
            raise ValidationError(rule_words.FAULTS["bounds"] % {"least": least, "most": most})

    def fits(self, known: Known, today: date) -> bool:
        """Is it a change that makes sense, of the rule as it is now? Else fields say why not."""
        if not self.validate():
            return False
        found = faults(self.values, known, today)
        for fault in found:
            if fault.field in self:
                complain(self[fault.field], rule_words.complaint(fault))
            else:
                self.form_errors.append(rule_words.NOT_OF_FORM)
        if found or self._is_stale():
            return False
        if not changed(self.now, self.values):
            self.form_errors.append(_l("Nothing is changed yet."))
        return not self.form_errors

    def _is_stale(self) -> bool:
        """Somebody's change holds meanwhile: each field that differs says what holds, and the next try is of that."""
        if self.version.data == str(self.rule.version):
            return False
        self.version.data = str(self.rule.version)
        self.form_errors.append(
            _l("This rule was changed meanwhile. What you wrote is still here; compare it with what holds now.")
        )
        for column in changed(self.now, self.values):
            field = self[next((name for name, of in COLUMNS.items() if of == column), column)]
            complain(field, gettext("Holds now: %(value)s", value=rule_words.value(column, self.now, self.names)))
        return True

    @property
    def values(self) -> RuleValues:
        """What was written; all else stays as it is."""
        days = self.days.data or 0
        lists: dict[str, Any] = {name: tuple(self[name].data or ()) for name in rule_acts.LISTS}
        return replace(
            self.now,
            offset_days=-days if self.before else days,
            hour=self.hour.data,
            useful_days=self.useful_days.data,
            repeat_days=self.repeat_days.data,
            active=self.active.data,
            source=self.source.data,
            as_of=self.as_of.data,
            **lists,
        )


def shown(rule: ReminderRule) -> dict[str, Any]:
    """A rule as its form shows it."""
    values = rule_acts.values_of(rule)
    own = {name: getattr(values, name) for name in rule_acts.NAMES}
    lists = {name: list(own[name]) for name in rule_acts.LISTS}
    return own | lists | {"days": abs(rule.offset_days), "version": str(rule.version)}


def _question_of_day(rule: ReminderRule) -> Any:
    questions = {
        ("departure", True): _l("How many days before departure?"),
        ("departure", False): _l("How many days after departure?"),
        ("contract_end", True): _l("How many days before the end of the contract?"),
        ("contract_end", False): _l("How many days after the end of the contract?"),
        ("return", False): _l("How many days after the return?"),
        ("passport_expiry", True): _l("How many days before the passport ends?"),
    }
    return questions.get((rule.anchor, rule.offset_days < 0), _l("How many days?"))


class DecisionForm(FlaskForm):
    """About the change that was read."""

    proposal = IntegerField(validators=[InputRequired(_l("The page is too old. Open it again."))])


class ApprovalForm(DecisionForm):
    """Nobody approves what they have not read."""

    read = BooleanField(
        _l("I have read what changes, and how many texts that means"),
        validators=[DataRequired(_l("Read it first, then tick here."))],
    )
