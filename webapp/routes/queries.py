"""Reads of routes: those that carry texts now, those of an area, and what they cost today."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

import sqlalchemy as sa
from flask import abort, current_app

from webapp.accounts.access import current_account
from webapp.areas.codes import is_within
from webapp.db import db
from webapp.routes.choice import Choice, parts
from webapp.routes.model import Route, RouteDay, RouteState
from webapp.routes.rest import BY_HAND, DAILY_LIMIT, DAYS_OF, OPEN, SILENT, TRIED, state_of

Executor = Any  # a Connection or a Session
RECEIVERS, REREAD_SECONDS = "route_receivers", 5.0
route, state = cast(sa.Table, Route.__table__), cast(sa.Table, RouteState.__table__)
_choices = (
    sa.select(
        *(route.c[name] for name in ("code", "purposes", "prefixes", "areas", "rank")),
        state.c.paused_until,
        state.c.pause_reason,
    )
    .select_from(route.outerjoin(state, state.c.name == route.c.code))
    .where(route.c.enabled)
)


@dataclass(frozen=True, slots=True)
class Carrying:
    """Routes that may carry texts now: the open ones, and those that are tried again after a rest."""

    open: tuple[Choice, ...] = ()
    tried: tuple[Choice, ...] = ()

    @property
    def codes(self) -> set[str]:
        return {choice.code for choice in (*self.open, *self.tried)}

    @property
    def for_new_texts(self) -> tuple[Choice, ...]:
        return (*self.open, *(choice.on_trial() for choice in self.tried))


def carrying(executor: Executor, now: datetime) -> Carrying:
    """`now` is the machine's time."""
    found: dict[str, list[Choice]] = {OPEN: [], TRIED: []}
    for row in executor.execute(_choices):
        kind = state_of(row.paused_until, row.pause_reason, now)
        if kind in found:
            lists = {name: parts(getattr(row, name)) for name in ("purposes", "prefixes", "areas")}
            found[kind].append(Choice(row.code, rank=row.rank, **lists))
    return Carrying(tuple(found[OPEN]), tuple(found[TRIED]))


def codes(executor: Executor) -> list[str]:
    """Of all routes, switched off or not."""
    return list(executor.execute(sa.select(route.c.code).order_by(route.c.code)).scalars())


def enabled() -> Sequence[Route]:
    return db.session.scalars(sa.select(Route).where(Route.enabled).order_by(Route.rank, Route.code)).all()


def by_code(code: str) -> Route | None:
    return db.session.scalar(sa.select(Route).where(Route.code == code))


@dataclass(frozen=True, slots=True)
class Line:
    """A route with how it is and what it did today."""

    route: Route
    state: RouteState | None
    today: RouteDay | None


def lines(now: datetime) -> list[Line]:
    """Routes that concern the reader's area: it lies in theirs, or theirs in it. There are few: no pages."""
    query = (
        sa.select(Route, RouteState, RouteDay)
        .outerjoin(RouteState, RouteState.name == Route.code)
        .outerjoin(RouteDay, sa.and_(RouteDay.route == Route.code, RouteDay.day == day_of(now)))
        .order_by(Route.enabled.desc(), Route.rank, Route.code)
    )
    rows = [Line(*row) for row in db.session.execute(query).tuples()]
    return [line for line in rows if concerns(line.route, current_account.area_code)]


def out_of_order(now: datetime) -> list[str]:
    """Names of the routes of the reader's area that rest for a fault or are silent, for those who can do something."""
    wrong = (line for line in lines(now) if line.route.enabled and line.state and line.state.paused_until)
    return [line.route.name for line in wrong if line.state and is_out_of_order(line.state, now)]


def is_out_of_order(state: RouteState, now: datetime) -> bool:
    if state.pause_reason in (DAILY_LIMIT, BY_HAND):
        return False
    return state_of(state.paused_until, state.pause_reason, now) != OPEN


def concerns(route: Route, area_code: str) -> bool:
    areas = parts(route.areas)
    return not areas or any(is_within(area_code, area) or is_within(area, area_code) for area in areas)


def get(route_id: int) -> Route:
    """404 if there is none."""
    return db.session.get(Route, route_id) or abort(404)


def names() -> dict[str, str]:
    """Code → name of every route."""
    return dict(db.session.execute(sa.select(Route.code, Route.name)).tuples().all())


def prices() -> dict[str, int]:
    """Code → rupiah of a segment, of every route."""
    return dict(db.session.execute(sa.select(Route.code, Route.price_rupiah)).tuples().all())


def paces() -> dict[str, int]:
    """Code → texts a minute, of every route."""
    return dict(db.session.execute(sa.select(Route.code, Route.per_minute)).tuples().all())


def receiving(area_code: str) -> str:
    """The reply number of the route that hears this area, E.164; '' if there is none. A silent one hears nobody."""
    for areas, number in _receivers():
        if not areas or any(is_within(area_code, area) for area in areas):
            return number
    return ""


def _receivers() -> list[tuple[tuple[str, ...], str]]:
    """(areas, reply number) of each route that has one. Plans ask for every person, so it is read every few seconds."""
    read_at, found = current_app.extensions.get(RECEIVERS, (0.0, []))
    if not read_at or time.monotonic() - read_at > REREAD_SECONDS:
        hears = sa.func.coalesce(state.c.pause_reason, "") != SILENT
        query = (
            sa.select(route.c.areas, route.c.reply_number)
            .select_from(route.outerjoin(state, state.c.name == route.c.code))
            .where(route.c.enabled, route.c.reply_number != "", hears)
        )
        rows = db.session.execute(query.order_by(route.c.rank, route.c.code))
        found = [(parts(areas), number) for areas, number in rows]
        current_app.extensions[RECEIVERS] = (time.monotonic(), found)
    return found


def forget_receivers() -> None:
    """They have changed: this process, at least, reads them anew."""
    current_app.extensions.pop(RECEIVERS, None)


def day_of(now: datetime) -> date:
    """The day by which limits are counted."""
    return now.astimezone(DAYS_OF).date()
