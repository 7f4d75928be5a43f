"""Where whoever gets a broadcast is told to answer: `{hp}`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from webapp.accounts.model import Account
from webapp.broadcasts.model import FACILITATORS
from webapp.broadcasts.recipients import Meant
from webapp.outbox.officers import reply_number


def are_officers_asked(meant: Meant) -> bool:
    """Facilitators answer to whoever drafted it: the officer of their village is they themselves."""
    return meant.recipients != FACILITATORS


def numbers_of(meant: Meant, officers: Mapping[str, Account]) -> Callable[[str, bool], str]:
    """(village, abroad?) → the number: of the officer of the village, if officers are asked, else of the drafter."""
    known: dict[tuple[int | None, bool], str] = {}

    def number(village: str, abroad: bool) -> str:
        officer = officers.get(village) if are_officers_asked(meant) else meant.drafter
        # Of the same officer, or of none, it is the same.
        key = (officer.id if officer else None, abroad)
        if key not in known:
            known[key] = reply_number(officer, abroad=abroad)
        return known[key]

    return number
