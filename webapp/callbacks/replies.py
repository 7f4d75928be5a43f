"""The programme's own answer to a text."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

import sqlalchemy as sa

from webapp.accounts.model import Account
from webapp.areas.codes import NATION
from webapp.callbacks import robots
from webapp.conversations.answering import recipient_of
from webapp.conversations.model import ANSWERED, Incoming
from webapp.db import db
from webapp.outbox import queue
from webapp.outbox.checks import REPLY
from webapp.outbox.model import Message
from webapp.outbox.officers import officers_of, reply_number
from webapp.people.model import Person

log = logging.getLogger(__name__)
#: Two robots that answer each other would never stop: after so many texts in an hour a number gets no answer.
TEXTS_AN_HOUR = 10
#: A call for help is answered even then; a machine that calls for help without end is not.
CALLS_AN_HOUR = 40
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
REPLY_PRIORITY = 0
#: Beginning of the key of an answer; the id of the text follows.
KEY = "reply:"
#: Later it would answer what nobody remembers asking.
GOOD_FOR = timedelta(hours=6)


def send(
    incoming: Incoming,
    code: str,
    values: Mapping[str, str],
    now: datetime,
    *,
    expects: str = "",
    cause: str = "",
    private: bool = False,
    however_often: bool = False,
) -> None:
    """Queue the stock text `code` to the number that wrote; a text has one answer, however often it is understood.

    `expects`: the answers that it invites; `cause`: what they are about; `private`: it must stand on no page, as
    the answer to a private text never does; `however_often`: of a call for help, which has a limit of its own.
    """
    earlier = _earlier(incoming)
    if len(earlier) >= (CALLS_AN_HOUR if however_often else TEXTS_AN_HOUR):
        log.warning("a number that writes too often gets no answer", extra={"incoming": incoming.id})
        # One line in the inbox is enough for a human to look.
        incoming.for_human = incoming.for_human or (len(earlier) == TEXTS_AN_HOUR and not incoming.private)
        return
    if robots.is_automatic(incoming.body) or robots.says_the_same(incoming.body, earlier, incoming.received_at):
        log.info("a robot gets no answer", extra={"incoming": incoming.id})
        return
    queue.enqueue(
        key=f"{KEY}{incoming.id}",
        purpose=REPLY,
        **recipient_of(incoming).columns,
        text_code=code,
        values=dict(values),
        expects=expects,
        cause=cause,
        language=_language(incoming),
        sensitivity="public",
        private=private or incoming.private,
        priority=REPLY_PRIORITY,
        due_at=now,
        expires_at=incoming.received_at + GOOD_FOR,
        now=now,
    )


def values_for(incoming: Incoming) -> dict[str, str]:
    """Whom to ask: the officer of the sender's village, or the programme itself."""
    return {"hp": reply_number(officer_of(incoming), abroad=not incoming.number.startswith("+62"))}


def officer_of(incoming: Incoming) -> Account | None:
    """Of the sender's village. The nation has none, and that is where unknown numbers belong."""
    area = incoming.area_code
    return officers_of({area}).get(area) if area != NATION else None


def answered_lately(incoming: Incoming) -> bool:
    """Has the programme or an officer answered this number in the day before this text?"""
    facts = {"number": incoming.number, "id": incoming.id, "since": incoming.received_at - DAY}
    return bool(db.session.scalar(_ANSWERED, facts))


#: Texts are found by their number and answers by their key: the outbox has no index of numbers.
_lately = (
    sa.select(Incoming.id, Incoming.received_at, Incoming.handled_at, Incoming.handled_how)
    .where(Incoming.number == sa.bindparam("number"), Incoming.id < sa.bindparam("id"))
    .order_by(Incoming.id.desc())
    .limit(2 * TEXTS_AN_HOUR)
    .subquery()
)
_by_us = sa.exists().where(Message.key == sa.literal(KEY) + sa.cast(_lately.c.id, sa.String))
_ANSWERED = sa.select(
    sa.exists()
    .where(_lately.c.id.is_not(None))
    .where(
        sa.or_(
            sa.and_(_lately.c.handled_how == ANSWERED, _lately.c.handled_at > sa.bindparam("since")),
            sa.and_(_lately.c.received_at > sa.bindparam("since"), _by_us),
        )
    )
)


def _earlier(incoming: Incoming) -> list[tuple[str, datetime]]:
    """Words and time of what the number sent in the last hour before this text; no more than is needed."""
    since = incoming.received_at - HOUR
    found = db.session.execute(_EARLIER, {"number": incoming.number, "id": incoming.id, "since": since})
    return list(found.tuples())


_EARLIER = (
    sa.select(Incoming.body, Incoming.received_at)
    .where(Incoming.number == sa.bindparam("number"), Incoming.id < sa.bindparam("id"))
    .where(Incoming.received_at > sa.bindparam("since"))
    .order_by(Incoming.id.desc())
    .limit(CALLS_AN_HOUR)
)


def _language(incoming: Incoming) -> str:
    person = db.session.get(Person, incoming.person_id) if incoming.person_id else None
    return person.language if person else "id"
