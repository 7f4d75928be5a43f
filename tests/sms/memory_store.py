"""An outbox in a list, for tests of the engine, and a gateway that does what a test tells it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sms.gateways import Accepted, Found, GivenBack, LookUp, Outgoing, Receipt
from sms.outbox import Beat, Claim, Doubt, Handover, Outcome, Pause, StoreUnavailable

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


def now() -> datetime:
    return NOW


@dataclass
class MemoryStore:
    """Keeps what the engine told it. `due` are texts that may be claimed, `doubts` those that may be asked about."""

    due: list[Handover] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    receipts: list[Receipt] = field(default_factory=list)
    given_back: list[GivenBack] = field(default_factory=list)
    pauses: list[Pause] = field(default_factory=list)
    claims: list[int] = field(default_factory=list)
    workers: int = 1
    paused: Pause = field(default_factory=lambda: Pause(0))
    paused_at: float = field(default_factory=time.monotonic)
    left: bool = False
    #: Names of calls that fail, each as often as it is listed.
    failing: list[str] = field(default_factory=list)

    def claim_due(self, limit: int, now: datetime) -> Claim:
        self._fail("claim_due")
        batch, self.due = self.due[:limit], self.due[limit:]
        self.claims.append(limit)
        return Claim(batch, len(batch))

    def settle(self, outcomes: Sequence[Outcome], now: datetime) -> int:
        self._fail("settle")
        self.outcomes += outcomes
        return len(outcomes)

    def mark_cut_off(self, ask_in: float, now: datetime) -> int:
        return 0

    def claim_doubts(self, limit: int, now: datetime) -> Sequence[Doubt]:
        batch, self.doubts = self.doubts[:limit], self.doubts[limit:]
        return batch

    def receive(self, receipts: Sequence[Receipt], now: datetime) -> int:
        self._fail("receive")
        self.receipts += receipts
        return len(receipts)

    def take_back(self, given: Sequence[GivenBack], now: datetime) -> int:
        self.given_back += given
        return len(given)

    def pause(self, pause: Pause) -> None:
        self.pauses.append(pause)
        self.paused, self.paused_at = pause, time.monotonic()

    def beat(self, handed_over: int) -> Beat:
        left = self.paused.seconds - (time.monotonic() - self.paused_at)
        return Beat(self.workers, Pause(max(0.0, left), self.paused.reason))

    def leave(self, handed_over: int) -> None:
        self.left = True

    def of(self, kind: type) -> list[Any]:
        return [outcome for outcome in self.outcomes if isinstance(outcome, kind)]

    def _fail(self, call: str) -> None:
        if call in self.failing:
            self.failing.remove(call)
            raise StoreUnavailable


@dataclass
class ToldGateway:
    """Answers each text with `answer`, which may raise, after `seconds`."""

    answer: Callable[[Outgoing], Accepted] = lambda text: Accepted(f"P-{text.reference}")
    know: Callable[[LookUp], Found | None] = lambda _: None
    seconds: float = 0.0
    sent: list[str] = field(default_factory=list)
    most_at_once: int = 0
    name: str = "told"
    can_receive: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _now: int = 0

    def send(self, text: Outgoing) -> Accepted:
        with self._lock:
            self.sent.append(text.reference)
            self._now += 1
            self.most_at_once = max(self.most_at_once, self._now)
        try:
            time.sleep(self.seconds)
            return self.answer(text)
        finally:
            with self._lock:
                self._now -= 1

    def look_up(self, text: LookUp) -> Found | None:
        return self.know(text)


def texts(count: int, attempt: int = 1) -> list[Handover]:
    return [Handover(n, Outgoing(f"r{n}", f"+628{n:09d}", "Halo"), attempt) for n in range(count)]


def doubt(n: int, attempt: int = 1, age: float = 100) -> Doubt:
    return Doubt(n, LookUp(f"r{n}", "+628", "Halo", NOW), attempt, age)
