"""Reads of broadcasts: who sees which, what waits for whom, and whether the same was said a moment ago."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import abort
from sqlalchemy.orm import joinedload, selectinload

from webapp.accounts import audit
from webapp.accounts.access import current_account, visible
from webapp.accounts.model import COORDINATOR, Account
from webapp.areas.codes import NATION, areas_above, is_within, within
from webapp.broadcasts import approval, budget, states
from webapp.broadcasts.model import LISTED, SUBJECT, Broadcast, BroadcastArea, BroadcastEvent
from webapp.db import db

PAGE = 25
#: The same words to the same people within so long are questioned.
SAID_LATELY = timedelta(days=1)


def get(broadcast_id: int) -> Broadcast:
    """A broadcast of an office of the reader's area, or of one above that went out to the reader's area; else 404.

    So a history is read where it was lived: others learn from it and copy it. The audit log says who read it.
    """
    query = sa.select(Broadcast).where(Broadcast.id == broadcast_id, mine_to_see())
    broadcast = db.session.scalar(query.options(*whole())) or abort(404)
    audit.seen(SUBJECT, broadcast.id, broadcast.area_code)
    return broadcast


def of_my_office(broadcast_id: int) -> Broadcast:
    """To act on: a broadcast of an office of the reader's area; else 404."""
    query = sa.select(Broadcast).where(Broadcast.id == broadcast_id, visible(Broadcast.area_code))
    return db.session.scalar(query.options(*whole())) or abort(404)


def my_draft(broadcast_id: int) -> Broadcast:
    """To change: only its drafter does, so that nobody approves what they have written themselves."""
    broadcast = of_my_office(broadcast_id)
    if broadcast.drafted_by_id != current_account.id:
        abort(404)
    return broadcast


def mine_to_see() -> sa.ColumnElement[bool]:
    was_seen = (*states.WENT_OUT, states.CANCELLED)
    # A list is known to its office alone, though its area is the office's.
    for_all = sa.and_(Broadcast.recipients != LISTED, Broadcast.approved_at.is_not(None))
    came_here = sa.and_(Broadcast.state.in_(was_seen), for_all, goes_to(current_account.area_code))
    return sa.or_(visible(Broadcast.area_code), came_here)


def goes_to(area_code: str) -> sa.ColumnElement[bool]:
    """Is this area, or a part of it, among those that it goes to?"""
    touched = sa.or_(BroadcastArea.area_code.in_(areas_above(area_code)), within(BroadcastArea.area_code, area_code))
    return Broadcast.id.in_(sa.select(BroadcastArea.broadcast_id).where(touched))


def page(before: int | None) -> tuple[Sequence[Broadcast], int | None]:
    """The newest below this id, and the id before which the next page begins, if there is one."""
    query = sa.select(Broadcast).where(mine_to_see()).order_by(Broadcast.id.desc()).limit(PAGE + 1)
    if before is not None:
        query = query.where(Broadcast.id < before)
    found = db.session.scalars(query.options(*whole())).all()
    return found[:PAGE], found[PAGE - 1].id if len(found) > PAGE else None


def events(broadcast_id: int) -> Sequence[BroadcastEvent]:
    query = sa.select(BroadcastEvent).where(BroadcastEvent.broadcast_id == broadcast_id).order_by(BroadcastEvent.id)
    return db.session.scalars(query.options(joinedload(BroadcastEvent.account)).limit(200)).all()


def may_set_budget(area_code: str) -> bool:
    """Below the reader's own area; nobody is above the nation, so it sets its own too."""
    mine = current_account.area_code
    return is_within(area_code, mine) and (area_code != mine or mine == NATION)


def whom_to_ask_for_money(area_code: str) -> Sequence[Account]:
    """Who sets the budget of this area; nobody if the reader does."""
    return [] if may_set_budget(area_code) else budget.setters(area_code)


def waiting_for(account: Account) -> Sequence[Broadcast]:
    """What this coordinator may approve now."""
    if account.role != COORDINATOR:
        return []
    query = sa.select(Broadcast).where(
        Broadcast.state == states.WAITING,
        within(Broadcast.area_code, account.area_code),
        Broadcast.drafted_by_id != account.id,
    )
    found = db.session.scalars(query.order_by(Broadcast.id).limit(PAGE).options(*whole())).all()
    return [broadcast for broadcast in found if approves(account, broadcast)]


def approves(account: Account, broadcast: Broadcast) -> bool:
    return approval.may_approve(account, drafter_id=broadcast.drafted_by_id, office=broadcast.area_code)


def may_resume(account: Account, broadcast: Broadcast) -> bool:
    """What has grown is looked at as at an approval; what an officer halted, that officer lets go on, or one who may
    approve it; what the programme halted for another reason, anybody of the office."""
    if approves(account, broadcast):
        return True
    event = sa.select(BroadcastEvent.account_id).where(
        BroadcastEvent.broadcast_id == broadcast.id, BroadcastEvent.kind == "paused"
    )
    halted_by = db.session.scalar(event.order_by(BroadcastEvent.id.desc()).limit(1))
    return broadcast.pause_reason != states.GROWN and halted_by in (None, account.id)


def said_lately(broadcast: Broadcast, now: datetime) -> Broadcast | None:
    """Another one with the same Indonesian words that was approved within a day and goes to some of the same areas."""
    if not broadcast.words_hash:
        return None
    query = (
        sa.select(Broadcast)
        .where(
            Broadcast.words_hash == broadcast.words_hash,
            Broadcast.approved_at > now - SAID_LATELY,
            _went_out(),
            Broadcast.id != broadcast.id,
            sa.or_(*(goes_to(row.area_code) for row in broadcast.areas)),
        )
        .order_by(Broadcast.approved_at.desc())
        .limit(1)
    )
    return db.session.scalar(query)


def let_out_alone(broadcast: Broadcast, now: datetime) -> int:
    """How many got what its drafter let out without a second officer within a day."""
    query = sa.select(sa.func.coalesce(sa.func.sum(Broadcast.approved_count), 0)).where(
        Broadcast.area_code == broadcast.area_code,
        Broadcast.drafted_by_id == broadcast.drafted_by_id,
        Broadcast.approved_by_id == broadcast.drafted_by_id,
        Broadcast.approved_at > now - SAID_LATELY,
        _went_out(),
        Broadcast.id != broadcast.id,
    )
    return int(db.session.scalar(query) or 0)


def _went_out() -> sa.ColumnElement[bool]:
    """Have people got it, or will they? Some have if it was cancelled after its texts were begun."""
    half_way = sa.and_(Broadcast.state == states.CANCELLED, Broadcast.expand_until > 0)
    return sa.or_(Broadcast.state.in_(states.WENT_OUT), half_way)


def goes_to_list(list_id: int) -> bool:
    """Does one that was handed over, and has not ended, go to this list?"""
    open_ones = (states.WAITING, *states.RESERVING)
    query = sa.select(Broadcast.id).where(Broadcast.list_id == list_id, Broadcast.state.in_(open_ones)).limit(1)
    return db.session.scalar(query) is not None


def whole() -> Sequence[sa.orm.interfaces.LoaderOption]:
    return (
        joinedload(Broadcast.area),
        joinedload(Broadcast.drafted_by),
        joinedload(Broadcast.approved_by),
        joinedload(Broadcast.copied_from),
        selectinload(Broadcast.areas).joinedload(BroadcastArea.area),
        selectinload(Broadcast.texts),
    )
