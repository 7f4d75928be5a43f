"""What is wrong with a file, what a new list changes and how its import stands, as people say it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import format_date, gettext
from flask_babel import lazy_gettext as _l

from webapp.agencies.import_model import CANCELLED, CONFIRMED, PREVIEW
from webapp.agencies.reading import FIRST_YEAR, LAST_YEAR, Fault
from webapp.agencies.sheet import MOST_COLUMNS, MOST_ROWS
from webapp.agencies.words import STATUS_WORDS

#: So many faults, and lines of each kind of change, are told; the rest are counted.
MOST_TOLD = 50
COLUMN_WORDS = {
    "name": _l("name"),
    "licence": _l("licence"),
    "city": _l("city"),
    "status": _l("status"),
    "expires_on": _l("valid until"),
}
FAULTS = {
    "empty": _l("The file is empty."),
    "too_large": _l("The file is too large, or much too large once it is unpacked. At most 2 MB are taken."),
    "not_utf8": _l("The letters of this file cannot be read. In Excel choose 'Save as' and 'CSV UTF-8', or XLSX."),
    "broken": _l("This is no CSV: a quotation mark that opens is not closed, or the file is of another kind."),
    "locked": _l("This workbook has a password, or is older than 2007. Save it as XLSX without a password."),
    "no_workbook": _l("This is no XLSX workbook, or it is damaged. Open it in Excel and save it as XLSX once more."),
    "too_many_rows": _l("At most %(most)s rows are taken.", most=MOST_ROWS),
    "too_many_columns": _l("At most %(most)s columns are taken.", most=MOST_COLUMNS),
    "no_header": _l("No row names the columns. Needed are: nama, sip3mi, kota, status, berlaku sampai."),
    "no_column": _l("this column is missing"),
    "column_twice": _l("two columns are called so"),
    "no_agency": _l("There is no agency in it."),
    "other_width": _l("it has more or fewer cells than there are names of columns"),
    "formula": _l("a formula without a value, or one that failed. Write the value itself."),
    "missing": _l("is missing"),
    "unprintable": _l("holds what is no letter"),
    "no_letter": _l("has no letter that can be searched for"),
    "no_day": _l("no day from %(first)s to %(last)s. Write it as 2027-03-12.", first=FIRST_YEAR, last=LAST_YEAR),
    "no_status": _l("none of: berizin, dihentikan, dicabut, kedaluwarsa"),
}
STATES = {
    PREVIEW: (_l("Not confirmed yet"), "warn"),
    CONFIRMED: (_l("In force since then"), "ok"),
    CANCELLED: (_l("Cancelled"), "plain"),
}
#: Why it was not confirmed.
REFUSALS = {
    "cancelled": _l("This import was cancelled. Load the file again."),
    "stale": _l(
        "The list has changed since this preview was made. Load the file again to see what it would change now."
    ),
    "late": _l("This preview is older than a day. Load the file again."),
    "unticked": _l("Tick first that you have checked this."),
}


def sentence(fault: Fault) -> str:
    """'Row 3, status: none of: berizin, … („jalan")', as one line."""
    return gettext("%(place)s: %(words)s", place=_place(fault), words=_words(fault)) if fault.row else _words(fault)


def told(faults: Sequence[Fault]) -> tuple[list[str], int]:
    """The first of them, and how many more there are."""
    return [sentence(fault) for fault in faults[:MOST_TOLD]], max(0, len(faults) - MOST_TOLD)


def column(name: str) -> Any:
    return COLUMN_WORDS[name]


def value(told: object) -> str:
    """A cell as the page shows it: a day, how a licence stands, words, or a dash."""
    if isinstance(told, date):
        return format_date(told, "d MMM y")
    return str(STATUS_WORDS.get(str(told), told or "–"))


def _place(fault: Fault) -> str:
    if not fault.column:
        return gettext("row %(number)s", number=fault.row)
    return gettext("row %(number)s, %(column)s", number=fault.row, column=COLUMN_WORDS[fault.column])


def _words(fault: Fault) -> str:
    if fault.code == "too_long":
        return gettext("has more than %(number)s letters", number=fault.value)
    if fault.code == "licence_twice":
        return gettext("stands in row %(number)s already", number=fault.value)
    words = str(FAULTS[fault.code])
    return f"{words} ({fault.value})" if fault.value else words
