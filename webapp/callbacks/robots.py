"""Who must not be answered: machines that answer by themselves. Two of them would talk for ever."""

from __future__ import annotations

import re
from datetime import timedelta

import sqlalchemy as sa

from webapp.conversations.model import Incoming
from webapp.db import db

#: What machines say of themselves, and what nobody writes who wants an answer.
AUTOMATIC = re.compile(
    r"pesan otomatis|balasan otomatis|dijawab otomatis|auto[- ]?reply|automatic (?:reply|response|message)"
    r"|out of office|jangan (?:di)?balas|tidak perlu dibalas|do not reply|no[- ]?reply|message not delivered"
    r"|pesan (?:anda )?tidak terkirim|nomor yang anda tuju",
    re.IGNORECASE,
)
#: The very same words so often within this time come from no person in need: a person is answered once or twice.
SAME_WORDS, WITHIN = 3, timedelta(minutes=30)


def is_automatic(body: str) -> bool:
    """Does a machine say so of itself? Pure."""
    return AUTOMATIC.search(body) is not None


def repeats(incoming: Incoming) -> bool:
    """Has this number sent the very same words again and again just now? The text itself is kept all the same."""
    if not incoming.body:
        return False
    same = (
        sa.select(Incoming.id)
        .where(Incoming.number == incoming.number, Incoming.id < incoming.id, Incoming.body == incoming.body)
        .where(Incoming.received_at > incoming.received_at - WITHIN)
        .limit(SAME_WORDS)
    )
    found = db.session.scalar(sa.select(sa.func.count()).select_from(same.subquery())) or 0
    return found >= SAME_WORDS
