"""Devices: they survive a phone's sleep, are listed, and can be ended from elsewhere."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, scoped_session

from tests.conftest import Login, new_client
from tests.people import Cast
from webapp import clock
from webapp.accounts.devices import device_name
from webapp.accounts.model import AccountSession
from webapp.db import db

ANDROID = (
    "Mozilla/5.0 (Linux; Android 11; SM-A105F) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Mobile Safari/537.36"
)


@pytest.fixture
def phone(app: Flask, cast: Cast, login: Login) -> FlaskClient:
    phone = new_client(app)
    phone.environ_base["HTTP_USER_AGENT"] = ANDROID
    login(phone, cast.facilitator)
    return phone


@pytest.fixture
def desktop(app: Flask, cast: Cast, login: Login) -> FlaskClient:
    desktop = new_client(app)
    login(desktop, cast.facilitator)
    return desktop


def is_in(client: FlaskClient) -> bool:
    return client.get("/more").status_code == 200


def rows(db_session: scoped_session[Session]) -> list[AccountSession]:
    db_session.expire_all()
    return list(db_session.scalars(sa.select(AccountSession).order_by(AccountSession.id)))


def test_it_survives_weeks_of_sleep(phone: FlaskClient, db_session: scoped_session[Session]) -> None:
    rows(db_session)[0].seen_at = clock.real_now() - timedelta(days=59)
    assert is_in(phone)


def test_each_visit_moves_last_seen_and_renews_the_cookie(
    phone: FlaskClient, db_session: scoped_session[Session]
) -> None:
    assert "Set-Cookie" not in phone.get("/devices").headers
    rows(db_session)[0].seen_at = clock.real_now() - timedelta(days=59)
    assert "Expires=" in phone.get("/devices").headers["Set-Cookie"]
    assert clock.real_now() - rows(db_session)[0].seen_at < timedelta(minutes=1)


def test_a_device_that_has_been_logged_in_for_long_becomes_a_known_one(
    phone: FlaskClient, db_session: scoped_session[Session]
) -> None:
    """It logged in before known devices were counted apart."""
    with phone.session_transaction() as session:
        del session["owners"]
    rows(db_session)[0].seen_at -= timedelta(hours=2)
    assert is_in(phone)
    with phone.session_transaction() as session:
        assert session["owners"] == [(rows(db_session)[0].account_id, rows(db_session)[0].id)]


def test_it_ends_after_sixty_days_without_a_visit(phone: FlaskClient, db_session: scoped_session[Session]) -> None:
    rows(db_session)[0].seen_at = clock.real_now() - timedelta(days=60, seconds=1)
    assert not is_in(phone)


def test_the_list_names_devices_and_marks_this_one(phone: FlaskClient, desktop: FlaskClient) -> None:
    page = phone.get("/devices").text
    assert "Chrome, Android" in page
    assert page.count('action="/devices/') == 2  # the other device, and all others


def test_one_device_is_ended_from_another(
    phone: FlaskClient, desktop: FlaskClient, db_session: scoped_session[Session]
) -> None:
    lost = rows(db_session)[0].id
    assert desktop.post(f"/devices/{lost}/closure").location == "/devices"
    assert not is_in(phone)
    assert is_in(desktop)


def test_all_others_are_ended(app: Flask, phone: FlaskClient, desktop: FlaskClient) -> None:
    desktop.post("/devices/others/closure")
    assert not is_in(phone)
    assert is_in(desktop)


def test_somebody_elses_device_is_404(
    app: Flask, cast: Cast, login: Login, phone: FlaskClient, db_session: scoped_session[Session]
) -> None:
    stranger = new_client(app)
    login(stranger, cast.stranger)
    assert stranger.post(f"/devices/{rows(db_session)[0].id}/closure").status_code == 404
    assert is_in(phone)


def test_a_form_of_an_ended_session_is_401_and_not_a_redirect(phone: FlaskClient, desktop: FlaskClient) -> None:
    desktop.post("/devices/others/closure")
    assert phone.post("/language", data={"language": "en"}).status_code == 303  # open to everybody
    assert phone.post("/devices/others/closure").status_code == 401
    assert is_in(desktop)


def test_a_forged_cookie_is_nobody(client: FlaskClient) -> None:
    client.set_cookie("desmigratif", "eyJ0b2tlbiI6IngifQ.aaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbb")
    assert not is_in(client)


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (ANDROID, "Chrome, Android"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/120 Safari/537.36 Edg/120", "Edge, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Safari/604.1", "Safari, iPhone"),
        ("Opera/9.80 (J2ME/MIDP; Opera Mini/9.80)", "Opera Mini"),
        ("<script>alert(1)</script>", ""),
        ("", ""),
    ],
)
def test_devices_have_names_of_our_own(user_agent: str, name: str) -> None:
    assert device_name(user_agent) == name


def test_a_phone_that_was_ended_from_elsewhere_is_no_known_one_any_more(app: Flask, cast: Cast, login: Login) -> None:
    """Whoever found it cannot use up the attempts of the owner's devices."""
    lost, own = new_client(app), new_client(app)
    login(lost, cast.facilitator)
    login(own, cast.facilitator)
    own.post("/devices/others/closure")
    own.post("/logout")
    for guess in range(6):
        lost.post("/login", data={"username": "siti", "password": f"tebakan-ke-{guess}"})
    login(own, cast.facilitator)
    db.session.expire_all()
    assert cast.facilitator.known_locked_until is None
