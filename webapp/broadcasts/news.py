"""Notices on the web: what *Hari ini* tells of broadcasts, and which of them one may open there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import abort
from sqlalchemy.orm import aliased, joinedload, selectinload

from webapp import clock
from webapp.accounts import audit
from webapp.accounts.access import current_account, visible
from webapp.accounts.model import COORDINATOR, FACILITATOR, Account, AuditEntry
from webapp.areas.codes import NATION, within
from webapp.broadcasts import queries, words
from webapp.broadcasts.model import LISTED, OVERSPENT, SUBJECT, Broadcast, BroadcastEvent
from webapp.broadcasts.states import APPROVED, CANCELLED, DONE, DRAFT, PAUSED, REJECTED, SENDING
from webapp.broadcasts.timing import OFFICE_ZONE
from webapp.db import db

#: *Hari ini* tells of a notice for so long, until it is read.
NEWS_FOR = timedelta(days=14)
MOST_NEWS = 5
#: What became of one's own is told for so long; one that was given back, until it is changed or handed over again.
TOLD_FOR = timedelta(days=3)
#: Of a broadcast's newest event: what its drafter has not done.
GIVEN_BACK, REFUSED, SENT, ENDED = "given_back", "rejected", "finished", "cancelled"
#: They go out now, or have gone. A planned one is told when its hour comes.
TOLD = (APPROVED, SENDING, DONE)
#: It was told, and is halted or taken back: whoever opens it again is told so, and reads nothing of it.
TAKEN_BACK = (PAUSED, CANCELLED)

#: By when they were told, not by when they were drafted.
_newest_first = (Broadcast.starts_at.desc(), Broadcast.id.desc())


@dataclass(frozen=True)
class Outcome:
    """What became of a broadcast of one's own. `kind`: GIVEN_BACK, REFUSED, SENT or, by another, ENDED; `reason`: why,
    in words, or ''."""

    broadcast: Broadcast
    kind: str
    reason: Any


@dataclass(frozen=True)
class News:
    """What an officer has not read yet; of a coordinator's offices what waits for approval, and what is paused; of
    one's own what became of it."""

    unread: Sequence[Broadcast] = ()
    waiting: Sequence[Broadcast] = ()
    paused: Sequence[Broadcast] = ()
    mine: Sequence[Outcome] = ()
    MOST = MOST_NEWS

    def __bool__(self) -> bool:
        return bool(self.unread or self.waiting or self.paused or self.mine)

    @staticmethod
    def why_paused(broadcast: Broadcast) -> Any:
        """In words."""
        return words.reason(broadcast.pause_reason)


def news_for(account: Account, now: datetime) -> News:
    """What *Hari ini* tells this account of broadcasts, in a few bounded queries."""
    if account.role not in (FACILITATOR, COORDINATOR):
        return News()
    unread = _unread(account, now)
    if account.role == FACILITATOR:
        return News(unread)
    return News(unread, queries.waiting_for(account), _paused(account), _mine(account, now))


def announcements(before: int | None) -> tuple[Sequence[Broadcast], int | None]:
    """What was told to the reader's area, the newest first, from the one after this id; and the last id of the page, if
    another one follows."""
    query = sa.select(Broadcast).where(
        Broadcast.state.in_(TOLD),
        _for_all(),
        Broadcast.starts_at.is_not(None),
        queries.goes_to(current_account.area_code),
    )
    if before is not None:
        last = aliased(Broadcast)
        began = sa.select(last.starts_at).where(last.id == before).scalar_subquery()
        query = query.where(sa.tuple_(Broadcast.starts_at, Broadcast.id) < sa.tuple_(began, sa.literal(before)))
    query = query.order_by(*_newest_first).limit(queries.PAGE + 1).options(joinedload(Broadcast.area))
    found = db.session.scalars(query).all()
    return found[: queries.PAGE], found[queries.PAGE - 1].id if len(found) > queries.PAGE else None


def is_over(broadcast: Broadcast, now: datetime) -> bool:
    """Is its last useful day over?"""
    return broadcast.useful_until is not None and broadcast.useful_until < clock.day_of(now, OFFICE_ZONE)


def announcement(broadcast_id: int) -> Broadcast:
    """To be read on the web: one that goes to the reader's area, or of an office of a coordinator's; else 404.

    The audit log says who read it, and so *Hari ini* tells of it no more.
    """
    came_here = sa.and_(queries.goes_to(current_account.area_code), _is_or_was_told())
    is_office = current_account.role == COORDINATOR
    query = sa.select(Broadcast).where(
        Broadcast.id == broadcast_id,
        _for_all(),
        Broadcast.approved_at.is_not(None),
        sa.or_(came_here, visible(Broadcast.area_code)) if is_office else came_here,
    )
    broadcast = db.session.scalar(query.options(joinedload(Broadcast.area), selectinload(Broadcast.texts)))
    broadcast = broadcast or abort(404)
    audit.seen(SUBJECT, broadcast.id, broadcast.area_code)
    return broadcast


