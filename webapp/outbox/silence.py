"""A route that gives no sign of life rests, and those who can go and look at it are told, once for each silence."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from webapp import clock
from webapp.accounts.hierarchy import REGENCY, level_of
from webapp.accounts.model import ADMINISTRATOR, COORDINATOR, Account
from webapp.areas.codes import NATION, parent_of
from webapp.db import db
from webapp.outbox import routing
from webapp.outbox.alerts import alert
from webapp.outbox.chores import add_chore
from webapp.outbox.model import Worker
from webapp.outbox.workers import SILENT_AFTER
from webapp.routes import states
from webapp.routes.choice import parts
from webapp.routes.model import Route, RouteState
from webapp.routes.rest import DAYS_OF, NO_WORKER, is_silent

log = logging.getLogger(__name__)
TEXT = "AROUTE"
#: How long a route rests of which no worker is there.
NEXT_LOOK = timedelta(seconds=30)
#: So many letters of a route's name fit the text.
LONGEST_NAME = 24


def register() -> None:
    """Called by create_app; calling twice changes nothing."""
    add_chore(routing.look_after_routes)
    add_chore(look_for_silence)
    add_chore(rest_without_worker)


def look_for_silence(now: datetime) -> int:
    """The worker's chore. Commits. Returns how many routes fell silent."""
    real_now, fallen = clock.real_now(), 0
    for route, heard_at in _listened_to():
        if _falls_silent(route, heard_at, real_now):
            log.warning("a route is silent", extra={"route": route.code})
            routing.divide_anew(db.session)
            _tell(route, heard_at, now)
            fallen += 1
    db.session.commit()
    return fallen


def rest_without_worker(now: datetime) -> int:
    """The chore of any worker: a route of which its own worker is not there lets others take its texts. Commits."""
    real_now = clock.real_now()
    alive = sa.select(Worker.gateway).where(Worker.stopped_at.is_(None), Worker.beat_at > real_now - SILENT_AFTER)
    without = sa.select(Route.code).where(Route.enabled, Route.own_worker, Route.code.not_in(alive))
    rested = [states.rest(db.session, code, real_now + NEXT_LOOK, NO_WORKER) for code in db.session.scalars(without)]
    if any(rested):
        routing.divide_anew(db.session)
    db.session.commit()
    return sum(rested)


def _listened_to() -> Sequence[tuple[Route, datetime]]:
    """Routes from which signs of life are expected, and since when none came.

    That is at the most since they began, or were last changed: nobody was listened to while switched off.
    """
    query = (
        sa.select(Route, RouteState.heard_at)
        .outerjoin(RouteState, RouteState.name == Route.code)
        .where(Route.enabled, Route.silent_after.is_not(None))
    )
    return [
        (route, max(heard_at or route.updated_at, route.updated_at))
        for route, heard_at in db.session.execute(query).tuples()
    ]


def _falls_silent(route: Route, heard_at: datetime, real_now: datetime) -> bool:
    """One conditional UPDATE decides who tells of it."""
    if route.silent_after is None or not is_silent(heard_at, route.silent_after, real_now):
        return False
    return states.fall_silent(db.session, route.code, real_now - timedelta(minutes=route.silent_after))


def _tell(route: Route, heard_at: datetime, now: datetime) -> None:
    """The text goes by another route: this one rests already."""
    values = {"a": route.name[:LONGEST_NAME], "jam": f"{heard_at.astimezone(DAYS_OF):%H.%M}"}
    key = f"route:{route.code}:{heard_at:%Y%m%d%H%M%S}"
    alert(_officers_for(route), TEXT, values, key=key, cause=f"route:{route.code}", now=now)


def _officers_for(route: Route) -> Sequence[Account]:
    """Administrators, and the coordinators of its areas; of a village those of its regency."""
    areas = {_at_most_regency(code) for code in parts(route.areas)} or {NATION}
    coordinators = sa.and_(Account.role == COORDINATOR, Account.area_code.in_(areas))
    query = sa.select(Account).where(Account.closed_at.is_(None), Account.phone.is_not(None))
    return db.session.scalars(query.where(sa.or_(Account.role == ADMINISTRATOR, coordinators))).all()


def _at_most_regency(code: str) -> str:
    while level_of(code) > REGENCY:
        code = parent_of(code) or NATION
    return code
