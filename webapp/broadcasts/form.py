"""Small forms of a broadcast's page: reading it, and saying why."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, RadioField, StringField
from wtforms.validators import InputRequired, Optional, Regexp

from webapp.broadcasts.model import NOTE_LENGTH
from webapp.broadcasts.words import CANCELLED_FOR, GIVEN_BACK, PAUSED_FOR, REJECTED_FOR
from webapp.people.fields import at_most, options, stripped


class ReadForm(FlaskForm):
    """Which version was read, for how many people, and that it may be said again."""

    version = HiddenField(validators=[Regexp(r"\d{1,9}\Z", message=_l("Look at the page again."))])
    people = HiddenField(validators=[Optional(), Regexp(r"\d{1,9}\Z", message=_l("Look at the page again."))])
    again = BooleanField(_l("Yes, send it once more"))

    @property
    def read_version(self) -> int:
        return int(self.version.data or 0)

    @property
    def read_people(self) -> int:
        return int(self.people.data or 0)


def _why(act: str, label: Any, words: Any) -> RadioField:
    """Several of these forms stand on one page, so each field has an id of its own."""
    return RadioField(label, id=f"{act}-why", choices=options(words), validators=[InputRequired(_l("Choose why."))])


def _note(act: str) -> StringField:
    """Which words, which people: a code says only the half."""
    return StringField(
        _l("What exactly?"),
        id=f"{act}-note",
        filters=[stripped],
        render_kw={"autocomplete": "off", "maxlength": str(NOTE_LENGTH)},
        validators=[at_most(NOTE_LENGTH)],
    )


class GiveBackForm(FlaskForm):
    why = _why("give-back", _l("Why does it become a draft again?"), GIVEN_BACK)
    note = _note("give-back")


class RejectForm(FlaskForm):
    why = _why("reject", _l("Why is it refused?"), REJECTED_FOR)
    note = _note("reject")


class PauseForm(FlaskForm):
    why = _why("pause", _l("Why is it paused?"), PAUSED_FOR)


class CancelForm(FlaskForm):
    why = _why("cancel", _l("Why does it not go out?"), CANCELLED_FOR)
