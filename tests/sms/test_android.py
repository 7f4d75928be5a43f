"""A phone with SMS Gateway for Android: sending and looking up through its library, against a real server."""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from sms.gateways import (
    Accepted,
    Events,
    Found,
    GatewayError,
    Heartbeat,
    LookUp,
    Maintained,
    Outgoing,
    Polled,
    Uncertain,
    Webhooks,
)
from sms.gateways.android import Android
from sms.gateways.build import build
from tests.sms.android_server import DEVICE, HEALTH, PASSWORD, USER, AndroidServer, Answer, basic, check

TEXT = Outgoing("0123456789abcdef0123456789abcdef", "+6281234567801", "Desmigratif: Sri, besok jadi berangkat?")
QUESTION = LookUp(TEXT.reference, TEXT.to, TEXT.body, datetime(2026, 12, 1, 2, 0, tzinfo=UTC))


@pytest.fixture
def server() -> Iterator[AndroidServer]:
    server = AndroidServer()
    yield server
    server.close()


def gateway(url: str, **changes: object) -> Android:
    options = {"base_url": url, "user": USER, "password": PASSWORD, "answer_seconds": 0.5} | changes
    return Android(**options)  # type: ignore[arg-type]  # built of parts


def refused(server: AndroidServer, status: int, body: object = None, **headers: str) -> GatewayError:
    server.will(Answer(status, body if body is not None else {"message": f"{TEXT.to} is not good"}, headers))
    with pytest.raises(GatewayError) as caught:
        gateway(server.url).send(TEXT)
    assert "6281" not in str(caught.value)
    return caught.value


def test_it_hands_over_with_our_reference_as_the_id(server: AndroidServer) -> None:
    assert gateway(server.url).send(TEXT) == Accepted(TEXT.reference)
    (request,) = server.requests
    assert request.body == {
        "id": TEXT.reference,
        "phoneNumbers": [TEXT.to],
        "textMessage": {"text": TEXT.body},
        "withDeliveryReport": True,
        "isEncrypted": False,
        "priority": 0,
        "ttl": 3600,
    }
    assert request.query == {"skipPhoneValidation": ["true"]}
    assert request.headers["Authorization"] == basic(USER, PASSWORD)


def test_a_device_and_a_sim_card_can_be_named(server: AndroidServer) -> None:
    gateway(server.url, device_id=DEVICE, sim=2, good_for=600).send(TEXT)
    (request,) = server.requests
    assert (request.body["deviceId"], request.body["simNumber"], request.body["ttl"]) == (DEVICE, 2, 600)


def test_the_phone_may_send_it_no_longer_than_it_is_valid(server: AndroidServer) -> None:
    for left in (60, 7200, -60):
        text = replace(TEXT, reference=f"{left:032}", valid_until=datetime.now(UTC) + timedelta(seconds=left))
        gateway(server.url).send(text)
    minute, most, least = (request.body["ttl"] for request in server.requests)
    assert 55 < minute <= 60
    assert (most, least) == (3600, 5)


def test_a_password_of_this_machine_is_not_used(server: AndroidServer, tmp_path, monkeypatch) -> None:  # type: ignore[no-untyped-def]  # fixtures
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login other password other\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    assert gateway(server.url).send(TEXT) == Accepted(TEXT.reference)


def test_a_text_that_the_phone_has_already_is_taken_and_not_sent_twice(server: AndroidServer) -> None:
    phone = gateway(server.url)
    assert phone.send(TEXT) == phone.send(TEXT) == Accepted(TEXT.reference)
    assert list(server.texts) == [TEXT.reference]


@pytest.mark.parametrize(
    "changes", [{"password": "wrong"}, {"device_id": "another"}, {"sim": 9}], ids=["password", "device", "sim"]
)
def test_a_wrong_setting_pauses_the_route_and_fails_no_text(server: AndroidServer, changes: dict[str, object]) -> None:
    with pytest.raises(GatewayError) as caught:
        gateway(server.url, **changes).send(TEXT)
    assert (caught.value.permanent, caught.value.pause_route) == (False, True)
    assert not server.texts


