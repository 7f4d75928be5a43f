"""Recipients out of the rows of a list, and what is wrong with the others, by row and column. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import chain, islice
from typing import NamedTuple

from webapp.areas.names import fold
from webapp.audiences import columns
from webapp.audiences.cells import BadCell, holds_secret, number_in
from webapp.audiences.columns import Column, Columns, LeftOut
from webapp.sheets.limits import FAILED, FORMULA, Limits, NoSheet, Row
from webapp.sheets.reading import rows_of

MOST_ROWS, MOST_COLUMNS = 100_000, 30
#: 100,000 rows of ten columns are 10 MB of CSV; as a workbook they unpack to 60 MB.
LIMITS = Limits(
    largest_file=12 * 1024 * 1024,
    largest_part=96 * 1024 * 1024,
    largest_content=128 * 1024 * 1024,
    most_rows=columns.MOST_ABOVE + 1 + MOST_ROWS,
    # Formats go on below the last row of many a list.
    most_row_marks=4 * MOST_ROWS,
    most_columns=MOST_COLUMNS,
    most_cells=12 * MOST_ROWS,
    most_marks=100_000,
)
#: Of each kind so many are kept to be shown; all are counted.
MOST_SHOWN = 200
NAME_LENGTH, VALUE_LENGTH = 100, 60
#: Their codes and how people write them, as `fold` makes it.
LANGUAGES = {
    "id": ("id", "in", "ind", "indonesia", "bahasa indonesia", "indonesian"),
    "jv": ("jv", "jw", "jawa", "bahasa jawa", "basa jawa", "javanese"),
    "su": ("su", "sunda", "bahasa sunda", "basa sunda", "sundanese"),
    "sas": ("sas", "sasak", "bahasa sasak", "base sasak"),
}
_LANGUAGE_OF = {word: code for code, words in LANGUAGES.items() for word in words}
_VILLAGE = re.compile(r"([0-9]{2})\.?([0-9]{2})\.?([0-9]{2})\.?([0-9]{4})")


class Recipient(NamedTuple):
    """`row` as the program shows it; `values` in the order of the columns; `area_code` '' if none is told."""

    row: int
    number: str
    name: str
    language: str
    area_code: str
    values: tuple[str, ...]


class Problem(NamedTuple):
    """`column` is its title; `first` is the row that a repeated number stood in before. Holds nothing of the cell."""

    row: int
    column: str
    code: str
    first: int | None = None


@dataclass
class Told:
    """Problems of one kind: all are counted, the first are kept."""

    shown: list[Problem] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def add(self, problem: Problem) -> None:
        self.counts[problem.code] += 1
        if len(self.shown) < MOST_SHOWN:
            self.shown.append(problem)

    def __len__(self) -> int:
        return self.counts.total()


@dataclass
class Listed:
    """Every row is a recipient, has a problem, or repeats a number. Notes are of rows that are taken all the same."""

    columns: Columns
    recipients: list[Recipient] = field(default_factory=list)
    problems: Told = field(default_factory=Told)
    repeated: Told = field(default_factory=Told)
    notes: Told = field(default_factory=Told)

    @property
    def total(self) -> int:
        return len(self.recipients) + len(self.problems) + len(self.repeated)


def read(content: bytes) -> Listed:
    """All rows of a file. Raises NoSheet if nothing can be made of it, `no_number_column` and `no_rows` among it.

    Knows no database: what is stored says only later who is known and who cannot be texted (known.py).
    """
    rows = rows_of(content, LIMITS)
    beginning = list(islice(rows, columns.MOST_ABOVE + 1 + columns.SAMPLE))
    above, found = columns.find(beginning, MOST_COLUMNS)
    listed = of_rows(chain(beginning[above:], rows), found)
    if not listed.total:
        raise NoSheet("no_rows")
    return listed


def of_rows(rows: Iterable[Row], found: Columns, most: int = MOST_ROWS) -> Listed:
    """What rows below the header say. Raises NoSheet if there are more than `most`: half a list is worse than none."""
    listed, seen = Listed(found), dict[str, int]()
    cells_of = _Cells(found, listed.notes)
    at, title = found.number.at, found.number.title
    for row, cells in _at_most(rows, most):
        try:
            number = number_in(cells[at] if at < len(cells) else "")
        except BadCell as bad:
            listed.problems.add(Problem(row, title, bad.code))
            continue
        if (first := seen.setdefault(number, row)) != row:
            listed.repeated.add(Problem(row, title, "repeated", first))
        else:
            listed.recipients.append(cells_of.recipient(row, number, cells))
    return cells_of.without_unfit(listed)


def _at_most(rows: Iterable[Row], most: int) -> Iterator[Row]:
    for read_before, row in enumerate(rows):
        if read_before == most:
            raise NoSheet("too_many_rows", row[0])
        yield row


class _Cells:
    """What stands beside the number. Nothing of it keeps a row out: without it the text says less."""

    def __init__(self, found: Columns, notes: Told) -> None:
        self._found, self._notes = found, notes
        self._unfit: dict[int, LeftOut] = {}

    def recipient(self, row: int, number: str, cells: list[str]) -> Recipient:
        found = self._found
        name = self._understood(row, found.name, cells, _name) if found.name else ""
        language = self._understood(row, found.language, cells, _language) if found.language else ""
        village = self._understood(row, found.village, cells, _village) if found.village else ""
        values = tuple([self._value(row, column, cells) for column in found.values])
        return Recipient(row, number, name, language or "id", village, values)

    def _understood(self, row: int, column: Column, cells: list[str], meaning: Callable[[str], str]) -> str:
        cell = cells[column.at] if column.at < len(cells) else ""
        if not cell:
            return ""
        try:
            return meaning(cell)
        except BadCell as bad:
            self._notes.add(Problem(row, column.title, bad.code))
            return ""

    def _value(self, row: int, column: Column, cells: list[str]) -> str:
        cell = cells[column.at] if column.at < len(cells) else ""
        if not cell or column.at in self._unfit:
            return ""
        if len(cell) > VALUE_LENGTH:
            self._unfit[column.at] = LeftOut(column.title, "too_long", row)
        elif holds_secret(cell):
            self._unfit[column.at] = LeftOut(column.title, "private", row)
        elif cell in FAILED or cell[0] == FORMULA:
            self._notes.add(Problem(row, column.title, "formula"))
        else:
            return cell if cell.isprintable() else _printable(cell)
        return ""

    def without_unfit(self, listed: Listed) -> Listed:
        """A column of which one cell cannot be merged is left out in all rows, those before it too."""
        if not self._unfit:
            return listed
        kept = [place for place, column in enumerate(self._found.values) if column.at not in self._unfit]
        listed.columns = replace(
            self._found,
            values=tuple(self._found.values[place] for place in kept),
            left_out=(*self._found.left_out, *self._unfit.values()),
        )
        for place, one in enumerate(listed.recipients):
            listed.recipients[place] = one._replace(values=tuple(one.values[at] for at in kept))
        return listed


def _name(cell: str) -> str:
    if len(cell) > NAME_LENGTH:
        raise BadCell("name_too_long")
    if cell in FAILED or cell[0] == FORMULA:
        raise BadCell("formula")
    name = cell if cell.isprintable() else _printable(cell)
    if name.isdecimal() or holds_secret(name):
        raise BadCell("no_name")
    return name


def _language(cell: str) -> str:
    if code := _folded_language(cell[: columns.TITLE_LENGTH]):
        return code
    raise BadCell("no_language")


@lru_cache(maxsize=500)
def _folded_language(cell: str) -> str:
    return _LANGUAGE_OF.get(fold(cell), "")


def _village(cell: str) -> str:
    if match := _VILLAGE.fullmatch(cell):
        return ".".join(match.groups())
    raise BadCell("no_village")


def _printable(cell: str) -> str:
    """Marks of writing direction and the like are copied along with names from messengers."""
    return "".join(char for char in cell if char.isprintable())
