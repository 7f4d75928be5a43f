"""The course of a broadcast for its page: how far it is, how fast it goes, what failed and what it costs so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from sms.states import DELIVERED
from webapp.broadcasts import chart, describing, forecast, pace, progress, words
from webapp.broadcasts.advice import advice
from webapp.broadcasts.model import Broadcast, BroadcastPoint
from webapp.broadcasts.progress import Progress
from webapp.broadcasts.states import RESERVING, SENDING
from webapp.db import db
from webapp.outbox.reasons import sentence

#: Moments of one curve that are read, the newest: of these the picture shows some.
MOST_MOMENTS = 20_000


@dataclass(frozen=True)
class Failure:
    """Why some did not get it, how many, and what can be done."""

    why: Any
    number: int
    what_to_do: Any


@dataclass(frozen=True)
class Course:
    """`expected`: texts in all, those to be made included. `rate`: texts a minute. `left`: in words, '' if unknown."""

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
    chart: chart.Chart | None

    @property
    def percent(self) -> int:
        """Never 100 before the last one."""
        return self.found.settled * 100 // self.expected if self.expected else 0


def course_of(broadcast: Broadcast, now: datetime) -> Course:
    points = _points(broadcast.id)
    newest = points[-1] if points else None
    found = progress.read(newest.facts) if newest else Progress()
    expected = found.texts if broadcast.expanded_at else max(found.texts, broadcast.approved_count or 0)
    dots = [_dot(point) for point in points]
    rate = pace.per_minute([(dot.at, dot.gone) for dot in dots], now) if broadcast.state == SENDING else None
    left = pace.seconds_left(expected - found.settled, rate)
    return Course(
        found=found,
        counted_at=newest.at if newest else None,
        expected=expected,
        foretold_rupiah=forecast.read(broadcast.forecast).rupiah,
        states=[(words.PROGRESS[state], found.states[state]) for state in progress.LEADING if found.states.get(state)],
        failures=[Failure(sentence(code), number, advice(code)) for code, number in found.reasons.items()],
        is_live=broadcast.state in RESERVING,
        is_sending=broadcast.state == SENDING,
        rate=rate,
        left=describing.duration(left) if left else "",
        chart=chart.chart_of(dots, expected),
    )


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
