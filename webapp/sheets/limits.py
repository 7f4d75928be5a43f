"""How much of a file is read before it is refused, and what a refusal is called. Pure."""

from __future__ import annotations

from dataclasses import dataclass

#: A number of the file as its program shows it, and its cells as words without blanks around.
Row = tuple[int, list[str]]
#: What a spreadsheet shows instead of a value, and how a formula begins that was taken for words.
FAILED = frozenset(("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"))
FORMULA = "="


class NoSheet(Exception):
    """No rows can be read.

    `code`: empty, too_large, not_utf8, not_text, broken, locked, no_workbook, too_many_rows. `row` where it is known.
    """

    def __init__(self, code: str, row: int | None = None) -> None:
        super().__init__(code)
        self.code, self.row = code, row


@dataclass(frozen=True)
class Limits:
    """Of one kind of list. What is read is bounded before it is read: a file of 2 MB may pretend to hold gigabytes."""

    largest_file: int
    #: Bytes that one part of a workbook, and all parts together, may unpack to.
    largest_part: int
    largest_content: int
    #: Rows that hold anything; and rows of a workbook that hold nothing but a format as well.
    most_rows: int
    most_row_marks: int
    #: One more is read, so that whoever asks can tell that there are too many.
    most_columns: int
    #: Of a sheet, and words that cells share.
    most_cells: int
    #: Formats, names of sheets and whatever else describes a workbook.
    most_marks: int
    #: Refuse Windows-1252 and UTF-16, for lists in which a letter that was guessed does harm.
    only_utf8: bool = False