@pytest.mark.parametrize("status", [401, 403, 404, 405])
def test_a_fault_of_the_account_or_address_pauses_the_route(server: AndroidServer, status: int) -> None:
    error = refused(server, status)
    assert (error.permanent, error.pause_route, error.code) == (False, True, str(status))


def test_an_address_that_leads_elsewhere_pauses_the_route(server: AndroidServer) -> None:
    error = refused(server, 301, Location=server.url + "/elsewhere")
    assert (error.permanent, error.pause_route) == (False, True)
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [400, 413, 422])
def test_what_the_phone_does_not_take_is_permanent(server: AndroidServer, status: int) -> None:
    error = refused(server, status)
    assert (error.permanent, error.pause_route, error.flag_number) == (True, False, False)


def test_what_passes_is_tried_again_later(server: AndroidServer) -> None:
    error = refused(server, 429, "no JSON")
    assert (error.permanent, error.pause_route, error.retry_after) == (False, False, None)
    assert refused(server, 429, {}, **{"Retry-After": "30"}).retry_after == 30


@pytest.mark.parametrize(
    "answer",
    [
        Answer(202, {}, wait=1.0, taken=True),
        Answer(cut=True, taken=True),
        Answer(202, '{"id": "', taken=True),
        Answer(202, {"id": TEXT.reference, "state": "Teleported", "recipients": []}, taken=True),
        Answer(202, [], taken=True),
        *(Answer(status, {"message": "broken"}, taken=True) for status in (500, 502, 503, 504)),
    ],
    ids=["late", "cut", "half", "new state", "list", "500", "502", "503", "504"],
)
def test_a_lost_answer_is_uncertain_then_found_exactly(server: AndroidServer, answer: Answer) -> None:
    phone = gateway(server.url)
    server.will(answer)
    with pytest.raises(Uncertain) as caught:
        phone.send(TEXT)
    assert "6281" not in str(caught.value)
    assert phone.look_up(QUESTION) == Found(TEXT.reference, "sent")


def test_a_text_that_the_phone_never_got_is_not_found(server: AndroidServer) -> None:
    server.will(Answer(cut=True))
    phone = gateway(server.url)
    with pytest.raises(Uncertain):
        phone.send(TEXT)
    assert phone.look_up(QUESTION) is None


def test_a_phone_that_cannot_be_reached_took_nothing() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        phone = gateway(f"http://127.0.0.1:{closed.getsockname()[1]}")
        with pytest.raises(GatewayError) as caught:
            phone.send(TEXT)
        assert (caught.value.permanent, caught.value.pause_route, caught.value.code) == (False, False, "no_connection")
        with pytest.raises(GatewayError):
            phone.look_up(QUESTION)


@pytest.mark.parametrize("url", ["192.168.1.10:8080", "http://", "ftp://phone"])
def test_an_address_that_is_none_pauses_the_route(url: str) -> None:
    with pytest.raises(GatewayError) as caught:
        gateway(url).send(TEXT)
    assert caught.value.pause_route


@pytest.mark.parametrize(
    ("state", "error", "status", "code"),
    [
        ("Pending", None, "sent", ""),
        ("Processed", None, "sent", ""),
        ("Sent", None, "sent", ""),
        ("Cancelling", None, "sent", ""),
        ("Delivered", None, "delivered", ""),
        ("Delivered", "Delivery result from SC +62818445009: 1", "delivered", ""),
        ("Failed", "TTL expired", "failed", "expired"),
        ("Failed", "Send result: RESULT_ERROR_NO_SERVICE", "failed", "no_service"),
        ("Failed", None, "failed", "failed"),
        ("Cancelled", None, "failed", "cancelled"),
    ],
)
def test_states_in_our_words(server: AndroidServer, state: str, error: str | None, status: str, code: str) -> None:
    phone = gateway(server.url)
    phone.send(TEXT)
    server.becomes(TEXT.reference, state, error)
    assert phone.look_up(QUESTION) == Found(TEXT.reference, status, code)  # type: ignore[arg-type]  # one of three


