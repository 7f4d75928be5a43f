"""What has become of the texts of a broadcast, counted by the worker every few seconds: a page reads one row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from sms.states import DELIVERED, EXPIRED, FAILED, QUEUED, SENDING, SENT, SUPPRESSED, UNKNOWN, WITHDRAWN
from webapp.broadcasts.model import Broadcast, BroadcastPoint
from webapp.conversations.model import Incoming
from webapp.db import db
from webapp.outbox.holding import PARKED
from webapp.outbox.model import Message

#: A text that was taken out of the queue while the broadcast is paused.
HALTED = "halted"
#: In the order in which a page tells of them.
LEADING = (QUEUED, HALTED, SENDING, UNKNOWN, SENT, DELIVERED, FAILED, SUPPRESSED, EXPIRED, WITHDRAWN)
#: They may still move by themselves.
MOVING = (QUEUED, SENDING, UNKNOWN)
#: They are with the recipient or the network.
GONE = (SENT, DELIVERED)
#: States whose reasons are told.
TOLD_WHY = (FAILED, SUPPRESSED, EXPIRED)
#: What comes from a recipient after the text, within so long of its beginning, is taken for a reply.
REPLIES_WITHIN = timedelta(days=10)
MOST_REPLIES = 10_000
#: Points of one broadcast that are kept, and how many of the newest are never thinned: they tell how fast it goes.
MOST_POINTS, NEWEST_POINTS = 400, 100
#: So many are removed at a time.
MOST_REMOVED = 1_000


@dataclass(frozen=True)
class Progress:
    """`states`: state → how many; `reasons`: of what failed or was not sent, reason → how many; money in rupiah.
    `last_due`: when the last of those that wait falls due, as ISO 8601; '' if none waits."""

    states: dict[str, int] = field(default_factory=dict)
    reasons: dict[str, int] = field(default_factory=dict)
    rupiah: int = 0
    replies: int = 0
    stops: int = 0
    last_due: str = ""

    @property
    def texts(self) -> int:
        return sum(self.states.values())

    @property
    def under_way(self) -> int:
        return sum(self.states.get(state, 0) for state in MOVING)

    @property
    def waiting(self) -> int:
        return self.states.get(QUEUED, 0) + self.states.get(HALTED, 0)

    @property
    def gone(self) -> int:
        return sum(self.states.get(state, 0) for state in GONE)

    @property
    def settled(self) -> int:
        """Of which it is known what became of them, so far."""
        return self.texts - self.under_way - self.states.get(HALTED, 0)

    @property
    def is_over(self) -> bool:
        """Nothing of it can come back to the queue any more."""
        return self.settled == self.texts

    def stored(self) -> dict[str, Any]:
        return asdict(self)


def read(facts: Mapping[str, Any]) -> Progress:
    return Progress(**facts)


def count(broadcast: Broadcast) -> Progress:
    """Through the index of causes, by groups."""
    columns = (Message.state, Message.reason)
    paid = sa.func.sum(sa.case((is_paid(), Message.price_rupiah), else_=0))
    counted = (sa.func.count(), paid, sa.func.max(Message.due_at))
    groups = sa.select(*columns, *counted).where(Message.cause == broadcast.cause)
    states: dict[str, int] = {}
    reasons: dict[str, int] = {}
    rupiah, last_due = 0, ""
    for state, reason, number, price, due in db.session.execute(groups.group_by(*columns)).tuples():
        kind = HALTED if (state, reason) == (WITHDRAWN, PARKED) else state
        states[kind] = states.get(kind, 0) + number
        if state in TOLD_WHY and reason:
            reasons[reason] = reasons.get(reason, 0) + number
        rupiah += int(price)
        if kind in (QUEUED, HALTED):
            last_due = max(last_due, due.isoformat())
    in_order = {state: states[state] for state in LEADING if state in states}
    most_first = dict(sorted(reasons.items(), key=lambda item: -item[1]))
    return Progress(in_order, most_first, rupiah, *_replies(broadcast), last_due)


def is_paid() -> sa.ColumnElement[bool]:
    """What was claimed and surely not sent costs nothing; what was taken and arrived nowhere does."""
    taken = sa.or_(Message.sent_at.is_not(None), Message.provider_id.is_not(None))
    was_taken = sa.and_(Message.state == FAILED, taken)
    return sa.or_(Message.state.in_((SENDING, UNKNOWN, SENT, DELIVERED)), was_taken)


def note(broadcast: Broadcast, now: datetime) -> Progress:
    """Count and keep, unless nothing has changed since the last time."""
    found, before = count(broadcast), newest(broadcast.id)
    if before is None or before.facts != found.stored():
        point = db.session.get(BroadcastPoint, (broadcast.id, now))
        if point is None:
            db.session.add(BroadcastPoint(broadcast_id=broadcast.id, at=now, facts=found.stored()))
            _thin(broadcast.id)
        else:
            point.facts = found.stored()
    db.session.flush()
    return found


def _thin(broadcast_id: int) -> None:
    """Of too many points every second one goes, but for the first and the newest: the curve keeps its shape."""
    its = BroadcastPoint.broadcast_id == broadcast_id
    known = db.session.scalars(sa.select(BroadcastPoint.at).where(its).order_by(BroadcastPoint.at)).all()
    if len(known) > MOST_POINTS:
        removed = known[1:-NEWEST_POINTS:2][:MOST_REMOVED]
        db.session.execute(sa.delete(BroadcastPoint).where(its, BroadcastPoint.at.in_(removed)))


def newest(broadcast_id: int) -> BroadcastPoint | None:
    query = sa.select(BroadcastPoint).where(BroadcastPoint.broadcast_id == broadcast_id)
    return db.session.scalar(query.order_by(BroadcastPoint.at.desc()).limit(1))


def curve(broadcast_id: int) -> Sequence[BroadcastPoint]:
    """The points in order of time; of very many the newest."""
    query = sa.select(BroadcastPoint).where(BroadcastPoint.broadcast_id == broadcast_id)
    return db.session.scalars(query.order_by(BroadcastPoint.at.desc()).limit(MOST_POINTS)).all()[::-1]


def _replies(broadcast: Broadcast) -> tuple[int, int]:
    """Replies of recipients in the days after, and how many of them said STOP. Nothing of reporters who must not be
    known."""
    if broadcast.starts_at is None:
        return 0, 0
    until = broadcast.starts_at + REPLIES_WITHIN
    answered = (
        sa.select(Incoming.id, Incoming.command)
        .join(Message, Message.person_id == Incoming.person_id)
        .where(
            Message.cause == broadcast.cause,
            Incoming.received_at > Message.sent_at,
            # Said once more of the message alone, so that not all that these people ever sent is read.
            Incoming.received_at >= broadcast.starts_at,
            Incoming.received_at < until,
            ~Incoming.private,
            # An answer to a question of ours is none to a notice.
            Incoming.answers_id.is_(None),
        )
        .limit(MOST_REPLIES)
        .subquery()
    )
    stops = sa.func.coalesce(sa.func.sum(sa.case((answered.c.command == "stop", 1), else_=0)), 0)
    number, stopped = db.session.execute(sa.select(sa.func.count(), stops).select_from(answered)).one()
    return int(number), int(stopped)
