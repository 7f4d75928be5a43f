"""What a list said of people goes with the list: it does not live on in the texts that went to it."""

from __future__ import annotations

import sqlalchemy as sa

from webapp.audiences.model import RecipientList
from webapp.broadcasts.model import Broadcast
from webapp.broadcasts.progress import MOVING
from webapp.db import db
from webapp.outbox.model import Message


def forget(one: RecipientList) -> None:
    """Of strangers neither number nor words are kept. What was said to somebody registered stays in their timeline."""
    went_to_it = db.session.scalars(sa.select(Broadcast).where(Broadcast.list_id == one.id))
    causes = [broadcast.cause for broadcast in went_to_it]
    # What still moves needs number and words.
    ended = sa.and_(Message.cause.in_(causes), sa.func.coalesce(Message.state, "").not_in(MOVING))
    strangers = sa.update(Message).where(ended, Message.person_id.is_(None)).values(number="", body="", values={})
    registered = sa.update(Message).where(ended, Message.person_id.is_not(None)).values(values={})
    for statement in (strangers, registered):
        db.session.execute(statement.execution_options(synchronize_session=False))
