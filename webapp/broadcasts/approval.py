"""Who may let a broadcast out. Pure.

Source: the programme's rule that a second officer looks at whatever reaches many, and at every emergency.
"""

from __future__ import annotations

from webapp.accounts.model import COORDINATOR, Account
from webapp.areas.codes import is_within


def needs_second(recipients: int, *, emergency: bool, above: int) -> bool:
    """`above`: up to so many recipients an officer decides alone."""
    return emergency or recipients > above


def may_approve(account: Account, *, drafter_id: int, office: str) -> bool:
    """Any coordinator of the office or of an area above it, but for whoever drafted it."""
    return account.role == COORDINATOR and account.id != drafter_id and is_within(office, account.area_code)
