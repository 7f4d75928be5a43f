"""Outgoing texts: the table is the queue. How rows move is in sms/states.py; who moves them, in store.py."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.accounts.model import Account
from webapp.db import AreaCode, Base, BigId, UTCDateTime

#: What a text may expect instead of an answer by SMS: that the person calls or comes.
CALL = "call"
#: The questions that somebody follows up if they stay without an answer: of leaving (R9), of arrival (P1), and
#: neutral texts in their place. The indexes of them and the query (departures/queries.py) must say the same.
WITHOUT_ANSWER = (
    "expects != '' AND answered_at IS NULL AND sent_at IS NOT NULL AND (text_code IN ('R9','P1') OR expects = 'call')"
)


class Text(Base):
    """One version of a stock text in one language. The newest enabled version is used.

    Words of a broadcast are kept here too, under its own code; they are no stock text (text_queries.py). Words of a
    version never change (text_acts.py adds rows), so that what a message remembers of it stays true.
    """

    __tablename__ = "texts"
    __table_args__ = (
        sa.UniqueConstraint("code", "language", "version"),
        # The few dozen stock texts, however many broadcasts there were.
        sa.Index(
            "ix_texts_stock",
            "code",
            "language",
            "version",
            sqlite_where=sa.text("most_segments = 1"),
            postgresql_where=sa.text("most_segments = 1"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(8))
    language: Mapped[str] = mapped_column(sa.String(3))
    version: Mapped[int] = mapped_column(sa.Integer)
    #: As long as those of a broadcast may be; stock texts are shorter (wording.py).
    body: Mapped[str] = mapped_column(sa.String(612))
    enabled: Mapped[bool] = mapped_column(sa.Boolean)
    #: 1: it is made to fit into one segment, whatever its values; else it may have so many, and nothing of it is cut.
    most_segments: Mapped[int] = mapped_column(sa.SmallInteger, default=1, server_default="1")
    #: Of a version that was written here: when it was approved.
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: Nobody: it was shipped.
    proposed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    approved_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    #: Which office or role has confirmed the words, in other languages than Indonesian.
    confirmed_by: Mapped[str] = mapped_column(sa.String(120), default="", server_default="")

    proposed_by: Mapped[Account | None] = relationship(foreign_keys=[proposed_by_id])
    approved_by: Mapped[Account | None] = relationship(foreign_keys=[approved_by_id])


class Hold(Base):
    """Nothing of this cause is claimed as long as this row is there: it acts at once, however many texts wait."""

    __tablename__ = "held_causes"

    cause: Mapped[str] = mapped_column(sa.String(40), primary_key=True)


class Message(Base):
    """One outgoing text and everything that happened to it. Its words are rendered at the claim."""

    __tablename__ = "messages"
    __table_args__ = (
        sa.Index(
            "ix_messages_due",
            "route",
            "priority",
            "due_at",
            sqlite_where=sa.text("state = 'queued'"),
            postgresql_where=sa.text("state = 'queued'"),
        ),
        sa.Index(
            "ix_messages_open",
            "lease_until",
            sqlite_where=sa.text("state IN ('sending','unknown')"),
            postgresql_where=sa.text("state IN ('sending','unknown')"),
        ),
        # Not unique: a provider that repeats an id must not keep what it took from being stored.
        sa.Index(
            "ix_messages_provider",
            "gateway",
            "provider_id",
            sqlite_where=sa.text("provider_id IS NOT NULL"),
            postgresql_where=sa.text("provider_id IS NOT NULL"),
        ),
        sa.Index(
            "ix_messages_question",
            "number",
            "sent_at",
            sqlite_where=sa.text("expects != ''"),
            postgresql_where=sa.text("expects != ''"),
        ),
        sa.Index(
            "ix_messages_unanswered",
            "area_code",
            "sent_at",
            "id",
            sqlite_where=sa.text(WITHOUT_ANSWER),
            postgresql_where=sa.text(WITHOUT_ANSWER),
        ),
        # For whoever sees the whole nation.
        sa.Index(
            "ix_messages_unanswered_anywhere",
            "sent_at",
            "id",
            sqlite_where=sa.text(WITHOUT_ANSWER),
            postgresql_where=sa.text(WITHOUT_ANSWER),
        ),
        sa.Index("ix_messages_person_id_id", "person_id", "id"),
        # The conversation with a number that is nobody's.
        sa.Index(
            "ix_messages_unknown_number",
            "number",
            "id",
            sqlite_where=sa.text("person_id IS NULL"),
            postgresql_where=sa.text("person_id IS NULL"),
        ),
        # Whose number is still to be forgotten.
        sa.Index(
            "ix_messages_private",
            "updated_at",
            sqlite_where=sa.text("private = 1 AND number != ''"),
            postgresql_where=sa.text("private AND number != ''"),
        ),
        sa.Index("ix_messages_cause", "cause"),
        sa.Index("ix_messages_state_area_code", "state", "area_code"),
        sa.Index(
            "ix_messages_troubled",
            "area_code",
            "id",
            sqlite_where=sa.text("state IN ('failed','unknown')"),
            postgresql_where=sa.text("state IN ('failed','unknown')"),
        ),
        # The claim looks for each of these by itself; another one would never be sent.
        sa.CheckConstraint("priority IN (0, 5, 9)", name="priority"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    #: Unique reason to exist: 'departure:41:R7:2026-12-01', 'reply:<incoming id>', 'welcome:<phone id>'.
    key: Mapped[str] = mapped_column(sa.String(80), unique=True)
    #: What it belongs to: 'departure:41'; all of a cause can be withdrawn together.
    cause: Mapped[str] = mapped_column(sa.String(40), default="")
    #: Random, unguessable; rides in status callbacks.
    reference: Mapped[str] = mapped_column(sa.String(32), unique=True)

    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    phone_id: Mapped[int | None] = mapped_column(sa.ForeignKey("phones.id"))
    #: E.164. Fixed at the plan; the claim checks that it may still be used.
    number: Mapped[str] = mapped_column(sa.String(20))
    area_code: Mapped[str] = mapped_column(AreaCode)
    zone: Mapped[str] = mapped_column(sa.String(32), default="Asia/Jakarta")

    #: Stock text and its values; or `body` alone for words a human wrote. When a stock text is claimed,
    #: its words are kept in `body`: what was said stays known when the stock text changes.
    text_code: Mapped[str] = mapped_column(sa.String(8), default="")
    values: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    #: However long it is: one row that is refused would keep all others of its claim back (sorting.py ends those).
    body: Mapped[str] = mapped_column(sa.Text, default="")
    #: Which version of the stock text `body` was made of, in `language` or, where that had none, in Indonesian.
    #: 0: words of a human, or not claimed yet.
    text_version: Mapped[int] = mapped_column(sa.SmallInteger, default=0, server_default="0")
    language: Mapped[str] = mapped_column(sa.String(3), default="id")
    sensitivity: Mapped[str] = mapped_column(sa.String(10), default="personal")
    #: reminder, reply, alarm, notice, welcome, account: what is checked for each stands in checks.py.
    purpose: Mapped[str] = mapped_column(sa.String(10))
    #: To or about a reporter who must not be known: it stands on no page and in no conversation.
    private: Mapped[bool] = mapped_column(sa.Boolean, default=False, server_default=sa.false())
    #: The route that carries it (routes/model.py); '' is the one of the settings. May change while it waits.
    route: Mapped[str] = mapped_column(sa.String(16), default="", server_default="")
    #: Stages in which it still makes sense, comma-separated; empty: any.
    stages: Mapped[str] = mapped_column(sa.String(120), default="")
    #: '' or the answers it invites: 'yes_no', '1_2', '1_2_3', 'confirm'; CALL: that the person calls.
    expects: Mapped[str] = mapped_column(sa.String(8), default="")
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    answer: Mapped[str] = mapped_column(sa.String(16), default="")

    @property
    def rule(self) -> str:
        """The reminder rule that it stands for ('R9'), also where a neutral text went out instead; '' for none."""
        kind, *rest = self.key.split(":")
        return rest[1] if kind == "departure" and len(rest) > 1 else ""

    state: Mapped[str] = mapped_column(sa.String(12), default="queued")
    #: Why it is in this state, a code that pages turn into a sentence ('no_consent', 'moved', …).
    reason: Mapped[str] = mapped_column(sa.String(40), default="")
    #: Smaller goes first: 0 alarm and reply, 5 reminder and what is urgent for many, 9 notice.
    priority: Mapped[int] = mapped_column(sa.SmallInteger, default=5)
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    attempts: Mapped[int] = mapped_column(sa.SmallInteger, default=0)
    #: The worker that sends it, or asks the provider about it.
    lease_owner: Mapped[str | None] = mapped_column(sa.String(32))
    #: On the clock of the database. Of an unknown text: when to ask the provider (again).
    lease_until: Mapped[datetime | None] = mapped_column(UTCDateTime)

    #: Who took it: the code of a route, or the name of the settings' gateway. It is asked what became of the text.
    gateway: Mapped[str] = mapped_column(sa.String(16), default="")
    provider_id: Mapped[str | None] = mapped_column(sa.String(64))
    error_code: Mapped[str] = mapped_column(sa.String(16), default="")
    segments: Mapped[int] = mapped_column(sa.SmallInteger, default=0)
    price_rupiah: Mapped[int] = mapped_column(sa.Integer, default=0)
    created_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: When it was last claimed for handing over: the provider is asked about it from then.
    handed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    delivered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Worker(Base):
    """Heartbeat of a worker process, shown by /health and the pages."""

    __tablename__ = "workers"

    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    #: The code of its route; of the route of the settings the name of the gateway.
    gateway: Mapped[str] = mapped_column(sa.String(16))
    started_at: Mapped[datetime] = mapped_column(UTCDateTime)
    beat_at: Mapped[datetime] = mapped_column(UTCDateTime)
    handed_over: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    #: When it finished by itself; empty while it works, and if it was killed.
    stopped_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
