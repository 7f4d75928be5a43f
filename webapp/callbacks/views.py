"""What providers tell us. Nobody logs in here: every call is signed by its provider, or refused and forgotten."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import NoReturn, TypeVar

from flask import Blueprint, abort, current_app, request
from werkzeug.wrappers import Response

from sms.gateways import BadCallback, Events, Gateway, IncomingText, Receipt, Webhooks
from webapp import clock
from webapp.callbacks import intake
from webapp.outbox.ears import note_life
from webapp.outbox.gateway import gateway_named
from webapp.routes.model import Route
from webapp.sealing import SealError

blueprint = Blueprint("callbacks", __name__)
log = logging.getLogger(__name__)
T = TypeVar("T")
Body = TypeVar("Body")
#: Tells Twilio to do nothing; our own answer leaves by the outbox.
NOTHING_TO_DO = "<?xml version='1.0' encoding='UTF-8'?><Response/>"


@blueprint.post("/callbacks/<gateway>/receipts/<reference>")
def receipt(gateway: str, reference: str) -> Response:
    caller, _ = _signed(gateway)
    news = _parsed(caller.parse_receipt, request.form)
    note_life(gateway)
    intake.take_receipt(gateway, replace(news, reference=reference), clock.now())
    return Response(status=204)


@blueprint.post("/callbacks/<gateway>/incoming")
def incoming(gateway: str) -> Response:
    caller, route = _signed(gateway)
    text = _parsed(caller.parse_incoming, request.form)
    note_life(gateway)
    intake.take(gateway, text, clock.now(), _repeat_seconds(route))
    return Response(NOTHING_TO_DO, mimetype="text/xml")


@blueprint.post("/callbacks/<gateway>/events")
def events(gateway: str) -> Response:
    """What a phone tells as JSON: an incoming text, what became of one of ours, or that it is alive."""
    caller, route = _caller(gateway)
    body = request.get_data()
    if not isinstance(caller, Events):
        abort(404)
    if not caller.verify_event(body, request.headers, clock.real_now()):
        _refuse(gateway)
    told = _parsed(caller.parse_event, body)
    note_life(gateway)
    for news in told:
        if isinstance(news, IncomingText):
            intake.take(gateway, news, clock.now(), _repeat_seconds(route))
        elif isinstance(news, Receipt):
            intake.take_receipt(gateway, news, clock.now())
    return Response(status=204)


def _caller(name: str) -> tuple[Gateway, Route | None]:
    """The gateway of a route with this code, or that of the settings; else 404."""
    try:
        gateway, route = gateway_named(name)
    except (SealError, ValueError, KeyError) as error:
        log.error("a route cannot be used", extra={"route": name, "error": type(error).__name__})
        abort(503)
    if gateway is None:
        abort(404)
    return gateway, route


def _signed(name: str) -> tuple[Webhooks, Route | None]:
    """The gateway, if it is ours, calls back, and signed this request; else 404 or 403."""
    gateway, route = _caller(name)
    if not isinstance(gateway, Webhooks):
        abort(404)
    if not gateway.verify(_public_address(), request.form, request.headers):
        _refuse(name)
    return gateway, route


def _refuse(name: str) -> NoReturn:
    log.warning("a callback without a valid signature was refused", extra={"gateway": name})
    abort(403)


def _public_address() -> str:
    """The address that the provider called, which behind a proxy is not the one that we see."""
    query = request.query_string.decode("ascii", "replace")
    return current_app.config["SETTINGS"].public_url + request.path + (f"?{query}" if query else "")


def _parsed(parse: Callable[[Body], T], body: Body) -> T:
    try:
        return parse(body)
    except (BadCallback, RecursionError):  # the latter of brackets in brackets, thousands deep
        abort(400)


def _repeat_seconds(route: Route | None) -> float:
    return route.repeat_seconds if route else intake.REPEAT_SECONDS
