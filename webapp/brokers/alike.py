"""By what two reports may tell of the same event: numbers, plates, names. Pure. It only suggests; a human decides."""

from __future__ import annotations

import re
from typing import NamedTuple

from webapp.areas.names import fold

PHONE, ACCOUNT, PLATE, NAME = "phone", "account", "plate", "name"
#: Digits that tell a number apart, however its front is written: 0812…, +62812…
TELLING_DIGITS, LEAST_DIGITS = 9, 7
#: Digits with what people put between them; a comma or a word ends a number.
NUMBER = re.compile(r"\+?\d[\d .()-]*")
PLATED = re.compile(r"\b([A-Z]{1,2}) ?(\d{1,4}) ?([A-Z]{1,3})\b")
#: Words of names that tell nobody apart.
_TITLES = "pak bapak bu ibu mas mbak mba bang kang haji hajah hj alias dan atau tidak tahu calo sponsor"
TITLES = frozenset(_TITLES.split())
LEAST_NAME = 4


class Marks(NamedTuple):
    """What of a report can be compared."""

    phones: frozenset[str]
    accounts: frozenset[str]
    plates: frozenset[str]
    names: frozenset[str]


def marks(names: str, phones: str, accounts: str, plates: str) -> Marks:
    """Of what was written, in any spelling. People write bank numbers among phones and the other way round."""
    found = frozenset(numbers(phones)), frozenset(numbers(accounts))
    return Marks(*found, frozenset(plates_in(plates)), frozenset(words_of(names)))


def in_common(one: Marks, other: Marks) -> list[str]:
    """PHONE, ACCOUNT, PLATE and NAME, as far as both have one in common."""
    shared = {
        PHONE: one.phones & (other.phones | other.accounts),
        ACCOUNT: one.accounts & (other.accounts | other.phones),
        PLATE: one.plates & other.plates,
        NAME: one.names & other.names,
    }
    return [kind for kind, common in shared.items() if common]


def numbers(text: str) -> list[str]:
    """The last digits of each number. Two numbers with nothing but a blank between them are taken for one."""
    found = (re.sub(r"\D", "", hit) for hit in NUMBER.findall(text))
    return [digits[-TELLING_DIGITS:] for digits in found if len(digits) >= LEAST_DIGITS]


def plates_in(text: str) -> list[str]:
    return ["".join(parts) for parts in PLATED.findall(text.upper().replace("-", " "))]


def words_of(text: str) -> list[str]:
    return [word for word in fold(text).split() if len(word) >= LEAST_NAME and word not in TITLES]
