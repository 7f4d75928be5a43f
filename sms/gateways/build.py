"""From the name in the settings to the gateway itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from sms.gateways import Gateway


def build(name: str, options: Mapping[str, Any]) -> Gateway:
    """The gateway called `name`. `options` hold at least what its constructor needs; the rest is ignored.

    simulator: file.
    twilio: account_sid, auth_token, sender or messaging_service_sid, public_url, base_url, in_flight.
    android: base_url, user, password (from the app's Home tab); signing_key (the app's Settings, Webhooks), without
    which nothing that it posts is believed; if need be events_url, device_id, sim (1 to 3), in_flight.
    gammu: database, 'sqlite:////absolute/path' or 'postgresql://…', the one of a running gammu-smsd.
    All but the simulator also take a `name`, by which the store tells two phones apart; without it their own.
    Raises KeyError for an unknown name or a missing option.
    """
    return BUILDERS[name](options)


def _simulator(options: Mapping[str, Any]) -> Gateway:
    from sms.gateways.simulator import Simulator

    return Simulator(Path(options["file"]))


def _twilio(options: Mapping[str, Any]) -> Gateway:
    # Imported only where it is used: the library alone takes longer to load than the rest of the worker.
    from sms.gateways.twilio import Twilio

    names = ("account_sid", "auth_token", "sender", "messaging_service_sid", "public_url", "base_url", "in_flight")
    return Twilio(**{name: options[name] for name in names}, name=options.get("name") or "twilio")


def _android(options: Mapping[str, Any]) -> Gateway:
    from sms.gateways.android import Android

    needed = {name: options[name] for name in ("base_url", "user", "password")}
    known = ("signing_key", "events_url", "device_id", "in_flight", "name")
    others = {name: options[name] for name in known if options.get(name)}
    return Android(**needed, **others, sim=int(options["sim"]) if options.get("sim") else None)


def _gammu(options: Mapping[str, Any]) -> Gateway:
    from sms.gateways.gammu import Gammu

    return Gammu(options["database"], **({"name": options["name"]} if options.get("name") else {}))


BUILDERS: dict[str, Callable[[Mapping[str, Any]], Gateway]] = {
    "simulator": _simulator,
    "twilio": _twilio,
    "android": _android,
    "gammu": _gammu,
}
