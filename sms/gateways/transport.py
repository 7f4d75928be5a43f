"""What a failed HTTP call says about a text. For gateways that speak through requests."""

from __future__ import annotations

import ssl

import requests
from urllib3.exceptions import MaxRetryError, NewConnectionError, ProxyError

from sms.gateways import GatewayError, Uncertain


def transport_failure(error: requests.RequestException) -> GatewayError | Uncertain:
    """Only if the request never left is it safe to say that the text was not taken."""
    if isinstance(error, requests.ConnectTimeout):
        return GatewayError(permanent=False, code="no_connection")
    if isinstance(
        error,
        requests.exceptions.InvalidURL | requests.exceptions.MissingSchema | requests.exceptions.InvalidSchema,
    ):
        return GatewayError(permanent=False, code="configuration", pause_route=True)
    reason = getattr(error.args[0], "reason", None) if error.args and isinstance(error.args[0], MaxRetryError) else None
    if isinstance(reason, NewConnectionError | ProxyError):
        return GatewayError(permanent=False, code="no_connection")
    if reason is not None and any(isinstance(cause, ssl.SSLCertVerificationError) for cause in reason.args):
        return GatewayError(permanent=False, code="certificate", pause_route=True)
    return Uncertain("no_answer")
