"""Who may work here: accounts, their sessions, invitations, and the log of who saw what."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.areas.model import Area
from webapp.db import AreaCode, Base, BigId, UTCDateTime

FACILITATOR, COORDINATOR, ADMINISTRATOR = "facilitator", "coordinator", "administrator"
ROLES = (FACILITATOR, COORDINATOR, ADMINISTRATOR)


class Account(Base):
    """A person who works with the programme. Sees `area_code` and below, by role."""

    __tablename__ = "accounts"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    username: Mapped[str] = mapped_column(sa.String(40), unique=True)
    #: E.164; also a way to log in, and the number migrants are told to ask.
    phone: Mapped[str | None] = mapped_column(sa.String(20), unique=True)
    name: Mapped[str] = mapped_column(sa.String(80))
    role: Mapped[str] = mapped_column(sa.String(16))
    area_code: Mapped[str] = mapped_column(AreaCode, sa.ForeignKey("areas.code"), index=True)
    #: argon2id; empty until an invitation is taken up.
    password_hash: Mapped[str] = mapped_column(sa.String(200), default="")
    must_change_password: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    language: Mapped[str] = mapped_column(sa.String(2), default="id")
    failed_logins: Mapped[int] = mapped_column(sa.Integer, default=0)
    locked_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: The same for devices on which the owner has logged in before, so that a stranger cannot keep the owner out.
    known_failed_logins: Mapped[int] = mapped_column(sa.Integer, default=0, server_default="0")
    known_locked_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: Opens what this account's phones keep locked, after its owner has logged in: 32 bytes in base64, sealed.
    phone_key_encrypted: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    area: Mapped[Area] = relationship(lazy="joined")

    #: What Flask-Login asks of an account; one that is closed has no session.
    is_authenticated = True


class AccountSession(Base):
    """One logged-in device; the row is the session, so it can be ended from elsewhere."""

    __tablename__ = "account_sessions"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    #: SHA-256 of the token in the cookie: the table alone opens nothing.
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    device: Mapped[str] = mapped_column(sa.String(80))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    seen_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    account: Mapped[Account] = relationship(lazy="joined")


class Invitation(Base):
    """A single-use code that lets its account choose a first password. Sent by SMS or printed."""

    __tablename__ = "invitations"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    code_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    invited_by_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class AccessGrant(Base):
    """An administrator's stated reason to see personal data, for a short time. Append-only."""

    __tablename__ = "access_grants"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    reason: Mapped[str] = mapped_column(sa.String(300))
    granted_at: Mapped[datetime] = mapped_column(UTCDateTime)
    until: Mapped[datetime] = mapped_column(UTCDateTime)


class AuditEntry(Base):
    """Who saw or changed whose data. Append-only; holds names of things, never their contents."""

    __tablename__ = "audit_log"
    __table_args__ = (
        sa.Index("ix_audit_log_subject_id", "subject", "subject_id", "id"),
        sa.Index("ix_audit_log_area_code_id", "area_code", "id"),
        sa.Index("ix_audit_log_account_id_at", "account_id", "at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    #: 'seen', 'created', 'changed', 'withdrawn', 'logged_in', …
    act: Mapped[str] = mapped_column(sa.String(32))
    #: 'person', 'departure', 'account', …
    subject: Mapped[str] = mapped_column(sa.String(24))
    subject_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    area_code: Mapped[str] = mapped_column(AreaCode)
    #: Names of the fields that changed, or the stated reason; no personal data.
    detail: Mapped[str] = mapped_column(sa.String(300), default="")


class Submission(Base):
    """A form that was stored. Its repeat, with the same key, gets the first answer.

    The key is made in the form (a UUID), so a form sent twice over a bad link is stored once.
    """

    __tablename__ = "submissions"
    __table_args__ = (sa.UniqueConstraint("account_id", "key"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"))
    key: Mapped[str] = mapped_column(sa.String(36))
    #: SHA-256 of path and body: the same key with another body is refused.
    fingerprint: Mapped[str] = mapped_column(sa.String(64))
    location: Mapped[str] = mapped_column(sa.String(200), default="")
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: Of a form that a phone had kept: when it was finished, on our clock, and by how many seconds ours is ahead of
    #: the phone's. Empty for one that was sent at once by a browser.
    made_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    clock_offset: Mapped[int | None] = mapped_column(sa.Integer)
