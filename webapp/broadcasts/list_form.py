"""The form of a new list of recipients: the file, what the office calls it, and that these people agreed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, StringField
from wtforms.validators import DataRequired, Length, ValidationError

from webapp.audiences.model import TITLE_LENGTH

NO_TITLE = _l("Write what you call the list.")
FILE_AGAIN = _l("Choose the file once more: a form that has to be corrected cannot keep it.")


class ListForm(FlaskForm):
    """The field of the file is called `webapp.security.LIST_FIELD`, under which alone it is let in."""

    file = FileField(
        _l("File with the recipients"),
        validators=[FileRequired(_l("Choose the file."))],
        render_kw={"accept": ".csv,.xlsx"},
    )
    title = StringField(
        _l("What do you call this list?"),
        description=_l("For example: job fair, those who registered. Name no person in it."),
        filters=[lambda text: " ".join((text or "").split())],
        validators=[
            DataRequired(NO_TITLE),
            Length(max=TITLE_LENGTH, message=_l("At most %(letters)s letters.", letters=TITLE_LENGTH)),
        ],
        render_kw={"autocomplete": "off"},
    )
    agreed = BooleanField(
        _l("These people agreed to be texted by us, and I can show it"),
        description=_l("We note that you said so, and when."),
        validators=[DataRequired(_l("Without that nobody on the list may be texted. Tick it only if it is true."))],
    )

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """No browser puts a file back into its field, so whoever has to correct something else is told."""
        fits: bool = super().validate(extra_validators)
        if not fits and not self.file.errors:
            self.refuse_file(FILE_AGAIN)
        return fits

    def validate_title(self, field: StringField) -> None:
        if not field.data.isprintable():
            raise ValidationError(NO_TITLE)

    def refuse_file(self, why: Any) -> None:
        self.file.errors = [*self.file.errors, why]

    @property
    def content(self) -> bytes:
        """To be read again: the fingerprint of the form is made of it too."""
        content = bytes(self.file.data.read())
        self.file.data.seek(0)
        return content
