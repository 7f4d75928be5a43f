"""The form of new words for a stock text, and those of the decision about them."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, IntegerField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired

from webapp.outbox import text_words
from webapp.outbox.text_model import LONGEST_OFFICE, LONGEST_REASON
from webapp.outbox.text_queries import Spoken
from webapp.outbox.texts import FALLBACK
from webapp.outbox.wording import LONGEST_BODY, Fault, Judgement, judge
from webapp.people.fields import at_most, complain, stripped


class WordingForm(FlaskForm):
    """Words of one text in one language."""

    version = HiddenField()
    body = TextAreaField(
        _l("Words"),
        filters=[stripped],
        render_kw={"rows": "6", "maxlength": str(LONGEST_BODY), "autocomplete": "off"},
        validators=[DataRequired(text_words.FAULTS[Fault.EMPTY])],
    )
    confirmed_by = StringField(
        _l("Which office has confirmed the words?"),
        filters=[stripped],
        description=_l(
            "The office or role of the native reader, for example: Balai Bahasa of the province. Nobody's name."
        ),
        render_kw={"autocomplete": "off", "maxlength": str(LONGEST_OFFICE)},
        validators=[DataRequired(_l("Write who has confirmed the words.")), at_most(LONGEST_OFFICE)],
    )

    def __init__(self, spoken: Spoken, measure: str, **kwargs: Any) -> None:
        """`measure`: the first Indonesian words of this text (text_queries.measure)."""
        super().__init__(**kwargs)
        self.spoken, self.measure = spoken, measure
        if spoken.language == FALLBACK:
            del self.confirmed_by

    @property
    def judgement(self) -> Judgement:
        return judge(self.body.data or "", self.measure)

    @property
    def office(self) -> str:
        return self.confirmed_by.data or "" if "confirmed_by" in self else ""

    def fits(self) -> bool:
        """May these words be proposed, in place of what holds now? Else fields say why not."""
        fits = self.validate()
        if self.body.data:
            for fault in self.judgement.errors:
                complain(self.body, text_words.told(fault))
        if self._is_stale():
            return False
        if fits and not self.errors and not self._changes():
            self.form_errors.append(_l("Nothing is changed yet."))
        return fits and not self.errors

    def _changes(self) -> bool:
        used = self.spoken.used
        return used is None or used.body != self.body.data

    def _is_stale(self) -> bool:
        """Somebody's words hold meanwhile: what was written stays, and the next try is made of them."""
        if self.version.data == str(self.spoken.version):
            return False
        self.version.data = str(self.spoken.version)
        self.form_errors.append(
            _l("This text was changed meanwhile. What you wrote is still here; compare it with what holds now.")
        )
        if self.spoken.used:
            complain(self.body, gettext("Holds now: %(value)s", value=self.spoken.used.body))
        return True


class OffForm(FlaskForm):
    """A language is to be switched off: of the version that was read."""

    version = IntegerField(validators=[InputRequired(_l("The page is too old. Open it again."))])


class DecisionForm(FlaskForm):
    """About the change that was read."""

    proposal = IntegerField(validators=[InputRequired(_l("The page is too old. Open it again."))])


class ApprovalForm(DecisionForm):
    """Nobody approves what they have not read."""

    read = BooleanField(_l("I have read the words"), validators=[DataRequired(_l("Read them first, then tick here."))])


class RefusalForm(DecisionForm):
    """Whoever wrote the words learns why they do not hold."""

    reason = StringField(
        _l("What should be different?"),
        filters=[stripped],
        render_kw={"autocomplete": "off", "maxlength": str(LONGEST_REASON)},
        validators=[DataRequired(_l("Write the reason.")), at_most(LONGEST_REASON)],
    )
