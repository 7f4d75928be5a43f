"""The same text once more, with another id: a known fault of phones that serve as gateways.

It is one text if the same gateway got the same words of the same sender within a few seconds, by the phone's own clock.
Without that clock nothing is taken for a repeat: people do send the same word twice. Nothing here commits.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from webapp.conversations.model import Incoming, IncomingRepeat
from webapp.db import db, insert
from webapp.sealing import fingerprint, fingerprints

log = logging.getLogger(__name__)


def _under_this_id(table: type[Incoming | IncomingRepeat], column: Any) -> Any:
    here = (table.gateway == sa.bindparam("gateway"), table.provider_id == sa.bindparam("provider_id"))
    return sa.select(column).where(*here).scalar_subquery()


KNOWN = sa.select(
    sa.func.coalesce(
        _under_this_id(Incoming, Incoming.id),
        _under_this_id(IncomingRepeat, IncomingRepeat.incoming_id),
        type_=sa.Integer,
    )
)


def find(text: dict[str, Any], seconds: float) -> int | None:
    """The id of the stored text that this one is; None for a new one, which gets its `repeat_hash`.

    Locks the sender, so that of two such texts at once the second one finds the first.
    """
    if text["sent_at"] is None:
        # Such a gateway tells a text under one id only.
        return known(text)
    words = "\n".join((text["gateway"], text["number"], text["body"]))
    text["repeat_hash"] = fingerprint(words)
    _lock(text["repeat_hash"])
    found = known(text)
    if found is None and (found := _same(words, text["sent_at"], seconds)):
        _note(text, found)
    return found


def known(text: dict[str, Any]) -> int | None:
    """The id of what is stored under the provider's id of this text, also under that of a repeat."""
    return db.session.scalar(KNOWN, {"gateway": text["gateway"], "provider_id": text["provider_id"]})


def _same(words: str, sent_at: datetime, seconds: float) -> int | None:
    """The nearest text before or after it; also of one whose words were not kept."""
    window = timedelta(seconds=seconds)
    query = (
        sa.select(Incoming.id)
        .where(Incoming.repeat_hash.in_(fingerprints(words)))
        .where(Incoming.sent_at.between(sent_at - window, sent_at + window))
        .order_by(Incoming.sent_at, Incoming.id)
        .limit(1)
    )
    return db.session.scalar(query)


def _note(text: dict[str, Any], incoming_id: int) -> None:
    facts = {"gateway": text["gateway"], "provider_id": text["provider_id"], "at": text["received_at"]}
    statement = insert(IncomingRepeat).values(incoming_id=incoming_id, **facts)
    db.session.execute(statement.on_conflict_do_nothing(index_elements=["gateway", "provider_id"]))
    log.info("a text came again with another id", extra={"incoming": incoming_id, "gateway": text["gateway"]})


def _lock(repeat_hash: str) -> None:
    """Until the transaction ends. SQLite has one writer, which this transaction is from its beginning."""
    if db.session.get_bind().dialect.name == "postgresql":
        key = int(repeat_hash[:15], 16)
        db.session.execute(sa.select(sa.func.pg_advisory_xact_lock(key)))
