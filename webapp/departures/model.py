"""Departures, their papers, and the rules of checklist and reminders, which are data."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from flask_babel import get_locale
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.db import AreaCode, Base, BigId, UTCDateTime
from webapp.departures.numbers import masked_number, plain_number
from webapp.people.model import Person
from webapp.sealing import fingerprint, seal, unseal


class Destination(Base):
    """A country people leave for: its time zone, the mission's number, its status; all dated data."""

    __tablename__ = "destinations"

    code: Mapped[str] = mapped_column(sa.String(2), primary_key=True)  # ISO 3166
    name_id: Mapped[str] = mapped_column(sa.String(60))
    name_en: Mapped[str] = mapped_column(sa.String(60))
    zone: Mapped[str] = mapped_column(sa.String(40))
    mission_number: Mapped[str] = mapped_column(sa.String(20), default="")
    mission_verified_on: Mapped[date | None] = mapped_column(sa.Date)
    status: Mapped[str] = mapped_column(sa.String(16), default="open")
    source: Mapped[str] = mapped_column(sa.String(200), default="")
    as_of: Mapped[date | None] = mapped_column(sa.Date)

    @property
    def name(self) -> str:
        """In the language of the page."""
        return self.name_en if str(get_locale()) == "en" else self.name_id


class ChecklistItem(Base):
    """A step or paper, when it is due relative to departure, for which schemes, and who says so."""

    __tablename__ = "checklist_items"

    code: Mapped[str] = mapped_column(sa.String(16), primary_key=True)
    position: Mapped[int] = mapped_column(sa.SmallInteger)
    name_id: Mapped[str] = mapped_column(sa.String(80))
    name_en: Mapped[str] = mapped_column(sa.String(80))
    #: As in a text: 'paspor', 'E-PMI'.
    short_name: Mapped[str] = mapped_column(sa.String(12))
    #: Days relative to departure by which it should be done, e.g. -60.
    due_days: Mapped[int] = mapped_column(sa.SmallInteger)
    #: Comma-separated: p3mi, g2g, independent, ukps, extension, reentry.
    schemes: Mapped[str] = mapped_column(sa.String(80))
    has_number: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    has_expiry: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    active: Mapped[bool] = mapped_column(sa.Boolean, default=True)
    source: Mapped[str] = mapped_column(sa.String(200))
    as_of: Mapped[date] = mapped_column(sa.Date)

    @property
    def name(self) -> str:
        """In the language of the page."""
        return self.name_en if str(get_locale()) == "en" else self.name_id


class ReminderRule(Base):
    """When which text goes to whom, under which condition. Data that the nation's office can change (rule_acts.py)."""

    __tablename__ = "reminder_rules"

    code: Mapped[str] = mapped_column(sa.String(8), primary_key=True)
    #: departure, contract_end, return, passport_expiry
    anchor: Mapped[str] = mapped_column(sa.String(16))
    offset_days: Mapped[int] = mapped_column(sa.SmallInteger)
    #: 0: once; else again every so many days while the stage holds.
    repeat_days: Mapped[int] = mapped_column(sa.SmallInteger, default=0)
    hour: Mapped[int] = mapped_column(sa.SmallInteger, default=9)
    #: How many days late it is still useful.
    useful_days: Mapped[int] = mapped_column(sa.SmallInteger, default=0)
    stages: Mapped[str] = mapped_column(sa.String(120))
    schemes: Mapped[str] = mapped_column(sa.String(80), default="")
    destinations: Mapped[str] = mapped_column(sa.String(80), default="")
    #: Sent only if one of these papers is missing; empty: always.
    missing_any: Mapped[str] = mapped_column(sa.String(120), default="")
    audience: Mapped[str] = mapped_column(sa.String(12), default="migrant")
    sensitivity: Mapped[str] = mapped_column(sa.String(10), default="personal")
    text_code: Mapped[str] = mapped_column(sa.String(8))
    expects: Mapped[str] = mapped_column(sa.String(8), default="")
    active: Mapped[bool] = mapped_column(sa.Boolean, default=True)
    source: Mapped[str] = mapped_column(sa.String(200), default="")
    as_of: Mapped[date] = mapped_column(sa.Date)
    #: How it was before stands in rule_model.py.
    version: Mapped[int] = mapped_column(sa.Integer, default=1, server_default="1")


