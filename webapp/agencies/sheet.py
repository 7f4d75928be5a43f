"""Rows of cells out of a file that somebody sent: CSV as spreadsheets write it, or XLSX. Pure; trusts nothing.

What is read is bounded before it is read: a file of 2 MB may pretend to hold gigabytes.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime

import openpyxl
from openpyxl.cell.cell import ERROR_CODES

from webapp.agencies.unpacked import TooMuch, refuse_bomb

LARGEST_FILE = 2 * 1024 * 1024
MOST_ROWS, MOST_COLUMNS = 5_000, 30
#: Lines above the names of the columns: a title, a date, an empty line.
MOST_ABOVE = 10
#: How files begin: XLSX is a zip; a workbook with a password and the format before 2007 are of another kind.
ZIP, OLD_OR_LOCKED = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
SEPARATORS = ",;\t"
#: What a spreadsheet shows instead of a value, and how a formula begins that was taken for words.
FAILED, FORMULA = frozenset(ERROR_CODES), "="

#: A number of the file as its program shows it, and its cells as words without blanks around.
Row = tuple[int, list[str]]


class NoSheet(Exception):
    """No rows can be read. `code`: empty, too_large, not_utf8, broken, locked, no_workbook, too_many_rows."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def rows_of(content: bytes) -> list[Row]:
    """All rows that hold anything, in order. Raises NoSheet."""
    if len(content) > LARGEST_FILE:
        raise NoSheet("too_large")
    if content.startswith(OLD_OR_LOCKED):
        raise NoSheet("locked")
    cells = _of_workbook(content) if content.startswith(ZIP) else _of_text(content)
    rows = [(number, row) for number, row in enumerate(cells, start=1) if any(row)]
    if not rows:
        raise NoSheet("empty")
    return rows


def _of_text(content: bytes) -> Iterator[list[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NoSheet("not_utf8") from None
    beginning = text.split("\n", MOST_ABOVE)[:MOST_ABOVE]
    separator = max(SEPARATORS, key=lambda mark: sum(line.count(mark) for line in beginning))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        yield from _bounded(reader)
    except csv.Error:
        raise NoSheet("broken") from None


def _of_workbook(content: bytes) -> Iterator[list[str]]:
    """Of its first sheet, with the values that formulas had when it was saved."""
    try:
        refuse_bomb(content)
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        bounds = {"max_row": MOST_ABOVE + MOST_ROWS + 1, "max_col": MOST_COLUMNS + 1}
        yield from _bounded(book.worksheets[0].iter_rows(values_only=True, **bounds))
    except TooMuch as much:
        raise NoSheet(much.code) from None
    except NoSheet:
        raise
    except Exception:  # of a broken file the library makes any of them; all mean that it is none
        raise NoSheet("no_workbook") from None


def _bounded(rows: Iterable[Sequence[object]]) -> Iterator[list[str]]:
    filled = 0
    for row in rows:
        words = [_words(value) for value in row[: MOST_COLUMNS + 1]]
        filled += any(words)
        if filled > MOST_ABOVE + MOST_ROWS:
            raise NoSheet("too_many_rows")
        yield words


def _words(value: object) -> str:
    """A day as 2027-03-12, a whole number without a decimal point; what is empty is ''."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return " ".join(str(value).split())
