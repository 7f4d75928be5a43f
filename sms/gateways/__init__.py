"""What the engine asks of whoever carries texts, and what it is told. One file a provider.

A gateway sends and looks up; one that is told news over HTTP is also `Webhooks` (forms) or `Events` (JSON), one
that must be asked for news is `Polled`. Gateways know no database of ours and are safe to use from many threads.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, Protocol, runtime_checkable

#: How far a text is known to have come. 'sent': the provider has it; only 'delivered' means a phone has it.
Status = Literal["sent", "delivered", "failed"]
#: Code of a text that was not sent in time. A gateway's own clean-up tells it too, with nobody alive behind it.
EXPIRED = "expired"
#: Code of a refusal: nobody was reached, so nothing was sent.
NO_CONNECTION = "no_connection"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One text to hand over. `reference` is ours, random, and rides in status callbacks; `to` is E.164.

    `valid_until`: it must not leave the phone, modem or provider later than that, by the clock of this machine; None:
    as long as the gateway thinks fit.
    """

    reference: str
    to: str
    body: str
    valid_until: datetime | None = None

    def seconds_left(self, at_most: float) -> float:
        """For which it may still be sent, from now."""
        if self.valid_until is None:
            return at_most
        return min(at_most, (self.valid_until - datetime.now(UTC)).total_seconds())


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider took the text. `price` in rupiah, if it said so."""

    provider_id: str
    segments: int | None = None
    price: int | None = None


@dataclass(frozen=True, slots=True)
class LookUp:
    """A text whose fate is unknown: what was handed over, and since when it could be with the provider.

    `taken`: provider ids that are known to belong to other texts of ours.
    """

    reference: str
    to: str
    body: str
    since: datetime
    taken: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Found:
    """What the provider knows of a text that was looked up. `code` says why it failed."""

    provider_id: str
    status: Status
    code: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """News of a text. `reference` is None where only the provider's id is known.

    `flag_number`: the number itself is bad and should not be texted again.
    """

    reference: str | None
    provider_id: str
    status: Status
    code: str = ""
    flag_number: bool = False


@dataclass(frozen=True, slots=True)
class GivenBack:
    """The gateway had taken this text and surely never sent it: it was taken out again untouched, and may go anew.

    `provider_id` is that of this one taking: if the text was taken again meanwhile, it means nothing.
    """

    reference: str
    provider_id: str


@dataclass(frozen=True, slots=True)
class IncomingText:
    """A text that somebody sent to us. `number` is as the provider spells it.

    `sent_at`: when the phone that received it, or its operator, says that it came: what a repeat under another id
    has in common with the first. None where the provider does not say.
    """

    provider_id: str
    number: str
    body: str
    sent_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """A sign of life of the phone or modem behind a gateway, with what it tells of itself.

    `device` is its own name. `battery` and `signal` are percent, None if unknown. `connection` is how it reaches the
    network ('wifi', 'cellular', 'ethernet', 'none'), '' if it does not say.
    """

    device: str = ""
    battery: int | None = None
    charging: bool | None = None
    signal: int | None = None
    connection: str = ""


News = Receipt | GivenBack | IncomingText | Heartbeat


class GatewayError(Exception):
    """The text was not taken; it is certain that it will not arrive from this attempt.

    `permanent`: trying again cannot help. `pause_route`: the account or its settings are at fault, not
    this text. `flag_number`: no such number. `retry_after`: seconds the provider asks to wait. Text and
    attributes hold the provider's code only, never number or words.
    """

    def __init__(
        self,
        permanent: bool,
        code: str,
        *,
        pause_route: bool = False,
        flag_number: bool = False,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(f"the gateway refused with code {code}")
        self.permanent = permanent
        self.code = code
        self.pause_route = pause_route
        self.flag_number = flag_number
        self.retry_after = retry_after


class Uncertain(Exception):
    """The answer was lost: the provider may have taken the text. Look it up; never just send it again."""

    def __init__(self, code: str) -> None:
        super().__init__(f"the gateway's answer was lost: {code}")
        self.code = code


class BadCallback(ValueError):
    """A callback lacks what its provider always sends; the text names the missing field."""


class Headers(Protocol):
    """Headers of an HTTP request, found in any case of letters."""

    def get(self, name: str, default: str, /) -> str: ...


class Gateway(Protocol):
    """Carries texts."""

    @property
    def name(self) -> str: ...

    @property
    def can_receive(self) -> bool:
        """Can people answer to the sender of these texts, or do they need the reply number?"""

    def send(self, text: Outgoing) -> Accepted:
        """Hand over one text. Raises GatewayError or Uncertain."""

    def look_up(self, text: LookUp) -> Found | None:
        """What became of a text; None if the provider never got it. Raises GatewayError if it cannot tell now."""


@runtime_checkable
class Webhooks(Protocol):
    """Is told news by HTTP. `form` is a multi-dict of the posted fields."""

    def verify(self, url: str, form: Mapping[str, str], headers: Headers) -> bool:
        """Did the provider itself send this to `url`, the public address?"""

    def parse_receipt(self, form: Mapping[str, str]) -> Receipt:
        """Raises BadCallback."""

    def parse_incoming(self, form: Mapping[str, str]) -> IncomingText:
        """Raises BadCallback."""


@runtime_checkable
class Events(Protocol):
    """Is told news by HTTP, as JSON."""

    def verify_event(self, body: bytes, headers: Headers, now: datetime) -> bool:
        """Did the provider itself send these bytes, just before `now`? What is old is refused: it may be a replay."""

    def parse_event(self, body: bytes) -> list[News]:
        """Raises BadCallback. An event that means nothing to us gives []."""


@runtime_checkable
class Polled(Protocol):
    """Must be asked for news, and tells it again and again until it hears that it was stored."""

    def poll(self, now: datetime) -> list[News]:
        """What was not acknowledged yet, the oldest first; not everything at once. `now` is the machine's time."""

    def acknowledge(self, news: Sequence[News]) -> None:
        """These, of the last poll, were stored: never tell them again. Of others nothing happens."""


@runtime_checkable
class Maintained(Protocol):
    """Needs looking after, once an hour and when work begins: copies of texts removed, a phone told where to post."""

    def maintain(self) -> None:
        """Doing it again changes nothing. Raises GatewayError."""
