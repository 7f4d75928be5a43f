"""From a stored broadcast to whom it means: the one place that says which day and which limit count."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from flask import current_app

from webapp.broadcasts import acts, forecast, timing
from webapp.broadcasts.model import Broadcast
from webapp.broadcasts.recipients import Meant
from webapp.db import db

#: So many people are counted while somebody waits for the page; more, by the worker.
MOST_AT_ONCE = 30_000


def meant_by(broadcast: Broadcast, now: datetime) -> Meant:
    """Raises criteria.WrongCriteria."""
    return Meant(
        recipients=broadcast.recipients,
        criteria=broadcast.criteria,
        emergency=broadcast.emergency,
        day=broadcast.send_on or timing.day_of_arrival(now),
        last_day=_last_day(broadcast, now),
        most_a_day=current_app.config["SETTINGS"].notices_a_day,
        cause=broadcast.cause,
        list_id=broadcast.list_id,
        drafter=broadcast.drafted_by,
    )


def _last_day(broadcast: Broadcast, now: datetime) -> date | None:
    """Of one that is spread over hours: its evening may be followed by a morning."""
    return timing.office_day(last_due(broadcast, broadcast.starts_at or now)) if broadcast.spread_hours else None


def last_due(broadcast: Broadcast, begins: datetime) -> datetime:
    """When the last of its texts falls due, by the office's clock, if it begins at this moment."""
    return timing.last_due(
        send_on=broadcast.send_on,
        send_minute=broadcast.send_minute,
        spread_hours=broadcast.spread_hours,
        now=begins,
        any_hour=broadcast.at_any_hour,
    )


def is_small(meant: Meant) -> bool:
    """Can it be counted while somebody waits?"""
    some = sa.select(meant.number.label("id")).where(*meant.conditions()).limit(MOST_AT_ONCE + 1).subquery()
    return (db.session.scalar(sa.select(sa.func.count()).select_from(some)) or 0) <= MOST_AT_ONCE


def count(broadcast: Broadcast, now: datetime) -> forecast.Forecast:
    """What it comes to now, kept with it."""
    found = forecast.count(meant_by(broadcast, now), broadcast.bodies, now)
    acts.counted(broadcast, found, now)
    return found


def count_beside(broadcast: Broadcast, now: datetime) -> forecast.Forecast | None:
    """The same while nobody has to wait for it: it takes minutes for the nation, and an officer may cancel meanwhile.

    Ends the transaction and begins another one, in which the broadcast is locked again. None: it was changed
    meanwhile, and nothing is kept.
    """
    version, bodies, meant = broadcast.version, dict(broadcast.bodies), meant_by(broadcast, now)
    db.session.rollback()
    db.session.connection(execution_options={"reads": True})
    found = forecast.count(meant, bodies, now)
    db.session.rollback()
    try:
        acts.counted(acts.locked(broadcast, version), found, now)
    except acts.VersionChanged:
        db.session.rollback()
        return None
    return found


def count_if_small(broadcast: Broadcast, now: datetime) -> None:
    """At once, or by the worker as soon as it can."""
    if is_small(meant_by(broadcast, now)):
        count(broadcast, now)
    else:
        broadcast.look_at = now
