"""Broadcasts, the areas and words of each, what was done about it, and what an area may spend in a month."""

from __future__ import annotations

import secrets
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.accounts.invitations import ALPHABET
from webapp.accounts.model import Account
from webapp.areas.model import Area
from webapp.audiences.criteria import Criteria, read
from webapp.audiences.model import RecipientList
from webapp.broadcasts.states import DRAFT
from webapp.db import AreaCode, Base, BigId, UTCDateTime

#: The name of a broadcast in the audit log.
SUBJECT = "broadcast"
#: 'S' for siaran. Also the code of its words among the stock texts, so no longer than those may be.
CODE = "S-"
CODE_LENGTHS = (4, 4, 5, 6)
MIGRANTS, FAMILIES, FACILITATORS, LISTED = "migrants", "families", "facilitators", "listed"
#: Who can get one. Families: the phone that a relative reads for the person. Listed: a list that the office brought.
RECIPIENTS = (MIGRANTS, FAMILIES, FACILITATORS, LISTED)
LONGEST_TITLE = 80
#: Letters of one language, with placeholders: four segments.
LONGEST_BODY = 612
NOTE_LENGTH = 200
#: The event that follows the end of one: what was done with it last is the one before.
OVERSPENT = "overspent"


class Broadcast(Base):
    """One notice to many. Its areas are BroadcastArea, its words BroadcastText."""

    __tablename__ = "broadcasts"
    __table_args__ = (
        sa.Index("ix_broadcasts_area_code_id", "area_code", "id"),
        sa.Index("ix_broadcasts_state_id", "state", "id"),
        sa.Index("ix_broadcasts_look_at", "look_at"),
        # Was the same said a moment ago?
        sa.Index("ix_broadcasts_words_hash_approved_at", "words_hash", "approved_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    #: 'S-4K7M', to be quoted on the phone.
    code: Mapped[str] = mapped_column(sa.String(8), unique=True)
    #: What the office calls it; not sent.
    title: Mapped[str] = mapped_column(sa.String(LONGEST_TITLE))
    #: Of RECIPIENTS.
    recipients: Mapped[str] = mapped_column(sa.String(12))
    #: criteria.Criteria without its areas, as `stored` has it. Of facilitators nothing but their areas is asked.
    asked: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    #: The list, if it goes to one; then its areas are that of the office alone.
    list_id: Mapped[int | None] = mapped_column(sa.ForeignKey("recipient_lists.id"))
    emergency: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    #: Why it is an emergency, of words.REASONS; '' if it is none.
    reason: Mapped[str] = mapped_column(sa.String(16), default="")
    #: Shown on the facilitators' Hari ini as well.
    announced: Mapped[bool] = mapped_column(sa.Boolean, default=True)
    state: Mapped[str] = mapped_column(sa.String(12), default=DRAFT)
    #: Grows with each change; who approves says which version was read.
    version: Mapped[int] = mapped_column(sa.Integer, default=1)
    #: Which office has confirmed the words of other languages than Indonesian; '' if there are none.
    confirmed_by: Mapped[str] = mapped_column(sa.String(120), default="")
    #: sha256 of its Indonesian words, however they are spaced (words_hash.py).
    words_hash: Mapped[str] = mapped_column(sa.String(64), default="")

    #: The office that drafted it: the area of its drafter. Its budget pays.
    area_code: Mapped[str] = mapped_column(AreaCode, sa.ForeignKey("areas.code"))
    copied_from_id: Mapped[int | None] = mapped_column(sa.ForeignKey("broadcasts.id"))

    #: The day and minute of the day at which it arrives, on the clock of each recipient; empty: as soon as it may.
    send_on: Mapped[date | None] = mapped_column(sa.Date)
    send_minute: Mapped[int] = mapped_column(sa.SmallInteger, default=0)
    #: Evenly over so many hours from then.
    spread_hours: Mapped[int] = mapped_column(sa.SmallInteger, default=0)
    #: The last day on which it is of use; afterwards nothing of it goes out.
    useful_until: Mapped[date | None] = mapped_column(sa.Date)

    #: forecast.Forecast as `stored` has it, of the version in `forecast_version`.
    forecast: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    forecast_version: Mapped[int] = mapped_column(sa.Integer, default=0)
    #: When it was counted; of a great audience the worker does that.
    forecast_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: As they were read by whoever approved it.
    approved_count: Mapped[int | None] = mapped_column(sa.Integer)
    #: Put aside of the budget of its office in `budget_month`, in rupiah.
    reserved_rupiah: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    budget_month: Mapped[date | None] = mapped_column(sa.Date)

    drafted_by_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"))
    approved_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)
    approved_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: When the worker begins to make its texts: before the first of its recipients' clocks strikes.
    starts_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: Texts are made for people (facilitators: accounts) up to this id; all are made at `expanded_at`.
    expanded_to: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    #: Nobody with a greater id gets it: they came after it was counted.
    expand_until: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    expanded_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: Why it is paused, of words.PAUSED; '' otherwise.
    pause_reason: Mapped[str] = mapped_column(sa.String(16), default="")
    #: When the worker looks again what became of its texts; empty while nothing is to be looked for.
    look_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    drafted_by: Mapped[Account] = relationship(foreign_keys=[drafted_by_id])
    approved_by: Mapped[Account | None] = relationship(foreign_keys=[approved_by_id])
    area: Mapped[Area] = relationship(foreign_keys=[area_code])
    copied_from: Mapped[Broadcast | None] = relationship(remote_side=[id])
    recipient_list: Mapped[RecipientList | None] = relationship()
    areas: Mapped[list[BroadcastArea]] = relationship(
        order_by="BroadcastArea.area_code", cascade="all, delete-orphan", back_populates="broadcast"
    )
    texts: Mapped[list[BroadcastText]] = relationship(
        order_by="BroadcastText.language", cascade="all, delete-orphan", back_populates="broadcast"
    )

    @property
    def cause(self) -> str:
        """The cause of all its texts in the outbox."""
        return cause_of(self.id)

    @property
    def at_any_hour(self) -> bool:
        """Does it also come at night? Never to a list: whoever is on it is not known well enough to be woken."""
        return self.emergency and self.recipients != LISTED

    @property
    def criteria(self) -> Criteria:
        """Whom it is meant for. Raises WrongCriteria if what is stored is none."""
        return read({**self.asked, "areas": [row.area_code for row in self.areas]})

    @property
    def bodies(self) -> dict[str, str]:
        """Language → words."""
        return {text.language: text.body for text in self.texts}


class BroadcastArea(Base):
    """An area whose people get a broadcast, with everybody below it."""

    __tablename__ = "broadcast_areas"
    __table_args__ = (sa.Index("ix_broadcast_areas_area_code_broadcast_id", "area_code", "broadcast_id"),)

    broadcast_id: Mapped[int] = mapped_column(sa.ForeignKey("broadcasts.id", ondelete="CASCADE"), primary_key=True)
    area_code: Mapped[str] = mapped_column(AreaCode, sa.ForeignKey("areas.code"), primary_key=True)

    broadcast: Mapped[Broadcast] = relationship(back_populates="areas")
    area: Mapped[Area] = relationship()


class BroadcastText(Base):
    """Its words in one language. Whoever has another one gets the Indonesian."""

    __tablename__ = "broadcast_texts"

    broadcast_id: Mapped[int] = mapped_column(sa.ForeignKey("broadcasts.id", ondelete="CASCADE"), primary_key=True)
    language: Mapped[str] = mapped_column(sa.String(3), primary_key=True)
    body: Mapped[str] = mapped_column(sa.String(LONGEST_BODY))

    broadcast: Mapped[Broadcast] = relationship(back_populates="texts")


class BroadcastEvent(Base):
    """Something that was done about a broadcast, by whom and when. Append-only.

    `kind`: drafted, changed, handed_over, given_back, rejected, approved, begun, paused, resumed, cancelled, finished,
    overspent.
    """

    __tablename__ = "broadcast_events"
    __table_args__ = (sa.Index("ix_broadcast_events_broadcast_id_id", "broadcast_id", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    broadcast_id: Mapped[int] = mapped_column(sa.ForeignKey("broadcasts.id"))
    kind: Mapped[str] = mapped_column(sa.String(16))
    #: Why, a code of words; '' where nothing is to be said.
    reason: Mapped[str] = mapped_column(sa.String(16), default="")
    #: What an officer added to that, in their own words.
    note: Mapped[str] = mapped_column(sa.String(NOTE_LENGTH), default="", server_default="")
    #: Nobody if the programme did it.
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)

    account: Mapped[Account | None] = relationship()


class BroadcastPoint(Base):
    """What had become of its texts at one moment: the newest is what its page shows, all of them are the curve."""

    __tablename__ = "broadcast_points"

    broadcast_id: Mapped[int] = mapped_column(sa.ForeignKey("broadcasts.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime, primary_key=True)
    #: progress.Progress as `stored` has it: states, reasons, rupiah, replies.
    facts: Mapped[dict[str, Any]] = mapped_column(sa.JSON)


class SavedAudience(Base):
    """Criteria with a name, for the coordinators of an area."""

    __tablename__ = "saved_audiences"
    __table_args__ = (sa.UniqueConstraint("area_code", "name"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    area_code: Mapped[str] = mapped_column(AreaCode, sa.ForeignKey("areas.code"))
    name: Mapped[str] = mapped_column(sa.String(60))
    recipients: Mapped[str] = mapped_column(sa.String(12))
    #: criteria.Criteria as `stored` has it.
    asked: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    created_by_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class SmsBudget(Base):
    """What the broadcasts of an area may cost in a month. Without a row they may cost nothing."""

    __tablename__ = "sms_budgets"
    __table_args__ = (sa.CheckConstraint("reserved_rupiah <= limit_rupiah", name="within_limit"),)

    area_code: Mapped[str] = mapped_column(AreaCode, sa.ForeignKey("areas.code"), primary_key=True)
    #: The first day of the month, in Jakarta.
    month: Mapped[date] = mapped_column(sa.Date, primary_key=True)
    limit_rupiah: Mapped[int] = mapped_column(sa.BigInteger)
    #: Spent, or put aside for what is still to go out.
    reserved_rupiah: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    set_by_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"))
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)


def cause_of(broadcast_id: int) -> str:
    return f"broadcast:{broadcast_id}"


def new_code(length: int) -> str:
    """'S-4K7M': nothing that is taken for something else in print or in speech."""
    return CODE + "".join(secrets.choice(ALPHABET) for _ in range(length))
