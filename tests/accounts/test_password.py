"""Choosing a password: what is refused and why, and what a new one ends."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.conftest import Login, new_client
from tests.people import PASSWORD, Cast
from webapp.accounts import passwords

NEW = "kopi-pahit-di-beranda"


def change(client: FlaskClient, new: str = NEW, current: str = PASSWORD, again: str | None = None) -> TestResponse:
    data = {"current": current, "password": new, "repeated": new if again is None else again}
    return client.post("/password", data=data)


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("kopi-pahit-di-beranda", None),
        ("sitipadimenguning", None),
        ("bajing kroya cilacap", None),
        ("pendek", "short"),
        ("x" * 129, "long"),
        ("siti.aminah", "name"),
        ("Siti Aminah 1", "name"),
        ("siti123456", "name"),
        ("0813 0000 0001", "name"),
        ("1234567890", "common"),
        ("0987654321", "common"),
        ("aaaaaaaaaaaa", "common"),
        ("ababababab", "common"),
        ("Indonesia1945", "common"),
        ("Merah-Putih-17", "common"),
        ("b i s m i l l a h 1", "common"),
        ("12345rahasia", "common"),
    ],
)
def test_passwords_that_are_guessed_first_are_refused(password: str, fault: str | None) -> None:
    assert passwords.fault_of(password, "siti", "Siti Aminah", "siti.aminah", "+6281300000001"[-8:]) == fault


def test_the_same_password_from_another_keyboard_fits() -> None:
    assert passwords.fits(passwords.hashed("kopi pahit café"), "kopi pahit cafe\u0301")


def test_no_password_fits_where_there_is_none() -> None:
    assert not passwords.fits("", "nobody has this password")
    assert not passwords.fits("no hash at all", "x")


def test_a_new_password_ends_other_devices_and_not_this_one(app: Flask, cast: Cast, login: Login) -> None:
    phone, desktop = new_client(app), new_client(app)
    login(phone, cast.facilitator)
    login(desktop, cast.facilitator)
    assert change(desktop).location == "/"
    assert desktop.get("/more").status_code == 200
    assert phone.get("/more").status_code == 302
    assert new_client(app).post("/login", data={"username": "siti", "password": NEW}).status_code == 303


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"current": "wrong-password"}, "Check the name and the password"),
        ({"new": "pendek"}, "at least 10"),
        ({"again": "something-else-1"}, "not the same"),
        ({"new": "Indonesia1945"}, "guessed first"),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_it_says_at_the_field_what_does_not_fit(
    client: FlaskClient, cast: Cast, login: Login, answers: dict[str, str], words: str
) -> None:
    login(client, cast.facilitator)
    client.post("/language", data={"language": "en"})
    answer = change(client, **answers)
    assert answer.status_code == 422
    assert words in answer.text
    assert passwords.fits(cast.facilitator.password_hash, PASSWORD)


def test_wrong_guesses_at_the_old_password_pause_as_log_ins_do(client: FlaskClient, cast: Cast, login: Login) -> None:
    login(client, cast.facilitator)
    for _ in range(5):
        assert change(client, current="wrong-password").status_code == 422
    assert change(client).status_code == 422
    assert cast.facilitator.known_locked_until is not None


def test_the_form_sent_twice_changes_once(client: FlaskClient, cast: Cast, login: Login) -> None:
    login(client, cast.facilitator)
    data = {"current": PASSWORD, "password": NEW, "repeated": NEW, "client_id": "3f0e1d2c-0000-4000-8000-000000000001"}
    assert client.post("/password", data=data).location == "/"
    assert client.post("/password", data=data).location == "/"


def test_a_first_password_must_be_changed_before_anything_else(client: FlaskClient, cast: Cast, login: Login) -> None:
    cast.facilitator.must_change_password = True
    login(client, cast.facilitator)
    assert client.get("/more").location == "/password"
    assert client.post("/devices/others/closure").location == "/password"
    assert client.get("/password").status_code == 200
    change(client)
    assert client.get("/more").status_code == 200
    assert not cast.facilitator.must_change_password


def test_a_published_password_opens_nothing_in_any_writing(app: Flask) -> None:
    password = "padi-kuning-2026"
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in password)
    stored = passwords.hashed(password)
    assert passwords.is_right(stored, wide)
    passwords.refuse(app, frozenset({password}))
    assert not passwords.is_right(stored, password)
    assert not passwords.is_right(stored, wide)
