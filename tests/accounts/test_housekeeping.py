"""What is old goes, what is needed stays."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, scoped_session

from tests.people import HOME, Cast
from webapp import clock
from webapp.accounts.housekeeping import FORM_KEYS, sweep
from webapp.accounts.model import AccountSession, AuditEntry, Submission


def test_old_keys_devices_and_wrong_log_ins_go(cast: Cast, db_session: scoped_session[Session]) -> None:
    siti, now = cast.facilitator.id, clock.real_now()
    old, young = now - timedelta(days=100), now - timedelta(days=10)
    for name, at in (("old", old), ("young", young)):
        db_session.add(Submission(account_id=siti, key=name, fingerprint="", at=at))
        db_session.add(AccountSession(account_id=siti, token_hash=name, device="", created_at=old, seen_at=at))
        db_session.add(
            AccountSession(
                account_id=siti, token_hash=f"{name} end", device="", created_at=old, seen_at=young, ended_at=at
            )
        )
        for act in ("login_failed", "seen"):
            db_session.add(AuditEntry(act=act, subject="account", area_code=HOME, at=at))
    assert sweep(now) == 4
    assert list(db_session.scalars(sa.select(Submission.key))) == ["young"]
    assert set(db_session.scalars(sa.select(AccountSession.token_hash))) == {"young", "young end"}
    assert sorted(db_session.scalars(sa.select(AuditEntry.act))) == ["login_failed", "seen", "seen"]


def test_the_devices_of_a_closed_account_are_known_while_its_forms_may_come(
    cast: Cast, db_session: scoped_session[Session]
) -> None:
    """A phone that shows up after weeks is told that the account is closed, not to log in again."""
    siti, now = cast.facilitator, clock.real_now()
    seen = now - timedelta(days=100)
    for name, ended_at in (("ended", seen), ("open", None)):
        row = AccountSession(token_hash=name, device="", created_at=seen, seen_at=seen, ended_at=ended_at)
        row.account_id = siti.id
        db_session.add(row)
    siti.closed_at = now - FORM_KEYS + timedelta(days=1)
    db_session.flush()
    assert sweep(now) == 0
    assert sweep(now + timedelta(days=2)) == 2
