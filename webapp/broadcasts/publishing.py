"""The words of an approved broadcast become a stock text of their own code, which the outbox merges at the claim."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa

from webapp.broadcasts.merging import FALLBACK, MOST_SEGMENTS
from webapp.broadcasts.model import Broadcast
from webapp.db import db
from webapp.outbox.model import Text


def publish(broadcast: Broadcast, now: datetime) -> None:
    """Once: an approved broadcast is never changed."""
    known = set(db.session.scalars(sa.select(Text.language).where(Text.code == broadcast.code)))
    db.session.add_all(
        Text(
            code=broadcast.code,
            language=language,
            version=1,
            body=body,
            enabled=True,
            most_segments=MOST_SEGMENTS,
            confirmed_by="" if language == FALLBACK else broadcast.confirmed_by,
            created_at=now,
        )
        for language, body in broadcast.bodies.items()
        if language not in known
    )


def words_hash(bodies: Mapping[str, str]) -> str:
    """The same for the same Indonesian words, however they are spaced and capitalised; '' for none."""
    words = " ".join(bodies.get(FALLBACK, "").lower().split())
    return hashlib.sha256(words.encode()).hexdigest() if words else ""
