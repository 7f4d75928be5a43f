"""Sends the code of an invitation by SMS: hears accounts, which may not know the outbox.

The code stands in the text until the provider has it, because a lost answer is asked after with the words.
After that nothing holds it: whoever reads it could log in as somebody else.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import current_app, url_for
from flask_babel import force_locale, gettext

from sms.states import QUEUED, SENDING, UNKNOWN
from webapp import clock
from webapp.accounts import housekeeping
from webapp.accounts.model import Account, Invitation
from webapp.accounts.signals import invitation_made
from webapp.db import db
from webapp.outbox import queue
from webapp.outbox.checks import ACCOUNT
from webapp.outbox.chores import add_chore
from webapp.outbox.model import Message

#: The cause of a text that still holds a code; with the code it loses the cause, so that few rows are looked at.
WITH_CODE = "invitation"
#: In these states the words are needed: they go out, or the provider is asked about them.
UNDER_WAY = (QUEUED, SENDING, UNKNOWN)


def register() -> None:
    """Listen, and let the worker tidy up after accounts. Called by create_app."""
    invitation_made.connect(send_code)
    add_chore(housekeeping.sweep_hourly)
    add_chore(forget_codes)


def send_code(account: Account, *, invitation: Invitation, code: str, **_: Any) -> None:
    """Queue the code to the account's phone, in the transaction that made the invitation."""
    if account.phone is None:
        return
    now = clock.now()
    queue.enqueue(
        key=f"invitation:{invitation.id}",
        cause=WITH_CODE,
        purpose=ACCOUNT,
        number=account.phone,
        area_code=account.area_code,
        body=words(account, code),
        language=account.language,
        due_at=now,
        expires_at=_same_distance(invitation, now),
        now=now,
    )


def forget_codes(_now: datetime) -> int:
    """A chore of the worker: take the words out of invitations that were taken, or that will not go. Commits.

    Returns how many texts that were.
    """
    ended = sa.and_(Message.cause == WITH_CODE, Message.state.not_in(UNDER_WAY))
    if db.session.scalar(sa.select(Message.id).where(ended).limit(1)) is None:
        return 0
    forgotten = sa.update(Message).where(ended).values(body="", cause="")
    count = db.session.execute(forgotten.execution_options(synchronize_session=False)).rowcount  # type: ignore[attr-defined]  # an UPDATE has a rowcount
    db.session.commit()
    return int(count)


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
