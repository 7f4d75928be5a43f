"""The worker's chore of broadcasts: counts what is too great for a page, begins, makes texts, halts, and closes.

Everything is looked up from the table, whatever the hour, and commits in small steps: a worker that dies is followed
by another one that finds the rest.
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from webapp.broadcasts import acts, budget, expanding, meaning, progress, ready, states, timing
from webapp.broadcasts.model import LISTED, Broadcast
from webapp.db import db
from webapp.outbox import holding

#: After so many seconds the rest waits for the next round.
SECONDS = 4.0
#: How often it is looked what became of the texts: at least, and so many times the seconds that looking takes.
LOOK_EVERY, LOOK_SHARE = timedelta(seconds=10), 20
#: Receipts and answers come after all texts have gone: ever more seldom, as long as answers are taken for replies.
AFTERWARDS, AFTER_SHARE = timedelta(minutes=10), 10
#: A text that was being sent when a broadcast was cancelled may come back to the queue: mostly within so long. Of a
#: route that is away it is known only hours later, which is then looked for so often.
COMES_BACK = timedelta(minutes=10)
#: Texts are made in one broadcast after another: of two at once neither would see what a person gets from the other.
EXPANSION_LOCK = 20_230_923


def go_on(now: datetime) -> int:
    """Commits. Returns how many things it did."""
    done, until = 0, time.monotonic() + SECONDS
    while time.monotonic() < until:
        # One of each in turn: many that are looked at would keep an emergency from being made.
        if not any([begin_one(now), _look_at_one(now), _expand_one(now)]):
            break
        done += 1
    db.session.rollback()
    return done


def begin_one(now: datetime) -> bool:
    """Counts once more what begins now: who was registered since gets it too, if the money lasts."""
    waits = (Broadcast.state.in_((states.APPROVED, states.SCHEDULED)), Broadcast.starts_at <= now)
    broadcast = _one(*waits)
    if broadcast is None:
        return False
    found = meaning.count(broadcast, now)
    if obstacle := _against(broadcast, found.recipients):
        acts.pause(broadcast, None, obstacle, now)
    else:
        try:
            budget.reserve(broadcast, found.rupiah, timing.month_of(now))
            acts.begin(broadcast, found.until, now)
        except budget.BudgetExceeded:
            acts.pause(broadcast, None, "budget", now)
    db.session.commit()
    return True


def _against(broadcast: Broadcast, recipients: int) -> str:
    """Is it another thing than what was approved?"""
    if broadcast.recipients == LISTED and not ready.has_list(broadcast):
        return "list"
    return states.GROWN if states.has_grown(broadcast.approved_count or 0, recipients) else ""


def _expand_one(now: datetime) -> bool:
    broadcast = _one(Broadcast.state == states.SENDING, Broadcast.expanded_at.is_(None))
    if broadcast is None:
        return False
    if db.engine.dialect.name == "postgresql":
        db.session.execute(sa.select(sa.func.pg_advisory_xact_lock(EXPANSION_LOCK)))
    meant = meaning.meant_by(broadcast, now)
    upto = expanding.next_portion(broadcast, meant, now)
    if upto is None:
        broadcast.expanded_at, broadcast.look_at = now, now
    else:
        expanding.expand(broadcast, meant, upto, now)
    db.session.commit()
    return True


def _look_at_one(now: datetime) -> bool:
    """The next one whose time to be looked at has come. Commits."""
    broadcast = _one(Broadcast.look_at <= now, order=Broadcast.look_at)
    if broadcast is None:
        return False
    begun = time.monotonic()
    if broadcast.state == states.DRAFT:
        meaning.count(broadcast, now)
        broadcast.look_at = None
    elif broadcast.approved_at is None:
        broadcast.look_at = None
    else:
        _look_after(broadcast, now, begun)
    db.session.commit()
    return True


def _look_after(broadcast: Broadcast, now: datetime, begun: float) -> None:
    if _move_texts(broadcast, now) == holding.PORTION:
        broadcast.look_at = now  # there are more: at once again
        return
    found = progress.note(broadcast, now)
    broadcast.look_at = now + max(_pace(broadcast, now), timedelta(seconds=(time.monotonic() - begun) * LOOK_SHARE))
    if broadcast.state == states.SENDING:
        if broadcast.expanded_at is not None and found.is_over:
            acts.finish(broadcast, now)
            _settle(broadcast, found)
            broadcast.look_at = _look_afterwards(broadcast, now)
        elif found.rupiah > broadcast.reserved_rupiah and not _more(broadcast, found.rupiah):
            acts.pause(broadcast, None, "budget", now)
    elif broadcast.state == states.PAUSED:
        broadcast.look_at = None if not found.under_way else broadcast.look_at
    elif broadcast.state == states.DONE:
        broadcast.look_at = _look_afterwards(broadcast, now)
    elif broadcast.state == states.CANCELLED and found.is_over:
        _settle(broadcast, found)
        broadcast.look_at = _let_go(broadcast, now)


def _move_texts(broadcast: Broadcast, now: datetime) -> int:
    """Out of the queue, back into it, or away, as its state says."""
    if broadcast.state == states.PAUSED:
        return holding.park(broadcast.cause, now)
    if broadcast.state == states.SENDING:
        return holding.put_back(broadcast.cause, now)
    if broadcast.state == states.CANCELLED:
        return holding.take_back(broadcast.cause, "no_longer_planned", now)
    return 0


def _pace(broadcast: Broadcast, now: datetime) -> timedelta:
    is_old = broadcast.ended_at is not None and now - broadcast.ended_at > COMES_BACK
    return COMES_BACK if is_old else LOOK_EVERY


def _look_afterwards(broadcast: Broadcast, now: datetime) -> datetime | None:
    """When it is looked once more what was received and who answered; None if nothing is waited for any more."""
    assert broadcast.ended_at is not None
    ended = now - broadcast.ended_at
    return None if ended > progress.REPLIES_WITHIN else now + max(AFTERWARDS, ended / AFTER_SHARE)


def _let_go(broadcast: Broadcast, now: datetime) -> datetime | None:
    """Give up the hold of a cancelled one, but not before its last text has lost its meaning: a phone or a provider
    may give back what it took, hours later. Returns when that is looked for again."""
    assert broadcast.ended_at is not None
    until = holding.last_expiry(broadcast.cause)
    if until is None or until <= now:
        holding.release(broadcast.cause)
        return None
    return min(until, now + max(AFTERWARDS, (now - broadcast.ended_at) / AFTER_SHARE))


def _settle(broadcast: Broadcast, found: progress.Progress) -> None:
    budget.give_back(broadcast, found.rupiah)
    broadcast.look_at = None


def _more(broadcast: Broadcast, rupiah: int) -> bool:
    """Put aside what it costs more than was expected, if the budget has that."""
    assert broadcast.budget_month is not None
    try:
        budget.reserve(broadcast, rupiah, broadcast.budget_month)
    except budget.BudgetExceeded:
        return False
    return True


def _one(*conditions: sa.ColumnElement[bool], order: Any = None) -> Broadcast | None:
    """One of these, locked, emergencies first; another worker takes another."""
    query = (
        sa.select(Broadcast)
        .where(*conditions)
        .order_by(*([Broadcast.emergency.desc()] if order is None else [order]), Broadcast.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=Broadcast)
        .execution_options(populate_existing=True)
    )
    return db.session.scalar(query)
