"""What is kept no longer than it is needed: keys of stored forms, ended devices, wrong log-ins.

Nouns further right add what of theirs must go, from their own `register()`; adding twice changes nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta

import sqlalchemy as sa

from webapp import clock
from webapp.accounts import sessions
from webapp.accounts.model import Account, AccountSession, AuditEntry, Submission
from webapp.db import db

#: A form may lie saved on a phone for weeks before it is sent again.
FORM_KEYS = timedelta(days=90)
ENDED_DEVICES = timedelta(days=30)
#: Long enough to see that somebody guessed at accounts.
WRONG_LOG_INS = timedelta(days=90)
PAUSE_SECONDS = 3600.0
#: Given the machine's time, removes what is old and says how many rows that were. Never commits.
Sweep = Callable[[datetime], int]
SWEEPS: list[Sweep] = []

_last_sweep = -PAUSE_SECONDS


def add_sweep(function: Sweep) -> None:
    if function not in SWEEPS:
        SWEEPS.append(function)


def sweep_hourly(_now: datetime) -> int:
    """A chore of the worker. Its clock is the machine's: no demonstration makes forms older. Commits."""
    global _last_sweep
    if time.monotonic() - _last_sweep < PAUSE_SECONDS:
        return 0
    _last_sweep = time.monotonic()
    removed = sweep(clock.real_now())
    db.session.commit()
    return removed


def sweep(now: datetime) -> int:
    """Remove what is old. Returns how many rows that were."""
    # While forms may wait on the phone of an account that was closed, it is told so, not to log in again.
    closed = sa.select(Account.id).where(Account.closed_at > now - FORM_KEYS)
    can_go = AccountSession.account_id.not_in(closed)
    old = (
        sa.delete(Submission).where(Submission.at < now - FORM_KEYS),
        sa.delete(AccountSession).where(AccountSession.ended_at < now - ENDED_DEVICES, can_go),
        sa.delete(AccountSession).where(AccountSession.seen_at < now - sessions.LIFE - ENDED_DEVICES, can_go),
        sa.delete(AuditEntry).where(AuditEntry.act == "login_failed", AuditEntry.at < now - WRONG_LOG_INS),
    )
    removed = sum(db.session.execute(rows).rowcount for rows in old)  # type: ignore[attr-defined]  # a DELETE has it
    return removed + sum(function(now) for function in SWEEPS)
