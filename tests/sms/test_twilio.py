"""Twilio through its official library, against a real server that answers well, badly, late and not at all."""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import Headers, MultiDict

from sms.gateways import Accepted, BadCallback, Found, GatewayError, LookUp, Outgoing, Uncertain
from sms.gateways.twilio import Twilio
from tests.sms.twilio_server import ACCOUNT, TOKEN, Answer, TwilioServer, message, sid

NOW = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
TEXT = Outgoing("r3f3r3nc3", "+6281234567801", "Desmigratif: Sri, besok jadi berangkat?")
PUBLIC = "https://desmigratif.example.go.id"


@pytest.fixture
def server() -> Iterator[TwilioServer]:
    server = TwilioServer()
    yield server
    server.close()


def gateway(url: str, **changes: object) -> Twilio:
    options = {"account_sid": ACCOUNT, "auth_token": TOKEN, "public_url": PUBLIC, "sender": "DESMIGRATIF"}
    return Twilio(**(options | {"base_url": url, "answer_seconds": 0.5} | changes))


def refused(server: TwilioServer, status: int, code: int | None, **headers: str) -> GatewayError:
    body = {"code": code, "message": "+6281234567801 is not good", "status": status} if code else "no JSON"
    server.will(Answer(status, body, headers))
    with pytest.raises(GatewayError) as caught:
        gateway(server.url).send(TEXT)
    assert "6281" not in str(caught.value)
    return caught.value


def test_it_hands_over_with_our_reference_in_the_callback(server: TwilioServer) -> None:
    server.will(Answer(201, message(1, NOW, num_segments="1")))
    assert gateway(server.url).send(TEXT) == Accepted(sid(1), segments=1)
    (request,) = server.requests
    assert request.path == f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
    assert request.form == {
        "To": [TEXT.to],
        "From": ["DESMIGRATIF"],
        "Body": [TEXT.body],
        "StatusCallback": [f"{PUBLIC}/callbacks/twilio/receipts/r3f3r3nc3"],
        "ValidityPeriod": ["3600"],
    }
    assert request.headers["Authorization"].startswith("Basic ")


def test_it_may_wait_there_no_longer_than_the_text_is_valid(server: TwilioServer) -> None:
    for left in (60, -60):
        server.will(Answer(201, message(1, NOW)))
        gateway(server.url).send(replace(TEXT, valid_until=datetime.now(UTC) + timedelta(seconds=left)))
    assert [55 < int(request.form["ValidityPeriod"][0]) <= 60 for request in server.requests] == [True, False]
    assert server.requests[1].form["ValidityPeriod"] == ["5"]


def test_a_messaging_service_stands_in_for_the_sender(server: TwilioServer) -> None:
    server.will(Answer(201, message(1, NOW)))
    gateway(server.url + "/proxy", messaging_service_sid="MG" + "1" * 32).send(TEXT)
    (request,) = server.requests
    assert request.path.startswith("/proxy/2010-04-01/")
    assert request.form["MessagingServiceSid"] == ["MG" + "1" * 32]
    assert "From" not in request.form


@pytest.mark.parametrize("code", [21211, 21614, 30005, 30006])
def test_a_bad_number_is_flagged_and_never_tried_again(server: TwilioServer, code: int) -> None:
    error = refused(server, 400, code)
    assert (error.permanent, error.flag_number, error.pause_route, error.code) == (True, True, False, str(code))


@pytest.mark.parametrize("code", [21610, 30004, 30007, 21602, 99999])
def test_opt_out_filtered_and_unknown_refusals_are_permanent(server: TwilioServer, code: int) -> None:
    error = refused(server, 400, code)
    assert (error.permanent, error.flag_number, error.pause_route) == (True, False, False)


@pytest.mark.parametrize(
    ("status", "code"),
    [(401, 20003), (400, 21212), (400, 21606), (400, 21608), (400, 21408), (400, 21612), (400, 30002), (401, None)],
)
def test_a_fault_of_the_account_pauses_the_route(server: TwilioServer, status: int, code: int | None) -> None:
    error = refused(server, status, code)
    assert (error.permanent, error.pause_route) == (False, True)


@pytest.mark.parametrize(
    ("status", "code"),
    [(429, 20429), (400, 30001), (400, 30003), (400, 30008), (429, 63038)],
)
def test_what_passes_is_tried_again_later(server: TwilioServer, status: int, code: int | None) -> None:
    error = refused(server, status, code)
    assert (error.permanent, error.pause_route, error.flag_number) == (False, False, False)


def test_it_waits_as_long_as_it_is_asked_to(server: TwilioServer) -> None:
    assert refused(server, 429, 20429, **{"Retry-After": "7"}).retry_after == 7
    assert refused(server, 429, 20429).retry_after is None
    assert refused(server, 400, 30003).retry_after == 3600


def test_problem_details_are_understood_too(server: TwilioServer) -> None:
    server.will(Answer(400, {"type": "https://x", "title": "Invalid To +62812", "status": 400, "code": 21211}))
    with pytest.raises(GatewayError) as caught:
        gateway(server.url).send(TEXT)
    assert (caught.value.code, caught.value.flag_number) == ("21211", True)


@pytest.mark.parametrize(
    "answer",
    [
        Answer(201, message(1, NOW), wait=1.0),
        Answer(cut=True),
        Answer(201, '{"sid": "SM'),
        Answer(201, "[]"),
        Answer(201, {"sid": None}),
        Answer(500, {"code": 20500, "message": "broken", "status": 500}),
        Answer(503, "unavailable"),
        Answer(504, "gateway time-out"),
    ],
    ids=["late", "cut", "half", "list", "no sid", "500", "503", "504"],
)
def test_a_lost_answer_is_uncertain_and_never_a_failure(server: TwilioServer, answer: Answer) -> None:
    server.will(answer)
    with pytest.raises(Uncertain) as caught:
        gateway(server.url).send(TEXT)
    assert "6281" not in str(caught.value)


