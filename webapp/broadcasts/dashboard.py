"""What a coordinator sees of all broadcasts at once: what goes out now, what went out lately, who said STOP."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from sms.states import DELIVERED
from webapp.accounts.access import visible
from webapp.broadcasts import progress
from webapp.broadcasts.model import Broadcast, BroadcastPoint
from webapp.broadcasts.progress import Progress
from webapp.broadcasts.states import APPROVED, PAUSED, SCHEDULED, SENDING
from webapp.db import db

#: They go out now, or would.
RUNNING = (APPROVED, SENDING, PAUSED)
LATELY = timedelta(days=30)
MOST_RUNNING, MOST_SHOWN = 10, 10
#: So many of the newest are looked at, so that no page reads all that were ever drafted.
NEWEST = 200


@dataclass(frozen=True)
class Followed:
    """A broadcast, and what had become of its texts when they were counted last."""

    broadcast: Broadcast
    found: Progress

    @property
    def expected(self) -> int:
        return max(self.found.texts, self.broadcast.approved_count or 0)

    @property
    def percent(self) -> int:
        return self.found.gone * 100 // self.expected if self.expected else 0

    @property
    def received_percent(self) -> int | None:
        """Of those that went out; None if none did. Not every operator tells."""
        gone = self.found.gone
        return self.found.states.get(DELIVERED, 0) * 100 // gone if gone else None


@dataclass(frozen=True)
class Lately:
    """Broadcasts of the last weeks, the newest first: `texted` people, of whom so many said STOP."""

    followed: Sequence[Followed]

    @property
    def texted(self) -> int:
        return sum(one.found.gone for one in self.followed)

    @property
    def stops(self) -> int:
        return sum(one.found.stops for one in self.followed)

    @property
    def stop_percent(self) -> float:
        return self.stops * 100 / self.texted if self.texted else 0.0


def running() -> list[Followed]:
    """Of the reader's offices."""
    query = sa.select(Broadcast).where(Broadcast.state.in_(RUNNING), visible(Broadcast.area_code))
    return _followed(db.session.scalars(query.order_by(Broadcast.id.desc()).limit(MOST_RUNNING)).all())


def planned() -> Sequence[Broadcast]:
    """Of the reader's offices, what begins next first."""
    query = sa.select(Broadcast).where(Broadcast.state == SCHEDULED, visible(Broadcast.area_code))
    return db.session.scalars(query.order_by(Broadcast.starts_at, Broadcast.id).limit(MOST_RUNNING)).all()


def lately(now: datetime) -> Lately:
    """Of the reader's offices, what began in the last weeks."""
    query = sa.select(Broadcast).where(visible(Broadcast.area_code)).order_by(Broadcast.id.desc()).limit(NEWEST)
    since = now - LATELY
    begun = [one for one in db.session.scalars(query) if one.starts_at and since < one.starts_at <= now]
    return Lately(_followed(begun))


def _followed(broadcasts: Sequence[Broadcast]) -> list[Followed]:
    """With the newest point of each, the last entry of its key."""
    its = sa.select(BroadcastPoint.facts).where(BroadcastPoint.broadcast_id == Broadcast.id)
    newest = its.order_by(BroadcastPoint.at.desc()).limit(1).scalar_subquery()
    query = sa.select(Broadcast.id, newest).where(Broadcast.id.in_([one.id for one in broadcasts]))
    facts = dict(db.session.execute(query).tuples().all()) if broadcasts else {}
    return [Followed(one, progress.read(facts.get(one.id) or {})) for one in broadcasts]
