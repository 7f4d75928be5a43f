"""What is only ever added about a person: consents, moves, events. people/model.py writes it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from webapp.db import Base, BigId, UTCDateTime


class Consent(Base):
    """One line of the ledger: given or withdrawn. Append-only; the newest line of a purpose holds."""

    __tablename__ = "consents"
    __table_args__ = (sa.Index("ix_consents_person_id_purpose_id", "person_id", "purpose", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    purpose: Mapped[str] = mapped_column(sa.String(12))
    given: Mapped[bool] = mapped_column(sa.Boolean)
    #: Version of the words that were read to the person, e.g. '2026-1'.
    wording: Mapped[str] = mapped_column(sa.String(16))
    language: Mapped[str] = mapped_column(sa.String(3))
    #: spoken, signed, sms
    how: Mapped[str] = mapped_column(sa.String(12))
    witness: Mapped[str] = mapped_column(sa.String(100), default="")
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class StageMove(Base):
    """A dated, attributed step on the migrant's path; taken back by another move with a reason."""

    __tablename__ = "stage_moves"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    from_stage: Mapped[str] = mapped_column(sa.String(16))
    to_stage: Mapped[str] = mapped_column(sa.String(16))
    on_day: Mapped[date] = mapped_column(sa.Date)
    reason: Mapped[str] = mapped_column(sa.String(300), default="")
    #: None: the programme itself, from an SMS.
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class Event(Base):
    """One entry of a person's timeline. Append-only. `facts` are shown, so they hold no secret."""

    __tablename__ = "events"
    __table_args__ = (sa.Index("ix_events_person_id_id", "person_id", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    kind: Mapped[str] = mapped_column(sa.String(32))
    facts: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
