"""The gateways of this installation: the one of the settings, and one for each route, made at their first use."""

from __future__ import annotations

from flask import current_app

from sms.gateways import Gateway
from sms.gateways.build import build
from webapp.config import Settings
from webapp.routes import queries, settings
from webapp.routes.model import Route


def current_gateway() -> Gateway:
    """The one that the settings name."""
    extensions = current_app.extensions
    if "sms_gateway" not in extensions:
        ours: Settings = current_app.config["SETTINGS"]
        extensions["sms_gateway"] = build(ours.sms_gateway, ours.gateway_options)
    gateway: Gateway = extensions["sms_gateway"]
    return gateway


def gateway_of(route: Route) -> Gateway:
    """The one of this route, made anew when the route was changed. Raises SealError, KeyError or ValueError if its
    settings cannot be used."""
    made: dict[str, tuple[int, Gateway]] = current_app.extensions.setdefault("sms_gateways", {})
    version, gateway = made.get(route.code, (0, None))
    if gateway is None or version != route.version:
        gateway = build(route.kind, settings.options_of(route))
        made[route.code] = route.version, gateway
    return gateway


def gateway_named(name: str) -> tuple[Gateway | None, Route | None]:
    """Whom a webhook's address means: the gateway of the settings, or that of a route that is not switched off."""
    if name == current_app.config["SETTINGS"].sms_gateway:
        return current_gateway(), None
    route = queries.by_code(name)
    if route is None or not route.enabled:
        return None, None
    return gateway_of(route), route
