"""What an administrator does to routes. Each act is in the access log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from webapp.accounts import audit
from webapp.areas.codes import NATION
from webapp.db import db
from webapp.routes import queries, settings, states
from webapp.routes.model import Route
from webapp.routes.rest import DAILY_LIMIT
from webapp.routes.signals import ties_cut
from webapp.sealing import SealError

SUBJECT = "route"


def create(facts: Mapping[str, Any], gateway_settings: Mapping[str, str], now: datetime) -> Route:
    """`facts` are columns of Route. Raises sqlalchemy.exc.IntegrityError if the code is taken."""
    route = Route(**facts, created_at=now, updated_at=now)
    route.settings_encrypted = settings.sealed(gateway_settings) if gateway_settings else None
    db.session.add(route)
    db.session.flush()
    _note("created", route)
    return route


def change(route: Route, facts: Mapping[str, Any], gateway_settings: Mapping[str, str], now: datetime) -> None:
    """Settings whose key is gone count as others than these."""
    changed = [name for name, value in facts.items() if getattr(route, name) != value]
    for name in changed:
        setattr(route, name, facts[name])
    if _said(gateway_settings) != _known(route):
        route.settings_encrypted = settings.sealed(gateway_settings)
        changed.append("settings")
    if "daily_limit" in changed:
        # Where the new one is reached as well, the next claim finds that out.
        states.end_rest(db.session, route.code, DAILY_LIMIT)
    if "settings" in changed or ("enabled" in changed and not route.enabled):
        ties_cut.send(route)
    _changed(route, changed, now)


def rest(route: Route, words: str) -> None:
    """Until it is opened again; it still hears."""
    states.rest_by_hand(db.session, route.code, words)
    _note("rested", route, words)


def open_again(route: Route) -> None:
    states.open_up(db.session, route.code)
    _note("opened", route)


def switch_off(route: Route, now: datetime) -> None:
    """It sends and hears nothing any more. Its texts keep its code, so the row stays."""
    if route.enabled:
        route.enabled = False
        ties_cut.send(route)
        _changed(route, ["enabled"], now)


def _known(route: Route) -> dict[str, str] | None:
    """None if the key is gone."""
    try:
        return _said(settings.of(route))
    except SealError:
        return None


def _said(gateway_settings: Mapping[str, str]) -> dict[str, str]:
    """An empty setting is none."""
    return {name: text for name, text in gateway_settings.items() if text}


def _changed(route: Route, names: Sequence[str], now: datetime) -> None:
    if names:
        route.version, route.updated_at = route.version + 1, now
        _note("changed", route, ", ".join(names))


def _note(act: str, route: Route, detail: str = "") -> None:
    audit.changed(act, SUBJECT, route.id, NATION, detail)
    queries.forget_receivers()
