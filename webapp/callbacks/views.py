"""What providers tell us. Nobody logs in here: every call is signed by its provider, or refused and forgotten."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeVar

from flask import Blueprint, abort, current_app, request
from werkzeug.wrappers import Response

from sms.gateways import BadCallback, Webhooks
from webapp import clock
from webapp.callbacks import intake
from webapp.outbox.gateway import current_gateway

blueprint = Blueprint("callbacks", __name__)
log = logging.getLogger(__name__)
T = TypeVar("T")
#: Tells Twilio to do nothing; our own answer leaves by the outbox.
NOTHING_TO_DO = "<?xml version='1.0' encoding='UTF-8'?><Response/>"


@blueprint.post("/callbacks/<gateway>/receipts/<reference>")
def receipt(gateway: str, reference: str) -> Response:
    news = _parsed(_signed(gateway).parse_receipt)
    intake.take_receipt(gateway, replace(news, reference=reference), clock.now())
    return Response(status=204)


@blueprint.post("/callbacks/<gateway>/incoming")
def incoming(gateway: str) -> Response:
    text = _parsed(_signed(gateway).parse_incoming)
    intake.receive(gateway, text.provider_id, text.number, text.body, clock.now())
    return Response(NOTHING_TO_DO, mimetype="text/xml")


def _signed(name: str) -> Webhooks:
    """The gateway, if it is ours, calls back, and signed this request; else 404 or 403."""
    gateway = current_gateway()
    if gateway.name != name or not isinstance(gateway, Webhooks):
        abort(404)
    if not gateway.verify(_public_address(), request.form, request.headers):
        log.warning("a callback without a valid signature was refused", extra={"gateway": name})
        abort(403)
    return gateway


def _public_address() -> str:
    """The address that the provider called, which behind a proxy is not the one that we see."""
    query = request.query_string.decode("ascii", "replace")
    return current_app.config["SETTINGS"].public_url + request.path + (f"?{query}" if query else "")


def _parsed(parse: Callable[[Mapping[str, str]], T]) -> T:
    try:
        return parse(request.form)
    except BadCallback:
        abort(400)
