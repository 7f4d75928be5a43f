"""What is old goes, what is needed stays."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, scoped_session

from tests.people import HOME, Cast
from webapp import clock
from webapp.accounts.housekeeping import sweep
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
