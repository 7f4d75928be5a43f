"""What a number itself told us, whoever it belongs to."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from webapp.db import Base, UTCDateTime, db


class NumberState(Base):
    """What a number itself told us, whoever it belongs to: STOP, wrong person, dead."""

    __tablename__ = "number_states"

    number: Mapped[str] = mapped_column(sa.String(20), primary_key=True)
    stopped_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    wrong_person_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: The provider says there is no such number.
    invalid_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    heard_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


def officer_vouches(number: str) -> None:
    """An officer enters the number (again): SALAH and 'no such number' are over. STOP is not, only MULAI ends it."""
    state = sa.update(NumberState).where(NumberState.number == number)
    db.session.execute(state.values(wrong_person_at=None, invalid_at=None))
