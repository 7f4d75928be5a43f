"""Providers call: signed by them and taken once, or refused and forgotten."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from twilio.request_validator import RequestValidator
from werkzeug.test import TestResponse

from tests.people import Cast
from webapp import clock
from webapp.conversations.model import Incoming
from webapp.db import db
from webapp.outbox import queue
from webapp.outbox.model import Message
from webapp.people.model import NumberState

TOKEN, PUBLIC = "token-of-the-tests", "https://desmigratif.example.go.id"
SRI = "+6281234567801"
with_twilio = pytest.mark.settings(
    sms_gateway="twilio",
    twilio_account_sid="AC" + "0" * 32,
    twilio_auth_token=TOKEN,
    twilio_from="DESMIGRATIF",
    public_url=PUBLIC,
)
pytestmark = with_twilio
TEXT = {"MessageSid": "SM" + "1" * 32, "From": SRI, "To": "+6281300000009", "Body": "Bu, kapan saya berangkat?"}


def post(client: FlaskClient, path: str, form: dict[str, str], signature: str | None = None) -> TestResponse:
    """As Twilio does: to the public address, without cookies or browser headers."""
    signature = RequestValidator(TOKEN).compute_signature(PUBLIC + path, form) if signature is None else signature
    headers = {"X-Twilio-Signature": signature} if signature else {}
    return client.post(path, data=form, headers=headers)


def count(model: Any) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def sent_message(cast: Cast) -> Message:
    now = clock.now()
    row = {"key": "departure:1:R7", "purpose": "reminder", "number": SRI, "area_code": cast.migrant.area_code}
    queue.enqueue(**row, due_at=now, now=now, text_code="R7", person_id=cast.migrant.id)
    message = db.session.scalars(sa.select(Message)).one()
    message.state, message.gateway, message.sent_at = "sent", "twilio", now
    db.session.commit()
    return message


def test_a_signed_text_is_taken_in(client: FlaskClient, cast: Cast) -> None:
    response = post(client, "/callbacks/twilio/incoming", TEXT)
    assert (response.status_code, response.mimetype) == (200, "text/xml")
    incoming = db.session.scalars(sa.select(Incoming)).one()
    assert (incoming.number, incoming.body, incoming.for_human) == (SRI, TEXT["Body"], True)
    assert (incoming.person_id, incoming.area_code) == (cast.migrant.id, cast.migrant.area_code)


def test_the_same_webhook_a_hundred_times_is_one_text_with_one_effect(client: FlaskClient, cast: Cast) -> None:
    stop = TEXT | {"Body": "STOP"}
    for _ in range(100):
        assert post(client, "/callbacks/twilio/incoming", stop).status_code == 200
    assert count(Incoming) == 1
    assert db.session.scalars(sa.select(Message.text_code)).all() == ["KSTOP"]


@pytest.mark.parametrize("path", ["/callbacks/twilio/incoming", "/callbacks/twilio/receipts/abc"])
@pytest.mark.parametrize("signature", ["", "bm90IHRoZSBzaWduYXR1cmU=", "é"])
def test_without_twilios_signature_nothing_is_stored(client: FlaskClient, path: str, signature: str) -> None:
    assert (
        post(client, path, TEXT | {"MessageStatus": "delivered"}, signature.encode().decode("latin-1")).status_code
        == 403
    )
    assert count(Incoming) == count(NumberState) == 0


def test_a_changed_parameter_or_address_breaks_the_signature(client: FlaskClient) -> None:
    signature = RequestValidator(TOKEN).compute_signature(PUBLIC + "/callbacks/twilio/incoming", TEXT)
    for changed in ({"Body": "STOP"}, {"From": "+6281234567802"}, {"Extra": "1"}):
        assert post(client, "/callbacks/twilio/incoming", TEXT | changed, signature).status_code == 403
    assert post(client, "/callbacks/twilio/incoming?x=1", TEXT, signature).status_code == 403
    assert count(Incoming) == 0


def test_a_query_belongs_to_the_signed_address(client: FlaskClient) -> None:
    assert post(client, "/callbacks/twilio/incoming?route=2", TEXT).status_code == 200


def test_a_receipt_finds_its_text_by_our_reference(client: FlaskClient, cast: Cast) -> None:
    message = sent_message(cast)
    path = f"/callbacks/twilio/receipts/{message.reference}"
    for status in ("delivered", "sent", "queued", "delivered"):
        form = {"MessageSid": "SM" + "2" * 32, "MessageStatus": status}
        assert post(client, path, form).status_code == 204
    db.session.expire_all()
    assert (message.state, message.provider_id) == ("delivered", "SM" + "2" * 32)


def test_a_receipt_of_a_dead_number_flags_it(client: FlaskClient, cast: Cast) -> None:
    message = sent_message(cast)
    form = {"MessageSid": "SM" + "2" * 32, "MessageStatus": "undelivered", "ErrorCode": "30005"}
    post(client, f"/callbacks/twilio/receipts/{message.reference}", form)
    db.session.expire_all()
    assert (message.state, message.error_code) == ("failed", "30005")
    assert db.session.get_one(NumberState, SRI).invalid_at is not None


def test_a_receipt_of_no_text_of_ours_changes_nothing(client: FlaskClient) -> None:
    form = {"MessageSid": "SM" + "2" * 32, "MessageStatus": "delivered"}
    assert post(client, "/callbacks/twilio/receipts/never-ours", form).status_code == 204


def test_a_signed_call_without_its_fields_is_refused(client: FlaskClient) -> None:
    assert post(client, "/callbacks/twilio/incoming", {"Body": "STOP"}).status_code == 400
    assert post(client, "/callbacks/twilio/receipts/abc", {"MessageSid": "SM1"}).status_code == 400
    assert count(Incoming) == 0


def test_only_the_gateway_of_this_installation_may_call(client: FlaskClient) -> None:
    assert post(client, "/callbacks/simulator/incoming", TEXT).status_code == 404
    assert client.get("/callbacks/twilio/incoming").status_code == 405


@pytest.mark.settings(sms_gateway="simulator")
def test_the_simulator_is_not_called_over_http(client: FlaskClient) -> None:
    assert client.post("/callbacks/simulator/incoming", data=TEXT).status_code == 404


def test_control_characters_do_not_lose_a_text(client: FlaskClient) -> None:
    assert post(client, "/callbacks/twilio/incoming", TEXT | {"Body": "ST\x00OP\x1b 🙏"}).status_code == 200
    incoming = db.session.scalars(sa.select(Incoming)).one()
    assert (incoming.body, incoming.command) == ("STOP 🙏", "stop")


def test_the_signature_is_checked_before_anything_is_read(app: Flask, client: FlaskClient) -> None:
    assert post(client, "/callbacks/twilio/incoming", {}, "x").status_code == 403
    assert client.post("/callbacks/twilio/incoming", data=b"\xff\xfe%").status_code == 403


ANY_CALL = {
    "nothing": None,
    "an empty id": {"MessageSid": ""},
    "a NUL in the id": {"MessageSid": "SM\x00" + "1" * 30},
    "a long id": {"MessageSid": "S" * 5_000},
}
BROKEN = [
    *((path, what, change) for path in ("incoming", f"receipts/{'0' * 32}") for what, change in ANY_CALL.items()),
    ("incoming", "a line break in the number", {"From": "+62812\n34567801"}),
    ("incoming", "a number that is none", {"From": "0" * 500}),
    (f"receipts/{'0' * 32}", "a long state", {"MessageStatus": "x" * 5_000}),
]


@pytest.mark.parametrize(("path", "what", "change"), BROKEN)
def test_what_is_signed_but_broken_is_refused_and_stores_nothing(
    client: FlaskClient, path: str, what: str, change: dict[str, str] | None
) -> None:
    form = {} if change is None else TEXT | {"MessageStatus": "delivered"} | change
    assert post(client, f"/callbacks/twilio/{path}", form).status_code == 400, what
    assert count(Incoming) == count(Message) == 0


@pytest.mark.parametrize("body", [b"\xff\xfe=1", b"Body=%ff", b"x" * 10_000_000])
@pytest.mark.parametrize("path", ["/callbacks/twilio/incoming", "/callbacks/twilio/receipts/" + "0" * 32])
def test_bodies_that_are_no_form_are_refused(client: FlaskClient, path: str, body: bytes) -> None:
    answer = client.post(path, data=body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code in (400, 403, 413)
    assert count(Incoming) == 0