def test_a_server_that_cannot_be_reached_took_nothing() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
        with pytest.raises(GatewayError) as caught:
            gateway(url).send(TEXT)
    assert (caught.value.permanent, caught.value.code) == (False, "no_connection")


def look_up(server: TwilioServer, *messages: dict[str, object], **changes: object) -> Found | None:
    page = {"messages": list(messages), "page": 0, "page_size": 1000, "next_page_uri": None}
    server.will(Answer(200, page))
    question = {"reference": TEXT.reference, "to": TEXT.to, "body": TEXT.body, "since": NOW} | changes
    return gateway(server.url).look_up(LookUp(**question))  # type: ignore[arg-type]  # built of parts


def test_it_finds_the_same_words_to_the_same_number(server: TwilioServer) -> None:
    found = look_up(
        server,
        message(3, NOW, body="something else"),
        message(2, NOW + timedelta(seconds=1), body=TEXT.body, status="delivered"),
        message(1, NOW - timedelta(hours=1), body=TEXT.body),
    )
    assert found == Found(sid(2), "delivered")
    assert server.requests[0].query["To"] == [TEXT.to]


def test_it_tells_why_a_found_text_failed(server: TwilioServer) -> None:
    found = look_up(server, message(2, NOW, body=TEXT.body, status="undelivered", error_code=30005))
    assert found == Found(sid(2), "failed", code="30005")


def test_it_does_not_find_texts_of_others(server: TwilioServer) -> None:
    assert look_up(server) is None
    assert look_up(server, message(1, NOW, body=TEXT.body), taken=frozenset({sid(1)})) is None
    assert look_up(server, message(1, NOW, body=TEXT.body, direction="inbound")) is None


def test_it_finds_a_text_of_a_trial_account(server: TwilioServer) -> None:
    found = look_up(server, message(1, NOW, body=f"Sent from your Twilio trial account - {TEXT.body}"))
    assert found == Found(sid(1), "sent")


def test_an_account_that_keeps_no_words_cannot_tell(server: TwilioServer) -> None:
    with pytest.raises(GatewayError) as refused:
        look_up(server, message(1, NOW, body=""))
    assert not refused.value.permanent


@pytest.mark.parametrize("answer", [Answer(500, "oh"), Answer(cut=True), Answer(200, "no JSON")])
def test_a_look_up_without_answer_is_asked_again(server: TwilioServer, answer: Answer) -> None:
    server.will(answer)
    with pytest.raises(GatewayError) as caught:
        gateway(server.url).look_up(LookUp(TEXT.reference, TEXT.to, TEXT.body, NOW))
    assert not caught.value.permanent


RECEIPT = MultiDict(
    [("MessageSid", sid(1)), ("MessageStatus", "delivered"), ("To", TEXT.to), ("Tag", "a"), ("Tag", "b")]
)


def signed(url: str, form: MultiDict[str, str]) -> Headers:
    return Headers({"X-Twilio-Signature": RequestValidator(TOKEN).compute_signature(url, form)})


def test_the_signature_covers_address_and_every_field() -> None:
    url, twilio = f"{PUBLIC}/callbacks/twilio/receipts/r3f3r3nc3", gateway("")
    headers = signed(url, RECEIPT)
    assert twilio.verify(url, RECEIPT, headers)
    assert not twilio.verify(url + "x", RECEIPT, headers)
    for name in set(RECEIPT):
        changed = RECEIPT.copy()
        changed[name] = "other"
        assert not twilio.verify(url, changed, headers), name
    assert not twilio.verify(url, MultiDict([*RECEIPT.items(multi=True), ("New", "1")]), headers)
    assert not twilio.verify(url, RECEIPT, Headers())
    assert not twilio.verify(url, RECEIPT, Headers({"X-Twilio-Signature": "é" * 28}))
    assert not gateway("", auth_token="another").verify(url, RECEIPT, headers)


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("queued", "sent"),
        ("sent", "sent"),
        ("delivered", "delivered"),
        ("read", "delivered"),
        ("undelivered", "failed"),
    ],
)
def test_receipts_in_our_words(said: str, status: str) -> None:
    receipt = gateway("").parse_receipt(MultiDict({"MessageSid": sid(1), "MessageStatus": said}))
    assert (receipt.provider_id, receipt.status, receipt.reference) == (sid(1), status, None)


def test_a_receipt_of_a_dead_number_flags_it() -> None:
    form = MultiDict({"MessageSid": sid(1), "MessageStatus": "undelivered", "ErrorCode": "30005"})
    receipt = gateway("").parse_receipt(form)
    assert (receipt.code, receipt.flag_number) == ("30005", True)


def test_a_callback_without_its_fields_is_refused() -> None:
    with pytest.raises(BadCallback, match="MessageStatus"):
        gateway("").parse_receipt(MultiDict({"MessageSid": sid(1)}))
    with pytest.raises(BadCallback, match="From"):
        gateway("").parse_incoming(MultiDict({"MessageSid": sid(1), "Body": "STOP"}))


def test_nothing_personal_is_logged(server: TwilioServer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    server.will(Answer(201, message(1, NOW)), Answer(400, {"code": 21211, "message": TEXT.to}))
    twilio = gateway(server.url)
    twilio.send(TEXT)
    with pytest.raises(GatewayError):
        twilio.send(TEXT)
    look_up(server)
    assert not [r for r in caplog.records if "6281" in r.getMessage() or "berangkat" in r.getMessage()]
