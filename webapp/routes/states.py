"""What happens to the state of a route, as single statements: many processes tell of it at once. None commits."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from webapp.routes.model import RouteState
from webapp.routes.rest import BY_HAND, NO_DOUBT, SILENT, UNTIL_FURTHER_NOTICE

state = cast(sa.Table, RouteState.__table__)
NO_REST: dict[str, Any] = {"paused_until": None, "pause_reason": "", "pause_words": ""}
Executor = Any  # a Connection or a Session


def rest(executor: Executor, name: str, until: datetime, reason: str, words: str = "") -> bool:
    """Let the route rest. A longer rest is not made shorter. Did this one begin now?"""
    facts = {"name": name, "paused_until": until, "pause_reason": reason, "pause_words": words}
    changes = ["paused_until", "pause_reason", "pause_words"]
    if reason not in NO_DOUBT:
        facts["last_error"] = reason
        changes.append("last_error")
    statement = _insert(executor).values(facts)
    longer = sa.or_(state.c.paused_until.is_(None), state.c.paused_until < statement.excluded.paused_until)
    found = executor.execute(
        statement.on_conflict_do_update(
            index_elements=["name"], set_={name: statement.excluded[name] for name in changes}, where=longer
        ).returning(state.c.name)
    )
    return found.one_or_none() is not None


def rest_by_hand(executor: Executor, name: str, words: str) -> None:
    """Until a person opens it again, whatever else it rests for."""
    open_up(executor, name)
    rest(executor, name, UNTIL_FURTHER_NOTICE, BY_HAND, words)


def fall_silent(executor: Executor, name: str, heard_before: datetime) -> bool:
    """Let it rest until it is heard again, if it was not heard meanwhile. Did that begin now?"""
    executor.execute(_insert(executor).values(name=name, pause_reason="").on_conflict_do_nothing())
    unheard = sa.or_(state.c.heard_at.is_(None), state.c.heard_at <= heard_before)
    statement = (
        sa.update(state)
        .where(state.c.name == name, state.c.pause_reason.not_in((SILENT, BY_HAND)), unheard)
        .values(paused_until=UNTIL_FURTHER_NOTICE, pause_reason=SILENT, pause_words="")
    )
    return bool(executor.execute(statement).rowcount == 1)


def hear(executor: Executor, name: str, now: datetime) -> None:
    """A sign of life ends the silence, and no other rest."""
    statement = _insert(executor).values(name=name, pause_reason="", heard_at=now)
    silent = state.c.pause_reason == SILENT
    changes = {
        "heard_at": now,
        "paused_until": sa.case((silent, sa.null()), else_=state.c.paused_until),
        "pause_reason": sa.case((silent, ""), else_=state.c.pause_reason),
    }
    executor.execute(statement.on_conflict_do_update(index_elements=["name"], set_=changes))


def open_up(executor: Executor, name: str) -> None:
    """Whatever it rested for is over."""
    executor.execute(sa.update(state).where(state.c.name == name).values(NO_REST))


def end_rest(executor: Executor, name: str, reason: str) -> None:
    """If it rests for this reason."""
    executor.execute(sa.update(state).where(state.c.name == name, state.c.pause_reason == reason).values(NO_REST))


def prove(executor: Executor, name: str, now: datetime) -> None:
    """A text was taken after the rest: it works."""
    over = sa.update(state).where(state.c.name == name, state.c.paused_until <= now)
    executor.execute(over.values(paused_until=None, pause_reason=""))


def _insert(executor: Executor) -> Any:
    dialect = executor.get_bind().dialect if hasattr(executor, "get_bind") else executor.dialect
    return (sqlite if dialect.name == "sqlite" else postgresql).insert(state)
