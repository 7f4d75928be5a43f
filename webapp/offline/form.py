"""What a phone hands over that fits no more, and how a human settled it."""

from __future__ import annotations

import json
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Regexp, ValidationError

MOST_FIELDS, LONGEST = 200, 4000


class KeptForm(FlaskForm):
    """Made by a script, so its errors are for whoever writes that script."""

    path = StringField(validators=[InputRequired(), Regexp(r"/(?!/)[0-9A-Za-z/_~.-]*\Z"), Length(max=200)])
    title = StringField(validators=[InputRequired(), Length(max=100)])
    reason = StringField(validators=[Length(max=300)])
    #: JSON: [[label, value], …].
    words = TextAreaField(validators=[InputRequired(), Length(max=200_000)])
    body = TextAreaField(validators=[Length(max=200_000)])

    pairs: list[tuple[str, str]]

    def validate_words(self, field: TextAreaField) -> None:
        self.pairs = _pairs(field.data)


def _pairs(text: str) -> list[tuple[str, str]]:
    try:
        found: Any = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, list) or len(found) > MOST_FIELDS or not all(map(_is_pair, found)):
        raise ValidationError("words is a list of [label, value]")
    return [(label[:LONGEST], value[:LONGEST]) for label, value in found]


def _is_pair(one: Any) -> bool:
    return isinstance(one, list) and len(one) == 2 and all(isinstance(part, str) for part in one)


class SettlementForm(FlaskForm):
    outcome = TextAreaField(
        _l("What did you do with it?"),
        validators=[
            InputRequired(_l("Write in a few words what you did.")),
            Length(max=300, message=_l("At most 300 letters.")),
        ],
    )
