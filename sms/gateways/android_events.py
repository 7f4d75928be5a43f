"""What a phone with SMS Gateway for Android posts to us: its events, signed with a key that only we two know.

From the app's documentation (docs.sms-gate.app, webhooks): the signature is the HMAC-SHA256, in hexadecimal, of the
body as it came followed by the seconds in X-Timestamp, which are new with each attempt. An event that is not
answered with 2xx within 30 seconds comes again for about two days.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sms.gateways import EXPIRED, BadCallback, Headers, Heartbeat, IncomingText, News, Receipt, Status

#: How far the phone's clock may be from ours. Five minutes are advised; cheap phones drift, and repeats are harmless.
CLOCK_SKEW = timedelta(minutes=10)
#: Ids and numbers are far shorter; the store keeps so much of an id.
LONGEST_FIELD, LONGEST_ID = 64, 48
#: The store keeps so much of a code.
LONGEST_CODE = 16
RESULT = re.compile(r"RESULT_(?:ERROR_)?([A-Z_]+)")
#: GSM 03.40, TP-Status, at the end of 'Delivery result from SC …: 70'; before it stands a number.
DELIVERY = re.compile(r"Delivery result.*: ?(\d{1,3})\s*$", re.DOTALL)
#: Bit flags in 'connection:transport', the better first.
TRANSPORTS = {8: "ethernet", 4: "wifi", 2: "cellular"}

Payload = Mapping[str, Any]


def is_signed(key: str, body: bytes, headers: Headers, now: datetime) -> bool:
    """Did whoever has the key sign these bytes just before `now`? Without a key nothing is believed."""
    seconds, signature = headers.get("X-Timestamp", ""), headers.get("X-Signature", "")
    expected = hmac.new(key.encode(), body + seconds.encode(), hashlib.sha256).hexdigest()
    is_right = hmac.compare_digest(expected.encode(), signature.lower().encode())
    return bool(key) and is_right and _is_recent(seconds, now)


def parse(body: bytes, sim: int | None = None) -> list[News]:
    """Raises BadCallback. Events that mean nothing to us, pictures, and what is of another card than `sim`, give []."""
    try:
        event = json.loads(body)
    except (ValueError, RecursionError):
        raise BadCallback("the body is no JSON") from None
    if not isinstance(event, dict):
        raise BadCallback("the body is no event")
    reader = READERS.get(_field(event, "event"))
    if reader is None:
        return []
    payload = event.get("payload", {})
    if not isinstance(payload, dict):
        raise BadCallback("payload is no object")
    return [] if _is_of_another(sim, payload) else reader(event, _without_others(sim, payload))


def heartbeat(device: str, health: Any) -> Heartbeat:
    """What a phone's health says; facts that are missing or strange are left out."""
    checks = health.get("checks") if isinstance(health, dict) else None
    checks = checks if isinstance(checks, dict) else {}
    charging = _observed(checks, "battery:charging")
    return Heartbeat(
        device=device,
        battery=_percent(_observed(checks, "battery:level")),
        charging=None if charging is None else charging > 0,
        connection=_connection(checks),
    )


def code(reason: object) -> str:
    """A short code for a reason in free text, which may hold a number or words."""
    if not isinstance(reason, str):
        return "failed"
    if reason == "TTL expired":
        return EXPIRED
    if found := RESULT.search(reason):
        return found[1].lower()[:LONGEST_CODE]
    if found := DELIVERY.match(reason):
        return f"delivery_{found[1]}"
    return "no_sim" if "No SIM" in reason else "failed"


def _is_recent(seconds: str, now: datetime) -> bool:
    if not (seconds.isascii() and seconds.isdigit() and len(seconds) <= 11):
        return False
    return abs(now - datetime.fromtimestamp(int(seconds), UTC)) <= CLOCK_SKEW


def _received(event: Payload, payload: Payload) -> list[News]:
    """An event that comes twice has another id each time; the text's own id is only a 32-bit hash of it.

    So the text is known by that hash and the second at which it came.
    """
    sent_at = _moment(payload.get("receivedAt"))
    own_id = _optional(payload, "messageId") or _field(event, "id")
    provider_id = own_id[:LONGEST_ID] + (f"@{int(sent_at.timestamp())}" if sent_at else "")
    number = _optional(payload, "sender") or _field(payload, "phoneNumber")
    words = payload.get("message")
    if not isinstance(words, str):
        raise BadCallback("message is missing")
    return [IncomingText(provider_id, number, words, sent_at)]


def _receipt(status: Status, event: Payload, payload: Payload) -> list[News]:
    reference = _field(payload, "messageId")
    why = ""
    if status == "failed":
        why = "cancelled" if event["event"] == "sms:cancelled" else code(payload.get("reason"))
    return [Receipt(reference, reference, status, why)]


def _ping(event: Payload, payload: Payload) -> list[News]:
    return [heartbeat(_optional(event, "deviceId"), payload.get("health"))]


def _batch(event: Payload, payload: Payload) -> list[News]:
    messages = payload.get("messages")
    if not isinstance(messages, list) or not all(isinstance(one, dict) for one in messages):
        raise BadCallback("messages is missing")
    # A text without an id of its own is known by its place; the whole comes again as it was.
    whole = _optional(event, "id")[: LONGEST_ID - 4]
    ids = [f"{whole}.{place}" if whole else "" for place in range(len(messages))]
    return [news for id, one in zip(ids, messages, strict=True) for news in _received({"id": id}, one)]


def _is_of_another(sim: int | None, facts: object) -> bool:
    """A phone with two cards tells each event to both of its routes. What names no card is everybody's."""
    number = facts.get("simNumber") if isinstance(facts, dict) else None
    return sim is not None and isinstance(number, int) and number != sim


def _without_others(sim: int | None, payload: Payload) -> Payload:
    messages = payload.get("messages")
    if not isinstance(messages, list):
        return payload
    return {**payload, "messages": [one for one in messages if not _is_of_another(sim, one)]}


READERS: dict[str, Callable[[Payload, Payload], list[News]]] = {
    "sms:received": _received,
    "sms:batch:received": _batch,
    "sms:sent": lambda event, payload: _receipt("sent", event, payload),
    "sms:delivered": lambda event, payload: _receipt("delivered", event, payload),
    "sms:failed": lambda event, payload: _receipt("failed", event, payload),
    "sms:cancelled": lambda event, payload: _receipt("failed", event, payload),
    "system:ping": _ping,
    "app:started": _ping,
}


def _field(facts: Payload, name: str) -> str:
    value = _optional(facts, name)
    if not value:
        raise BadCallback(f"{name} is missing")
    return value


def _optional(facts: Payload, name: str) -> str:
    value = facts.get(name)
    if value is None:
        return ""
    if not isinstance(value, str) or not value.isprintable() or len(value) > LONGEST_FIELD:
        raise BadCallback(f"{name} is no id, number or name")
    return value


def _moment(value: object) -> datetime | None:
    """The phone's clock, with its own zone; None if it cannot be read."""
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
        return moment.astimezone(UTC) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _observed(checks: Payload, name: str) -> int | None:
    check = checks.get(name)
    value = check.get("observedValue") if isinstance(check, dict) else None
    return int(value) if isinstance(value, int | float) and abs(value) < 1e9 else None


def _percent(value: int | None) -> int | None:
    return value if value is not None and 0 <= value <= 100 else None


def _connection(checks: Payload) -> str:
    if _observed(checks, "connection:status") == 0:
        return "none"
    flags = _observed(checks, "connection:transport")
    if flags is None:
        return ""
    return next((name for flag, name in TRANSPORTS.items() if flags & flag), "")
