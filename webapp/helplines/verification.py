"""How far a number can be trusted on a day. Pure."""

from __future__ import annotations

from datetime import date, timedelta

#: The country of numbers in Indonesia, where no code is needed.
INDONESIA = ""
#: Numbers of missions and offices change; older than this, somebody should try them again.
VALID_DAYS = timedelta(days=180)

NO_NUMBER, UNVERIFIED, OLD, VERIFIED = "no_number", "unverified", "old", "verified"


def state_of(number: str, verified_on: date | None, today: date) -> str:
    """no_number, unverified, old or verified."""
    if not number:
        return NO_NUMBER
    if verified_on is None:
        return UNVERIFIED
    return OLD if today - verified_on > VALID_DAYS else VERIFIED
