"""What the engine (dispatch.py) needs of an outbox. webapp/outbox/store.py keeps it in SQL; it knows no database.

A text that was claimed is *leased*: for so many seconds it belongs to one worker, in the state 'sending',
which is stored before the provider is called. Who has the lease decides what becomes of the text; what the
provider said is a fact and needs no lease (states.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from sms.gateways import GivenBack, LookUp, Outgoing, Receipt


class StoreUnavailable(Exception):
    """The store cannot be reached now; nothing of the call was kept. The engine waits and tries again."""


@dataclass(frozen=True, slots=True)
class Handover:
    """One text that this worker may hand over while its lease lasts."""

    id: int
    outgoing: Outgoing
    #: Which attempt this is, from 1.
    attempt: int


@dataclass(frozen=True, slots=True)
class Claim:
    """What one look for due texts found. Fewer `handovers` than `examined` were due but may not be sent now."""

    handovers: Sequence[Handover] = ()
    examined: int = 0


@dataclass(frozen=True, slots=True)
class Doubt:
    """A text of which nobody knows whether the provider took it. To be asked, never to be sent again blindly."""

    id: int
    question: LookUp
    attempt: int
    #: Seconds since it was handed over.
    age: float


@dataclass(frozen=True, slots=True)
class Taken:
    """Fact: the provider took it."""

    id: int
    provider_id: str
    segments: int | None = None
    price: int | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """Fact, learnt by asking: the provider has it, in one of states.FACTS."""

    id: int
    state: str
    provider_id: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Later:
    """Decision: not taken now; try again in so many seconds. `code` is the provider's."""

    id: int
    seconds: float
    code: str


@dataclass(frozen=True, slots=True)
class Failed:
    """Decision: never to be tried again. `reason` is ours ('rejected', 'gave_up'), `code` the provider's."""

    id: int
    reason: str
    code: str
    #: The provider says there is no such number.
    dead_number: bool = False


@dataclass(frozen=True, slots=True)
class Released:
    """Decision: it was not handed over, so it waits again and the attempt does not count."""

    id: int


@dataclass(frozen=True, slots=True)
class NotTaken:
    """Decision: the provider surely does not have it, so it waits again."""

    id: int


@dataclass(frozen=True, slots=True)
class Unsure:
    """Decision: nobody knows whether the provider took it. Ask in so many seconds. `reason` is ours."""

    id: int
    seconds: float
    reason: str


Outcome = Taken | Known | Later | Failed | Released | NotTaken | Unsure


@dataclass(frozen=True, slots=True)
class Pause:
    """The route is closed for so many seconds because of an account fault or an unreachable provider."""

    seconds: float
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Beat:
    """What a worker learns when it gives a sign of life."""

    #: Live workers on this route, itself included: they share its messages a second.
    workers: int = 1
    pause: Pause = field(default_factory=lambda: Pause(0))


class Store(Protocol):
    """One worker's view of the outbox. Each call is one transaction. Raises StoreUnavailable.

    `now` is the programme's time, by which texts are due. Leases run on the store's own clock.
    """

    def claim_due(self, limit: int, now: datetime) -> Claim:
        """Lease up to `limit` due texts that may be sent now; suppress, expire or put off the others."""
        ...

    def settle(self, outcomes: Sequence[Outcome], now: datetime) -> int:
        """Store what came out. Returns how many moved; the others were no longer this worker's to decide."""
        ...

    def mark_cut_off(self, ask_in: float, now: datetime) -> int:
        """Turn texts whose lease ran out 'unknown', to be asked about in so many seconds. Returns how many."""
        ...

    def claim_doubts(self, limit: int, now: datetime) -> Sequence[Doubt]:
        """Lease up to `limit` unknown texts of this route whose time to ask has come."""
        ...

    def receive(self, receipts: Sequence[Receipt], now: datetime) -> int:
        """Take facts that the provider told by itself. Returns how many said something new."""
        ...

    def take_back(self, given: Sequence[GivenBack], now: datetime) -> int:
        """Texts that the gateway had and surely never sent wait again, or fail if their time is over. How many moved.

        A gateway that gives texts back does not send: the route rests.
        """
        ...

    def pause(self, pause: Pause) -> None:
        """Close the route, for all of its workers."""
        ...

    def beat(self, handed_over: int) -> Beat:
        """A sign of life, and how many texts this worker handed over since it began."""
        ...

    def leave(self, handed_over: int) -> None:
        """This worker has finished."""
        ...
