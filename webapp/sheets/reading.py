"""All rows of a file, whatever kind it is. Pure; trusts nothing, the name of the file least."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from webapp.sheets.limits import Limits, NoSheet, Row
from webapp.sheets.text import rows_of_text
from webapp.sheets.workbook import rows_of_workbook

#: How files begin: XLSX is a zip; a workbook with a password and the format before 2007 are of another kind.
ZIP, OLD_OR_LOCKED = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


def rows_of(content: bytes, limits: Limits) -> Iterator[Row]:
    """Rows that hold anything, in order, one by one. Raises NoSheet, also when the first rows were given out."""
    if len(content) > limits.largest_file:
        raise NoSheet("too_large")
    if content.startswith(OLD_OR_LOCKED):
        raise NoSheet("locked")
    read = rows_of_workbook if content.startswith(ZIP) else rows_of_text
    return _filled(read(content, limits), limits.most_rows)


def _filled(rows: Iterable[Row], most: int) -> Iterator[Row]:
    filled = 0
    for row in rows:
        if any(row[1]):
            filled += 1
            if filled > most:
                raise NoSheet("too_many_rows")
            yield row
    if not filled:
        raise NoSheet("empty")
