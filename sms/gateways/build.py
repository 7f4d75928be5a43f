"""From the name in the settings to the gateway itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from sms.gateways import Gateway


def build(name: str, options: Mapping[str, Any]) -> Gateway:
    """The gateway called `name`. `options` hold at least what its constructor needs; the rest is ignored.

    simulator: file. twilio: account_sid, auth_token, sender or messaging_service_sid, public_url, base_url,
    in_flight. Raises KeyError for an unknown name.
    """
    return BUILDERS[name](options)


def _simulator(options: Mapping[str, Any]) -> Gateway:
    from sms.gateways.simulator import Simulator

    return Simulator(Path(options["file"]))


def _twilio(options: Mapping[str, Any]) -> Gateway:
    # Imported only where it is used: the library alone takes longer to load than the rest of the worker.
    from sms.gateways.twilio import Twilio

    names = ("account_sid", "auth_token", "sender", "messaging_service_sid", "public_url", "base_url", "in_flight")
    return Twilio(**{name: options[name] for name in names})


BUILDERS: dict[str, Callable[[Mapping[str, Any]], Gateway]] = {"simulator": _simulator, "twilio": _twilio}
