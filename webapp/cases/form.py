"""Forms of urgent cases and of the safe word."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, ValidationError

from webapp.cases import safe_words
from webapp.cases.words import NO_SAFE_WORD
from webapp.people.fields import at_most, stripped


class NoteForm(FlaskForm):
    """What was tried or learnt."""

    words = TextAreaField(
        _l("What did you do or learn?"),
        description=_l("For example: called, no answer; spoke to the mother."),
        filters=[stripped],
        validators=[DataRequired(_l("Write a few words.")), at_most(300)],
        render_kw={"rows": 3},
    )


class ClosureForm(FlaskForm):
    """What came of it."""

    outcome = TextAreaField(
        _l("How did it end?"),
        description=_l("For example: is safe, will be fetched by the mission tomorrow."),
        filters=[stripped],
        validators=[DataRequired(_l("Write how it ended.")), at_most(300)],
        render_kw={"rows": 3},
    )


class SafeWordForm(FlaskForm):
    """A word of the migrant's own."""

    word = StringField(
        _l("Safe word"),
        description=_l("Chosen by the migrant: easy to remember, and nothing they text by chance."),
        filters=[stripped],
        validators=[DataRequired(_l("Write the word.")), at_most(safe_words.LONGEST)],
        render_kw={"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"},
    )

    def validate_word(self, field: StringField) -> None:
        if reason := safe_words.why_not(field.data or ""):
            raise ValidationError(NO_SAFE_WORD[reason])
