"""What an area may spend on broadcasts in a month: this one or the next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import format_date
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, StringField
from wtforms.validators import InputRequired, ValidationError

from webapp.broadcasts.money import NotRupiah, rupiah_of
from webapp.people.fields import at_most


class BudgetForm(FlaskForm):
    month = RadioField(_l("For which month?"), choices=[], validators=[InputRequired(_l("Choose the month."))])
    rupiah = StringField(
        _l("How much in all? (rupiah)"),
        description=_l("For example 1.500.000. Without a budget nothing can be sent."),
        validators=[InputRequired(_l("Write how much.")), at_most(25)],
        render_kw={"inputmode": "numeric", "autocomplete": "off", "maxlength": "25"},
    )

    def __init__(self, *args: Any, months: Sequence[date], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.month.choices = [(month.isoformat(), format_date(month, "MMMM y")) for month in months]

    def validate_rupiah(self, field: StringField) -> None:
        try:
            rupiah_of(field.data or "")
        except NotRupiah:
            raise ValidationError(_l("Write whole rupiah, like 1.500.000 or 1500000.")) from None

    @property
    def chosen_month(self) -> date:
        return date.fromisoformat(self.month.data)

    @property
    def amount(self) -> int:
        """Once it validates."""
        return rupiah_of(self.rupiah.data or "")
