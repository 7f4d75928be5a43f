"""Where whoever gets a broadcast is told to answer: `{hp}`."""

from __future__ import annotations

from collections.abc import Callable

from webapp.broadcasts.model import FACILITATORS
from webapp.broadcasts.recipients import Meant
from webapp.outbox.officers import officers_of, reply_number


def numbers_of(meant: Meant, villages: set[str]) -> Callable[[str, bool], str]:
    """(village, abroad?) → the number: of the officer of the village.

    Facilitators answer to whoever drafted it: the officer of their village is they themselves.
    """
    to_officers = meant.recipients == FACILITATORS
    officers = {} if to_officers else officers_of(villages)
    known: dict[tuple[str, bool], str] = {}

    def number(village: str, abroad: bool) -> str:
        key = ("" if to_officers else village, abroad)
        if key not in known:
            known[key] = reply_number(meant.drafter if to_officers else officers.get(village), abroad=abroad)
        return known[key]

    return number
