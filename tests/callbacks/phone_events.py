"""What a phone with SMS Gateway for Android posts to us, and posting it as it does."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import datetime
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from webapp import clock

KEY = "signing-key-of-the-tests"
#: Settings of a route of this kind.
PHONE = {"base_url": "http://127.0.0.1:9", "user": "sms", "password": "secret-of-the-phone", "signing_key": KEY}


def received(event_id: str, text_id: str, number: str, words: str, at: datetime | None) -> dict[str, Any]:
    """`event_id` and `text_id` differ when the phone tells the same text twice."""
    payload = {"messageId": text_id, "phoneNumber": number, "message": words}
    if at is not None:
        payload["receivedAt"] = at.isoformat()
    return {"id": event_id, "event": "sms:received", "deviceId": "hp-1", "payload": payload}


def told(event: str, reference: str, reason: str = "") -> dict[str, Any]:
    """What became of a text of ours: 'sms:sent', 'sms:delivered', 'sms:failed'."""
    payload = {"messageId": reference, "phoneNumber": "+6281234567801", "reason": reason}
    return {"id": f"{event}-{reference[:8]}", "event": event, "deviceId": "hp-1", "payload": payload}


def ping() -> dict[str, Any]:
    return {"id": "ping", "event": "system:ping", "deviceId": "hp-1", "payload": {"health": {"checks": {}}}}


def post(client: FlaskClient, route: str, event: Any, *, key: str = KEY, **others: Any) -> TestResponse:
    """Signed at this moment; without cookies or browser headers."""
    body = event if isinstance(event, bytes) else json.dumps(event).encode()
    seconds = str(int(clock.real_now().timestamp()))
    signature = hmac.new(key.encode(), body + seconds.encode(), hashlib.sha256).hexdigest()
    headers = {"X-Timestamp": seconds, "X-Signature": signature}
    options: dict[str, Any] = {"data": body, "content_type": "application/json", "headers": headers}
    return client.post(f"/callbacks/{route}/events", **(options | others))
