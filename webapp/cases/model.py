"""An urgent case, what was done about it, and the table of minutes by which it climbs."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.accounts.model import Account
from webapp.areas.model import Area
from webapp.db import AreaCode, Base, BigId, UTCDateTime
from webapp.people.model import Person

#: The name of a case in the audit log.
SUBJECT = "case"
#: Somebody wrote BANTU; somebody wrote the safe word; a report of a broker tells of threats, violence or a child.
HELP, SAFE_WORD, REPORT = "help", "safe_word", "report"
KINDS = (HELP, SAFE_WORD, REPORT)
#: The row of the table of minutes that speaks of cases which somebody took on and did not close.
TAKEN_ON = "taken_on"


class Case(Base):
    """One call for help. It is open until an officer closes it with what came of it."""

    __tablename__ = "cases"
    __table_args__ = (
        sa.Index(
            "ix_cases_open",
            "area_code",
            "id",
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        ),
        # For whoever sees the whole nation.
        sa.Index(
            "ix_cases_open_anywhere",
            "id",
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        ),
        sa.Index(
            "ix_cases_due",
            "next_step_at",
            sqlite_where=sa.text("next_step_at IS NOT NULL"),
            postgresql_where=sa.text("next_step_at IS NOT NULL"),
        ),
        sa.Index("ix_cases_area_code_id", "area_code", "id"),
        sa.Index("ix_cases_number", "number"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    #: 'B-4K7M', which the caller was told and officers say on the phone.
    reference: Mapped[str] = mapped_column(sa.String(12), unique=True)
    #: The cause; the same cause opens one case: 'incoming:7', 'report:3'.
    key: Mapped[str] = mapped_column(sa.String(80), unique=True)
    #: One of KINDS.
    kind: Mapped[str] = mapped_column(sa.String(12))
    area_code: Mapped[str] = mapped_column(AreaCode, sa.ForeignKey("areas.code"))
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"), index=True)
    #: E.164 of whoever called; '' for a report.
    number: Mapped[str] = mapped_column(sa.String(20), default="")
    incoming_id: Mapped[int | None] = mapped_column(sa.ForeignKey("incoming.id"), index=True)
    report_id: Mapped[int | None] = mapped_column(sa.ForeignKey("broker_reports.id"), index=True)
    #: Nobody of the village is told, nor sees it.
    bypass_village: Mapped[bool] = mapped_column(sa.Boolean, default=False)

    opened_at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: When the same caller was heard last about it.
    called_at: Mapped[datetime] = mapped_column(UTCDateTime)
    acknowledged_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    acknowledged_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    closed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    outcome: Mapped[str] = mapped_column(sa.String(300), default="")
    #: The last step of the table of minutes that was taken, and when the next one is due, if there is one.
    step: Mapped[int] = mapped_column(sa.SmallInteger, default=0)
    next_step_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    area: Mapped[Area] = relationship()
    person: Mapped[Person | None] = relationship()
    acknowledged_by: Mapped[Account | None] = relationship(foreign_keys=[acknowledged_by_id])
    closed_by: Mapped[Account | None] = relationship(foreign_keys=[closed_by_id])

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def cause(self) -> str:
        """The cause of all texts to officers about it."""
        return f"case:{self.id}"


class CaseEvent(Base):
    """Something that happened to a case. Append-only.

    `kind`: opened, called_again, alerted, nobody, taken_on, noted, closed.
    """

    __tablename__ = "case_events"
    __table_args__ = (sa.Index("ix_case_events_case_id_id", "case_id", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("cases.id"))
    kind: Mapped[str] = mapped_column(sa.String(16))
    facts: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    #: Nobody if the programme or the caller did it.
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)

    account: Mapped[Account | None] = relationship()


class EscalationStep(Base):
    """One line of the table of minutes: so long after the call, these are told. Data with source and day."""

    __tablename__ = "escalation_steps"
    __table_args__ = (sa.UniqueConstraint("kind", "step"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    #: 'help:2', so that loading finds it again.
    code: Mapped[str] = mapped_column(sa.String(24), unique=True)
    #: One of KINDS, or TAKEN_ON: minutes after it was taken on.
    kind: Mapped[str] = mapped_column(sa.String(12))
    step: Mapped[int] = mapped_column(sa.SmallInteger)
    after_minutes: Mapped[int] = mapped_column(sa.Integer)
    #: Of escalation.AUDIENCES, with blanks between.
    audience: Mapped[str] = mapped_column(sa.String(60))
    source: Mapped[str] = mapped_column(sa.String(200))
    as_of: Mapped[date] = mapped_column(sa.Date)


class SafeWord(Base):
    """The word with which a migrant calls for help unseen. Nobody can read it again: it is asked for by its hash."""

    __tablename__ = "safe_words"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), unique=True)
    #: '<person>:<word>', so that one word of two people has two hashes. Sealed only for a change of keys.
    word_encrypted: Mapped[bytes] = mapped_column(sa.LargeBinary)
    word_hash: Mapped[str] = mapped_column(sa.String(64), index=True)
    set_at: Mapped[datetime] = mapped_column(UTCDateTime)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"))
