"""The form of a canned reply."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired, ValidationError

from webapp.conversations import canned
from webapp.people.fields import at_most, stripped


class CannedForm(FlaskForm):
    """A title by which it is found, and the words."""

    title = StringField(
        _l("Title"),
        description=_l("By which it is found, for example: Come to the village office."),
        filters=[stripped],
        validators=[DataRequired(_l("Give it a title.")), at_most(40)],
        render_kw={"autocomplete": "off"},
    )
    body = TextAreaField(
        _l("Words"),
        filters=[lambda text: (text or "").strip()],
        validators=[DataRequired(_l("Write the words of the answer.")), at_most(320)],
        render_kw={"rows": 4},
    )
    version = HiddenField()

    def validate_body(self, field: TextAreaField) -> None:
        words = field.data or ""
        if unknown := canned.unknown_fields(words):
            raise ValidationError(
                _l("Nothing fills {%(field)s}. These can be used: {nama} {petugas} {desa} {nomor}", field=unknown[0])
            )
        if canned.is_too_long(words):
            raise ValidationError(_l("Too long: an answer may be at most two texts. Say it in fewer words."))