def _unread(account: Account, now: datetime) -> Sequence[Broadcast]:
    """Of other offices: an office knows its own, and the nation's has every other one below it."""
    if account.role == COORDINATOR and account.area_code == NATION:
        return []
    conditions = [
        Broadcast.state.in_(TOLD),
        _for_all(),
        Broadcast.starts_at > now - NEWS_FOR,
        sa.or_(Broadcast.useful_until.is_(None), Broadcast.useful_until >= clock.day_of(now, OFFICE_ZONE)),
        queries.goes_to(account.area_code),
        Broadcast.id.not_in(_read_lately(account)),
    ]
    if account.role == COORDINATOR:
        conditions.append(~within(Broadcast.area_code, account.area_code))
    query = sa.select(Broadcast).where(*conditions).order_by(*_newest_first).limit(MOST_NEWS)
    return db.session.scalars(query.options(joinedload(Broadcast.area))).all()


def _paused(account: Account) -> Sequence[Broadcast]:
    query = sa.select(Broadcast).where(Broadcast.state == PAUSED, within(Broadcast.area_code, account.area_code))
    return db.session.scalars(query.order_by(Broadcast.id.desc()).limit(MOST_NEWS)).all()


def _mine(account: Account, now: datetime) -> Sequence[Outcome]:
    """What others decided about this account's own broadcasts, and what has gone, the newest first."""
    its = aliased(BroadcastEvent)
    decided = (its.broadcast_id == Broadcast.id, its.kind != OVERSPENT)
    newest = sa.select(sa.func.max(its.id)).where(*decided).scalar_subquery()
    by_another = BroadcastEvent.account_id != account.id
    # Until it was read, but of what can still be changed.
    lately = sa.and_(BroadcastEvent.at > now - TOLD_FOR, ~_was_read_since(account))
    query = (
        sa.select(Broadcast, BroadcastEvent.kind, BroadcastEvent.reason, BroadcastEvent.note)
        .join(BroadcastEvent, BroadcastEvent.id == newest)
        .where(
            # Through the index of offices: one drafts for one's own.
            Broadcast.area_code == account.area_code,
            Broadcast.drafted_by_id == account.id,
            Broadcast.state.in_((DRAFT, REJECTED, DONE, CANCELLED)),
            sa.or_(
                sa.and_(BroadcastEvent.kind == GIVEN_BACK, by_another),
                sa.and_(lately, BroadcastEvent.kind.in_((REFUSED, SENT))),
                sa.and_(lately, BroadcastEvent.kind == ENDED, by_another),
            ),
        )
        .order_by(Broadcast.id.desc())
        .limit(MOST_NEWS)
    )
    found = db.session.execute(query).tuples()
    return [Outcome(broadcast, kind, words.why(why, note)) for broadcast, kind, why, note in found]


def _read_lately(account: Account) -> sa.Select[tuple[int | None]]:
    """The audit log knows who has seen what, by the machine's clock; what this one saw is fewer than its readers."""
    return sa.select(AuditEntry.subject_id).where(
        AuditEntry.account_id == account.id,
        AuditEntry.at > clock.real_now() - NEWS_FOR,
        AuditEntry.subject == SUBJECT,
        AuditEntry.subject_id.is_not(None),
    )


def _was_read_since(account: Account) -> sa.Exists:
    """Has this account opened the broadcast after the event? The audit log notes one look of some minutes once: who had
    looked just before is told until the next look."""
    its = (AuditEntry.account_id == account.id, AuditEntry.subject == SUBJECT, AuditEntry.subject_id == Broadcast.id)
    lately = AuditEntry.at > clock.real_now() - TOLD_FOR
    return sa.exists().where(*its, lately, AuditEntry.at > BroadcastEvent.at, AuditEntry.act == "seen")


def _for_all() -> sa.ColumnElement[bool]:
    return sa.and_(Broadcast.announced, Broadcast.recipients != LISTED)


def _is_or_was_told() -> sa.ColumnElement[bool]:
    begun = sa.and_(Broadcast.state.in_(TAKEN_BACK), Broadcast.expand_until > 0)
    return sa.or_(Broadcast.state.in_(TOLD), begun)
