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
ROW, CELL, VALUE, INLINE, WORDS, SHARED, BESIDE, ROWS = "row", "c", "v", "is", "t", "si", "rPh", "sheetData"
KNOWN = frozenset((ROW, CELL, VALUE, INLINE, WORDS, SHARED, BESIDE, ROWS))
#: Those whose letters are the cell.
READ = (VALUE, WORDS)
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
        for _ in archive.parsed(parts.sheet, sheet.start, sheet.end, sheet.data):
            yield from sheet.taken()
            if sheet.over:
                return
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


class _Text:
    """Collects the letters of one cell, wherever the file breaks them."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._length = 0
        self.reads = False

    def data(self, letters: str) -> None:
        if self.reads and self._length < CELL_LENGTH:
            self._pieces.append(letters)
            self._length += len(letters)

    def take(self) -> str:
        """As words with single blanks."""
        self.reads = False
        if not self._pieces:
            return ""
        text = " ".join("".join(self._pieces)[:CELL_LENGTH].split())
        self._pieces, self._length = [], 0
        return text


def _shared_words(archive: Archive, path: str, limits: Limits) -> list[str]:
    found: list[str] = []
    text, beside, marks = _Text(), False, 0

    def start(tag: str, _attributes: dict[str, str]) -> None:
        nonlocal beside, marks
        marks += 1
        if marks > MARKS_OF_CELL * limits.most_cells:
            raise NoSheet("too_large")
        tag = local(tag)
        text.reads = tag == WORDS and not beside
        beside = beside or tag == BESIDE

    def end(tag: str) -> None:
        nonlocal beside
        tag = local(tag)
        text.reads, beside = False, beside and tag != BESIDE
        if tag == SHARED:
            if len(found) >= limits.most_cells:
                raise NoSheet("too_large")
            found.append(text.take())

    for _ in archive.parsed(path, start, end, text.data):
        pass
    return found


class _Names(dict[str, str]):
    """Of elements, without prefix; all that count for nothing are called alike."""

    def __missing__(self, tag: str) -> str:
        name = local(tag)
        name = self[tag] = name if name in KNOWN else ""
        return name


class _Sheet:
    """What expat tells of a sheet becomes rows. Called two million times: this is where the time goes."""

    def __init__(self, words: list[str], formats: Formats, limits: Limits) -> None:
        self._words, self._formats, self._limits = words, formats, limits
        self._text = _Text()
        self.data = self._text.data
        self._ready: list[Row] = []
        self._empty = [""] * (limits.most_columns + 1)
        self._names = _Names()
        self._places: dict[str, int] = {}
        self._rows = self._of_cells = self._marks = 0
        self._number, self._place, self._beside = 0, -1, False
        self._kind, self._format = "n", ""
        self._cells = self._empty[:]
        self.over = False

    def taken(self) -> list[Row]:
        """The rows of the last piece. Raises NoSheet; a piece holds few more than are allowed."""
        if self._rows > self._limits.most_row_marks:
            raise NoSheet("too_many_rows")
        if self._of_cells > self._limits.most_cells or self._marks > MARKS_OF_CELL * self._limits.most_cells:
            raise NoSheet("too_large")
        ready, self._ready = self._ready, []
        return ready

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._marks += 1
        name = self._names[tag]
        if name == CELL:
            self._of_cells += 1
            self._kind, self._format = attributes.get("t", "n"), attributes.get("s", "")
            place = attributes.get("r")
            self._place = self._placed(place.rstrip(DIGITS)) if place else self._place + 1
        elif name in READ:
            self._text.reads = not self._beside
        elif name == ROW:
            self._begin_row(attributes.get("r", ""))
        elif name == BESIDE:
            self._beside, self._text.reads = True, False

    def end(self, tag: str) -> None:
        name = self._names[tag]
        if name == CELL:
            text = self._text.take()
            if 0 <= self._place < len(self._cells):
                self._cells[self._place] = self._shown(text)
        elif name == ROW:
            self._ready.append((self._number, self._cells))
        elif name == BESIDE:
            self._beside = False
        elif name == ROWS:
            self.over = True

    def _begin_row(self, told: str) -> None:
        self._rows += 1
        number = int(told) if told.isdecimal() and len(told) < 10 else 0
        self._number = max(number, self._number + 1)
        self._place, self._cells = -1, self._empty[:]

    def _placed(self, letters: str) -> int:
        """'A' → 0, 'AB' → 27; past the last that is taken for whatever is no column."""
        place = self._places.get(letters)
        if place is None:
            place = 0
            for letter in letters[:4]:
                place = place * 26 + ord(letter) - 64
            is_column = len(letters) <= 3 and letters.isascii() and letters.isupper()
            place = self._places[letters] = place - 1 if is_column else len(self._empty)
        return place

    def _shown(self, text: str) -> str:
        if self._kind == "s":
            return self._words[int(text)] if text else ""
        if self._kind == "n":
            return self._formats.shown(text, self._format) if text else ""
        if self._kind == "b":
            return {"1": "TRUE", "0": "FALSE"}.get(text, text)
        return text
