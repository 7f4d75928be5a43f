"""What became of reminder rules: every version as it was, and changes that wait for a second officer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.accounts.model import Account
from webapp.db import Base, BigId, UTCDateTime

#: For the access log.
SUBJECT = "reminder_rule"
WAITING, APPROVED, REFUSED, WITHDRAWN = "waiting", "approved", "refused", "withdrawn"
_WAITS = sa.text("state = 'waiting'")


class ReminderRuleVersion(Base):
    """A rule as it was from one moment on. Rows are only added. The first of a rule is by nobody: it was shipped."""

    __tablename__ = "reminder_rule_versions"
    __table_args__ = (sa.UniqueConstraint("rule_code", "version"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    rule_code: Mapped[str] = mapped_column(sa.ForeignKey("reminder_rules.code"))
    version: Mapped[int] = mapped_column(sa.Integer)
    #: All columns but code and version, as text, number or true/false.
    values: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    proposed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    approved_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)

    proposed_by: Mapped[Account | None] = relationship(foreign_keys=[proposed_by_id])
    approved_by: Mapped[Account | None] = relationship(foreign_keys=[approved_by_id])


class RuleProposal(Base):
    """A change of a rule; of each rule one may wait at a time. A second officer decides about it."""

    __tablename__ = "reminder_rule_proposals"
    __table_args__ = (
        sa.Index(
            "ix_reminder_rule_proposals_waiting",
            "rule_code",
            unique=True,
            sqlite_where=_WAITS,
            postgresql_where=_WAITS,
        ),
        sa.Index("ix_reminder_rule_proposals_rule_code_id", "rule_code", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    rule_code: Mapped[str] = mapped_column(sa.ForeignKey("reminder_rules.code"))
    #: Of the rule that it was made of; of a later one it says nothing.
    base_version: Mapped[int] = mapped_column(sa.Integer)
    #: As ReminderRuleVersion has them.
    values: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    #: waiting, approved, refused, withdrawn
    state: Mapped[str] = mapped_column(sa.String(10), default=WAITING)
    proposed_by_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"))
    proposed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    proposed_by: Mapped[Account] = relationship(foreign_keys=[proposed_by_id])
    decided_by: Mapped[Account | None] = relationship(foreign_keys=[decided_by_id])
