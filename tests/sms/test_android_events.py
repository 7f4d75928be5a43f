"""What a phone posts to us: signatures right, wrong and stale; events that tell something, nothing, or nonsense."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import Headers

from sms.gateways import BadCallback, Heartbeat, IncomingText, Receipt
from sms.gateways.android import Android
from sms.gateways.android_events import code
from tests.sms.android_server import DEVICE, HEALTH, PASSWORD, USER, check

KEY, NOW = "signing-key-of-the-tests", datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
REFERENCE, NUMBER = "0123456789abcdef0123456789abcdef", "+6281234567801"


def phone(key: str = KEY, sim: int | None = None) -> Android:
    return Android(base_url="http://127.0.0.1:9", user=USER, password=PASSWORD, signing_key=key, sim=sim)


def event(name: str, id: str = "Ey6ECgOkVVFjz3CL48B8C", **payload: Any) -> bytes:
    envelope = {"deviceId": DEVICE, "event": name, "id": id, "payload": payload, "webhookId": "LreFUt-Z3sSq0JufY9uWB"}
    return json.dumps(envelope).encode()


def received(words: str = "STOP", at: str = "2026-12-01T08:59:30.000+07:00", **changes: Any) -> bytes:
    payload = {"messageId": "text:-1034", "message": words, "sender": NUMBER, "phoneNumber": NUMBER, "simNumber": 1}
    envelope = {name: changes.pop(name) for name in ("id",) if name in changes}
    return event("sms:received", **envelope, **(payload | {"receivedAt": at} | changes))


def signed(body: bytes, at: datetime = NOW, key: str = KEY, **changes: str) -> Headers:
    seconds = str(int(at.timestamp()))
    signature = hmac.new(key.encode(), body + seconds.encode(), hashlib.sha256).hexdigest()
    return Headers({"X-Signature": signature, "X-Timestamp": seconds} | changes)


class TestSignature:
    body = received("Saya sudah sampai 😊")

    def test_the_phones_own_is_believed(self) -> None:
        assert phone().verify_event(self.body, signed(self.body), NOW)
        loud = signed(self.body)
        loud["X-Signature"] = loud["X-Signature"].upper()
        assert phone().verify_event(self.body, loud, NOW)

    def test_it_is_the_one_of_the_documentation(self) -> None:
        """Payload and seconds joined, HMAC-SHA256 in hexadecimal: counted once with openssl."""
        headers = Headers({"X-Timestamp": "1796090400", "X-Signature": SIGNED_BY_OPENSSL})
        assert phone("key").verify_event(b'{"event":"system:ping"}', headers, datetime.fromtimestamp(1796090400, UTC))

    def test_another_key_body_or_second_is_refused(self) -> None:
        right = signed(self.body)
        assert not phone("another").verify_event(self.body, right, NOW)
        assert not phone().verify_event(self.body + b" ", right, NOW)
        later = Headers(right)
        later["X-Timestamp"] = str(int(right["X-Timestamp"]) + 1)
        assert not phone().verify_event(self.body, later, NOW)

    @pytest.mark.parametrize("minutes", [-11, 11, -60 * 24 * 3])
    def test_a_stale_one_is_refused(self, minutes: int) -> None:
        assert not phone().verify_event(self.body, signed(self.body, NOW + timedelta(minutes=minutes)), NOW)

    @pytest.mark.parametrize("minutes", [-9, 9])
    def test_a_clock_that_drifts_is_forgiven(self, minutes: int) -> None:
        assert phone().verify_event(self.body, signed(self.body, NOW + timedelta(minutes=minutes)), NOW)

    def test_without_a_key_nothing_is_believed(self) -> None:
        assert not phone("").verify_event(self.body, signed(self.body, key=""), NOW)

    @pytest.mark.parametrize(
        "headers",
        [
            Headers(),
            Headers({"X-Signature": "é" * 64, "X-Timestamp": "1"}),
            signed(body, **{"X-Timestamp": ""}),
            signed(body, **{"X-Timestamp": "9" * 40}),
            signed(body, **{"X-Timestamp": "now"}),
            signed(body, **{"X-Timestamp": "１２３"}),
            signed(body, **{"X-Signature": ""}),
        ],
    )
    def test_nonsense_is_refused(self, headers: Headers) -> None:
        assert not phone().verify_event(self.body, headers, NOW)

    def test_seconds_that_are_no_number_are_refused_though_signed(self) -> None:
        signature = hmac.new(KEY.encode(), self.body + b"soon", hashlib.sha256).hexdigest()
        assert not phone().verify_event(self.body, Headers({"X-Timestamp": "soon", "X-Signature": signature}), NOW)


SIGNED_BY_OPENSSL = "f87192042434d18bbd95a2d6e41023c386d3757ecff979699bed17015d62b737"


def test_a_text_comes_with_the_phones_own_clock() -> None:
    sent_at = datetime(2026, 12, 1, 1, 59, 30, tzinfo=UTC)
    assert phone().parse_event(received()) == [
        IncomingText(f"text:-1034@{int(sent_at.timestamp())}", NUMBER, "STOP", sent_at)
    ]


def test_a_repeat_with_another_event_id_is_the_same_text() -> None:
    assert phone().parse_event(received(id="one")) == phone().parse_event(received(id="two"))


def test_the_same_words_at_another_second_are_another_text() -> None:
    """The id of the phone is a hash of 32 bits; two texts may share it."""
    (first,), (second,) = (phone().parse_event(received(at=f"2026-12-01T08:59:3{n}+07:00")) for n in (0, 1))
    assert isinstance(first, IncomingText)
    assert isinstance(second, IncomingText)
    assert first.provider_id != second.provider_id


def test_an_older_app_names_only_a_number_and_no_text() -> None:
    (text,) = phone().parse_event(event("sms:received", id="E1", message="YA", phoneNumber="6505551212"))
    assert text == IncomingText("E1", "6505551212", "YA", None)


@pytest.mark.parametrize("at", ["yesterday", "2026-12-01T08:59:30", 17, None, "9999-99-99"])
def test_a_clock_that_cannot_be_read_costs_no_text(at: Any) -> None:
    (text,) = phone().parse_event(received(at=at))
    assert isinstance(text, IncomingText)
    assert (text.body, text.sent_at, text.provider_id) == ("STOP", None, "text:-1034")


@pytest.mark.parametrize(
    ("name", "payload", "receipt"),
    [
        ("sms:sent", {"sentAt": "2026-12-01T09:00:00+07:00", "partsCount": 1}, Receipt(REFERENCE, REFERENCE, "sent")),
        ("sms:delivered", {}, Receipt(REFERENCE, REFERENCE, "delivered")),
        ("sms:failed", {"reason": "TTL expired"}, Receipt(REFERENCE, REFERENCE, "failed", "expired")),
        ("sms:failed", {}, Receipt(REFERENCE, REFERENCE, "failed", "failed")),
        ("sms:cancelled", {}, Receipt(REFERENCE, REFERENCE, "failed", "cancelled")),
    ],
)
def test_receipts_carry_our_reference(name: str, payload: dict[str, Any], receipt: Receipt) -> None:
    body = event(name, messageId=REFERENCE, phoneNumber=NUMBER, recipient=NUMBER, **payload)
    assert phone().parse_event(body) == phone().parse_event(body) == [receipt]


@pytest.mark.parametrize(
    ("reason", "short"),
    [
        ("Send result: RESULT_ERROR_GENERIC_FAILURE", "generic_failure"),
        ("Send result: RESULT_ERROR_LIMIT_EXCEEDED", "limit_exceeded"),
        ("Send result: RESULT_RIL_MODEM_ERR", "ril_modem_err"),
        ("Send result: RESULT_NO_DEFAULT_SMS_APP", "no_default_sms_a"),
        ("Delivery result from SC +62818445009: 70", "delivery_70"),
        ("Delivery result: 1", "delivery_1"),
        ("Delivery result from SC +62818445009", "failed"),
        ("Can't send message: No SIMs found", "no_sim"),
        ("Can't send message: Invalid phone number +6281234567801", "failed"),
        ("besok jadi berangkat?", "failed"),
        (None, "failed"),
        (17, "failed"),
    ],
)
def test_a_reason_becomes_a_short_code(reason: object, short: str) -> None:
    assert code(reason) == short


@given(st.text())
def test_no_reason_brings_number_or_words_along(reason: str) -> None:
    assert len(code(f"{reason} +6281234567801")) <= 16
    assert "6281" not in code(f"{reason} +6281234567801 {reason}")


def test_a_ping_is_a_sign_of_life() -> None:
    body = event("system:ping", health=HEALTH)
    assert phone().parse_event(body) == [Heartbeat(DEVICE, battery=94, charging=True, connection="wifi")]
    assert phone().parse_event(event("app:started", reason="boot")) == [Heartbeat(DEVICE)]


@pytest.mark.parametrize(
    ("checks", "heartbeat"),
    [
        (
            check("connection:status", "fail", 0) | check("connection:transport", "pass", 0),
            Heartbeat(connection="none"),
        ),
        (check("connection:transport", "pass", 2), Heartbeat(connection="cellular")),
        (check("connection:transport", "pass", 1), Heartbeat()),
        (check("battery:level", "pass", 400), Heartbeat()),
        ({"battery:level": {"observedValue": "94"}, "connection:transport": None}, Heartbeat()),
        ([], Heartbeat()),
    ],
)
def test_a_ping_that_says_little_is_a_sign_of_life_too(checks: Any, heartbeat: Heartbeat) -> None:
    body = json.dumps({"event": "system:ping", "id": "E1", "payload": {"health": {"checks": checks}}}).encode()
    assert phone().parse_event(body) == [heartbeat]


def test_a_batch_is_each_of_its_texts() -> None:
    texts = [{"messageId": f"text:{n}", "message": f"YA {n}", "sender": NUMBER} for n in (1, 2)]
    assert phone().parse_event(event("sms:batch:received", messages=texts)) == [
        IncomingText("text:1", NUMBER, "YA 1"),
        IncomingText("text:2", NUMBER, "YA 2"),
    ]


def test_texts_of_a_batch_without_ids_of_their_own_are_told_apart() -> None:
    texts = [{"message": "YA", "sender": NUMBER + str(n)} for n in range(2)]
    body = event("sms:batch:received", id="e" * 64, messages=texts)
    first, second = (one.provider_id for one in phone().parse_event(body) if isinstance(one, IncomingText))
    assert first != second
    assert phone().parse_event(body) == phone().parse_event(body), "told once more"
    with pytest.raises(BadCallback):
        phone().parse_event(event("sms:batch:received", id="", messages=texts))


@pytest.mark.parametrize(("sim", "heard"), [(None, 1), (1, 1), (2, 0)])
def test_what_comes_by_another_card_of_the_phone_is_the_other_routes(sim: int | None, heard: int) -> None:
    assert len(phone(sim=sim).parse_event(received("BANTU", simNumber=1))) == heard
    sent = event("sms:failed", messageId=REFERENCE, phoneNumber=NUMBER, reason="x", simNumber=1)
    assert len(phone(sim=sim).parse_event(sent)) == heard
    texts = [{"messageId": f"m{n}", "message": "YA", "sender": NUMBER, "simNumber": n} for n in (1, 3)]
    assert len(phone(sim=sim).parse_event(event("sms:batch:received", messages=texts))) == (2 if sim is None else heard)


def test_what_names_no_card_is_heard_by_all() -> None:
    assert len(phone(sim=2).parse_event(received("BANTU", simNumber=None))) == 1
    assert len(phone(sim=2).parse_event(event("system:ping", health=HEALTH))) == 1


@pytest.mark.parametrize(
    "name", ["mms:received", "mms:downloaded", "sms:data-received", "sms:batch:data-received", "new"]
)
def test_what_means_nothing_to_us_tells_nothing(name: str) -> None:
    assert phone().parse_event(event(name, messageId="m", phoneNumber=NUMBER)) == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no JSON",
        b"\xff\xfe",
        b"[]",
        b"[" * 100_000,
        b"{}",
        b'{"event": 7}',
        b'{"event": "sms:received", "payload": []}',
        event("sms:received", sender=NUMBER, messageId="m"),
        event("sms:received", message="YA", messageId="m"),
        event("sms:received", message=7, sender=NUMBER, messageId="m"),
        event("sms:received", message="YA", sender="+62\n812", messageId="m"),
        event("sms:received", message="YA", sender="8" * 65, messageId="m"),
        event("sms:delivered", phoneNumber=NUMBER),
        event("sms:batch:received", messages=["YA"]),
    ],
)
def test_nonsense_is_refused_without_repeating_it(body: bytes) -> None:
    with pytest.raises(BadCallback) as caught:
        phone().parse_event(body)
    assert "812" not in str(caught.value)
