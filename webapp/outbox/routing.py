"""Texts and their routes: which one a new text gets, and how waiting ones are divided anew when routes come and go.

Which route that is says routes/choice.py. Nothing here commits.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa

from sms.states import QUEUED, SENDING
from webapp import clock
from webapp.db import db
from webapp.outbox.checks import PRIORITIES
from webapp.outbox.model import Message
from webapp.routes import queries
from webapp.routes.choice import OF_THE_SETTINGS, Choice, chosen_in_sql, signature
from webapp.routes.model import AppliedChoice
from webapp.routes.queries import Carrying

message = cast(sa.Table, Message.__table__)
applied = cast(sa.Table, AppliedChoice.__table__)
#: Literal, so that the partial index is used.
WAITS = message.c.state == sa.literal_column(f"'{QUEUED}'")
Executor = Any  # a Connection or a Session


def route_of_new(purpose: Any, number: Any, area_code: Any) -> sa.ColumnElement[str]:
    """The route of a text with these columns, for a statement that inserts many: `INSERT … SELECT …, route_of_new(…)`.

    Without rows in the table of routes it is '', that of the settings.
    """
    return chosen_in_sql(queries.carrying(db.session, clock.real_now()).for_new_texts, purpose, number, area_code)


def look_after_routes(now: datetime) -> int:
    """The worker's chore: waiting texts follow the routes. Commits. Returns how many texts have another route now."""
    moved = divide_anew(db.session)
    db.session.commit()
    return moved


def divide_anew(executor: Executor) -> int:
    """Give waiting texts the routes that may carry them now. Returns how many moved.

    All of them are looked at only if other routes are open than the last time; else those whose route is closed.
    What another transaction holds is looked at the next time, so that nobody waits for anybody.
    """
    routes = queries.carrying(executor, clock.real_now())
    wanted, known = signature(routes.open), _known(executor)
    if wanted != known:
        moved = _move(executor, routes, sa.true())
        if not moved:
            executor.execute(sa.update(applied).values(signature=wanted))
    else:
        closed = sorted(set(queries.codes(executor)) - routes.codes)
        # Each with one priority: only by both does SQLite, which has no statistics, surely choose what is due.
        moved = sum(
            _move(executor, routes, sa.and_(message.c.route == code, message.c.priority == priority))
            for code in closed
            for priority in sorted(set(PRIORITIES.values()))
        )
    return moved + sum(_try(executor, choice, routes) for choice in routes.tried)


def _move(executor: Executor, routes: Carrying, which: sa.ColumnElement[bool]) -> int:
    """What stands at a route that is being tried stays there."""
    route = chosen_in_sql(routes.open, message.c.purpose, message.c.number, message.c.area_code)
    tried = [choice.code for choice in routes.tried]
    others = (
        sa.select(message.c.id)
        .where(WAITS, which, message.c.route != route, message.c.route.not_in(tried))
        .with_for_update(skip_locked=True)
    )
    # Nobody else can have changed them since they were found: they are locked. Whether they wait is not asked again,
    # or SQLite would go through all that wait to find them.
    statement = sa.update(message).where(message.c.id.in_(others)).values(route=route)
    return _executed(executor, statement)


def _try(executor: Executor, choice: Choice, routes: Carrying) -> int:
    """Let one due text go by a route whose rest is over, the least urgent first; none if one is due there already.

    What waits there for another day proves nothing for now.
    """
    codes = [OF_THE_SETTINGS, *(other.code for other in routes.open)]
    if _is_being_tried(executor, choice.code):
        return 0
    columns = (message.c.purpose, message.c.number, message.c.area_code)
    would_take = chosen_in_sql((*routes.open, choice.on_trial()), *columns) == choice.code
    for priority in sorted(set(PRIORITIES.values()), reverse=True):
        for code in codes:
            due = _waiting(code).where(message.c.priority == priority, message.c.due_at <= clock.now(), would_take)
            one = due.order_by(message.c.due_at).limit(1).with_for_update(skip_locked=True)
            if found := executor.execute(one).scalar():
                statement = sa.update(message).where(message.c.id == found, message.c.state == QUEUED)
                return _executed(executor, statement.values(route=choice.code))
    return 0


def _is_being_tried(executor: Executor, code: str) -> bool:
    """Is a text due there, or under way?"""
    # Literal, so that the partial index is used.
    under_way = sa.select(message.c.id).where(
        message.c.state == sa.literal_column(f"'{SENDING}'"), message.c.gateway == code
    )
    for priority in sorted(set(PRIORITIES.values())):
        due = _waiting(code).where(message.c.priority == priority, message.c.due_at <= clock.now())
        if executor.execute(due.limit(1)).first():
            return True
    return executor.execute(under_way.limit(1)).first() is not None


def _waiting(code: str) -> sa.Select[Any]:
    return sa.select(message.c.id).where(WAITS, message.c.route == code)


def _known(executor: Executor) -> str:
    """The division of the last time. Its one row is locked, so that one at a time divides."""
    found: str = executor.execute(sa.select(applied.c.signature).with_for_update()).scalar_one()
    return found


def _executed(executor: Executor, statement: Any) -> int:
    return int(executor.execute(statement).rowcount)
