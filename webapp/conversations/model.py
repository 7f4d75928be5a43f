"""Incoming texts: stored first, understood after."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.accounts.model import Account
from webapp.areas.codes import NATION
from webapp.db import AreaCode, Base, BigId, UTCDateTime
from webapp.people.model import FamilyContact

#: The command of a text that begins with BANTU or TOLONG.
HELP = "help"
ANSWERED, DONE = "answered", "done"


class Incoming(Base):
    """One text that somebody sent us. A webhook repeated a hundred times is one row."""

    __tablename__ = "incoming"
    __table_args__ = (
        sa.UniqueConstraint("gateway", "provider_id"),
        sa.Index(
            "ix_incoming_unread",
            "area_code",
            "id",
            sqlite_where=sa.text("for_human = 1 AND handled_at IS NULL"),
            postgresql_where=sa.text("for_human AND handled_at IS NULL"),
        ),
        # For whoever sees the whole nation.
        sa.Index(
            "ix_incoming_unread_anywhere",
            "id",
            sqlite_where=sa.text("for_human = 1 AND handled_at IS NULL"),
            postgresql_where=sa.text("for_human AND handled_at IS NULL"),
        ),
        sa.Index(
            "ix_incoming_calls",
            "command",
            "area_code",
            "id",
            sqlite_where=sa.text("for_human = 1 AND handled_at IS NULL AND command = 'help'"),
            postgresql_where=sa.text("for_human AND handled_at IS NULL AND command = 'help'"),
        ),
        # What an officer has taken on.
        sa.Index(
            "ix_incoming_taken_on",
            "assigned_to_id",
            "id",
            sqlite_where=sa.text("for_human = 1 AND handled_at IS NULL AND assigned_to_id IS NOT NULL"),
            postgresql_where=sa.text("for_human AND handled_at IS NULL AND assigned_to_id IS NOT NULL"),
        ),
        sa.Index(
            "ix_incoming_answered",
            "area_code",
            "id",
            sqlite_where=sa.text("handled_how = 'answered'"),
            postgresql_where=sa.text("handled_how = 'answered'"),
        ),
        # For whoever sees the whole nation.
        sa.Index(
            "ix_incoming_answered_anywhere",
            "id",
            sqlite_where=sa.text("handled_how = 'answered'"),
            postgresql_where=sa.text("handled_how = 'answered'"),
        ),
        sa.Index("ix_incoming_area_code_id", "area_code", "id"),
        sa.Index("ix_incoming_person_id_id", "person_id", "id"),
        sa.Index("ix_incoming_number_id", "number", "id"),
        # Whose number is still to be forgotten.
        sa.Index(
            "ix_incoming_private",
            "received_at",
            sqlite_where=sa.text("private = 1 AND number != ''"),
            postgresql_where=sa.text("private AND number != ''"),
        ),
        sa.Index(
            "ix_incoming_not_understood",
            "id",
            sqlite_where=sa.text("understood_at IS NULL"),
            postgresql_where=sa.text("understood_at IS NULL"),
        ),
        sa.Index(
            "ix_incoming_repeat",
            "repeat_hash",
            "sent_at",
            sqlite_where=sa.text("repeat_hash IS NOT NULL"),
            postgresql_where=sa.text("repeat_hash IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    gateway: Mapped[str] = mapped_column(sa.String(16))
    provider_id: Mapped[str] = mapped_column(sa.String(64))
    #: E.164 of the sender; not always a person we know.
    number: Mapped[str] = mapped_column(sa.String(20))
    body: Mapped[str] = mapped_column(sa.String(1600))
    received_at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: When the phone of the gateway got it, by its own clock, if it told.
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: Keyed hash of gateway, sender and words, if `sent_at` was told: a repeat with another id is found by it, also
    #: of a text whose words are not kept.
    repeat_hash: Mapped[str | None] = mapped_column(sa.String(64))
    #: Part of a report whose sender must not be known: belongs to nobody, stands on no page, keeps no words.
    private: Mapped[bool] = mapped_column(sa.Boolean, default=False, server_default=sa.false())
    understood_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: What it was taken for: stop, start, yes, no, digit, text, …
    command: Mapped[str] = mapped_column(sa.String(12), default="")
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    #: The relative of this person who wrote, if it was not the person.
    contact_id: Mapped[int | None] = mapped_column(sa.ForeignKey("family_contacts.id"))
    #: Of the person; the nation's code if the sender is unknown, so that only the national office sees it.
    area_code: Mapped[str] = mapped_column(AreaCode, default=NATION)
    #: The message it answers.
    answers_id: Mapped[int | None] = mapped_column(sa.ForeignKey("messages.id"), index=True)
    for_human: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    handled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    handled_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    #: ANSWERED by a text, or DONE without one; '' while it waits.
    handled_how: Mapped[str] = mapped_column(sa.String(8), default="", server_default="")
    #: The officer who takes care of it, and since when; nobody yet: whoever comes first.
    assigned_to_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    assigned_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    assigned_to: Mapped[Account | None] = relationship(foreign_keys=[assigned_to_id])
    contact: Mapped[FamilyContact | None] = relationship()


class CannedReply(Base):
    """Words that officers of an area, and below it, need again and again. They may hold merge fields (canned.py)."""

    __tablename__ = "canned_replies"
    __table_args__ = (
        sa.Index(
            "ix_canned_replies_in_use",
            "area_code",
            "title",
            sqlite_where=sa.text("removed_at IS NULL"),
            postgresql_where=sa.text("removed_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    area_code: Mapped[str] = mapped_column(AreaCode, sa.ForeignKey("areas.code"))
    title: Mapped[str] = mapped_column(sa.String(40))
    body: Mapped[str] = mapped_column(sa.String(320))
    #: Grows with each change, so that two who edit at once notice.
    version: Mapped[int] = mapped_column(sa.Integer, default=1)
    #: Nobody for those that ship with the programme.
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class IncomingRepeat(Base):
    """A text that came once more with another id, a known fault of phones that serve as gateways."""

    __tablename__ = "incoming_repeats"
    __table_args__ = (sa.UniqueConstraint("gateway", "provider_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    gateway: Mapped[str] = mapped_column(sa.String(16))
    provider_id: Mapped[str] = mapped_column(sa.String(64))
    incoming_id: Mapped[int] = mapped_column(sa.ForeignKey("incoming.id"), index=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
