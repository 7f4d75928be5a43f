"""A list that somebody loaded from a page: first a preview, then the list, or nothing."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.accounts.model import Account
from webapp.agencies.model import SOURCE_LENGTH
from webapp.db import Base, BigId, UTCDateTime

FILE_NAME_LENGTH = 100
PREVIEW, CONFIRMED, CANCELLED = "preview", "confirmed", "cancelled"


class AgencyImport(Base):
    """One file, what it would change, and who let it."""

    __tablename__ = "agency_imports"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    account_id: Mapped[int] = mapped_column(BigId, sa.ForeignKey("accounts.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    source: Mapped[str] = mapped_column(sa.String(SOURCE_LENGTH))
    as_of: Mapped[date] = mapped_column(sa.Date)
    #: Without the folders it lay in, which may name somebody.
    file_name: Mapped[str] = mapped_column(sa.String(FILE_NAME_LENGTH))
    #: Of each agency: name, licence, city, status, expires_on or None. Empty once it is settled: the list holds them.
    rows: Mapped[list[list[str | None]]] = mapped_column(sa.JSON, deferred=True)
    #: Names of columns that nobody read.
    ignored: Mapped[list[str]] = mapped_column(sa.JSON)
    #: Fingerprint of the list with which it was compared.
    base: Mapped[str] = mapped_column(sa.String(64))
    #: preview, confirmed, cancelled.
    state: Mapped[str] = mapped_column(sa.String(9))
    came: Mapped[int] = mapped_column(sa.Integer)
    changed: Mapped[int] = mapped_column(sa.Integer)
    went: Mapped[int] = mapped_column(sa.Integer)
    unchanged: Mapped[int] = mapped_column(sa.Integer)
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    confirmed_by_id: Mapped[int | None] = mapped_column(BigId, sa.ForeignKey("accounts.id"))

    account: Mapped[Account] = relationship(foreign_keys=[account_id], lazy="joined")
    confirmed_by: Mapped[Account | None] = relationship(foreign_keys=[confirmed_by_id], lazy="joined")

    @property
    def total(self) -> int:
        """How many agencies the new list names."""
        return self.came + self.changed + self.unchanged
