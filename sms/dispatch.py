"""The engine: claim → send side by side → settle in batches → repair. Knows no database and no framework.

One thread conducts and alone talks to the store; lanes (lanes.py) only call the provider. What keeps a text
from being sent twice: 'sending' is stored before the call; a text whose lease has too little left for one
call is given back; whatever was cut off becomes 'unknown' and is asked about, not sent again.
"""

from __future__ import annotations

import logging
import math
import time
from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from threading import Event

from sms.gateways import NO_CONNECTION, Gateway
from sms.handover import Closed, Limits, ask, hand_over
from sms.lanes import Lanes
from sms.listening import Acknowledged, Answer, Hear, Heard, Listener, Told
from sms.outbox import (
    Failed,
    Handover,
    Later,
    NotTaken,
    Outcome,
    Pause,
    Released,
    Store,
    StoreUnavailable,
    Taken,
    Unsure,
)
from sms.pacing import TokenBucket

log = logging.getLogger(__name__)

#: While calls are under way the conductor looks at least so often; at rest it hears a stop as fast.
TICK, LONGEST_REST = 0.02, 0.25
#: What came out waits at the most so long for company before it is stored.
SETTLE_SECONDS = 0.1
#: Texts are claimed only for so many seconds ahead: a STOP that comes later does not reach them.
AHEAD_SECONDS = 1.0
STORE_RETRY_SECONDS = 2.0

Result = Outcome | Answer


def hears_nothing(_news: Sequence[Heard]) -> None:
    """For gateways that tell nothing but receipts."""


class Dispatcher:
    """One worker on one route. `run` blocks until `stop` is called, from a signal handler or another thread."""

    def __init__(
        self,
        gateway: Gateway,
        store: Store,
        limits: Limits,
        now: Callable[[], datetime],
        chores: Callable[[], int] = lambda: 0,
        clock: Callable[[], float] = time.monotonic,
        hear: Hear = hears_nothing,
    ) -> None:
        """`now` is the programme's time, `clock` the seconds of a clock that is never put back.

        `chores` is called at each round of repair, and returns how many things it did. `hear` stores what a gateway
        that must be asked was told besides receipts; if it raises, the same is told again later.
        """
        self._gateway, self._store, self._limits = gateway, store, limits
        self._now, self._chores, self._clock = now, chores, clock
        self._happened = Event()
        self._lanes: Lanes[Result] = Lanes(limits.in_flight, self._happened)
        self._bucket = TokenBucket(limits.per_second, clock)
        #: Claimed, with the moment after which they must not be handed over any more.
        self._waiting: deque[tuple[Handover, float]] = deque()
        self._outcomes: list[Outcome] = []
        self._listener = Listener(gateway, store, hear, limits.poll, clock)
        self._route = _Route(limits, clock)
        self._stopping = False
        self._look_at = self._settled_at = self._repair_at = self._beat_at = 0.0
        self.handed_over = 0

    def stop(self) -> None:
        """Finish what is under way, give the rest back, and return from `run`. Only sets a flag."""
        self._stopping = True

    def run(self, once: bool = False) -> None:
        """Send what is due until stopped; `once`: until nothing is due any more."""
        with self._lanes:
            while not self._stopping:
                self._turn()
                if once and self._is_drained():
                    break
                self._rest()
            self._wind_down()

    def _turn(self) -> None:
        self._collect()
        try:
            self._settle()
            self._give_sign_of_life()
            self._repair()
            self._claim()
        except StoreUnavailable:
            log.warning("store unavailable", extra={"unsettled": len(self._outcomes)})
            self._happened.wait(STORE_RETRY_SECONDS)
        self._feed()
        self._lanes.put(self._listener.questions())

    def _collect(self) -> None:
        for result in self._lanes.take():
            if isinstance(result, Told | Acknowledged):
                self._listener.take(result)
                continue
            self._outcomes.append(result)
            if isinstance(result, Taken):
                self.handed_over += 1
                self._route.works()
            elif isinstance(result, Later | Unsure):
                self._route.fails(isinstance(result, Later) and result.code == NO_CONNECTION)
            elif isinstance(result, Failed):
                self._route.works()

    def _settle(self, everything: bool = False) -> None:
        if pause := self._route.to_announce:
            self._store.pause(pause)
            self._route.to_announce = None
        self._lanes.put(self._listener.store(self._now()))
        if self._outcomes and (everything or self._is_worth_settling()):
            moved = self._store.settle(self._outcomes, self._now())
            self._tell(moved)
            if any(isinstance(outcome, NotTaken) for outcome in self._outcomes):
                self._look_at = 0.0
            self._outcomes, self._settled_at = [], self._clock()

    def _is_worth_settling(self) -> bool:
        if len(self._outcomes) >= self._limits.batch or not self._lanes.unfinished:
            return True
        return self._clock() - self._settled_at > SETTLE_SECONDS

    def _tell(self, moved: int) -> None:
        for outcome in self._outcomes:
            if isinstance(outcome, Failed):
                facts = {"message_id": outcome.id, "reason": outcome.reason, "code": outcome.code}
                log.info("text failed", extra=facts)
        if moved < len(self._outcomes):
            log.warning("settled too late", extra={"texts": len(self._outcomes) - moved})

    def _give_sign_of_life(self) -> None:
        if self._clock() < self._beat_at:
            return
        beat = self._store.beat(self.handed_over)
        self._beat_at = self._clock() + self._limits.beat
        self._bucket.rate = self._limits.per_second / max(1, beat.workers)
        self._route.hears(beat.pause)

    def _repair(self) -> None:
        if self._clock() < self._repair_at:
            return
        cut_off = self._store.mark_cut_off(self._limits.ask_after, self._now())
        if cut_off:
            log.warning("texts were cut off", extra={"texts": cut_off})
        if not self._route.is_closed:
            doubts = self._store.claim_doubts(self._limits.batch, self._now())
            self._lanes.put(partial(ask, self._gateway, doubt, self._limits) for doubt in doubts)
        if self._chores():
            self._look_at = 0.0
        self._repair_at = self._clock() + self._limits.repair

    def _claim(self) -> None:
        limit = self._claim_size()
        if self._route.is_closed or self._clock() < self._look_at or not limit:
            return
        good_until = self._clock() + self._limits.lease - self._limits.provider
        claim = self._store.claim_due(limit, self._now())
        self._waiting.extend((handover, good_until) for handover in claim.handovers)
        self._look_at = self._clock() + self._limits.idle if claim.examined < limit else 0.0

    def _claim_size(self) -> int:
        """As many as can begin within the next second, once the lanes are about to run dry."""
        if len(self._waiting) + self._lanes.waiting >= self._limits.in_flight:
            return 0
        if self._route.on_trial:
            return 0 if self._lanes.unfinished or self._waiting else 1
        if math.isinf(self._bucket.rate):
            return self._limits.batch
        soon = max(1, math.ceil(self._bucket.rate * AHEAD_SECONDS)) - len(self._waiting)
        return min(self._limits.batch, soon) if self._bucket.wait() <= AHEAD_SECONDS else 0

    def _feed(self) -> None:
        may_begin = self._bucket.take(len(self._waiting)) if self._waiting else 0
        batch = [self._waiting.popleft() for _ in range(may_begin)]
        self._lanes.put(partial(self._hand_over, handover, good_until) for handover, good_until in batch)

    def _hand_over(self, handover: Handover, good_until: float) -> Outcome:
        """In a lane. The last look before the call."""
        is_late = handover.outgoing.seconds_left(math.inf) <= 0
        if self._stopping or self._clock() >= good_until or self._route.is_closed or is_late:
            return Released(handover.id)
        outcome = hand_over(self._gateway, handover, self._limits)
        if isinstance(outcome, Closed):
            self._route.close(Pause(self._limits.pause, outcome.code))
            return Released(handover.id)
        return outcome

    def _is_drained(self) -> bool:
        busy = self._waiting or self._lanes.unfinished or self._outcomes or self._listener.is_busy
        return not busy and (self._route.is_closed or self._clock() < self._look_at)

    def _rest(self) -> None:
        """Until a lane runs dry or something is due."""
        rest = TICK
        if not (self._waiting or self._lanes.unfinished or self._outcomes):
            due = min(self._beat_at, self._repair_at, self._beat_at if self._route.is_closed else self._look_at)
            rest = max(TICK, min(LONGEST_REST, due - self._clock()))
        self._happened.wait(rest)
        self._happened.clear()

    def _wind_down(self) -> None:
        """Give back what has not begun; wait for calls under way, at the most as long as one may last."""
        self._stopping = True
        self._outcomes += [Released(handover.id) for handover, _ in self._waiting]
        self._waiting.clear()
        give_up_at = self._clock() + self._limits.provider + STORE_RETRY_SECONDS
        while not self._is_wound_down() and self._clock() < give_up_at:
            self._happened.wait(TICK)
        if self._lanes.unfinished or self._outcomes:
            log.warning("stopped with texts under way", extra={"texts": self._lanes.unfinished + len(self._outcomes)})

    def _is_wound_down(self) -> bool:
        self._collect()
        try:
            self._settle(everything=True)
            if not self._lanes.unfinished:
                self._store.leave(self.handed_over)
                return True
        except StoreUnavailable:
            log.warning("store unavailable", extra={"unsettled": len(self._outcomes)})
        return False


