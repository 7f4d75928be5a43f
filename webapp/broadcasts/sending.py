"""The worker's chore of broadcasts: counts what is too great for a page, begins, makes texts, halts, and closes.

Everything is looked up from the table, whatever the hour, and commits in small steps: a worker that dies is followed
by another one that finds the rest.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, InterfaceError, OperationalError

from sms.states import UNKNOWN
from webapp.broadcasts import acts, budget, committed, expanding, meaning, progress, ready, states, timing
from webapp.broadcasts.model import LISTED, Broadcast
from webapp.broadcasts.villages import Villages
from webapp.db import db
from webapp.outbox import holding

log = logging.getLogger(__name__)
#: After so many seconds the rest waits for the next round.
SECONDS = 4.0
#: How often it is looked what became of the texts: so many times the seconds that looking takes, within these bounds.
#: What is looked at more seldom has no pace that one could tell (pace.py).
LOOK_EVERY, LOOK_SHARE, LOOK_AT_LEAST = timedelta(seconds=10), 40, timedelta(seconds=60)
#: Receipts and answers come after all texts have gone: ever more seldom, as long as answers are taken for replies.
AFTERWARDS, AFTER_SHARE = timedelta(minutes=10), 10
#: A text that was being sent when a broadcast was cancelled may come back to the queue: mostly within so long. Of a
#: route that is away it is known only hours later, which is then looked for so often.
COMES_BACK = timedelta(minutes=10)
#: What is not told so long after the last text has lost its meaning is not told any more.
NEVER_TOLD = timedelta(days=3)
#: Texts are made in one broadcast after another: of two at once neither would see what a person gets from the other.
EXPANSION_LOCK = 20_230_923


def go_on(now: datetime) -> int:
    """Commits. Returns how many things it did."""
    done, until, villages = 0, time.monotonic() + SECONDS, Villages()
    while time.monotonic() < until:
        # One of each in turn, but nothing is made beside an emergency: many that are looked at would keep it back.
        made = _make(now, villages, Broadcast.emergency.is_(True)) or _make(now, villages)
        if not any([made, _look_at_one(now)]):
            break
        done += 1
    db.session.rollback()
    return done


def _make(now: datetime, villages: Villages, *which: sa.ColumnElement[bool]) -> bool:
    return any([begin_one(now, *which), _expand_one(now, villages, *which)])


def begin_one(now: datetime, *which: sa.ColumnElement[bool]) -> bool:
    """Counts once more what begins now: who was registered since gets it too, if the money lasts. Commits."""
    waits = (Broadcast.state.in_((states.APPROVED, states.SCHEDULED)), Broadcast.starts_at <= now)
    return _with(_one(*waits, *which), _begin, now)


def _begin(broadcast: Broadcast, now: datetime) -> None:
    found = meaning.count_beside(broadcast, now)
    if found is None:
        return
    month = broadcast.budget_month if broadcast.expand_until else None
    if obstacle := _against(broadcast, found.recipients):
        acts.pause(broadcast, None, obstacle, now)
    elif _reserve(broadcast, month or timing.month_of(now)):
        acts.begin(broadcast, found.until, now)
    else:
        acts.pause(broadcast, None, "budget", now)


def _reserve(broadcast: Broadcast, month: date) -> bool:
    """Put aside what it comes to as it stands, if the budget has that."""
    try:
        budget.reserve(broadcast, committed.rupiah_of(broadcast), month)
    except budget.BudgetExceeded:
        return False
    return True


def _against(broadcast: Broadcast, recipients: int) -> str:
    """Is it another thing than what was approved?"""
    if broadcast.recipients == LISTED and not ready.has_list(broadcast):
        return "list"
    return states.GROWN if states.has_grown(broadcast.approved_count or 0, recipients) else ""


def _expand_one(now: datetime, villages: Villages, *which: sa.ColumnElement[bool]) -> bool:
    broadcast = _one(Broadcast.state == states.SENDING, Broadcast.expanded_at.is_(None), *which)
    return _with(broadcast, partial(_expand, villages), now)


def _expand(villages: Villages, broadcast: Broadcast, now: datetime) -> None:
    if db.engine.dialect.name == "postgresql":
        db.session.execute(sa.select(sa.func.pg_advisory_xact_lock(EXPANSION_LOCK)))
    meant = meaning.meant_by(broadcast, now)
    upto = expanding.next_portion(broadcast, meant, now)
    if upto is None:
        broadcast.expanded_at, broadcast.look_at = now, now
        return
    try:
        with db.session.begin_nested():
            expanding.expand(broadcast, meant, villages, upto, now)
    except IntegrityError:
        # Somebody moved to a village of which nothing was asked yet, just before their text was made: once more.
        expanding.expand(broadcast, meant, Villages(), upto, now)


def _look_at_one(now: datetime) -> bool:
    """The next one whose time to be looked at has come. Commits."""
    return _with(_one(Broadcast.look_at <= now, order=Broadcast.look_at), _look, now)


def _look(broadcast: Broadcast, now: datetime) -> None:
    if broadcast.state == states.DRAFT:
        if meaning.count_beside(broadcast, now) is not None:
            broadcast.look_at = None
    elif broadcast.approved_at is None:
        broadcast.look_at = None
    else:
        _look_after(broadcast, now)


def _look_after(broadcast: Broadcast, now: datetime) -> None:
    begun = time.monotonic()
    if broadcast.state == states.SENDING and not _may_go_on(broadcast):
        acts.pause(broadcast, None, "budget", now)
    if _move_texts(broadcast, now) == holding.PORTION:
        broadcast.look_at = now  # there are more: at once again
        return
    found = progress.note(broadcast, now)
    rest = min(timedelta(seconds=(time.monotonic() - begun) * LOOK_SHARE), LOOK_AT_LEAST)
    broadcast.look_at = now + max(_pace(broadcast, now), rest)
    if broadcast.state == states.SENDING:
        if broadcast.expanded_at is not None and _is_over(broadcast, found, now):
            acts.finish(broadcast, now)
            _settle(broadcast, found, now)
            broadcast.look_at = _look_afterwards(broadcast, now)
    elif broadcast.state == states.PAUSED:
        budget.book(broadcast, found.rupiah)
        broadcast.look_at = None if not found.under_way else broadcast.look_at
    elif broadcast.state == states.DONE:
        _settle(broadcast, found, now)
        broadcast.look_at = _look_afterwards(broadcast, now)
    elif broadcast.state == states.CANCELLED and _is_over(broadcast, found, now):
        _settle(broadcast, found, now)
        broadcast.look_at = _let_go(broadcast, now)


def _is_over(broadcast: Broadcast, found: progress.Progress, now: datetime) -> bool:
    """Does nothing of it move any more? What its provider never tells of counts as sent, and as paid, long after it has
    lost its meaning."""
    if found.is_over or found.waiting or found.under_way > found.states.get(UNKNOWN, 0):
        return found.is_over
    until = holding.last_expiry(broadcast.cause)
    return until is not None and until + NEVER_TOLD < now


def _may_go_on(broadcast: Broadcast) -> bool:
    """Does the budget cover what its texts cost by the routes on which they wait now? Before that none is let go."""
    assert broadcast.budget_month is not None
    is_covered = committed.rupiah_of(broadcast) <= broadcast.reserved_rupiah
    if not is_covered and not _reserve(broadcast, broadcast.budget_month):
        return False
    holding.release(broadcast.cause)
    return True


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


def _settle(broadcast: Broadcast, found: progress.Progress, now: datetime) -> None:
    """Book what it cost, whatever was put aside, and say so if the limit does not hold it."""
    if beyond := budget.give_back(broadcast, found.rupiah):
        log.warning("a broadcast cost more than its budget", extra={"broadcast": broadcast.code, "rupiah": beyond})
        acts.overspent(broadcast, now)


def _with(broadcast: Broadcast | None, act: Callable[[Broadcast, datetime], None], now: datetime) -> bool:
    """Do this with it, if there is one, and commit. One with which something is wrong keeps no other back."""
    if broadcast is None:
        return False
    broadcast_id = broadcast.id
    try:
        act(broadcast, now)
        db.session.commit()
    except (OperationalError, InterfaceError):
        raise  # the database: another time it goes
    except Exception:
        log.exception("a broadcast is halted by a fault", extra={"broadcast": broadcast_id})
        db.session.rollback()
        _set_aside(broadcast_id, now)
        db.session.commit()
    return True


def _set_aside(broadcast_id: int, now: datetime) -> None:
    broadcast = acts.locked(db.session.get_one(Broadcast, broadcast_id))
    if states.may_move(broadcast.state, states.PAUSED):
        acts.pause(broadcast, None, "fault", now)
    elif broadcast.approved_at is None:
        broadcast.look_at = None
    else:
        broadcast.look_at = now + COMES_BACK


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