@pytest.mark.parametrize(
    "answer", [Answer(500, "oh"), Answer(401, {}), Answer(cut=True), Answer(200, "no JSON"), Answer(200, {"id": "x"})]
)
def test_a_look_up_without_answer_is_asked_again(server: AndroidServer, answer: Answer) -> None:
    server.will(answer)
    with pytest.raises(GatewayError) as caught:
        gateway(server.url).look_up(QUESTION)
    assert not caught.value.permanent


def test_it_tells_how_the_phone_is(server: AndroidServer) -> None:
    phone = gateway(server.url)
    assert phone.health() == Heartbeat(battery=94, charging=True, connection="wifi")
    checks = check("battery:level", "fail", 4) | check("battery:charging", "pass", 0)
    server.health = (500, HEALTH | {"status": "fail", "checks": checks})
    assert phone.health() == Heartbeat(battery=4, charging=False)
    server.health = (503, {"message": "starting"})
    with pytest.raises(GatewayError):
        phone.health()


def test_it_tells_the_phone_where_to_post(server: AndroidServer) -> None:
    url = "https://desmigratif.example.go.id/callbacks/android/events"
    phone = gateway(server.url)
    phone.register_webhooks(url)
    phone.register_webhooks(url)
    assert {(hook["event"], hook["url"]) for hook in server.webhooks.values()} == {
        (event, url) for event in ("sms:received", "sms:sent", "sms:delivered", "sms:failed", "system:ping")
    }
    assert len(server.webhooks) == 5
    with pytest.raises(GatewayError):
        phone.register_webhooks("http://desmigratif.example.go.id/callbacks/android/events")


def test_two_phones_of_one_account_are_told_each_its_own_address(server: AndroidServer) -> None:
    for name in ("android-desa", "android-kota"):
        url = f"https://desmigratif.example.go.id/callbacks/{name}/events"
        options = {"base_url": server.url, "user": USER, "password": PASSWORD, "name": name, "events_url": url}
        phone = build("android", options)
        assert isinstance(phone, Maintained)
        phone.maintain()
    assert len(server.webhooks) == 10
    assert len({hook["url"] for hook in server.webhooks.values()}) == 2


def test_without_a_safe_address_the_phone_is_told_nothing(server: AndroidServer) -> None:
    options = {"base_url": server.url, "user": USER, "password": PASSWORD, "events_url": "http://127.0.0.1:8000/x"}
    phone = build("android", options)
    assert isinstance(phone, Maintained)
    phone.maintain()
    assert server.requests == []


def test_an_older_phone_repeats_no_webhook(server: AndroidServer) -> None:
    server.will(*(Answer(201, "") for _ in range(5)))
    gateway(server.url).register_webhooks("https://desmigratif.example.go.id/callbacks/android/events")
    assert len(server.requests) == 5


def test_settings_make_it() -> None:
    options = {"base_url": "http://192.168.1.10:8080", "user": USER, "password": PASSWORD, "sim": "2", "unknown": 1}
    phone = build("android", options)
    assert isinstance(phone, Events)
    assert not isinstance(phone, Polled | Webhooks)
    assert (phone.name, phone.can_receive) == ("android", True)
    assert build("android", options | {"name": "android-desa"}).name == "android-desa"


def test_nothing_personal_is_logged(server: AndroidServer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    phone = gateway(server.url)
    phone.send(TEXT)
    server.will(Answer(400, {"message": TEXT.to}))
    with pytest.raises(GatewayError):
        phone.send(TEXT)
    phone.look_up(QUESTION)
    words = [record.getMessage() for record in caplog.records]
    assert not [said for said in words if "6281" in said or "berangkat" in said or PASSWORD in said]
