"""What happens to accounts: logging in, a new password, a new account, its end."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from sms.phone import BadNumber, normalise
from webapp.accounts import audit, passwords, sessions
from webapp.accounts.lockout import LONGEST_FROM, pause_after
from webapp.accounts.model import AccessGrant, Account, Invitation
from webapp.accounts.signals import officers_changed
from webapp.areas.codes import NATION
from webapp.db import db

#: No account has this id; asked for where there is none, so that it takes as long.
NOBODY = 0


def log_in(name: str, password: str, now: datetime) -> Account | None:
    """The account, if its user name or phone and the password fit and log-in does not pause.

    None says no more than that, and takes as long, whether there is such an account or not.
    Commits that somebody tried; the view commits the success.
    """
    account = _named(name)
    if not _fits(account, password, now):
        return None
    assert account is not None
    if passwords.is_outdated(account.password_hash):
        account.password_hash = passwords.hashed(password)
    sessions.begin(account, now)
    audit.changed("logged_in", "account", account.id, account.area_code)
    return account


def knows_password(account: Account, password: str, now: datetime) -> bool:
    """Is it really the owner who asks? Wrong answers count as wrong log-ins. Commits that somebody tried."""
    db.session.rollback()
    return _fits(account, password, now)


def change_password(account: Account, password: str, now: datetime) -> None:
    """A new password; every other device must log in again with it, and codes for a forgotten one end."""
    account.password_hash, account.must_change_password = passwords.hashed(password), False
    sessions.end_all(account, now, but=sessions.current_id())
    _end_invitations(account, now)
    audit.changed("changed", "account", account.id, account.area_code, "password")


def create(*, name: str, username: str, phone: str | None, role: str, area_code: str, now: datetime) -> Account:
    """A new account without a password: nobody can log in until its invitation is taken up.

    Raises sqlalchemy.exc.IntegrityError if user name or phone are taken.
    """
    account = Account(name=name, username=username, phone=phone, role=role, area_code=area_code, created_at=now)
    db.session.add(account)
    db.session.flush()
    audit.changed("created", "account", account.id, account.area_code)
    officers_changed.send(account)
    return account


def close(account: Account, now: datetime) -> None:
    """End an account for good: its devices, its open invitations, and its hold on a phone number."""
    account.closed_at, account.phone, account.password_hash = now, None, ""
    sessions.end_all(account, now, closed=True)
    _end_invitations(account, now)
    audit.changed("closed", "account", account.id, account.area_code)
    officers_changed.send(account)


def _end_invitations(account: Account, now: datetime) -> None:
    open_codes = sa.update(Invitation).where(Invitation.account_id == account.id, Invitation.used_at.is_(None))
    db.session.execute(open_codes.where(Invitation.expires_at > now).values(expires_at=now))


def grant_access(account: Account, reason: str, now: datetime, until: datetime) -> None:
    """Let an administrator see personal data until then, for a reason that stays in the log."""
    db.session.add(AccessGrant(account_id=account.id, reason=reason, granted_at=now, until=until))
    audit.changed("opened_personal_data", "account", account.id, account.area_code, reason)


def end_access(account: Account, now: datetime) -> None:
    """Close what `grant_access` opened, before its hour is over."""
    still_open = sa.update(AccessGrant).where(AccessGrant.account_id == account.id, AccessGrant.until > now)
    db.session.execute(still_open.values(until=now))
    audit.changed("closed_personal_data", "account", account.id, account.area_code)


def _named(name: str) -> Account | None:
    query = sa.select(Account).where(Account.closed_at.is_(None))
    try:
        return db.session.scalar(query.where(Account.phone == normalise(name)))
    except BadNumber:
        return db.session.scalar(query.where(Account.username == name.strip().lower()))


def _fits(account: Account | None, password: str, now: datetime) -> bool:
    """Count the attempt first, then look: so many guesses sent at once are still only so many.

    The attempt is noted as failed, and the note taken back if the password fits: both ways, and without an
    account, the same is written. No transaction is open while the password is hashed, so that nobody waits.
    """
    device = _Counter.of(account)
    may_try = _may_try(account.id if account else NOBODY, device, now)
    password_hash = account.password_hash if account is not None and may_try else ""
    note = audit.changed("login_failed", "account", *((account.id, account.area_code) if account else (None, NATION)))
    db.session.commit()
    if not passwords.is_right(password_hash, password):
        return False
    assert account is not None
    setattr(account, device.failures, 0)
    setattr(account, device.pause, None)
    db.session.delete(note)
    return True


class _Counter(NamedTuple):
    """Which columns count the wrong passwords: strangers' devices share one, devices of the owner another."""

    failures: str
    pause: str

    @classmethod
    def of(cls, account: Account | None) -> _Counter:
        if account is not None and sessions.knows(account):
            return cls("known_failed_logins", "known_locked_until")
        return cls("failed_logins", "locked_until")


def _may_try(account_id: int, device: _Counter, now: datetime) -> bool:
    """Count one more attempt, unless log-in pauses; one statement, so that no two slip through together."""
    counted, paused = getattr(Account, device.failures), getattr(Account, device.pause)
    failures = counted + 1
    pauses = {count: now + pause_after(count) for count in range(1, LONGEST_FROM + 1) if pause_after(count)}
    pause = sa.case(
        *((failures == count, sa.literal(until, paused.type)) for count, until in pauses.items()),
        (failures > LONGEST_FROM, sa.literal(now + pause_after(LONGEST_FROM), paused.type)),
        else_=sa.null(),
    )
    tried = (
        sa.update(Account)
        .where(Account.id == account_id, sa.or_(paused.is_(None), paused <= now))
        .values({device.failures: failures, device.pause: pause})
        .execution_options(synchronize_session=False)
    )
    return bool(db.session.execute(tried).rowcount)  # type: ignore[attr-defined]  # an UPDATE has a rowcount
