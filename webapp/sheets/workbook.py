"""Rows of the first sheet of an XLSX that is shown, with the values that formulas had when it was saved. Pure.

openpyxl takes six seconds for 100,000 rows, most of them for what nobody asks here; this takes one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from webapp.sheets.archive import Archive, local
from webapp.sheets.formats import Formats, formats_of
from webapp.sheets.limits import Limits, NoSheet, Row

#: More letters no program puts into a cell.
CELL_LENGTH = 32_767
#: The only elements of a sheet and of shared words that count; readings of Asian letters (rPh) stand beside words.
ROW, CELL, VALUE, WORDS, SHARED, BESIDE = "row", "c", "v", "t", "si", "rPh"
KNOWN = frozenset((ROW, CELL, VALUE, WORDS, SHARED, BESIDE))
#: Those whose letters are the cell.
READ = frozenset((VALUE, WORDS))
DIGITS = "0123456789"
#: So many elements there may be for each cell that is taken: the cell, its value, a formula, a font.
MARKS_OF_CELL = 4


@dataclass(frozen=True)
class _Parts:
    sheet: str
    words: str
    formats: str
    from_1904: bool


def rows_of_workbook(content: bytes, limits: Limits) -> Iterator[Row]:
    """All of them, filled up to one column more than are taken. Raises NoSheet."""
    try:
        archive = Archive(content, limits)
        parts = _parts(archive)
        words = _shared_words(archive, parts.words, limits) if archive.has(parts.words) else []
        formats = formats_of(archive, parts.formats, parts.from_1904)
        sheet = _Sheet(words, formats, limits)
        for _ in archive.parsed(parts.sheet, sheet.start, sheet.data):
            yield from sheet.taken()
        yield from sheet.over()
    except NoSheet:
        raise
    except Exception:  # of a broken file the parsers make any of them; all mean that it is none
        raise NoSheet("no_workbook") from None


def _parts(archive: Archive) -> _Parts:
    """Raises LookupError if there is no sheet."""
    book = dict(archive.related("").values())["officeDocument"]
    related, sheets, from_1904 = archive.related(book), [], False
    for tag, attributes in archive.elements(book):
        if tag == "workbookPr":
            from_1904 = attributes.get("date1904") in ("1", "true")
        elif tag == "sheet" and related[attributes["id"]][0] == "worksheet":
            sheets.append((attributes.get("state", "visible") != "visible", related[attributes["id"]][1]))
    paths = dict(related.values())
    # Of all that are shown the first; if none is, the first of all.
    sheet = min(sheets, key=lambda one: one[0])[1]
    return _Parts(sheet, paths.get("sharedStrings", ""), paths.get("styles", ""), from_1904)


class _Names(dict[str, str]):
    """Of elements, without prefix; all that count for nothing are called alike."""

    def __missing__(self, tag: str) -> str:
        name = local(tag)
        name = self[tag] = name if name in KNOWN else ""
        return name


class _Reader:
    """Letters of one kind of element. It ends where the next one begins, so nobody need be told where it ends."""

    def __init__(self, most_marks: int) -> None:
        self._names = _Names()
        self._text, self._reads, self._beside = "", False, False
        self._marks, self._most_marks = 0, most_marks

    def data(self, letters: str) -> None:
        if self._reads and len(self._text) < CELL_LENGTH:
            self._text += letters

    def words(self) -> str:
        """What was read since the last time, with single blanks."""
        text, self._text, self._beside = self._text, "", False
        return " ".join(text[:CELL_LENGTH].split())

    def checked(self) -> None:
        """Asked after each piece, which holds few more than are allowed. Raises NoSheet."""
        if self._marks > self._most_marks:
            raise NoSheet("too_large")


class _Shared(_Reader):
    """Words that cells share. Of each the readings of Asian letters come last."""

    def __init__(self, limits: Limits) -> None:
        super().__init__(MARKS_OF_CELL * limits.most_cells)
        self.found: list[str] = []
        self._most, self._begun = limits.most_cells, False

    def start(self, tag: str, _attributes: dict[str, str]) -> None:
        self._marks += 1
        name = self._names[tag]
        self._reads = name == WORDS and not self._beside
        if name == SHARED:
            self.over()
            self._begun = True
        elif name == BESIDE:
            self._beside = True

    def over(self) -> None:
        if self._begun:
            self.found.append(self.words())

    def checked(self) -> None:
        super().checked()
        if len(self.found) > self._most:
            raise NoSheet("too_large")


def _shared_words(archive: Archive, path: str, limits: Limits) -> list[str]:
    reader = _Shared(limits)
    for _ in archive.parsed(path, reader.start, reader.data):
        reader.checked()
    reader.over()
    reader.checked()
    return reader.found


class _Sheet(_Reader):
    """What expat tells of a sheet becomes rows. Called a million times: this is where the time goes."""

    def __init__(self, words: list[str], formats: Formats, limits: Limits) -> None:
        super().__init__(MARKS_OF_CELL * limits.most_cells)
        self._shared, self._formats, self._limits = words, formats, limits
        self._ready: list[Row] = []
        self._empty = [""] * (limits.most_columns + 1)
        self._width = len(self._empty)
        self._places: dict[str, int] = {}
        self._rows = self._of_cells = self._number = 0
        self._place, self._kind, self._format = self._width, "", ""
        self._cells = self._empty

    def taken(self) -> list[Row]:
        """The rows that were read since the last time. Raises NoSheet."""
        self.checked()
        ready, self._ready = self._ready, []
        return ready

    def over(self) -> list[Row]:
        """The last row."""
        self._end_row()
        return self.taken()

    def checked(self) -> None:
        if self._rows > self._limits.most_row_marks:
            raise NoSheet("too_many_rows")
        if self._of_cells > self._limits.most_cells:
            raise NoSheet("too_large")
        super().checked()

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._marks += 1
        name = self._names[tag]
        if name in READ:
            self._reads = not self._beside
            return
        self._reads = False
        if name == CELL:
            if self._text:
                self._end_cell()
            self._of_cells += 1
            self._beside = False
            self._kind, self._format = attributes.get("t", "n"), attributes.get("s", "")
            place = attributes.get("r")
            if place:
                letters = place.rstrip(DIGITS)
                self._place = self._places.get(letters, -1)
                if self._place < 0:
                    self._place = self._placed(letters)
            else:
                self._place += 1
        elif name == ROW:
            self._end_row()
            self._begin_row(attributes.get("r", ""))
        elif name == BESIDE:
            self._beside = True

    def _begin_row(self, told: str) -> None:
        self._rows += 1
        number = int(told) if told.isdecimal() and len(told) < 10 else 0
        self._number = max(number, self._number + 1)
        self._place, self._cells = -1, self._empty[:]

    def _end_row(self) -> None:
        if self._text:
            self._end_cell()
        if self._rows:
            self._ready.append((self._number, self._cells))

    def _end_cell(self) -> None:
        text, self._text = self._text, ""
        if not 0 <= self._place < self._width:
            return
        if self._kind == "s":
            self._cells[self._place] = self._shared[int(text)]
        elif words := " ".join(text[:CELL_LENGTH].split()):
            self._cells[self._place] = self._shown(words)

    def _placed(self, letters: str) -> int:
        """'A' → 0, 'AB' → 27; past the last that is taken for whatever is no column."""
        place = 0
        for letter in letters[:4]:
            place = place * 26 + ord(letter) - 64
        is_column = 0 < len(letters) <= 3 and letters.isascii() and letters.isupper() and letters.isalpha()
        self._places[letters] = place - 1 if is_column else self._width
        return self._places[letters]

    def _shown(self, words: str) -> str:
        if self._kind == "n":
            return self._formats.shown(words, self._format)
        if self._kind == "b":
            return {"1": "TRUE", "0": "FALSE"}.get(words, words)
        return words
