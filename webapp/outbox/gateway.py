"""The gateway of this installation, one for each process."""

from __future__ import annotations

from flask import current_app

from sms.gateways import Gateway
from sms.gateways.build import build
from webapp.config import Settings


def current_gateway() -> Gateway:
    """The one that the settings name, made at its first use."""
    extensions = current_app.extensions
    if "sms_gateway" not in extensions:
        settings: Settings = current_app.config["SETTINGS"]
        extensions["sms_gateway"] = build(settings.sms_gateway, settings.gateway_options)
    gateway: Gateway = extensions["sms_gateway"]
    return gateway
