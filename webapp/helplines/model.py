"""One number that helps. Data with source and date of verification, which an administrator can change."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from flask_babel import get_locale
from sqlalchemy.orm import Mapped, mapped_column

from webapp.db import Base, BigId
from webapp.helplines.verification import INDONESIA

PHONE, WHATSAPP, SMS = "phone", "whatsapp", "sms"


class Helpline(Base):
    """Whom to call for what. Without a number it is known to be there, and the number is still looked for."""

    __tablename__ = "helplines"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    #: Of the shipped row, so that loading finds it again.
    code: Mapped[str] = mapped_column(sa.String(24), unique=True)
    position: Mapped[int] = mapped_column(sa.SmallInteger)
    name: Mapped[str] = mapped_column(sa.String(80))
    #: ISO 3166, as destinations have it; '' in Indonesia.
    country: Mapped[str] = mapped_column(sa.String(2), default=INDONESIA)
    #: As people write it, '+852 5242 2240'; '' if it is not known yet.
    number: Mapped[str] = mapped_column(sa.String(24), default="")
    #: phone, whatsapp, sms
    kind: Mapped[str] = mapped_column(sa.String(8), default=PHONE)
    words_id: Mapped[str] = mapped_column(sa.String(160))
    words_en: Mapped[str] = mapped_column(sa.String(160))
    source: Mapped[str] = mapped_column(sa.String(200))
    verified_on: Mapped[date | None] = mapped_column(sa.Date)
    verified_by: Mapped[str] = mapped_column(sa.String(100), default="")

    @property
    def words(self) -> str:
        """What it is for, in the language of the page."""
        return self.words_en if str(get_locale()) == "en" else self.words_id

    @property
    def link(self) -> str:
        """What a tap does: a short text where texts are read, else a call; phones offer WhatsApp by themselves."""
        digits = "".join(letter for letter in self.number if letter.isdigit() or letter == "+")
        return f"{'sms' if self.kind == SMS else 'tel'}:{digits}"
