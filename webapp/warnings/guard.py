"""The last look at the words of a warning: do they hold anything of a report, or of somebody registered? Pure.

Words come from stock texts and typed values, so nothing of a report should ever get this far. But a stock text can be
edited, and an officer types the number of a decision. So everything that will be said is compared with the names,
numbers and plates of the reports of the area: by folded words, so that 'SRI-Wahyuni' is 'sri wahyuni'.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from webapp.areas.names import fold

#: Titles, which are no names, and what stands between two names.
TITLES = frozenset(
    (
        *("pak", "bapak", "bp", "bu", "ibu", "mas", "mbak", "mba", "kang", "teh", "abang", "bang", "om", "tante"),
        *("haji", "hajah", "ustad", "kyai", "sdr", "sdri", "saudara", "daeng", "tuan", "nyonya", "nona", "nyi", "cak"),
        *("ning", "gus", "dan", "alias", "atau", "sang", "nomor", "telp", "tlp"),
    )
)
#: The last digits of a number are the same in every spelling: 0812…, +62 812…
TELLING_DIGITS = 8
#: Shorter words are no name by themselves: 'Yo', 'PT'.
SHORTEST_WORD = 3
#: Between two names of a field that holds several.
BETWEEN_NAMES = re.compile(r"[,;/|\n\r()\"'“”‘’&+]|\bdan\b|\balias\b|\batau\b", re.IGNORECASE)
_NUMBER = re.compile(r"\+?\d[\d\s.()-]{5,}\d")


@dataclass(frozen=True)
class Secrets:
    """What the reports of an area hold that no warning may hold. Names as they were written."""

    accused: frozenset[str] = field(default_factory=frozenset)
    #: Reporters and victims.
    others: frozenset[str] = field(default_factory=frozenset)
    #: Phones and accounts, by their last digits.
    numbers: frozenset[str] = field(default_factory=frozenset)
    #: Squeezed: 'r1234ab'.
    plates: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True)
class Said:
    """Everything that will be said. `ours`: words that the programme ships, and names of areas.

    `named`: the company or person that the level allows to be named; the accused may be called so, nobody else.
    """

    words: str
    ours: frozenset[str] = field(default_factory=frozenset)
    named: str = ""


def held(said: Said, secrets: Secrets) -> list[str]:
    """Kinds of what the words hold: 'accused', 'person', 'number', 'plate'. Empty if they may go out."""
    named, loose = frozenset(fold(said.named).split()), loose_words(said)
    found = []
    if any(_is_among(name, loose) for name in secrets.accused):
        found.append("accused")
    if any(_is_among(name, loose) or _is_whole(name, named) for name in secrets.others):
        found.append("person")
    if _numbers(said.words) & secrets.numbers:
        found.append("number")
    if _holds_plate(said.words, secrets.plates):
        found.append("plate")
    return found


def loose_words(said: Said) -> set[str]:
    """Words that nobody vouches for. Without any, and without a name, nothing of a report can be among them."""
    return set(fold(said.words).split()) - said.ours - set(fold(said.named).split())


def _is_among(name: str, loose: set[str]) -> bool:
    """Is one word of it among words that nobody vouches for?"""
    return any(word in loose for word in words_of(name))


def _is_whole(name: str, named: frozenset[str]) -> bool:
    """Does the name that may be said hold all of it? A company that shares one word with somebody names nobody."""
    words = set(words_of(name))
    return bool(words) and words <= named


def words_of(name: str) -> list[str]:
    """The words by which somebody is known, without titles."""
    return [word for word in fold(name).split() if word not in TITLES and len(word) >= SHORTEST_WORD]


def names_in(text: str) -> Iterator[str]:
    """Single names of a field that may hold several, without the numbers in it."""
    for part in BETWEEN_NAMES.split(_NUMBER.sub(" ", text)):
        if name := " ".join(re.sub(r"\d+", " ", part).split()):
            yield name


def numbers_in(text: str) -> Iterator[str]:
    """The last digits of each number in a text."""
    return (digits(found)[-TELLING_DIGITS:] for found in _NUMBER.findall(text))


def plates_in(text: str) -> Iterator[str]:
    """Plates of a field, squeezed; shorter than four letters it is none."""
    squeezed = (re.sub(r"[^a-z0-9]", "", part.lower()) for part in re.split(r"[,;/|\n]", text))
    return (plate for plate in squeezed if len(plate) >= 4)


def _numbers(text: str) -> set[str]:
    return set(numbers_in(text))


def _holds_plate(text: str, plates: Iterable[str]) -> bool:
    squeezed = re.sub(r"[^a-z0-9]", "", text.lower())
    return any(plate in squeezed for plate in plates)


def digits(text: str) -> str:
    return re.sub(r"\D", "", text)
