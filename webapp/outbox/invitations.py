"""Sends the code of an invitation by SMS: hears accounts, which may not know the outbox."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import current_app, url_for
from flask_babel import force_locale, gettext

from webapp import clock
from webapp.accounts import housekeeping
from webapp.accounts.model import Account, Invitation
from webapp.accounts.signals import invitation_made
from webapp.outbox import queue
from webapp.outbox.chores import add_chore


def register() -> None:
    """Listen, and let the worker tidy up after accounts. Called by create_app."""
    invitation_made.connect(send_code)
    add_chore(housekeeping.sweep_hourly)


def send_code(account: Account, *, invitation: Invitation, code: str, **_: Any) -> None:
    """Queue the code to the account's phone, in the transaction that made the invitation."""
    if account.phone is None:
        return
    now = clock.now()
    queue.enqueue(
        key=f"invitation:{invitation.id}",
        purpose="account",
        number=account.phone,
        area_code=account.area_code,
        body=words(account, code),
        language=account.language,
        due_at=now,
        expires_at=_same_distance(invitation, now),
        now=now,
    )


def words(account: Account, code: str) -> str:
    """At most one segment: 40 letters of user name and 50 of address still fit."""
    settings = current_app.config["SETTINGS"]
    address = settings.public_url.partition("://")[2] + url_for("accounts.join")
    with force_locale(account.language):
        return gettext(
            "%(programme)s: open %(address)s, code %(code)s, user name %(username)s. Give it to nobody.",
            programme=settings.programme,
            address=address,
            code=code,
            username=account.username,
        )


def _same_distance(invitation: Invitation, now: datetime) -> datetime:
    """When the code ends, on the programme's clock, which a demonstration may have moved."""
    return now + (invitation.expires_at - invitation.created_at)
