"""Reads of accounts and of the audit log, in the reader's area."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa
from flask import abort

from webapp.accounts import unnamed
from webapp.accounts.access import current_account, visible
from webapp.accounts.hierarchy import may_manage
from webapp.accounts.model import Account, AuditEntry
from webapp.db import db, like_literal

PAGE = 30
LOG_PAGE = 50


def accounts(text: str, before: int | None) -> tuple[Sequence[Account], int | None]:
    """Accounts of the reader's area, the newest first, and where the next page begins."""
    query = sa.select(Account).where(visible(Account.area_code)).order_by(Account.id.desc()).limit(PAGE + 1)
    if text:
        part = f"%{like_literal(text.lower())}%"
        named = sa.func.lower(Account.name).like(part, escape="\\")
        query = query.where(sa.or_(named, Account.username.like(part, escape="\\")))
    if before:
        query = query.where(Account.id < before)
    rows = db.session.scalars(query).all()
    return rows[:PAGE], rows[PAGE - 1].id if len(rows) > PAGE else None


def get(account_id: int) -> Account:
    """The account, if the reader's area holds it; else 404."""
    query = sa.select(Account).where(Account.id == account_id, visible(Account.area_code))
    return db.session.scalar(query) or abort(404)


def managed(account_id: int) -> Account:
    """The account, if the reader may see to it and it is open; 403 for equals and oneself."""
    account = get(account_id)
    if not can_manage(account):
        abort(403)
    return account


def can_manage(account: Account) -> bool:
    reader = current_account
    if account.closed_at is not None or account.id == reader.id:
        return False
    return may_manage(reader.role, reader.area_code, account.role, account.area_code)


class LogLine(NamedTuple):
    """An entry of the log as its page may show it. `name`: of whoever did it; None if nobody was logged in."""

    entry: AuditEntry
    name: str | None
    #: Neither `name` nor what it was about is told.
    is_unnamed: bool


def log(subject: str, subject_id: int | None, before: int | None) -> tuple[Sequence[LogLine], int | None]:
    """Entries of the audit log, the newest first, and where the next page begins. Who reported is told by none."""
    query = (
        sa.select(AuditEntry, Account.name, unnamed.is_unnamed())
        .outerjoin(Account, Account.id == AuditEntry.account_id)
        .where(visible(AuditEntry.area_code))
        .order_by(AuditEntry.id.desc())
        .limit(LOG_PAGE + 1)
    )
    if subject and subject_id:
        query = query.where(AuditEntry.subject == subject, AuditEntry.subject_id == subject_id, ~unnamed.is_part())
    if before:
        query = query.where(AuditEntry.id < before)
    rows = db.session.execute(query).all()
    lines = [LogLine(entry, None if hidden else name, bool(hidden)) for entry, name, hidden in rows[:LOG_PAGE]]
    return lines, lines[-1].entry.id if len(rows) > LOG_PAGE else None
