"""Taking in what providers tell. A text is stored first, once, whatever happens afterwards; then understood, once.

A webhook that is repeated a hundred times is one row. A new text is stored and takes effect in one transaction: a fault
takes both back, and the text is stored alone, marked as not understood, for the worker to finish. So a text costs one
write to the disk and not two. Until that is done the provider has no answer, and tells the text again. Of a text that
was stored alone, one conditional UPDATE decides who lets it take effect.
These functions commit: what arrived must not be lost with a request that fails.
"""

from __future__ import annotations

import logging
import re
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, OperationalError

from sms.gateways import IncomingText, Receipt
from sms.phone import BadNumber, normalise
from webapp.areas.codes import NATION
from webapp.callbacks import repeats, understanding
from webapp.conversations.model import Incoming
from webapp.db import db, insert
from webapp.outbox import receipts
from webapp.routes import queries as routes

log = logging.getLogger(__name__)
LONGEST_BODY, LONGEST_NUMBER, LONGEST_ID = 1600, 20, 64
#: Of a gateway that is no route with a setting of its own.
REPEAT_SECONDS = 5.0
#: How many left-over texts the worker looks at in one round.
ROUND = 200
#: What a text is before it is understood, and by what the provider tells it apart.
UNREAD: dict[str, Any] = {"command": "", "area_code": NATION, "for_human": False}
IDENTITY = ["gateway", "provider_id"]
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f]")


def receive(
    gateway: str,
    provider_id: str,
    number: str,
    body: str,
    now: datetime,
    *,
    sent_at: datetime | None = None,
    repeat_seconds: float = REPEAT_SECONDS,
) -> None:
    """Store the text if it is new, then let it take effect. `number` is as the provider spells it.

    `sent_at`: when the gateway's phone got it, by its own clock, if it told; by that repeats with other ids are known
    (repeats.py). A fault in understanding does not reach the provider, which would only send the same again.
    """
    text = _row(gateway, provider_id, number, body, now) | {"sent_at": sent_at}
    try:
        _take_in(text, repeat_seconds, now)
        db.session.commit()
    except IntegrityError:
        # Mostly another process, that stored the same text first; else the worker meets the fault again.
        _store_alone(text, repeat_seconds)
    except Exception as error:
        incoming_id = _store_alone(text, repeat_seconds)
        log.exception("a text was stored but not understood", extra={"incoming": incoming_id, "type": str(type(error))})


def enter(gateway: str, provider_id: str, number: str, body: str, now: datetime) -> int:
    """The same within the caller's transaction, where a fault is the caller's: a demonstration is loaded whole or not
    at all. Returns the id of the text.
    """
    text = _row(gateway, provider_id, number, body, now)
    _take_in(text, REPEAT_SECONDS, now)
    db.session.flush()
    incoming_id = repeats.known(text)
    assert incoming_id is not None
    return incoming_id


def _take_in(text: dict[str, Any], repeat_seconds: float, now: datetime) -> None:
    known = repeats.find(text, repeat_seconds)
    if known is None:
        understanding.act_on(Incoming(**UNREAD, **text, understood_at=now), now)
    else:
        _let_take_effect(known, now)


def _store_alone(text: dict[str, Any], repeat_seconds: float) -> int:
    """Keep the text without its effect, unless it is there already. Returns its id."""
    db.session.rollback()
    known = repeats.find(text, repeat_seconds)
    if known is None:
        statement = insert(Incoming).values(**UNREAD, **text).on_conflict_do_nothing(index_elements=IDENTITY)
        # Another one may have stored it since; PostgreSQL waits for that and says nothing then.
        known = db.session.scalar(statement.returning(Incoming.id)) or repeats.known(text)
    db.session.commit()
    assert known is not None
    return known


def take_receipt(gateway: str, receipt: Receipt, now: datetime) -> None:
    """News of a text that we sent; whether it says anything new, the outbox knows."""
    receipts.apply(db.session, gateway, [receipt], now)
    db.session.commit()


def understand(incoming_id: int, now: datetime) -> bool:
    """Let a stored text take effect, unless it already has. Did it now? Commits."""
    if not _let_take_effect(incoming_id, now):
        db.session.rollback()
        return False
    db.session.commit()
    return True


def _let_take_effect(incoming_id: int, now: datetime) -> bool:
    claim = sa.update(Incoming).where(Incoming.id == incoming_id, Incoming.understood_at.is_(None))
    if db.session.execute(claim.values(understood_at=now)).rowcount != 1:  # type: ignore[attr-defined]  # of an UPDATE
        return False
    understanding.act_on(db.session.get_one(Incoming, incoming_id, populate_existing=True), now)
    return True


def understand_rest(now: datetime) -> int:
    """Finish what was stored and not understood. What cannot be understood at all goes to a human.

    The worker calls this each round. Returns how many texts were finished.
    """
    left = sa.select(Incoming.id).where(Incoming.understood_at.is_(None)).order_by(Incoming.id).limit(ROUND)
    ids = list(db.session.scalars(left))
    db.session.rollback()
    return sum(_finish(incoming_id, now) for incoming_id in ids)


def _finish(incoming_id: int, now: datetime) -> bool:
    try:
        return understand(incoming_id, now)
    except OperationalError:
        db.session.rollback()
        raise
    except Exception:
        db.session.rollback()
        log.exception("a text goes to a human since it cannot be understood", extra={"incoming": incoming_id})
    to_human = sa.update(Incoming).where(Incoming.id == incoming_id, Incoming.understood_at.is_(None))
    db.session.execute(to_human.values(understood_at=now, command="text", for_human=True))
    db.session.commit()
    return True


def hear(gateway: str, text: IncomingText, now: datetime) -> None:
    """A text that the worker was told when it asked a gateway (outbox/ears.py)."""
    route = routes.by_code(gateway)
    take(gateway, text, now, route.repeat_seconds if route else REPEAT_SECONDS)


def take(gateway: str, text: IncomingText, now: datetime, repeat_seconds: float) -> None:
    receive(gateway, text.provider_id, text.number, text.body, now, sent_at=text.sent_at, repeat_seconds=repeat_seconds)


def _row(gateway: str, provider_id: str, number: str, body: str, now: datetime) -> dict[str, Any]:
    """Columns of a text, as they may be stored."""
    text = {"gateway": gateway, "provider_id": provider_id[:LONGEST_ID], "number": _sender(number)}
    return text | {"body": _clean(body)[:LONGEST_BODY], "received_at": now, "sent_at": None}


def _sender(number: str) -> str:
    """E.164; what is no phone number (a bank's name, a short code) stays as it is."""
    try:
        return normalise(number)
    except BadNumber:
        return _clean(number)[:LONGEST_NUMBER]


def _clean(text: str) -> str:
    """Without control characters and broken letters, which no database should hold."""
    return CONTROL.sub("", text.encode("utf-8", "replace").decode())