class _Route:
    """Is the provider open to us? Lanes close it at once, so that no other lane runs into the same wall.

    After a pause it is on trial: one text at a time, until one is taken.
    """

    def __init__(self, limits: Limits, clock: Callable[[], float]) -> None:
        self._limits, self._clock = limits, clock
        self._closed_until = 0.0
        self._failures = self._unreached = 0
        self.on_trial = False
        #: A pause that the store does not know yet.
        self.to_announce: Pause | None = None

    @property
    def is_closed(self) -> bool:
        return self._clock() < self._closed_until

    def close(self, pause: Pause) -> None:
        if self.is_closed:
            return
        self._closed_until = self._clock() + pause.seconds
        self._failures = self._unreached = 0
        self.on_trial, self.to_announce = True, pause
        log.warning("route paused", extra={"reason": pause.reason, "seconds": pause.seconds})

    def works(self) -> None:
        self._failures = self._unreached = 0
        self.on_trial = False

    def fails(self, unreached: bool) -> None:
        """A provider that takes nothing at all is left alone for a while, so that attempts are not used up.

        `unreached`: there was not even a connection.
        """
        self._failures += 1
        self._unreached = self._unreached + 1 if unreached else 0
        is_away = self._unreached >= self._limits.unreached
        if self._failures >= self._limits.trouble or is_away or self.on_trial:
            self.close(Pause(self._limits.rest, "unreachable"))

    def hears(self, pause: Pause) -> None:
        """Another worker closed the route, or a person opened it."""
        if self.to_announce is None:
            self._closed_until = self._clock() + pause.seconds
            self.on_trial = self.on_trial or pause.seconds > 0
