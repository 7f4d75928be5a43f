"""Routes as people say them: kinds, purposes, why one rests, money and rates in words."""

from __future__ import annotations

from typing import Any

from flask_babel import format_decimal, gettext, ngettext
from flask_babel import lazy_gettext as _l

from webapp.routes.choice import parts
from webapp.routes.model import ANDROID, GAMMU, SIMULATOR, TWILIO, Route, RouteDay, RouteState
from webapp.routes.rest import BY_HAND, CONFIGURATION, DAILY_LIMIT, OPEN, RESTING, SILENT, TRIED

KINDS = {
    ANDROID: _l("Android phone with a SIM card"),
    GAMMU: _l("Modem with a SIM card (Gammu)"),
    TWILIO: _l("Twilio"),
    SIMULATOR: _l("Simulated phones: nothing leaves the machine"),
}
PURPOSES = {
    "reminder": _l("Reminders"),
    "reply": _l("Answers to whoever wrote"),
    "alarm": _l("Calls to officers"),
    "notice": _l("Notices and warnings to many"),
    "welcome": _l("First texts to a phone"),
    "account": _l("Codes of accounts"),
}
STATES = {OPEN: _l("open"), TRIED: _l("being tried again"), RESTING: _l("rests")}
OFF = _l("switched off")
#: Why a route rests. Any other reason is the provider's own code.
RESTS = {
    "no_worker": _l("Its own worker is not running."),
    "unreachable": _l("It takes no texts or cannot be reached."),
    CONFIGURATION: _l("Its settings are not right."),
    "certificate": _l("Its identity cannot be confirmed."),
    DAILY_LIMIT: _l("Its limit of today is reached."),
    SILENT: _l("It gives no sign of life."),
    BY_HAND: _l("Somebody let it rest."),
}


def why_it_rests(state: RouteState) -> Any:
    """Also what the person wrote who let it rest."""
    unknown = gettext("The operator refuses the account (code %(code)s).", code=state.pause_reason)
    words = RESTS.get(state.pause_reason, unknown)
    return f"{words} {state.pause_words}" if state.pause_words else words


def rate(route: Route) -> str:
    return gettext("%(number)s a minute", number=format_decimal(route.per_minute))


def price(route: Route) -> str:
    return gettext("Rp%(amount)s a segment", amount=format_decimal(route.price_rupiah))


def today(route: Route, day: RouteDay | None) -> str:
    """'12 of 200 texts, Rp4.200'"""
    texts, rupiah = (day.texts, day.rupiah) if day else (0, 0)
    spent = gettext("Rp%(amount)s", amount=format_decimal(rupiah))
    if route.daily_limit is None:
        return ngettext("%(num)s text, %(spent)s", "%(num)s texts, %(spent)s", texts, spent=spent)
    limit = format_decimal(route.daily_limit)
    return gettext("%(texts)s of %(limit)s texts, %(spent)s", texts=format_decimal(texts), limit=limit, spent=spent)


def carries(route: Route) -> str:
    """What it may carry, in one line."""
    purposes = ", ".join(str(PURPOSES[purpose]) for purpose in parts(route.purposes)) or gettext("All texts")
    numbers = gettext("numbers with %(prefixes)s", prefixes=", ".join(parts(route.prefixes))) if route.prefixes else ""
    areas = gettext("areas %(codes)s", codes=", ".join(parts(route.areas))) if route.areas else ""
    return " · ".join(part for part in (purposes, numbers, areas) if part)
