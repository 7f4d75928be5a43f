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
    #: Heard again after a long silence: whoever wrote need not be who had it before. A phone that is entered or
    #: confirmed after this is sure again.
    doubted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


def is_known_again(number: str) -> bool:
    """SALAH and 'no such number' are over; STOP is not, only MULAI ends it. Was there anything to end?"""
    doubted = sa.or_(NumberState.wrong_person_at.is_not(None), NumberState.invalid_at.is_not(None))
    state = sa.update(NumberState).where(NumberState.number == number, doubted)
    result = db.session.execute(state.values(wrong_person_at=None, invalid_at=None))
    return result.rowcount == 1  # type: ignore[attr-defined]  # an UPDATE has a rowcount
