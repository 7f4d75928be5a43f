"""A date of birth in three boxes: a calendar opens decades away from it, and many know only the year."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import get_locale, gettext
from wtforms import Field
from wtforms.widgets import Input

BOXES = 3


class BirthField(Field):
    """Day, month and year under one name, in this order; the year alone is enough.

    `data` is the whole date or None, `year` the year whenever it is known. One value alone is an ISO date.
    """

    widget = Input()  # pages draw the three boxes themselves
    data: date | None
    year: int | None = None

    @property
    def boxes(self) -> tuple[str, str, str]:
        """What stands in the boxes: as typed, or as stored."""
        if self.raw_data and len(self.raw_data) == BOXES:
            return tuple(self.raw_data)
        if self.data is not None:
            return str(self.data.day), str(self.data.month), str(self.data.year)
        return "", "", str(self.year or "")

    @property
    def months(self) -> list[tuple[str, str]]:
        """Value and name of each month in the language of the page."""
        names = get_locale().months["stand-alone"]["wide"]
        return [(str(month), names[month]) for month in range(1, 13)]

    def process_data(self, value: date | int | None) -> None:
        """A date, or only a year."""
        self.data, self.year = (value, value.year) if isinstance(value, date) else (None, value)

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        self.data, self.year = None, None
        if len(valuelist) == 1:
            self._whole(valuelist[0].strip().split("-")[::-1] if valuelist[0].strip() else ["", "", ""])
        elif valuelist:
            self._whole([value.strip() for value in valuelist])

    def _whole(self, values: Sequence[str]) -> None:
        if len(values) != BOXES:
            raise ValueError(gettext("This day does not exist."))
        day, month, year = values
        if not any(values):
            return
        if not (year.isascii() and year.isdigit() and len(year) == len("1994")):
            raise ValueError(gettext("Write the year with four digits, for example 1994."))
        self.year = int(year)
        if not day and not month:
            return
        if not day or not month:
            raise ValueError(gettext("Write day and month as well, or only the year."))
        try:
            self.data = date(self.year, int(month), int(day))
        except ValueError:
            raise ValueError(gettext("This day does not exist.")) from None
