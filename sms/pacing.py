"""How fast and how often: messages a second of a route, and the waits between attempts. Pure but for the clock."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable
from dataclasses import dataclass

#: A route that paused may catch up so many seconds of its rate at once; a slow one a single text.
BURST_SECONDS = 0.1


class TokenBucket:
    """Lets `rate` texts a second begin, fractions included: 0.2 is one every five seconds, inf is no limit.

    For one thread. Starts with room for a single text, so that many short runs are not faster than one long.
    """

    def __init__(self, rate: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._rate = rate
        self._tokens = 1.0
        self._filled_at = clock()

    @property
    def rate(self) -> float:
        return self._rate

    @rate.setter
    def rate(self, rate: float) -> None:
        self._fill()
        self._rate = rate

    def take(self, wanted: int) -> int:
        """How many of `wanted` may begin now."""
        if math.isinf(self._rate):
            return wanted
        self._fill()
        taken = min(wanted, int(self._tokens))
        self._tokens -= taken
        return taken

    def wait(self) -> float:
        """Seconds until the next text may begin."""
        if math.isinf(self._rate):
            return 0.0
        self._fill()
        return max(0.0, (1 - self._tokens) / self._rate)

    def _fill(self) -> None:
        now = self._clock()
        if not math.isinf(self._rate):
            most = max(1.0, self._rate * BURST_SECONDS)
            self._tokens = min(most, self._tokens + (now - self._filled_at) * self._rate)
        self._filled_at = now


@dataclass(frozen=True, slots=True)
class Backoff:
    """Waits that double, with full jitter: any time between now and the limit, so that crowds spread out."""

    first: float = 60.0
    longest: float = 3600.0

    def seconds(self, attempt: int, at_least: float = 0.0) -> float:
        """After this attempt (from 1). `at_least` is what the provider asked for."""
        limit = min(self.longest, self.first * 2.0 ** min(attempt - 1, 30))
        return max(at_least, random.uniform(0, limit))


@dataclass(frozen=True, slots=True)
class Asking:
    """When to ask about an unknown text again: half its age, so the older it gets the rarer."""

    soonest: float
    rarest: float = 6 * 3600.0

    def seconds(self, age: float) -> float:
        return min(self.rarest, max(self.soonest, age / 2))
