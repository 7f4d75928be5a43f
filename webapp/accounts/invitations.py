"""Single-use codes with which somebody chooses a password: the first one, or a new one for a forgotten one."""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import current_app

from webapp.accounts import audit, passwords, sessions
from webapp.accounts.model import Account, Invitation
from webapp.accounts.signals import invitation_made
from webapp.db import db

LIFE = timedelta(days=7)
#: No letters or digits that are taken for each other in print or in speech; no vowels, so no words.
ALPHABET = "2345679CDFGHJKMNPQRTVWXYZ"
LENGTH = 8


def make(account: Account, inviter: Account, now: datetime, *, by_sms: bool) -> str:
    """A new code for this account, which ends earlier ones. Never commits.

    Here only its hash is kept. By SMS the code itself stands in the text, until that has gone out
    (outbox/invitations.py).
    """
    _end_earlier(account, now)
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    invitation = Invitation(
        code_hash=_hash(code),
        account_id=account.id,
        invited_by_id=inviter.id,
        created_at=now,
        expires_at=now + LIFE,
    )
    db.session.add(invitation)
    db.session.flush()
    audit.changed("invited", "account", account.id, account.area_code)
    if by_sms:
        invitation_made.send(account, invitation=invitation, code=spaced(code), inviter=inviter, now=now)
    return spaced(code)


def holder(code: str, now: datetime) -> Account | None:
    """Whose code this is, if it is still good."""
    query = sa.select(Account).join(Invitation, Invitation.account_id == Account.id)
    return db.session.scalar(query.where(*_good(code, now)))


def take_up(code: str, password: str, now: datetime) -> Account | None:
    """Use the code: set the password, end every device, unlock. None if another was faster. Never commits."""
    password_hash = passwords.hashed(password)
    used = sa.update(Invitation).where(*_good(code, now)).values(used_at=now).returning(Invitation.account_id)
    account_id = db.session.scalar(used.execution_options(synchronize_session=False))
    account = db.session.get(Account, account_id) if account_id else None
    if account is None or account.closed_at is not None:
        return None
    account.password_hash, account.must_change_password = password_hash, False
    account.failed_logins, account.locked_until = 0, None
    account.known_failed_logins, account.known_locked_until = 0, None
    sessions.end_all(account, now)
    return account


def spaced(code: str) -> str:
    """As it is printed and read aloud: 'CDFG-HJKM'."""
    return f"{code[:4]}-{code[4:]}"


def _end_earlier(account: Account, now: datetime) -> None:
    earlier = sa.update(Invitation).where(Invitation.account_id == account.id, Invitation.used_at.is_(None))
    db.session.execute(earlier.where(Invitation.expires_at > now).values(expires_at=now))


def _good(code: str, now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return Invitation.code_hash == _hash(code), Invitation.used_at.is_(None), Invitation.expires_at > now


def _hash(code: str) -> str:
    """Keyed: eight letters could be guessed from a plain hash. Spaces, dashes and case do not matter."""
    bare = "".join(c for c in code.upper() if c.isalnum())
    return hmac.new(current_app.config["SECRET_KEY"].encode(), f"invitation:{bare}".encode(), "sha256").hexdigest()
