"""The form of a new list: the file, who published it, and of which day it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, DateField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from webapp.agencies.changes import LOSES_MANY, OLDER
from webapp.agencies.import_model import FILE_NAME_LENGTH
from webapp.agencies.model import SOURCE_LENGTH
from webapp.agencies.reading import FIRST_YEAR


class ImportForm(FlaskForm):
    """The field of the file is called `webapp.security.LIST_FIELD`, under which alone it is let in."""

    file = FileField(
        _l("File with the list"),
        description=_l(
            "CSV or XLSX, at most 2 MB, of a workbook the first sheet. Its columns, in any order:"
            " nama, sip3mi, kota, status, berlaku sampai."
        ),
        validators=[FileRequired(_l("Choose the file."))],
        render_kw={"accept": ".csv,.xlsx"},
    )
    source = StringField(
        _l("Who published it?"),
        description=_l("For example: KP2MI, daftar P3MI. Everybody who looks at the list sees it."),
        filters=[lambda text: " ".join((text or "").split())],
        validators=[
            DataRequired(_l("Write who published the list.")),
            Length(max=SOURCE_LENGTH, message=_l("At most %(letters)s letters.", letters=SOURCE_LENGTH)),
        ],
        render_kw={"autocomplete": "off"},
    )
    as_of = DateField(_l("Of which day is it?"), validators=[InputRequired(_l("Say of which day the list is."))])

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        """`today`: of the nation's capital, as for the command."""
        super().__init__(*args, **kwargs)
        self.today = today

    def validate_source(self, field: StringField) -> None:
        if not field.data.isprintable():
            raise ValidationError(_l("Write who published the list."))

    def validate_as_of(self, field: DateField) -> None:
        if field.data is None:
            return  # no day, which the field says itself
        if field.data > self.today:
            raise ValidationError(_l("This day has not come yet."))
        if field.data.year < FIRST_YEAR:
            raise ValidationError(_l("Say of which day the list is."))

    @property
    def content(self) -> bytes:
        return bytes(self.file.data.read())

    @property
    def file_name(self) -> str:
        """Without folders, which some browsers send, and short enough to be shown."""
        name = re.split(r"[/\\]", self.file.data.filename or "")[-1]
        return "".join(letter for letter in name if letter.isprintable())[-FILE_NAME_LENGTH:]


class ConfirmationForm(FlaskForm):
    """One tick for each doubt; without a doubt there is nothing to tick."""

    older = BooleanField(_l("I have checked: the older list shall hold again"))
    loses_many = BooleanField(_l("I have checked: this file is the whole list, and these agencies are gone from it"))

    def fields_of(self, doubts: Sequence[str]) -> list[BooleanField]:
        return [self[name] for name in (OLDER, LOSES_MANY) if name in doubts]

    @property
    def ticks(self) -> set[str]:
        """The doubts that are answered."""
        return {name for name in (OLDER, LOSES_MANY) if self[name].data}
