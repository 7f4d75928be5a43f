"""The reply form. Its length is counted in segments, since each segment is paid for."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, ValidationError

from sms.text import segments

MOST_SEGMENTS = 2


class ReplyForm(FlaskForm):
    """Words of a human to one person, two segments at the most."""

    body = TextAreaField(_l("Your answer"), validators=[DataRequired(_l("Write an answer first."))])

    def __init__(self, *args: Any, sender: str, refusal: Any = None, **kwargs: Any) -> None:
        """`sender`: the name of who answers; `refusal`: why nothing may be texted to this number, in words."""
        super().__init__(*args, **kwargs)
        self.opening = f"{sender.split()[0]}, Desmigratif: "
        self.refusal = refusal

    @property
    def text(self) -> str:
        """What is sent: a text always says who speaks."""
        return self.opening + self.body.data

    def validate_body(self, field: StringField) -> None:
        field.data = field.data.strip()
        if self.refusal:
            raise ValidationError(self.refusal)
        if segments(self.text) > MOST_SEGMENTS:
            raise ValidationError(_l("Too long: an answer may be at most two texts. Say it in fewer words."))
