"""A change of a stock text that waits for a second officer, and what became of it. Texts themselves are in model.py."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.accounts.model import Account
from webapp.db import Base, BigId, UTCDateTime

#: For the access log.
SUBJECT = "stock_text"
WAITING, APPROVED, GIVEN_BACK, WITHDRAWN = "waiting", "approved", "given_back", "withdrawn"
LONGEST_OFFICE, LONGEST_REASON = 120, 300
_WAITS = sa.text("state = 'waiting'")


class TextProposal(Base):
    """New words of one text in one language, or that it is switched off there. One may wait at a time.

    Workers never read this table: what is only proposed cannot go out.
    """

    __tablename__ = "text_proposals"
    __table_args__ = (
        sa.Index(
            "ix_text_proposals_waiting",
            "code",
            "language",
            unique=True,
            sqlite_where=_WAITS,
            postgresql_where=_WAITS,
        ),
        sa.Index("ix_text_proposals_code_id", "code", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(8))
    language: Mapped[str] = mapped_column(sa.String(3))
    #: The newest version when it was written, 0 if there was none; of a later one it says nothing.
    base_version: Mapped[int] = mapped_column(sa.Integer)
    body: Mapped[str] = mapped_column(sa.String(320))
    #: False: from then on people of this language get Indonesian.
    enabled: Mapped[bool] = mapped_column(sa.Boolean, default=True)
    #: Which office or role has confirmed the words, in other languages than Indonesian.
    confirmed_by: Mapped[str] = mapped_column(sa.String(LONGEST_OFFICE), default="")
    #: waiting, approved, given_back, withdrawn
    state: Mapped[str] = mapped_column(sa.String(10), default=WAITING)
    proposed_by_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"))
    proposed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: Why it was given back.
    reason: Mapped[str] = mapped_column(sa.String(LONGEST_REASON), default="")

    proposed_by: Mapped[Account] = relationship(foreign_keys=[proposed_by_id])
    decided_by: Mapped[Account | None] = relationship(foreign_keys=[decided_by_id])
