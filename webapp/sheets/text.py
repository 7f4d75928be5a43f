"""Rows of a CSV as spreadsheets write it: separated by comma, semicolon or tab, in the letters of any Windows. Pure."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator

from webapp.sheets.limits import Limits, NoSheet, Row

SEPARATORS = ",;\t"
#: Lines in which separators are counted.
BEGINNING = 10
#: Excel's own way of naming the separator, a line that it does not show.
_NAMED = re.compile(r"sep=([,;|\t])\r?\n", re.IGNORECASE)
#: What no text holds; a picture does within its first bytes.
_NO_TEXT = re.compile(r"[\x00-\x08\x0e-\x1f]")


def rows_of_text(content: bytes, limits: Limits) -> Iterator[Row]:
    """All of them. Raises NoSheet: not_utf8, not_text, broken."""
    letters, separator, named = _seen_through(content, limits.only_utf8)
    text = io.TextIOWrapper(io.BytesIO(content), letters, newline="")
    if named:
        text.readline()
    reader = csv.reader(text, delimiter=separator, strict=True)
    most, number = limits.most_columns + 1, 0
    try:
        for number, cells in enumerate(reader, start=1):
            yield number, [" ".join(cell.split()) for cell in cells[:most]]
    except csv.Error:
        raise NoSheet("broken", number + 1) from None


def _seen_through(content: bytes, only_utf8: bool) -> tuple[str, str, bool]:
    """Name of the letters, separator, and whether the first line names it. All letters are looked at, none is kept."""
    utf16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for letters in ("utf-8-sig",) if only_utf8 else ("utf-16",) if utf16 else ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(letters)
        except UnicodeDecodeError:
            continue
        if only_utf8 or not _NO_TEXT.search(text):
            named = _NAMED.match(text)
            return letters, named[1] if named else _separator(text), bool(named)
    raise NoSheet("not_utf8" if only_utf8 else "not_text")


def _separator(text: str) -> str:
    beginning = text.split("\n", BEGINNING)[:BEGINNING]
    return max(SEPARATORS, key=lambda mark: sum(line.count(mark) for line in beginning))
