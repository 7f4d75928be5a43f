"""What a workbook would unpack to, counted before anything is built of it. Pure; trusts nothing.

Thirty kilobytes of XLSX can hold four million empty styles, rows or cells, of which openpyxl makes an object each.
So every part is first read through by expat, which keeps nothing, and is left at the element that is one too many.
A part counts by what it holds, not by its name: which of them is read as what is told by the file itself.
"""

from __future__ import annotations

import io
import zipfile
from typing import IO
from xml.parsers import expat

#: A list of all 600 agencies with 20 columns is 12,000 cells, half a megabyte of cells and as much of words.
#: Ten times as much may come, in rows five times as long as are taken, so that too many can be told from a bomb.
MOST_FILES, LARGEST_PART, LARGEST_CONTENT = 500, 8 * 1024 * 1024, 24 * 1024 * 1024
MOST_CELLS, MOST_ROW_MARKS, MOST_MARKS = 150_000, 20_000, 10_000
#: Elements of which a cell or its words are made; all others together are few in a list.
CELL_MARKS = frozenset(("c", "v", "f", "is", "t", "si"))
ROW_MARK = "row"
PIECE = 64 * 1024


class TooMuch(Exception):
    """`code`: too_large or too_many_rows."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class _Counts:
    """Of all parts together: a workbook may have hundreds of sheets, and all are opened."""

    def __init__(self) -> None:
        self.cells = dict.fromkeys(CELL_MARKS, 0)
        self.rows = self.others = 0

    def count(self, tag: str, _attributes: object) -> None:
        name = tag.rpartition(":")[2]
        if name in CELL_MARKS:
            self.cells[name] += 1
            if self.cells[name] > MOST_CELLS:
                raise TooMuch("too_large")
        elif name == ROW_MARK:
            self.rows += 1
            if self.rows > MOST_ROW_MARKS:
                raise TooMuch("too_many_rows")
        else:
            self.others += 1
            if self.others > MOST_MARKS:
                raise TooMuch("too_large")


def refuse_bomb(content: bytes) -> None:
    """Raises TooMuch; ValueError, or whatever zipfile raises, if it is no workbook at all.

    Sizes are those that the archive tells: zipfile gives out no more of a file than it told.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        inside = archive.infolist()
        sizes = [file.file_size for file in inside]
        if len(inside) > MOST_FILES or max(sizes, default=0) > LARGEST_PART or sum(sizes) > LARGEST_CONTENT:
            raise TooMuch("too_large")
        counts = _Counts()
        for file in inside:
            with archive.open(file) as part:
                _count(part, counts)


def _count(part: IO[bytes], counts: _Counts) -> None:
    """Up to where it is no XML: a picture at once. No other reader gets further, so a fault is none of ours."""
    parser = expat.ParserCreate()
    parser.StartElementHandler = counts.count
    parser.StartDoctypeDeclHandler = _refuse_entities
    try:
        while piece := part.read(PIECE):
            parser.Parse(piece, False)
    except expat.ExpatError:
        return


def _refuse_entities(*_declared: object) -> None:
    """A workbook declares none; a few lines of them unfold to gigabytes."""
    raise ValueError("a workbook declares no document type")
