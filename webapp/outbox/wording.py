"""May these words become the stock text of a code? Errors forbid it, warnings leave it to who writes. Pure.

The measure is the Indonesian text of the same code: its placeholders are the values that the programme gives,
and every other language falls back to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from sms.text import SEGMENT, is_gsm7, merge, plain, segments

#: Letters of the column, with placeholders.
LONGEST_BODY = 320
#: The longest value that is usual for each placeholder. What is longer still is shortened by sms.text.fit.
LONGEST = {
    "n": "Sriwahyuni",
    "d": "31 Des",
    "dok": "KTP, KK, paspor, visa dll",
    "hp": "081234567890",
    "rw": "+886901132000",
    "k": "K7F3Q",
    "pt": "Contoh Jaya Sejahtera Abd",
    "st": "31/12/26",
    "s": "KP2MI.",
    "q": "contoh jaya sentosaan",
    "desa": "Sukamaju Kidul",
    "ptg": "Nurhidayah",
    "a": "1 Contoh Jaya, 2 Misalan",
    "b": "1234/Pid.Sus/2026/PN Bks",
    "jam": "14.30",
    "dar": "+886901132000",
    "url": "https://desmigratif.example.go.id/ab",
}
#: What a text may leave out and still be true and answerable: greetings and descriptions.
MAY_GO = frozenset({"n", "desa", "ptg"})
PROGRAMME = "Desmigratif"

_placeholder = re.compile(r"\{(\w+)\}")
_capitals = re.compile(r"\b[A-Z]{2,}\b")
#: Words that the programme understands as an answer (sms/keywords.py) and that stock texts ask for.
_ANSWERS = frozenset({"YA", "TIDAK", "SALAH", "STOP", "MULAI", "BANTU", "INFO", "CEK", "LAPOR", "BAHASA"})


class Fault(StrEnum):
    EMPTY = "empty"
    TOO_LONG = "too_long"
    UNKNOWN_VALUE = "unknown_value"
    MISSING_VALUE = "missing_value"
    STRAY_BRACE = "stray_brace"
    FOREIGN_LETTER = "foreign_letter"
    SECOND_SEGMENT = "second_segment"


class Doubt(StrEnum):
    NO_SENDER = "no_sender"
    NO_ANSWER_WORD = "no_answer_word"


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong (a Fault) or doubtful (a Doubt), and with what: a placeholder, a letter or a word."""

    kind: Fault | Doubt
    what: str = ""
    #: Of a letter: where it stands, from 1.
    place: int = 0


@dataclass(frozen=True, slots=True)
class Judgement:
    errors: tuple[Finding, ...]
    warnings: tuple[Finding, ...]
    #: At the longest usual values, as a provider counts.
    segments: int
    #: Letters of the first segment that are free then; below zero: as many too many. An extended letter (€, [) is two.
    left: int
    #: The same words in letters that every phone has; equal to the body if nothing has to change.
    offered: str


def judge(body: str, indonesian: str) -> Judgement:
    """These words beside the Indonesian text of their code."""
    merged = at_its_longest(body)
    return Judgement(
        errors=tuple(_faults(body, indonesian)),
        warnings=tuple(_doubts(body, indonesian)),
        segments=segments(merged),
        left=SEGMENT - _septets(plain(merged)),
        offered=plain(body),
    )


def at_its_longest(body: str) -> str:
    """Merged with the longest usual values. What has none stays as it is written."""
    return merge(body, {name: LONGEST.get(name, f"{{{name}}}") for name in placeholders(body)})


def placeholders(body: str) -> frozenset[str]:
    """'Halo {n}, tanya {hp}' → n, hp."""
    return frozenset(_placeholder.findall(body))


def _faults(body: str, indonesian: str) -> Iterator[Finding]:
    if not body.strip():
        yield Finding(Fault.EMPTY)
        return
    if len(body) > LONGEST_BODY:
        yield Finding(Fault.TOO_LONG)
    given, used = placeholders(indonesian), placeholders(body)
    yield from (Finding(Fault.UNKNOWN_VALUE, name) for name in sorted(used - given))
    yield from (Finding(Fault.MISSING_VALUE, name) for name in sorted(given - used - MAY_GO))
    if brace := re.search(r"[{}]", _placeholder.sub("", body)):
        yield Finding(Fault.STRAY_BRACE, brace.group())
    yield from foreign_letters(body)
    if _septets(plain(at_its_longest(body))) > SEGMENT:
        yield Finding(Fault.SECOND_SEGMENT)


def foreign_letters(body: str) -> Iterator[Finding]:
    """Each letter outside GSM-7 where it stands first: one alone leaves 70 letters of 160."""
    seen = set()
    for place, letter in enumerate(body, start=1):
        if letter not in seen and not is_gsm7(letter):
            seen.add(letter)
            yield Finding(Fault.FOREIGN_LETTER, letter, place)


def _doubts(body: str, indonesian: str) -> Iterator[Finding]:
    if PROGRAMME in indonesian and PROGRAMME not in body:
        yield Finding(Doubt.NO_SENDER, PROGRAMME)
    asked = set(_capitals.findall(indonesian)) & _ANSWERS
    yield from (Finding(Doubt.NO_ANSWER_WORD, word) for word in sorted(asked - set(_capitals.findall(body))))


def _septets(gsm: str) -> int:
    return len(gsm) + sum(gsm.count(letter) for letter in "^{}\\[~]|€\f")
