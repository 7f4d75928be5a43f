"""Phones post their events as JSON: signed and taken once, or refused and forgotten."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from tests.callbacks.phone_events import PHONE, ping, post, received, told
from tests.people import Cast
from tests.routes_.making import make_route
from webapp import clock
from webapp.conversations.model import Incoming
from webapp.db import db
from webapp.outbox import queue
from webapp.outbox.model import Message
from webapp.routes.model import Route, RouteState

SRI = "+6281234567801"
AT = datetime(2026, 11, 30, 2, 0, tzinfo=UTC)


@pytest.fixture
def phone(cast: Cast) -> Route:
    return make_route("hp-kroya", kind="android", gateway=PHONE, silent_after=15)


def incoming() -> list[Incoming]:
    db.session.expire_all()
    return list(db.session.scalars(sa.select(Incoming).order_by(Incoming.id)))


def test_a_text_is_taken_in(client: FlaskClient, phone: Route, cast: Cast) -> None:
    answer = post(client, "hp-kroya", received("e1", "m1", SRI, "Bu, kapan saya berangkat?", AT))
    assert answer.status_code == 204
    (text,) = incoming()
    assert (text.gateway, text.number, text.body, text.sent_at) == ("hp-kroya", SRI, "Bu, kapan saya berangkat?", AT)
    assert (text.person_id, text.for_human) == (cast.migrant.id, True)


def test_what_became_of_a_text_finds_it_by_our_reference(client: FlaskClient, phone: Route, cast: Cast) -> None:
    now = clock.now()
    queue.enqueue(key="t:1", purpose="reminder", number=SRI, area_code=cast.migrant.area_code, due_at=now, now=now)
    message = db.session.scalars(sa.select(Message)).one()
    assert message.route == "hp-kroya"
    message.state, message.gateway = "sending", "hp-kroya"
    db.session.commit()
    for event in ("sms:delivered", "sms:sent", "sms:delivered"):
        assert post(client, "hp-kroya", told(event, message.reference)).status_code == 204
    db.session.expire_all()
    assert db.session.scalars(sa.select(Message.state)).one() == "delivered"


def test_a_ping_is_a_sign_of_life(client: FlaskClient, phone: Route) -> None:
    assert post(client, "hp-kroya", ping()).status_code == 204
    assert clock.real_now() - db.session.get_one(RouteState, "hp-kroya").heard_at < timedelta(seconds=10)


def test_a_phone_that_rests_by_hand_is_still_heard(client: FlaskClient, phone: Route) -> None:
    from webapp.routes import acts

    acts.rest(phone, "Kartu SIM diganti")
    db.session.commit()
    assert post(client, "hp-kroya", received("e1", "m1", SRI, "BANTU", AT)).status_code == 204
    assert [text.command for text in incoming()] == ["help"]


@pytest.mark.parametrize("route", ["hp-lain", "mati", "modem", "simulator", "android"])
def test_whoever_does_not_post_events_has_no_such_address(client: FlaskClient, phone: Route, route: str) -> None:
    make_route("mati", kind="android", gateway=PHONE, enabled=False)
    make_route("modem")
    assert post(client, route, ping()).status_code == 404


def refusals() -> dict[str, dict[str, Any]]:
    old = str(int((clock.real_now() - timedelta(hours=1)).timestamp()))
    return {
        "another key": {"key": "not-the-key"},
        "no signature": {"headers": {}},
        "an old one": {"headers": {"X-Timestamp": old, "X-Signature": "0" * 64}},
        "letters": {"headers": {"X-Timestamp": "é".encode().decode("latin-1"), "X-Signature": "x"}},
    }


@pytest.mark.parametrize("what", list(refusals()))
def test_without_the_phones_signature_nothing_is_stored(client: FlaskClient, phone: Route, what: str) -> None:
    answer = post(client, "hp-kroya", received("e1", "m1", SRI, "STOP", AT), **refusals()[what])
    assert answer.status_code == 403
    assert incoming() == []
    assert db.session.get(RouteState, "hp-kroya") is None, "a stranger is no sign of life"


def test_a_changed_body_breaks_the_signature(client: FlaskClient, phone: Route) -> None:
    signed = post(client, "hp-kroya", ping()).request.headers
    headers = {name: signed[name] for name in ("X-Timestamp", "X-Signature")}
    assert post(client, "hp-kroya", received("e1", "m1", SRI, "STOP", AT), headers=headers).status_code == 403


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b'"x"', b"\xff\xfe", b'{"event": "sms:received"}', b'{"a":' * 10_000, b"[" * 60_000],
)
def test_signed_nonsense_is_refused(client: FlaskClient, phone: Route, body: bytes) -> None:
    answer = post(client, "hp-kroya", body)
    assert answer.status_code == 400
    assert incoming() == []


def test_bodies_are_bounded_and_json(client: FlaskClient, phone: Route) -> None:
    assert post(client, "hp-kroya", b'"' + b"x" * 64 * 1024 + b'"').status_code == 413
    assert post(client, "hp-kroya", ping(), content_type="application/x-www-form-urlencoded").status_code == 415
    assert post(client, "hp-kroya", ping(), content_type="text/plain").status_code == 415


def test_json_is_taken_nowhere_else(client: FlaskClient, phone: Route) -> None:
    for path in ("/login", "/callbacks/hp-kroya/incoming"):
        assert client.post(path, json={"a": 1}).status_code in (404, 415)


def test_control_characters_are_cleaned(client: FlaskClient, phone: Route) -> None:
    assert post(client, "hp-kroya", received("e1", "m1", SRI, "ha\u0000lo \ud800", AT)).status_code == 204
    assert incoming()[0].body.startswith("halo")


def test_a_route_whose_key_is_gone_is_told_as_our_fault(client: FlaskClient, phone: Route) -> None:
    db.session.execute(sa.update(Route).values(settings_encrypted=b"gone:xxxxxxxxxxxxxxxxxxxxxxx"))
    db.session.commit()
    assert post(client, "hp-kroya", ping()).status_code == 503


@pytest.mark.settings(
    sms_gateway="android", android_url="http://127.0.0.1:9", android_user="sms", android_password="x",
    android_signing_key=PHONE["signing_key"],
)  # fmt: skip
def test_the_phone_of_the_settings_posts_under_its_kind(client: FlaskClient, cast: Cast) -> None:
    assert post(client, "android", received("e1", "m1", SRI, "halo", AT)).status_code == 204
    assert [text.gateway for text in incoming()] == ["android"]


def test_logs_hold_neither_number_nor_words(
    app: Flask, client: FlaskClient, phone: Route, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    for event_id in ("e1", "e2"):
        post(client, "hp-kroya", received(event_id, event_id, SRI, "rahasia sekali", AT))
    said = " ".join(f"{record.getMessage()} {vars(record)}" for record in caplog.records)
    assert "came again with another id" in said
    assert "81234567801" not in said
    assert "rahasia" not in said
