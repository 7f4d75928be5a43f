"""One line of the official list of placement agencies (P3MI), with who published it and when."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from webapp.areas.names import fold
from webapp.db import Base, BigId, SortKey

NAME_LENGTH, LICENCE_LENGTH, CITY_LENGTH, SOURCE_LENGTH, KEY_LENGTH = 160, 60, 80, 200, 200


class Agency(Base):
    """An agency of the newest list. Its licence (SIP3MI) tells it from others, so that its id outlives a new list."""

    __tablename__ = "agencies"
    __table_args__ = (sa.Index("ix_agencies_name_key_id", "name_key", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(NAME_LENGTH))
    name_key: Mapped[str] = mapped_column(SortKey)
    licence: Mapped[str] = mapped_column(sa.String(LICENCE_LENGTH), unique=True)
    city: Mapped[str] = mapped_column(sa.String(CITY_LENGTH), default="")
    #: As the list says: licensed, suspended, revoked, expired. What it means today says licence.standing.
    status: Mapped[str] = mapped_column(sa.String(12))
    expires_on: Mapped[date | None] = mapped_column(sa.Date)
    source: Mapped[str] = mapped_column(sa.String(SOURCE_LENGTH))
    as_of: Mapped[date] = mapped_column(sa.Date)


def licence_key(licence: str) -> str:
    """By which licences are told apart: offices write 'KEP 12' and 'Kep 12' for the same."""
    return licence.casefold()


def key_of(name: str) -> str:
    """By which a name is ordered and found: lower-case words without dots and brackets, 'pt contoh maju'."""
    return fold(name)[:KEY_LENGTH].rstrip()