def _known(column: str) -> sa.Index:
    """By this day those are found whom a changed rule concerns; most departures do not know it."""
    where = sa.text(f"{column} IS NOT NULL")
    return sa.Index(f"ix_departures_{column}", column, sqlite_where=where, postgresql_where=where)


class Departure(Base):
    """One journey to work abroad, planned or done."""

    __tablename__ = "departures"
    __table_args__ = (
        sa.Index("ix_departures_area_code_planned_on", "area_code", "planned_on"),
        sa.Index("ix_departures_planned_on", "planned_on"),
        sa.Index("ix_departures_plan_due_at", "plan_due_at"),
        _known("departed_on"),
        _known("contract_end"),
        _known("returned_on"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    #: Of the person, copied so that lists of an area need no join; kept in step by sections.py when they move.
    area_code: Mapped[str] = mapped_column(AreaCode)
    destination_code: Mapped[str] = mapped_column(sa.ForeignKey("destinations.code"))
    sector: Mapped[str] = mapped_column(sa.String(24), default="")
    job: Mapped[str] = mapped_column(sa.String(80), default="")
    scheme: Mapped[str] = mapped_column(sa.String(16))
    agency: Mapped[str] = mapped_column(sa.String(100), default="")
    employer: Mapped[str] = mapped_column(sa.String(100), default="")
    port: Mapped[str] = mapped_column(sa.String(60), default="")
    #: The day, if known. If only the month is known, its first day is in `planned_month`.
    planned_on: Mapped[date | None] = mapped_column(sa.Date)
    planned_month: Mapped[date | None] = mapped_column(sa.Date)
    departed_on: Mapped[date | None] = mapped_column(sa.Date)
    contract_start: Mapped[date | None] = mapped_column(sa.Date)
    contract_end: Mapped[date | None] = mapped_column(sa.Date)
    returned_on: Mapped[date | None] = mapped_column(sa.Date)
    #: open, postponed, cancelled, ended
    state: Mapped[str] = mapped_column(sa.String(10), default="open")
    version: Mapped[int] = mapped_column(sa.Integer, default=1)
    #: When the worker plans its texts anew, whatever happens; empty while none can come of it.
    plan_due_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    created_by_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)

    person: Mapped[Person] = relationship()
    destination: Mapped[Destination] = relationship()
    papers: Mapped[list[Paper]] = relationship(back_populates="departure")

    @property
    def leaves_on(self) -> date | None:
        """The day of leaving, as far as it is known: the true one, else the planned one."""
        return self.departed_on or self.planned_on

    def paper(self, item_code: str) -> Paper | None:
        """This item of the checklist, if it is done."""
        return next((paper for paper in self.papers if paper.item_code == item_code), None)


class Paper(Base):
    """One item of the checklist that is done. What is missing is computed, never stored."""

    __tablename__ = "papers"
    __table_args__ = (
        sa.UniqueConstraint("departure_id", "item_code"),
        sa.Index(
            "ix_papers_expires_on",
            "expires_on",
            sqlite_where=sa.text("expires_on IS NOT NULL"),
            postgresql_where=sa.text("expires_on IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    departure_id: Mapped[int] = mapped_column(sa.ForeignKey("departures.id"))
    item_code: Mapped[str] = mapped_column(sa.ForeignKey("checklist_items.code"))
    done_on: Mapped[date] = mapped_column(sa.Date)
    number_encrypted: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    number_hash: Mapped[str | None] = mapped_column(sa.String(64), index=True)
    expires_on: Mapped[date | None] = mapped_column(sa.Date)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)

    departure: Mapped[Departure] = relationship(back_populates="papers")

    def keep_number(self, number: str) -> None:
        """Sealed, and found again by its keyed hash."""
        plain = plain_number(number)
        self.number_encrypted, self.number_hash = seal(plain), fingerprint(plain)

    @property
    def whole_number(self) -> str:
        """To be compared with another; pages show `number_masked`. No form has a field of this name."""
        return unseal(self.number_encrypted) if self.number_encrypted else ""

    @property
    def number_masked(self) -> str:
        """As pages show it: 'C•••••67'; '' if there is none."""
        return masked_number(self.whole_number)
