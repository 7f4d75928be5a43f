"""How large a list of agencies may be. Pure."""

from __future__ import annotations

from webapp.sheets import reading
from webapp.sheets.limits import Limits, Row

MOST_ROWS, MOST_COLUMNS = 5_000, 30
#: Lines above the names of the columns: a title, a date, an empty line.
MOST_ABOVE = 10
#: A list of all 600 agencies with 20 columns is 12,000 cells, half a megabyte of cells and as much of words.
#: Ten times as much may come, in rows five times as long as are taken, so that too many can be told from a bomb.
LIMITS = Limits(
    largest_file=2 * 1024 * 1024,
    largest_part=8 * 1024 * 1024,
    largest_content=24 * 1024 * 1024,
    most_rows=MOST_ABOVE + MOST_ROWS,
    most_row_marks=20_000,
    most_columns=MOST_COLUMNS,
    most_cells=150_000,
    most_marks=10_000,
    # A name that is spelled by guess is not found by CEK.
    only_utf8=True,
)


def rows_of(content: bytes) -> list[Row]:
    """All rows that hold anything, in order. Raises NoSheet."""
    return list(reading.rows_of(content, LIMITS))
