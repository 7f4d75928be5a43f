"""The course of a broadcast for its page: how far it is, how fast it goes, what failed and what it costs so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from sms.states import DELIVERED, QUEUED, WITHDRAWN
from webapp.broadcasts import chart, describing, forecast, pace, progress, words
from webapp.broadcasts.advice import advice
from webapp.broadcasts.model import Broadcast, BroadcastPoint
from webapp.broadcasts.progress import HALTED, Progress
from webapp.broadcasts.states import APPROVED, CANCELLED, PAUSED, RESERVING, SCHEDULED, SENDING
from webapp.db import db
from webapp.outbox.model import Message
from webapp.outbox.reasons import sentence

#: Moments of one curve that are read, the newest: of these the picture shows some.
MOST_MOMENTS = 20_000
#: They wait, are held, or were taken back.
NOT_BEGUN = (QUEUED, HALTED, WITHDRAWN)
#: State of a broadcast → how its texts that have not begun are told.
WAITING_IS = {SENDING: QUEUED, PAUSED: HALTED, CANCELLED: WITHDRAWN}


@dataclass(frozen=True)
class Failure:
    """Why some did not get it, how many, and what can be done."""

    why: Any
    number: int
    what_to_do: Any


@dataclass(frozen=True)
class Course:
    """`expected`: texts in all, those to be made included. `rate`: texts a minute. `left`: in words, '' if unknown.
    `next_at`: when the next texts fall due, if none went lately and that is still to come."""

    found: Progress
    counted_at: datetime | None
    expected: int
    foretold_rupiah: int
    states: Sequence[tuple[Any, int]]
    failures: Sequence[Failure]
    #: It goes on by itself, so the page looks again. What comes after the end is no hurry.
    is_live: bool
    is_sending: bool
    rate: float | None
    left: str
    next_at: datetime | None
    #: Of one that has not begun, when it will; of a cancelled one, how it ended. In words, or ''.
    begins: str
    ended: str
    chart: chart.Chart | None

    @property
    def percent(self) -> int:
        """Of what has gone: what was taken back or held back is not done. Never 100 before the last one."""
        return self.found.gone * 100 // self.expected if self.expected else 0


def course_of(broadcast: Broadcast, now: datetime) -> Course:
    points = _points(broadcast.id)
    newest = points[-1] if points else None
    found = progress.read(newest.facts) if newest else Progress()
    expected = expected_of(broadcast, found)
    dots = [_dot(point) for point in points]
    rate = pace.per_minute([(dot.at, dot.gone) for dot in dots], now) if broadcast.state == SENDING else None
    left = _seconds_left(found, expected - found.settled, rate, now)
    stands = broadcast.state == SENDING and not left
    return Course(
        found=found,
        counted_at=newest.at if newest else None,
        expected=expected,
        foretold_rupiah=forecast.read(broadcast.forecast).rupiah,
        states=[(words.PROGRESS[state], number) for state, number in _told(broadcast, found).items()],
        failures=[Failure(sentence(code), number, advice(code)) for code, number in found.reasons.items()],
        is_live=broadcast.state in RESERVING,
        is_sending=broadcast.state == SENDING,
        # Of one that is spread the pace is not what it depends on.
        rate=rate if left == pace.seconds_left(expected - found.settled, rate) else None,
        left=describing.duration(left) if left else "",
        next_at=_next_at(broadcast, now) if stands else None,
        begins=describing.begins_of(broadcast) if broadcast.state in (APPROVED, SCHEDULED) else "",
        ended=ended_of(broadcast, found) if broadcast.state == CANCELLED else "",
        chart=chart.chart_of(dots, expected),
    )


def expected_of(broadcast: Broadcast, found: Progress) -> int:
    """How many texts there are in all, those that are still to be made included."""
    return found.texts if broadcast.expanded_at else max(found.texts, broadcast.approved_count or 0)


def halted_of(broadcast: Broadcast, found: Progress) -> str:
    """In words: how many had gone when it was halted, and how many are held, made or not."""
    return describing.halted(found.gone, expected_of(broadcast, found) - _begun(found))


def ended_of(broadcast: Broadcast, found: Progress) -> str:
    """In words: how many of a cancelled one had gone, and how many were taken back, made or not."""
    expected = expected_of(broadcast, found)
    return describing.ended(found.gone, expected, expected - _begun(found))


def _begun(found: Progress) -> int:
    """Texts that left the queue by themselves."""
    return sum(number for state, number in found.states.items() if state not in NOT_BEGUN)


def _told(broadcast: Broadcast, found: Progress) -> dict[str, int]:
    """State → how many, in the order in which they are told. What waits goes by the state of the broadcast: from the
    moment of that on it is held, goes on or is withdrawn, whether or not the worker has come to each text."""
    states = dict(found.states)
    if broadcast.state in WAITING_IS:
        waiting = states.pop(QUEUED, 0) + states.pop(HALTED, 0)
        kind = WAITING_IS[broadcast.state]
        states[kind] = states.get(kind, 0) + waiting
    return {state: states[state] for state in progress.LEADING if states.get(state)}


def _seconds_left(found: Progress, waiting: int, rate: float | None, now: datetime) -> int | None:
    """By the pace of the last minutes, but never less than until the last text that waits falls due."""
    seconds = pace.seconds_left(waiting, rate)
    if not seconds or not found.last_due:
        return seconds
    return max(seconds, round((datetime.fromisoformat(found.last_due) - now).total_seconds()))


def _next_at(broadcast: Broadcast, now: datetime) -> datetime | None:
    """The earliest moment still to come of those that wait, by the index of causes."""
    # Not the plain column: through its index every waiting text would be read.
    waits = sa.func.coalesce(Message.state, "") == QUEUED
    query = sa.select(sa.func.min(Message.due_at)).where(Message.cause == broadcast.cause, waits)
    found = db.session.scalar(query)
    return found if found is not None and found > now else None


def _points(broadcast_id: int) -> Sequence[BroadcastPoint]:
    """Some of its points, evenly from the first to the newest, with all of the last minutes: for curve and rate."""
    moments = sa.select(BroadcastPoint.at).where(BroadcastPoint.broadcast_id == broadcast_id)
    known = db.session.scalars(moments.order_by(BroadcastPoint.at.desc()).limit(MOST_MOMENTS)).all()[::-1]
    if not known:
        return []
    some = {known[place] for place in chart.evenly(len(known))}
    # The one before the last minutes, too: the rate begins there.
    recent = next((place for place, at in enumerate(known) if at > known[-1] - pace.OVER), 0)
    some.add(known[max(0, recent - 1)])
    query = sa.select(BroadcastPoint).where(BroadcastPoint.broadcast_id == broadcast_id, BroadcastPoint.at.in_(some))
    return db.session.scalars(query.order_by(BroadcastPoint.at)).all()


def _dot(point: BroadcastPoint) -> chart.Dot:
    found = progress.read(point.facts)
    return chart.Dot(point.at, found.gone, found.states.get(DELIVERED, 0))
