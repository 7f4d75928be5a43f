"""Long texts in parts: how we cut ours, and how those that arrive are put together again. Pure.

A part says in its user data header (GSM 03.40, 9.2.3.24.1) which text it belongs to, of how many parts, and which it
is. Headers and words stand in the daemon's tables as hexadecimal; words are UTF-16, whatever the alphabet was.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import smsutil

#: Information elements for parts of a long text: with a reference of one byte, and of two.
SHORT_REFERENCE, LONG_REFERENCE = 0x00, 0x08
CODINGS = {"gsm0338": "Default_No_Compression", "utf_16_be": "Unicode_No_Compression"}
#: Stands for a part that never came.
MISSING = " (...) "


@dataclass(frozen=True, slots=True)
class Cut:
    """A text of ours as the daemon wants it: (header, words) of each part, the header empty for a single one."""

    coding: str
    parts: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Arrived:
    """One row of the daemon's inbox."""

    id: int
    number: str
    header: str
    #: Hexadecimal.
    words: str
    #: As the daemon writes it.
    at: object
    #: Seconds since it came to the table.
    age: float


@dataclass(slots=True)
class Assembly:
    """Rows that are one text, complete or not."""

    total: int = 1
    rows: dict[int, Arrived] = field(default_factory=dict)

    @property
    def first(self) -> Arrived:
        return min(self.rows.values(), key=lambda row: row.id)

    @property
    def ids(self) -> list[int]:
        return [row.id for row in self.rows.values()]

    @property
    def is_complete(self) -> bool:
        return len(self.rows) == self.total

    @property
    def body(self) -> str:
        """A letter may begin in one part and end in the next, so bytes are joined before they are read."""
        body, run = "", b""
        for number in range(1, self.total + 1):
            if row := self.rows.get(number):
                run += _bytes(row.words)
            else:
                body, run = body + _letters(run) + MISSING, b""
        return (body + _letters(run)).strip(" ") if not self.is_complete else _letters(run)


def cut(reference: str, body: str) -> Cut:
    """`reference` of the text gives the parts theirs, so that the same text is cut alike again."""
    found = smsutil.split(body)
    parts = [part.content for part in found.parts]
    if len(parts) == 1:
        return Cut(CODINGS[found.encoding], [("", parts[0])])
    mark = zlib.crc32(reference.encode()) & 0xFF
    headers = (f"050003{mark:02X}{len(parts):02X}{number:02X}" for number in range(1, len(parts) + 1))
    return Cut(CODINGS[found.encoding], list(zip(headers, parts, strict=True)))


def assemble(rows: Iterable[Arrived]) -> list[Assembly]:
    """Rows, in the order in which they came, as texts. A part that is there already begins another text."""
    texts: list[Assembly] = []
    growing: dict[tuple[str, int, int], Assembly] = {}
    for row in rows:
        mark, total, number = _place(row.header)
        key = (row.number, mark, total)
        text = growing.get(key)
        if total == 1 or text is None or number in text.rows:
            text = Assembly(total)
            texts.append(text)
        text.rows[number] = row
        if not text.is_complete:
            growing[key] = text
        elif total > 1:
            growing.pop(key, None)
    return texts


def _place(header: str) -> tuple[int, int, int]:
    """Reference, parts in all, and which this is, from 1. What says nothing of the kind is a text by itself."""
    elements = _bytes(header)[1:]
    while len(elements) >= 2:
        kind, length = elements[0], elements[1]
        data, elements = elements[2 : 2 + length], elements[2 + length :]
        if kind in (SHORT_REFERENCE, LONG_REFERENCE) and len(data) == length >= 3:
            total, number = data[-2], data[-1]
            if 1 <= number <= total:
                return int.from_bytes(data[:-2], "big"), total, number
    return 0, 1, 1


def _bytes(hexadecimal: str) -> bytes:
    try:
        return bytes.fromhex(hexadecimal)
    except ValueError:
        return b""


def _letters(words: bytes) -> str:
    return words.decode("utf-16-be", "replace")
