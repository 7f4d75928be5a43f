"""Asking a gateway that cannot call us: its news is stored, and only then acknowledged.

Whatever is cut off in between is told again by the gateway, and a repeat changes nothing in the store. The
conductor of dispatch.py owns the listener; lanes make the calls.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from sms.gateways import Gateway, GivenBack, Heartbeat, IncomingText, Maintained, News, Polled, Receipt
from sms.outbox import Store, StoreUnavailable

log = logging.getLogger(__name__)

#: What is told besides receipts.
Heard = IncomingText | Heartbeat
Hear = Callable[[Sequence[Heard]], None]

#: Seconds between two looks after the gateway itself.
MAINTAIN_EVERY = 3600.0


@dataclass(frozen=True, slots=True)
class Told:
    """What the gateway told when it was asked."""

    news: Sequence[News]


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """A call that tells nothing new: the gateway knows that its news was stored, or will tell it again."""


Answer = Told | Acknowledged


class Listener:
    """Asks every so many seconds, never twice at once; a gateway that calls us is only looked after."""

    def __init__(self, gateway: Gateway, store: Store, hear: Hear, every: float, clock: Callable[[], float]) -> None:
        self._gateway = gateway if isinstance(gateway, Polled) else None
        self._maintained = gateway if isinstance(gateway, Maintained) else None
        self._store, self._hear, self._every, self._clock = store, hear, every, clock
        self._told: list[Told] = []
        self._is_asking = False
        self._ask_at = self._maintain_at = 0.0

    @property
    def is_busy(self) -> bool:
        """Is there news that is not stored?"""
        return bool(self._told)

    def questions(self) -> Iterator[Callable[[], Answer]]:
        """The call to make now, if any."""
        if self._is_asking:
            return
        if self._gateway is not None and self._clock() >= self._ask_at:
            self._is_asking, self._ask_at = True, self._clock() + self._every
            yield partial(_poll, self._gateway)
        elif self._maintained is not None and self._clock() >= self._maintain_at:
            self._is_asking, self._maintain_at = True, self._clock() + MAINTAIN_EVERY
            yield partial(_maintain, self._maintained)

    def take(self, answer: Answer) -> None:
        self._is_asking = False
        if isinstance(answer, Told) and answer.news:
            self._told.append(answer)

    def store(self, now: datetime) -> Iterator[Callable[[], Acknowledged]]:
        """Store what was told. The calls that acknowledge it. Raises StoreUnavailable."""
        while self._told:
            news = self._told.pop().news
            stored = self._stored([one for one in news if isinstance(one, Receipt)], now)
            stored += self._taken_back([one for one in news if isinstance(one, GivenBack)], now)
            stored += self._heard([one for one in news if isinstance(one, IncomingText | Heartbeat)])
            if stored and self._gateway:
                self._is_asking = True
                yield partial(_acknowledge, self._gateway, stored)

    def _stored(self, receipts: list[Receipt], now: datetime) -> list[News]:
        if receipts:
            self._store.receive(receipts, now)
        return [*receipts]

    def _taken_back(self, given: list[GivenBack], now: datetime) -> list[News]:
        if given:
            self._store.take_back(given, now)
        return [*given]

    def _heard(self, news: list[Heard]) -> list[News]:
        try:
            if news:
                self._hear(news)
        except StoreUnavailable:
            raise
        except Exception as error:
            log.error("news could not be stored", extra={"error": type(error).__name__, "news": len(news)})
            return []
        return [*news]


def _poll(gateway: Polled) -> Told:
    try:
        return Told(gateway.poll(datetime.now(UTC)))
    except Exception as error:
        log.warning("gateway cannot be polled", extra={"error": type(error).__name__})
        return Told(())


def _maintain(gateway: Maintained) -> Acknowledged:
    try:
        gateway.maintain()
    except Exception as error:
        log.warning("gateway could not be looked after", extra={"error": type(error).__name__})
    return Acknowledged()


def _acknowledge(gateway: Polled, news: Sequence[News]) -> Acknowledged:
    try:
        gateway.acknowledge(news)
    except Exception as error:
        log.warning("news could not be acknowledged", extra={"error": type(error).__name__})
    return Acknowledged()
