"""What happens in a lane: one call to the provider, and what its answer or silence means. No database."""

from __future__ import annotations

import logging
import math
from dataclasses import dataclass, field

from sms.gateways import NO_CONNECTION, Gateway, GatewayError, Uncertain
from sms.outbox import Doubt, Failed, Handover, Known, Later, NotTaken, Outcome, Taken, Unsure
from sms.pacing import Asking, Backoff

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Limits:
    """What an installation decides about its route. Times in seconds."""

    in_flight: int = 16
    per_second: float = math.inf
    batch: int = 200
    lease: float = 120.0
    #: The longest that one call to the provider lasts. No text is handed over with less left of its lease.
    provider: float = 30.0
    attempts: int = 8
    #: How long after a cut-off or a lost answer the provider is asked: its own list may lag behind.
    ask_after: float = 60.0
    #: How long a route stays closed after an account fault, and after a provider could not be reached.
    pause: float = 900.0
    rest: float = 60.0
    #: So many texts in a row that were not taken: the provider cannot be reached.
    trouble: int = 20
    #: So many in a row for which not even a connection came about; and how soon such a text is tried again at the
    #: latest, by this route or by the one that takes over.
    unreached: int = 20
    unreached_wait: float = math.inf
    idle: float = 1.0
    repair: float = 5.0
    beat: float = 5.0
    poll: float = 2.0
    backoff: Backoff = field(default_factory=Backoff)

    def __post_init__(self) -> None:
        if self.lease <= self.provider:
            raise ValueError(f"a lease of {self.lease:g} s ends before a call of {self.provider:g} s does")

    @property
    def asking(self) -> Asking:
        return Asking(soonest=self.ask_after)


@dataclass(frozen=True, slots=True)
class Closed:
    """The text was refused for a fault of the account: it waits, and the route must be closed."""

    id: int
    code: str


def hand_over(gateway: Gateway, handover: Handover, limits: Limits) -> Outcome | Closed:
    """Give one text to the provider. Never raises: what cannot be told is Unsure."""
    try:
        accepted = gateway.send(handover.outgoing)
    except GatewayError as error:
        return _refused(handover, error, limits)
    except Uncertain:
        return Unsure(handover.id, limits.ask_after, "answer_lost")
    except Exception as error:
        # A fault of ours or of a library: it may have happened after the provider took the text.
        log.error("gateway fault", extra={"message_id": handover.id, "error": type(error).__name__})
        return Unsure(handover.id, limits.ask_after, "answer_lost")
    return Taken(handover.id, accepted.provider_id, accepted.segments, accepted.price)


def ask(gateway: Gateway, doubt: Doubt, limits: Limits) -> Outcome:
    """Ask the provider whether it has a text. Never raises: no answer leaves the text unknown."""
    try:
        found = gateway.look_up(doubt.question)
    except Exception as error:
        log.info("provider cannot tell", extra={"message_id": doubt.id, "error": type(error).__name__})
        return Unsure(doubt.id, limits.asking.seconds(doubt.age), "cannot_tell")
    if found is not None:
        return Known(doubt.id, found.status, found.provider_id, found.code)
    if doubt.attempt >= limits.attempts:
        return Failed(doubt.id, "gave_up", "")
    return NotTaken(doubt.id)


def _refused(handover: Handover, error: GatewayError, limits: Limits) -> Outcome | Closed:
    if error.pause_route:
        return Closed(handover.id, error.code)
    if error.permanent:
        return Failed(handover.id, "rejected", error.code, dead_number=error.flag_number)
    if handover.attempt >= limits.attempts:
        return Failed(handover.id, "gave_up", error.code)
    wait = limits.backoff.seconds(handover.attempt, error.retry_after or 0.0)
    return Later(handover.id, min(wait, limits.unreached_wait) if error.code == NO_CONNECTION else wait, error.code)
