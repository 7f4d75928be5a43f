"""A test text to oneself, so that an office reads on a phone what others will read. None commits.

It is a text to an officer, with the officer's own name and area in it, and is no text of the broadcast.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta

import sqlalchemy as sa

from sms.hours import next_allowed
from webapp import clock
from webapp.accounts.model import Account
from webapp.broadcasts import merging, samples
from webapp.broadcasts.merging import FALLBACK
from webapp.broadcasts.model import Broadcast
from webapp.broadcasts.ready import columns_of
from webapp.broadcasts.timing import OFFICE, OFFICE_ZONE
from webapp.db import db
from webapp.outbox import queue
from webapp.outbox.checks import ACCOUNT
from webapp.outbox.model import Message

MOST_A_DAY = 5
#: Later whoever asked for it does not wait for it any more.
GOOD_FOR = timedelta(hours=2)


class NoPhone(Exception):
    """The account has none."""


class TooManyTests(Exception):
    """So many were sent today."""


class NotWritten(Exception):
    """Its words cannot be sent as they are."""


def send(broadcast: Broadcast, account: Account, language: str, now: datetime) -> bool:
    """To the phone of this account; whether it is a new one. Raises NoPhone, TooManyTests, NotWritten."""
    if account.phone is None:
        raise NoPhone
    bodies = broadcast.bodies
    if FALLBACK not in bodies or any(list(merging.faults(body, columns_of(broadcast))) for body in bodies.values()):
        raise NotWritten
    ever, today = _sent(broadcast, account, now)
    if today >= MOST_A_DAY:
        raise TooManyTests
    return queue.enqueue(
        key=f"broadcast-test:{broadcast.id}:{broadcast.version}:{account.id}:{ever + 1}",
        cause=cause_of(broadcast, account),
        purpose=ACCOUNT,
        number=account.phone,
        area_code=account.area_code,
        body=samples.for_oneself(account, bodies, language),
        language=language if language in bodies else FALLBACK,
        sensitivity="public",
        due_at=now,
        # What is asked for at night comes in the morning.
        expires_at=arrives(now) + GOOD_FOR,
        created_by_id=account.id,
        now=now,
    )


def arrives(now: datetime) -> datetime:
    """When officers may be texted: at once, or in the morning."""
    return next_allowed(now, OFFICE_ZONE)


def cause_of(broadcast: Broadcast, account: Account) -> str:
    """Another one than of its texts: a test is neither paused, counted nor paid with them."""
    return f"broadcast-test:{broadcast.id}:{account.id}"


def _sent(broadcast: Broadcast, account: Account, now: datetime) -> tuple[int, int]:
    """How many tests ever, and on this day of the office."""
    midnight = datetime.combine(clock.day_of(now, OFFICE_ZONE), time(), OFFICE)
    today = sa.case((Message.created_at >= midnight, 1))
    query = sa.select(sa.func.count(), sa.func.count(today)).where(Message.cause == cause_of(broadcast, account))
    ever, on_this_day = db.session.execute(query).one()
    return int(ever), int(on_this_day)
