"""Warnings, the areas they go to, and what was done about each. None of these tables holds a word of a report."""

from __future__ import annotations

import secrets
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.accounts.invitations import ALPHABET
from webapp.accounts.model import Account
from webapp.areas.model import Area
from webapp.db import AreaCode, Base, BigId, UTCDateTime
from webapp.warnings.states import DRAFT, HOLDS

#: The name of a warning in the audit log.
SUBJECT = "warning"
#: 'P' for peringatan.
CODE = "P-"
CODE_LENGTHS = (4, 4, 4, 5, 6)


class SafetyWarning(Base):
    """One warning. Its words are a stock text and values that come from our own tables."""

    __tablename__ = "warnings"
    __table_args__ = (
        sa.Index("ix_warnings_area_code_id", "area_code", "id"),
        sa.Index("ix_warnings_corrects_id", "corrects_id"),
        sa.Index("ix_warnings_state_id", "state", "id"),
        sa.Index("ix_warnings_look_at", "look_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    #: 'P-4K7M', to be quoted on the phone.
    code: Mapped[str] = mapped_column(sa.String(12), unique=True)
    #: Of levels.LEVELS.
    level: Mapped[int] = mapped_column(sa.SmallInteger)
    text_code: Mapped[str] = mapped_column(sa.String(8))
    #: What the text is merged with, but for the number to answer to, which is that of each village.
    values: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    urgent: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    #: Why it is urgent, of words.REASONS; '' if it is not.
    reason: Mapped[str] = mapped_column(sa.String(16), default="")
    state: Mapped[str] = mapped_column(sa.String(12), default=DRAFT)
    #: Grows with each change; who approves says which version was read.
    version: Mapped[int] = mapped_column(sa.Integer, default=1)

    #: The office that drafted it: the area of its drafter.
    area_code: Mapped[str] = mapped_column(AreaCode, sa.ForeignKey("areas.code"))
    #: The area that the text speaks of.
    place_code: Mapped[str | None] = mapped_column(AreaCode, sa.ForeignKey("areas.code"))
    #: From which report it was drafted, if from one.
    report_id: Mapped[int | None] = mapped_column(sa.ForeignKey("broker_reports.id"))
    #: The warning that this one takes back or corrects; it goes to exactly those who got that one.
    corrects_id: Mapped[int | None] = mapped_column(sa.ForeignKey("warnings.id"))

    #: The licence of the agency that is spoken of: a newer list may not have it any more.
    licence: Mapped[str] = mapped_column(sa.String(60), default="")
    #: What was said of it, one of agencies.licence.STATUSES.
    said_status: Mapped[str] = mapped_column(sa.String(12), default="")
    decision_number: Mapped[str] = mapped_column(sa.String(60), default="")
    legal_basis: Mapped[str] = mapped_column(sa.String(120), default="")
    #: Of an official notice about a person (level 3).
    notice_source: Mapped[str] = mapped_column(sa.String(12), default="")
    notice_on: Mapped[date | None] = mapped_column(sa.Date)
    notice_link: Mapped[str] = mapped_column(sa.String(200), default="")

    #: Stages and destinations of whom it goes to; no destination: all. Its areas are WarningArea.
    stages: Mapped[list[str]] = mapped_column(sa.JSON)
    destinations: Mapped[list[str]] = mapped_column(sa.JSON)

    #: The reports it rested on when it was handed over (level 1): how many, of how many sources, the newest.
    reports: Mapped[int] = mapped_column(sa.Integer, default=0)
    sources: Mapped[int] = mapped_column(sa.Integer, default=0)
    newest_report_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: As they were read by whoever approved it.
    recipients: Mapped[int | None] = mapped_column(sa.Integer)
    cost_rupiah: Mapped[int | None] = mapped_column(sa.BigInteger)

    drafted_by_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"))
    approved_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)
    approved_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: Texts are made for people up to this id; all are made at `expanded_at`.
    expanded_to: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    expanded_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: When the worker looks again whether all its texts have gone; empty while nothing is to be looked for.
    look_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    drafted_by: Mapped[Account] = relationship(foreign_keys=[drafted_by_id])
    approved_by: Mapped[Account | None] = relationship(foreign_keys=[approved_by_id])
    area: Mapped[Area] = relationship(foreign_keys=[area_code])
    place: Mapped[Area | None] = relationship(foreign_keys=[place_code])
    areas: Mapped[list[WarningArea]] = relationship(
        order_by="WarningArea.area_code", cascade="all, delete-orphan", back_populates="warning"
    )
    corrects: Mapped[SafetyWarning | None] = relationship(remote_side=[id])

    @property
    def cause(self) -> str:
        """The cause of all its texts in the outbox."""
        return cause_of(self.id)

    @property
    def holds(self) -> bool:
        """May it be passed on?"""
        return self.state in HOLDS


class WarningArea(Base):
    """An area whose people get a warning, with everybody below it."""

    __tablename__ = "warning_areas"
    __table_args__ = (sa.Index("ix_warning_areas_area_code_warning_id", "area_code", "warning_id"),)

    warning_id: Mapped[int] = mapped_column(sa.ForeignKey("warnings.id", ondelete="CASCADE"), primary_key=True)
    area_code: Mapped[str] = mapped_column(AreaCode, sa.ForeignKey("areas.code"), primary_key=True)

    warning: Mapped[SafetyWarning] = relationship(back_populates="areas")
    area: Mapped[Area] = relationship()


class WarningEvent(Base):
    """Something that was done about a warning, by whom and when. Append-only.

    `kind`: drafted, changed, handed_over, given_back, approved, stopped, withdrawn, finished.
    """

    __tablename__ = "warning_events"
    __table_args__ = (sa.Index("ix_warning_events_warning_id_id", "warning_id", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    warning_id: Mapped[int] = mapped_column(sa.ForeignKey("warnings.id"))
    kind: Mapped[str] = mapped_column(sa.String(16))
    #: Why, a code of words; '' where nothing is to be said.
    reason: Mapped[str] = mapped_column(sa.String(16), default="")
    #: Nobody if the programme did it.
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)

    account: Mapped[Account | None] = relationship()


def cause_of(warning_id: int) -> str:
    return f"warning:{warning_id}"


def new_code(length: int) -> str:
    """'P-4K7M': nothing that is taken for something else in print or in speech."""
    return CODE + "".join(secrets.choice(ALPHABET) for _ in range(length))
