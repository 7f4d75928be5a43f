"""Routes for tests, simulated ones: each has a network of its own beside that of the settings."""

from __future__ import annotations

from typing import Any, cast

import sqlalchemy as sa

from sms.gateways.simulator import Behaviour, Simulator
from tests.people import SINCE
from webapp.db import db
from webapp.outbox.gateway import gateway_of
from webapp.routes.model import SIMULATOR, Route
from webapp.routes.settings import sealed


def make_route(code: str, *, gateway: dict[str, str] | None = None, **columns: Any) -> Route:
    """Stored and committed. Fast and without limits, if nothing else is said."""
    facts: dict[str, Any] = {"name": code.title(), "kind": SIMULATOR, "enabled": True, "rank": 10, "per_minute": 6000}
    facts |= {"price_rupiah": 200, "purposes": "", "prefixes": "", "areas": "", "reply_number": ""}
    facts |= {"repeat_seconds": 5, "created_at": SINCE, "updated_at": SINCE}
    route = Route(code=code, **(facts | columns))
    if gateway:
        route.settings_encrypted = sealed(gateway)
    db.session.add(route)
    db.session.commit()
    return route


def network_of(code: str, **behaviour: Any) -> Simulator:
    """The pretend network of a simulated route; `behaviour` as in sms/gateways/simulator.py."""
    network = cast(Simulator, gateway_of(db.session.scalars(sa.select(Route).where(Route.code == code)).one()))
    network.behave(Behaviour(**({"delay_seconds": 0.0} | behaviour)))
    db.session.commit()
    return network
