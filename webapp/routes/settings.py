"""What each kind of gateway needs to know. Kept sealed; what is secret is never shown again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import current_app
from flask_babel import lazy_gettext as _l

from webapp.config import Settings
from webapp.routes.model import ANDROID, GAMMU, SIMULATOR, TWILIO, Route
from webapp.sealing import seal, unseal


@dataclass(frozen=True, slots=True)
class Need:
    """One setting: its name in sms/gateways/build.py, and how a person is asked for it."""

    name: str
    label: Any
    hint: Any = ""
    secret: bool = False
    required: bool = True
    #: How it is written, as a regular expression; '' for any way.
    pattern: str = ""
    #: Says to whom the secrets go: where it changes, they are typed anew.
    recipient: bool = False


NEEDS: dict[str, tuple[Need, ...]] = {
    SIMULATOR: (),
    TWILIO: (
        Need("account_sid", _l("Account SID"), recipient=True),
        Need("auth_token", _l("Auth token"), secret=True),
        Need(
            "sender", _l("Sender"), _l("A registered sender or a number; or a messaging service below."), required=False
        ),
        Need("messaging_service_sid", _l("Messaging service SID"), required=False),
    ),
    ANDROID: (
        Need(
            "base_url",
            _l("Address of the phone's gateway"),
            _l("As the app shows it, for example http://192.168.1.20:8080"),
            pattern=r"https?://\S+",
            recipient=True,
        ),
        Need("user", _l("User name"), recipient=True),
        Need("password", _l("Password"), secret=True),
        Need("signing_key", _l("Signing key of its webhooks"), _l("From the app: Settings, Webhooks."), secret=True),
        Need("device_id", _l("Device id"), _l("Where one account has several phones."), required=False),
        Need("sim", _l("SIM card (1 to 3)"), _l("Empty: the phone chooses."), required=False, pattern="[123]"),
    ),
    GAMMU: (
        Need(
            "database",
            _l("Database of gammu-smsd"),
            _l("sqlite:////absolute/path or postgresql://…"),
            secret=True,
            pattern=r"(sqlite:////|postgresql://)\S+",
        ),
    ),
}


def sealed(facts: Mapping[str, str]) -> bytes:
    return seal(json.dumps(dict(facts), sort_keys=True))


def of(route: Route) -> dict[str, str]:
    """Raises SealError if the key is gone."""
    if route.settings_encrypted is None:
        return {}
    facts: dict[str, str] = json.loads(unseal(route.settings_encrypted))
    return facts


def options_of(route: Route) -> dict[str, Any]:
    """What sms.gateways.build needs to know. Raises SealError."""
    ours: Settings = current_app.config["SETTINGS"]
    # Every simulated route has a network of its own, beside that of the settings.
    file = ours.simulator_file.with_name(f"{ours.simulator_file.stem}-{route.code}.db")
    in_flight = {"in_flight": min(ours.sms_in_flight, MOST_CALLS.get(route.kind, ours.sms_in_flight))}
    of_kind = {"base_url": ours.twilio_base_url, "sender": "", "messaging_service_sid": "", "signing_key": ""}
    public = {"public_url": ours.public_url, "file": file, "name": route.code}
    public["events_url"] = f"{ours.public_url}/callbacks/{route.code}/events"
    return of_kind | of(route) | public | in_flight


#: One phone or modem takes text after text; many calls at once only wait in it.
MOST_CALLS = {ANDROID: 4, GAMMU: 4}
