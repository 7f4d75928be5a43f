"""What the words of a broadcast may hold in braces, and what stands against them. Pure.

They are words that an office wrote, in as many segments as it pays for: longer than a stock text may be, and always
such that whoever reads them knows who speaks and where to answer.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from sms.text import NAME, is_gsm7, merge, plain, segments, whole

PERSON, VILLAGE, OFFICER = NAME, "desa", "hp"
#: Placeholder → the longest value that is usual, for counting while nobody is chosen yet.
LONGEST = {PERSON: "Sriwahyuni", VILLAGE: "Sukamaju Kidul", OFFICER: "081234567890"}
USUAL_CELL = "Gedung Serba Guna"
FALLBACK = "id"
PROGRAMME = "Desmigratif"
MOST_SEGMENTS = 4
#: Of words that are typed: what is longer is refused, and measured no further. Foreign letters that are shown.
MOST_LETTERS, MOST_FOREIGN = 1_000, 10
#: It says where to answer: the number of the village, another number or address, or that an answer by SMS is read.
_answerable = re.compile(r"\{hp\}|\d{3,}|balas|bales|jawab|kirim", re.IGNORECASE)
#: 'Tomorrow' is another day for whoever reads it later, or if it is approved a day later.
_relative_day = re.compile(
    r"\b(besok|bsk|lusa|hari ini|(?:pagi|siang|sore|malam) ini|nanti (?:siang|sore|malam)|(?:minggu|bulan) depan"
    r"|(?:senin|selasa|rabu|kamis|jumat|sabtu) depan|m?besuk|sesuk|isukan)\b",
    re.IGNORECASE,
)
_placeholder = re.compile(r"\{(\w+)\}")


class Fault(StrEnum):
    """What keeps words from going out."""

    EMPTY = "empty"
    UNKNOWN_VALUE = "unknown_value"
    STRAY_BRACE = "stray_brace"
    TOO_MANY_SEGMENTS = "too_many_segments"
    NO_SENDER = "no_sender"
    NO_ANSWER = "no_answer"


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault, and with what: a placeholder or a brace."""

    kind: Fault
    what: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter outside GSM-7, and how often it stands there: one alone leaves 70 letters of 160."""

    letter: str
    times: int


@dataclass(frozen=True, slots=True)
class Measure:
    """Words at their longest usual values. `left`: letters that are free before the next segment begins."""

    letters: int
    segments: int
    left: int
    is_gsm7: bool
    foreign: tuple[Letter, ...]
    #: The same words in letters that every phone has; equal to the body if nothing has to change.
    offered: str


def placeholders(body: str) -> frozenset[str]:
    """'Halo {n}, tanya {hp}' → n, hp."""
    return frozenset(_placeholder.findall(body))


def relative_day(body: str) -> str:
    """'Besok ada bursa kerja' → 'Besok'; '' if there is none."""
    found = _relative_day.search(body)
    return found.group() if found else ""


def at_its_longest(body: str, columns: Collection[str] = ()) -> str:
    """Merged with the longest usual values; those of a list's columns are taken for a few words. What has none stays as
    it is written."""
    known = LONGEST | dict.fromkeys(columns, USUAL_CELL)
    return merge(body, {name: known.get(name, f"{{{name}}}") for name in placeholders(body)})


def merged(body: str, values: Mapping[str, str]) -> str:
    """As the claim merges it."""
    return whole(body, values)


def measure(body: str, columns: Collection[str] = ()) -> Measure:
    """`columns`: what a list of recipients can be merged with."""
    body = body[:MOST_LETTERS]
    words = at_its_longest(body, columns)
    count, size = (
        segments(words),
        len(words) + (sum(words.count(letter) for letter in "^{}\\[~]|€") if is_gsm7(words) else 0),
    )
    return Measure(
        letters=size,
        segments=count,
        left=_room(count, is_gsm7(words)) - size,
        is_gsm7=is_gsm7(body),
        foreign=tuple(
            Letter(letter, body.count(letter))
            for letter in islice((one for one in dict.fromkeys(body) if not is_gsm7(one)), MOST_FOREIGN)
        ),
        offered=_offered(body),
    )


def _offered(body: str) -> str:
    """Where a picture was left out, no double space stays behind."""
    words = plain(body)
    return body if words == body else re.sub(r"(?m)^ +| +(?=[ ,.!?]|$)", "", words)


def faults(body: str, columns: Collection[str] = ()) -> Iterator[Finding]:
    """`columns`: what a list of recipients can be merged with."""
    if not body.strip():
        yield Finding(Fault.EMPTY)
        return
    yield from (
        Finding(Fault.UNKNOWN_VALUE, name) for name in sorted(placeholders(body) - LONGEST.keys() - set(columns))
    )
    if brace := re.search(r"[{}]", _placeholder.sub("", body)):
        yield Finding(Fault.STRAY_BRACE, brace.group())
    if segments(at_its_longest(body, columns)) > MOST_SEGMENTS:
        yield Finding(Fault.TOO_MANY_SEGMENTS)
    if PROGRAMME.lower() not in body.lower():
        yield Finding(Fault.NO_SENDER, PROGRAMME)
    if not _answerable.search(body):
        yield Finding(Fault.NO_ANSWER)


def _room(count: int, gsm: bool) -> int:
    """Letters that so many segments hold: the heads of joined ones take seven of each."""
    single, joined = (160, 153) if gsm else (70, 67)
    return single if count <= 1 else joined * count
