"""Texts under way by a route that reaches somebody else from now on, or nobody: whom they went to is not there to ask.

Asking whoever is there now would be answered with 'unknown', and the text would be sent again. So nobody is asked and
it is not sent again: it ends as failed, and a human looks. What a call that is not over yet still learns, counts.
"""

from __future__ import annotations

from typing import Any, cast

import sqlalchemy as sa

from sms.states import FAILED, SENDING, UNKNOWN
from webapp import clock
from webapp.db import db
from webapp.outbox.model import Message
from webapp.routes.model import Route
from webapp.routes.signals import ties_cut

message = cast(sa.Table, Message.__table__)
#: The reason of a text that is being handed over: if that ends in doubt, it ends as failed.
CUT = "ties_cut"
CANNOT_TELL = "cannot_tell"


def register() -> None:
    """Called by create_app; calling twice changes nothing."""
    ties_cut.connect(_hear)


def _hear(route: Route) -> None:
    cut(db.session, route.code)


def cut(executor: Any, code: str) -> int:
    """`executor` is a Connection or a Session; the caller commits. Returns how many texts ended in doubt."""
    its = message.c.gateway == code
    being_sent = _in(SENDING).where(its).values(reason=CUT)
    executor.execute(being_sent)
    ended = {"state": FAILED, "reason": CANNOT_TELL, "lease_owner": None, "lease_until": None}
    in_doubt = _in(UNKNOWN).where(its).values(**ended, updated_at=clock.now())
    return int(executor.execute(in_doubt).rowcount)


def in_doubt(reason: Any) -> dict[str, Any]:
    """State and reason of a text that ends in doubt, as values of an UPDATE; `reason` is that of one still tied."""
    is_cut = sa.and_(message.c.state == SENDING, message.c.reason == CUT)
    return {
        "state": sa.case((is_cut, FAILED), else_=UNKNOWN),
        "reason": sa.case((is_cut, CANNOT_TELL), else_=reason),
    }


def _in(state: str) -> sa.Update:
    # Literal, so that the partial index is used.
    return sa.update(message).where(message.c.state == sa.literal_column(f"'{state}'"))
