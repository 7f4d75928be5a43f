"""What time it is. A demonstration may be moved to another day; nothing else may."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from datetime import time as hour
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Mapped, mapped_column

from webapp.db import Base, db

REREAD_SECONDS = 1.0
#: 16:30 in Jakarta. A demonstration goes to this hour of a day, because in every village and every country of
#: destination it is then between 8 and 20, nobody is at Friday prayers, and the texts of that day are due.
AFTERNOON = hour(9, 30, tzinfo=UTC)


class DemoClock(Base):
    """One row: how far the demonstration stands away from the machine's time."""

    __tablename__ = "demo_clock"

    id: Mapped[int] = mapped_column(sa.Integer, primary_key=True)
    seconds: Mapped[int] = mapped_column(sa.BigInteger, default=0)


def real_now() -> datetime:
    """The machine's time: for leases, heartbeats and sessions, which no demonstration moves."""
    return datetime.now(UTC)


def now() -> datetime:
    """The programme's time: for what is due, for plans and for what pages call today."""
    return real_now() + _shift()


def day_of(moment: datetime, zone: str) -> date:
    """The calendar day that `moment` falls on in an IANA zone: a village's morning is yesterday's UTC."""
    return moment.astimezone(ZoneInfo(zone)).date()


def move_to(day: date) -> None:
    """Let it be the afternoon of `day`, in every process of this demonstration. Commits."""
    shift = datetime.combine(day, AFTERNOON) - real_now()
    db.session.merge(DemoClock(id=1, seconds=round(shift.total_seconds())))
    db.session.commit()
    current_app.extensions.pop("demo_clock", None)


def _shift() -> timedelta:
    if not current_app.config["SETTINGS"].demo:
        return timedelta(0)
    read_at, seconds = current_app.extensions.get("demo_clock", (0.0, 0))
    if time.monotonic() - read_at > REREAD_SECONDS:
        with db.engine.connect().execution_options(reads=True) as connection:
            seconds = connection.scalar(sa.select(DemoClock.seconds).where(DemoClock.id == 1)) or 0
        current_app.extensions["demo_clock"] = (time.monotonic(), seconds)
    return timedelta(seconds=seconds)
