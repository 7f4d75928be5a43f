"""Logged-in devices. The cookie holds a random token, the row holds its hash; ending the row ends the device."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import Flask, Request, g, request, session
from flask_login import LoginManager
from sqlalchemy.orm import contains_eager
from werkzeug.wrappers import Response

from webapp import clock
from webapp.accounts.devices import device_name
from webapp.accounts.model import Account, AccountSession
from webapp.config import LANGUAGES
from webapp.db import db

#: After so long without a visit a device must log in again. A phone may sleep for weeks in between.
LIFE = timedelta(days=60)
#: In the cookie: ids of the accounts that logged in here, a village's phone has two or three.
OWNERS, MOST_OWNERS = "owners", 5
#: Stands for the hash of a token that was ended from another device.
FROM_ELSEWHERE = "ended:"
#: How exactly "last seen" is known; each step costs a write.
SEEN_STEP = timedelta(hours=1)


def init_app(app: Flask) -> None:
    app.permanent_session_lifetime = LIFE
    login_manager = LoginManager(app)
    login_manager.session_protection = None
    login_manager.request_loader(load_account)
    app.after_request(note_visit)


def load_account(_request: Request) -> Account | None:
    """The account of this request's device, in one query."""
    token = session.get("token")
    if not isinstance(token, str):
        return None
    row = db.session.scalar(_in_force(clock.real_now()).where(_holds(token)))
    if row is None:
        return None
    g.account_session = row
    return row.account


def begin(account: Account, now: datetime) -> None:
    """Log this device in. Never commits. The old cookie is thrown away, whoever made it, and its log-in ends."""
    if isinstance(old := session.get("token"), str):
        _end(now, _holds(old))
    token = secrets.token_urlsafe(32)
    device = device_name(request.user_agent.string)
    row = AccountSession(token_hash=_hash(token), account_id=account.id, device=device, created_at=now, seen_at=now)
    db.session.add(row)
    db.session.flush()
    account.language = _chosen_at_the_door() or account.language
    _forget_all_but("_flashes", OWNERS)
    _remember(account.id, row.id)
    session["token"] = token
    session.permanent = True
    g._login_user = account


def _chosen_at_the_door() -> str | None:
    """The language that whoever is entering chose before they logged in."""
    language = session.get("language")
    return language if language in LANGUAGES else None


def knows(account: Account) -> bool:
    """Has this account logged in on this device before, and has nobody ended it from elsewhere since?

    The cookie is signed and stays when they log out. A device that was lost must not stay known.
    """
    row_id = dict(_owners()).get(account.id)
    if row_id is None:
        return False
    known = sa.and_(AccountSession.id == row_id, AccountSession.account_id == account.id)
    query = sa.select(AccountSession.id).where(known, AccountSession.token_hash.not_like(f"{FROM_ELSEWHERE}%"))
    return db.session.scalar(query) is not None


def _remember(account_id: int, row_id: int) -> None:
    others = [owner for owner in _owners() if owner[0] != account_id]
    session[OWNERS] = [(account_id, row_id), *others][:MOST_OWNERS]


def _owners() -> list[tuple[int, int]]:
    """(account, its session on this device), the newest first."""
    found = session.get(OWNERS)
    pairs = found if isinstance(found, list) else []
    return [(pair[0], pair[1]) for pair in pairs if isinstance(pair, (list, tuple)) and len(pair) == 2]


def _forget_all_but(*kept: str) -> None:
    keep = {name: session[name] for name in kept if session.get(name)}
    session.clear()
    session.update(keep)
    session.permanent = True


def end_current() -> None:
    """Log this device out, and forget everything in its cookie but whose device it is."""
    row = g.get("account_session")
    if row is not None:
        row.ended_at = clock.real_now()
    _forget_all_but(OWNERS)
    g.pop("_login_user", None)


def end(account: Account, session_id: int, now: datetime) -> bool:
    """End one device of this account; False if there is none such."""
    mine = AccountSession.account_id == account.id
    return _end(now, mine, AccountSession.id == session_id, from_elsewhere=True) == 1


def end_all(account: Account, now: datetime, *, but: int | None = None, closed: bool = False) -> None:
    """End every device of this account, except the one with this id. `closed`: with the account itself."""
    conditions = [AccountSession.account_id == account.id]
    if but is not None:
        conditions.append(AccountSession.id != but)
    _end(now, *conditions, from_elsewhere=not closed)


def is_of_closed_account() -> bool:
    """Was this device logged in to an account that has been closed since? Then logging in again is no help."""
    token = session.get("token")
    if not isinstance(token, str):
        return False
    query = sa.select(AccountSession.id).join(AccountSession.account).where(_holds(token))
    return db.session.scalar(query.where(Account.closed_at.is_not(None))) is not None


def devices_of(account: Account, now: datetime) -> Sequence[AccountSession]:
    """The devices that are logged in, the one used last first."""
    query = (
        _in_force(now)
        .where(AccountSession.account_id == account.id)
        .order_by(AccountSession.seen_at.desc(), AccountSession.id.desc())
    )
    return db.session.scalars(query).all()


def current_id() -> int | None:
    row = g.get("account_session")
    return row.id if row is not None else None


def note_visit(response: Response) -> Response:
    """Move 'last seen' on, after the answer and not more often than SEEN_STEP, and renew the cookie with it.

    Not with an answer that a cache between us may give to others: no cookie may lie there.
    """
    if response.cache_control.public:
        return response
    row, now = g.get("account_session"), clock.real_now()
    if row is None or "token" not in session or sa.inspect(row).expired_attributes or now - row.seen_at < SEEN_STEP:
        return response
    _remember(row.account_id, row.id)
    g.visit = sa.update(AccountSession).where(AccountSession.id == row.id).values(seen_at=now)
    return response


def _end(now: datetime, *conditions: sa.ColumnElement[bool], from_elsewhere: bool = False) -> int:
    """Whoever ended it on another device does not trust this one any more: its token is replaced by a mark."""
    values: dict[str, Any] = {"ended_at": now}
    if from_elsewhere:
        values["token_hash"] = sa.literal(FROM_ELSEWHERE) + sa.cast(AccountSession.id, sa.String)
    ended = sa.update(AccountSession).where(AccountSession.ended_at.is_(None), *conditions).values(values)
    return db.session.execute(ended).rowcount  # type: ignore[attr-defined]  # an UPDATE has a rowcount


def _in_force(now: datetime) -> sa.Select[tuple[AccountSession]]:
    """Sessions that have not ended, of accounts that are not closed, with these accounts."""
    return (
        sa.select(AccountSession)
        .join(AccountSession.account)
        .options(contains_eager(AccountSession.account))
        .where(AccountSession.ended_at.is_(None), AccountSession.seen_at > now - LIFE, Account.closed_at.is_(None))
    )


def _holds(token: str) -> sa.ColumnElement[bool]:
    return AccountSession.token_hash == _hash(token)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
