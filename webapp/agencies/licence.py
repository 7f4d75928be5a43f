"""What a licence is worth on a day. Pure."""

from __future__ import annotations

from datetime import date

LICENSED, SUSPENDED, REVOKED, EXPIRED = "licensed", "suspended", "revoked", "expired"
STATUSES = (LICENSED, SUSPENDED, REVOKED, EXPIRED)


def standing(status: str, expires_on: date | None, today: date) -> str:
    """One of STATUSES. A list grows old: who was licensed in it may have run out since. The last day still counts."""
    if status == LICENSED and expires_on is not None and expires_on < today:
        return EXPIRED
    return status
