"""How fast the texts of a broadcast go out, and how long the rest takes. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

#: The rate is that of the last minutes, so that a halt is seen soon and one slow answer is not taken for one.
OVER = timedelta(minutes=5)
#: Of less time nothing is said.
LEAST = timedelta(seconds=15)


def per_minute(points: Sequence[tuple[datetime, int]], now: datetime) -> float | None:
    """Texts a minute. `points`: when so many had gone, in the order of time; None: it is too early to say.

    A point is only kept when something has changed, so time without one counts as time in which nothing went.
    """
    if not points:
        return None
    since = now - OVER
    before = [point for point in points if point[0] <= since]
    begun, gone = before[-1] if before else points[0]
    span = min(now - begun, OVER)
    if span < LEAST:
        return None
    return max(0, points[-1][1] - gone) / (span.total_seconds() / 60)


def seconds_left(waiting: int, rate: float | None) -> int | None:
    """None: nobody can say, because nothing goes out now."""
    if not waiting:
        return 0
    return round(waiting / rate * 60) if rate else None
