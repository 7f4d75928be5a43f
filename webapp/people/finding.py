"""How a person is found by any part of a name or number: what is stored for it, and what was typed. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from webapp.people.names import fold

SEARCH_TEXT_LENGTH = 500
#: Shorter parts would match nearly everybody.
LEAST_DIGITS = 3
NIK_LENGTH = 16
LEAST_DOCUMENT = 6
LONGEST_QUERY = 60
#: More of them narrow nothing.
MOST_TRIGRAMS = 16
BETWEEN_DIGITS = re.compile(r"[\s.\-\u2013()/+]+")


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for: words of a name, or digits of a phone or NIK. At most one is not empty."""

    words: tuple[str, ...] = ()
    digits: str = ""

    def __bool__(self) -> bool:
        return bool(self.words or self.digits)

    @property
    def document(self) -> str:
        """The number of a paper, if what was typed may be one: a passport's letters and digits, an insurance's digits.

        Such numbers are stored sealed, so only the whole of one is found.
        """
        if self.digits:
            return self.digits if len(self.digits) >= LEAST_DOCUMENT and not self.phone_part.startswith("08") else ""
        joined = "".join(self.words).upper()
        return joined if len(joined) >= LEAST_DOCUMENT and any(letter.isdigit() for letter in joined) else ""

    @property
    def phone_part(self) -> str:
        """As phones are stored for searching: '62812' and '+62 812' are '0812'."""
        return "0" + self.digits[2:] if self.digits.startswith("628") else self.digits


def wanted(typed: str) -> Wanted:
    """Understand what was typed. Too few digits, or no letter at all, is nothing yet."""
    digits = BETWEEN_DIGITS.sub("", typed[:LONGEST_QUERY])
    if digits.isascii() and digits.isdigit():
        return Wanted(digits=digits) if len(digits) >= LEAST_DIGITS else Wanted()
    return Wanted(words=tuple(fold(typed[:LONGEST_QUERY]).split()))


def trigrams(wanted: Wanted) -> list[str]:
    """The runs of three letters or digits that whoever is looked for must hold; [] if every part is shorter."""
    parts = (wanted.phone_part,) if wanted.digits else wanted.words
    return sorted({part[at : at + 3] for part in parts for at in range(len(part) - 2)})[:MOST_TRIGRAMS]


def search_text(name_key: str, numbers: Iterable[str]) -> str:
    """The folded name and the digits of every number (E.164), as they are searched for in parts."""
    return " ".join([name_key, *sorted({_digits(number) for number in numbers})])[:SEARCH_TEXT_LENGTH]


def _digits(number: str) -> str:
    """'+62812…' as Indonesians write it, 0812…; a foreign number with its country code."""
    return "0" + number[3:] if number.startswith("+62") else number.removeprefix("+")
