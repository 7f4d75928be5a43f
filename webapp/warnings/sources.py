"""How many sources stand behind some reports that have nothing to do with each other. Pure.

One angry neighbour who reports three times is one source. So two reports are related if the same reporter told them,
or if they are about the same person of the village; and what is related to the same is related.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from webapp.areas.names import fold

#: A number inside a contact, however it is written.
_NUMBER = re.compile(r"\+?\d[\d\s.()-]{5,}\d")
#: The last digits are the same in every spelling: 0812…, +62 812…
TELLING_DIGITS = 8


@dataclass(frozen=True)
class Telling:
    """Who told one report. `contact`: name and number of the reporter as written, '' if nobody noted any."""

    account_id: int | None
    person_id: int | None = None
    return_address_id: int | None = None
    contact: str = ""


def unrelated(tellings: Sequence[Telling]) -> int:
    """The number of groups that share nothing."""
    groups: list[set[object]] = []
    for telling in tellings:
        marks = set(_marks(telling)) or {object()}
        apart = [group for group in groups if not group & marks]
        groups = [*apart, marks.union(*(group for group in groups if group & marks))]
    return len(groups)


def _marks(telling: Telling) -> Iterable[object]:
    """By which it is recognised. Whoever wrote it down counts only if nobody else is known to have told it."""
    if telling.person_id is not None:
        yield "person", telling.person_id
    if telling.return_address_id is not None:
        yield "return", telling.return_address_id
    if telling.contact:
        yield from _marks_of_contact(telling.contact)
    elif telling.return_address_id is None and telling.account_id is not None:
        yield "account", telling.account_id


def _marks_of_contact(contact: str) -> Iterable[object]:
    numbers = [digits(found) for found in _NUMBER.findall(contact)]
    if numbers:
        yield from (("number", number[-TELLING_DIGITS:]) for number in numbers)
    else:
        yield "contact", fold(contact)


def digits(text: str) -> str:
    return re.sub(r"\D", "", text)
