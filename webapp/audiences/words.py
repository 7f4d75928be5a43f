"""What is wrong with a list, as people say it. Numbers and names of the list are in none of it."""

from __future__ import annotations

from collections import Counter

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l

from webapp.audiences.columns import MOST_VALUES, LeftOut
from webapp.audiences.listed import LIMITS, MOST_ROWS, NAME_LENGTH, VALUE_LENGTH, Problem
from webapp.sheets.limits import NoSheet

#: Why nothing can be made of a file.
FILES = {
    "empty": _l("The file is empty."),
    "no_rows": _l("There is nothing below the names of the columns."),
    "too_large": _l(
        "The file is too large, or much too large once it is unpacked. At most %(most)s MB are taken.",
        most=LIMITS.largest_file // 1024**2,
    ),
    "too_many_rows": _l("At most %(most)s rows are taken. Divide the list.", most=MOST_ROWS),
    "not_text": _l("This is no list: neither a CSV nor an XLSX workbook."),
    "broken": _l("This is no CSV: a quotation mark that opens is not closed, or the file is of another kind."),
    "locked": _l("This workbook has a password, or is older than 2007. Save it as XLSX without a password."),
    "no_workbook": _l("This is no XLSX workbook, or it is damaged. Open it in Excel and save it as XLSX once more."),
    "no_number_column": _l("No column holds phone numbers. Call it 'No HP'."),
}
#: What is wrong with one row.
PROBLEMS = {
    "no_number": _l("there is no number"),
    "digits_lost": _l("the spreadsheet rounded this number and lost its last digits. Write it as text."),
    "several": _l("holds several numbers. Give each a row of its own."),
    "landline": _l("is a landline, which gets no SMS"),
    "not_a_number": _l("is no phone number"),
    "too_short": _l("has too few digits"),
    "too_long": _l("has too many digits"),
    "formula": _l("a formula without a value, or one that failed. Write the value itself."),
    "cannot_be_texted": _l("this number cannot be texted"),
    "no_name": _l("is no name, and is left out"),
    "name_too_long": _l("has more than %(most)s letters, and is left out", most=NAME_LENGTH),
    "no_language": _l("is none of the languages of texts; the text goes in Indonesian"),
    "no_village": _l("there is no village with this code; it is left out"),
    "village_elsewhere": _l("this village is not in your area; it is left out"),
}
LEFT_OUT = {
    "private": _l("it holds secret numbers (NIK, cards, accounts), which are not kept"),
    "too_many": _l("more than %(most)s columns for a text are not kept", most=MOST_VALUES),
    "too_long": _l("it holds more than %(most)s letters, too many for a text", most=VALUE_LENGTH),
}


def why_no_list(none: NoSheet) -> str:
    """One sentence for the form."""
    words = str(FILES[none.code])
    return gettext("Row %(number)s: %(words)s", number=none.row, words=words) if none.row else words


def sentence(problem: Problem) -> str:
    """'Row 17, No HP: has too few digits'."""
    return gettext(
        "Row %(number)s, %(column)s: %(words)s", number=problem.row, column=problem.column, words=_words(problem)
    )


def counted(counts: Counter[str]) -> list[tuple[str, int]]:
    """What is wrong and how often, the most frequent first."""
    return [(kind(code), count) for code, count in counts.most_common()]


def kind(code: str) -> str:
    return gettext("stands in the list already") if code == "repeated" else str(PROBLEMS[code])


def left_out(one: LeftOut) -> str:
    """Why a column cannot be merged into a text."""
    words = str(LEFT_OUT[one.reason])
    if one.row is None:
        return gettext("%(column)s: %(words)s", column=one.title, words=words)
    return gettext("%(column)s, row %(number)s: %(words)s", column=one.title, number=one.row, words=words)


def more(count: int, shown: int) -> str:
    """'and 12 more', or '' if all are shown."""
    rest = count - shown
    return ngettext("and %(num)s more", "and %(num)s more", rest) if rest > 0 else ""


def _words(problem: Problem) -> str:
    if problem.code == "repeated":
        return gettext("stands in row %(number)s already", number=problem.first)
    return str(PROBLEMS[problem.code])
