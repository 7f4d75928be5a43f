"""Numbers of a person: phones that reach them, and relatives to call in need. people/model.py writes them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.db import Base, BigId, UTCDateTime

if TYPE_CHECKING:
    from webapp.people.model import Person


class Phone(Base):
    """A number that reaches this person, and who reads what arrives there."""

    __tablename__ = "phones"
    __table_args__ = (sa.UniqueConstraint("person_id", "number"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    #: E.164.
    number: Mapped[str] = mapped_column(sa.String(20), index=True)
    reader: Mapped[str] = mapped_column(sa.String(10))
    do_not_text: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    #: Safe hours, local to the recipient; None means the usual hours.
    safe_from_hour: Mapped[int | None] = mapped_column(sa.SmallInteger)
    safe_until_hour: Mapped[int | None] = mapped_column(sa.SmallInteger)
    #: When the person answered from this number that it is theirs.
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    added_at: Mapped[datetime] = mapped_column(UTCDateTime)

    person: Mapped[Person] = relationship(back_populates="phones")


class FamilyContact(Base):
    """A relative to call in need (kontak darurat). Not texted, unless the person asked for it."""

    __tablename__ = "family_contacts"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(100))
    relation: Mapped[str] = mapped_column(sa.String(16))
    number: Mapped[str] = mapped_column(sa.String(20), index=True)
    removed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    added_at: Mapped[datetime] = mapped_column(UTCDateTime)

    person: Mapped[Person] = relationship(back_populates="contacts")
