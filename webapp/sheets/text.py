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
_NAMED = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
#: What no text holds; a picture does within its first bytes.
_NO_TEXT = re.compile(r"[\x00-\x08\x0e-\x1f]")


def rows_of_text(content: bytes, limits: Limits) -> Iterator[Row]:
    """All of them. Raises NoSheet: not_utf8, not_text, broken."""
    text = _decoded(content) if not limits.only_utf8 else _utf8(content)
    separator = _separator(text)
    if named := _NAMED.match(text):
        text, separator = text[named.end() :], named[1]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    most, number = limits.most_columns + 1, 0
    try:
        for number, cells in enumerate(reader, start=1):
            yield number, [" ".join(cell.split()) for cell in cells[:most]]
    except csv.Error:
        raise NoSheet("broken", number + 1) from None


def _utf8(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NoSheet("not_utf8") from None


def _decoded(content: bytes) -> str:
    """As the file says of itself; else UTF-8, and what is none is Windows-1252."""
    utf16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for name in ("utf-16",) if utf16 else ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(name)
        except UnicodeDecodeError:
            continue
        if not _NO_TEXT.search(text):
            return text
    raise NoSheet("not_text")


def _separator(text: str) -> str:
    beginning = text.split("\n", BEGINNING)[:BEGINNING]
    return max(SEPARATORS, key=lambda mark: sum(line.count(mark) for line in beginning))
