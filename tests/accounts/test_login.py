"""Logging in: by name or phone, gradually locked out, telling nobody which accounts exist."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, scoped_session
from werkzeug.test import TestResponse

from tests.conftest import CAREFUL_HASHER, Login, new_client
from tests.people import PASSWORD, Cast
from webapp import clock
from webapp.accounts import passwords
from webapp.accounts.lockout import pause_after
from webapp.accounts.model import AccountSession, AuditEntry
from webapp.db import db


def try_in(client: FlaskClient, name: str, password: str = PASSWORD, **others: str) -> TestResponse:
    return client.post("/login", data={"username": name, "password": password, **others})


@pytest.mark.parametrize(
    "name", ["siti", " SITI ", "081300000001", "+62 813-0000-0001", "6281300000001", "8130 0000 001"]
)
def test_it_takes_user_name_or_any_spelling_of_the_phone(client: FlaskClient, cast: Cast, name: str) -> None:
    assert try_in(client, name).status_code == 303
    assert client.get("/more").status_code == 200


def test_it_leads_a_facilitator_to_today_and_an_administrator_to_accounts(app: Flask, cast: Cast) -> None:
    assert try_in(new_client(app), "siti").location == "/"
    assert try_in(new_client(app), "agus").location == "/accounts"


def test_it_leads_back_to_the_page_that_was_asked_for(client: FlaskClient, cast: Cast) -> None:
    assert client.get("/devices").location == "/login?next=/devices"
    assert 'name="next" value="/devices"' in client.get("/login?next=/devices").text
    assert try_in(client, "siti", next="/devices").location == "/devices"


@pytest.mark.parametrize("elsewhere", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:x"])
def test_it_leads_to_no_other_site(client: FlaskClient, cast: Cast, elsewhere: str) -> None:
    assert try_in(client, "siti", next=elsewhere).location == "/"


def test_it_says_the_same_whether_the_account_exists_or_not(app: Flask, cast: Cast) -> None:
    unknown, wrong = (try_in(new_client(app), name, "wrong-password") for name in ("nobody", "siti"))
    assert unknown.status_code == wrong.status_code == 422
    assert _without_names_and_keys(unknown.text) == _without_names_and_keys(wrong.text)


def test_it_keeps_the_name_and_not_the_password(client: FlaskClient, cast: Cast) -> None:
    page = try_in(client, "siti", "wrong-password").text
    assert 'value="siti"' in page
    assert "wrong-password" not in page


def test_it_pauses_after_five_wrong_passwords_and_says_nothing_else(client: FlaskClient, cast: Cast) -> None:
    words = [try_in(client, "siti", "wrong-password").text for _ in range(5)]
    locked = try_in(client, "siti")
    assert locked.status_code == 422
    assert _without_names_and_keys(locked.text) == _without_names_and_keys(words[0])
    assert cast.facilitator.locked_until is not None
    assert timedelta(0) < cast.facilitator.locked_until - clock.real_now() <= timedelta(minutes=1)


def test_it_opens_again_after_the_pause(client: FlaskClient, cast: Cast) -> None:
    for _ in range(5):
        try_in(client, "siti", "wrong-password")
    cast.facilitator.locked_until = clock.real_now() - timedelta(seconds=1)
    assert try_in(client, "siti").status_code == 303
    assert cast.facilitator.failed_logins == 0
    assert cast.facilitator.locked_until is None


def test_it_pauses_longer_each_time_up_to_an_hour() -> None:
    minutes = [pause_after(failures).total_seconds() / 60 for failures in range(1, 14)]
    assert minutes == [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_guesses_sent_at_once_are_still_only_five(app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []
    monkeypatch.setattr(passwords, "is_right", lambda hash_, _password: looked.append(hash_) or False)
    clients = [new_client(app) for _ in range(12)]
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda c: _from_thread(app, c), clients))
    assert set(answers) == {422}
    assert len([h for h in looked if h]) == 5


def _from_thread(app: Flask, client: FlaskClient) -> int:
    with app.app_context():
        return try_in(client, "siti", "wrong-password").status_code


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_floods_from_one_address_get_429(client: FlaskClient) -> None:
    answers = [client.post("/login", data={"username": "", "password": ""}).status_code for _ in range(61)]
    assert answers[59:] == [422, 429]


def test_it_logs_that_somebody_tried_and_came_in(
    client: FlaskClient, cast: Cast, db_session: scoped_session[Session]
) -> None:
    try_in(client, "siti", "wrong-password")
    try_in(client, "siti")
    siti = cast.facilitator.id
    log = db_session.execute(sa.select(AuditEntry.act, AuditEntry.subject_id).order_by(AuditEntry.id)).all()
    assert [tuple(row) for row in log] == [("login_failed", siti), ("logged_in", siti)]


def test_it_keeps_the_password_as_argon2id_of_today(
    client: FlaskClient, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "_hasher", CAREFUL_HASHER)
    assert passwords.is_outdated(cast.facilitator.password_hash)
    try_in(client, "siti")
    assert cast.facilitator.password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_a_closed_or_invited_account_cannot_log_in(client: FlaskClient, cast: Cast) -> None:
    cast.facilitator.closed_at = clock.real_now()
    cast.stranger.password_hash = ""
    assert try_in(client, "siti").status_code == 422
    assert try_in(client, "joko").status_code == 422
    assert try_in(client, "joko", "").status_code == 422


def test_the_cookie_holds_a_token_whose_hash_alone_is_stored(
    client: FlaskClient, cast: Cast, db_session: scoped_session[Session]
) -> None:
    answer = try_in(client, "siti")
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Expires=" in cookie
    with client.session_transaction() as session:
        token = session["token"]
    assert token not in db_session.scalars(sa.select(AccountSession)).one().token_hash


def test_logging_in_throws_the_old_cookie_away(client: FlaskClient, cast: Cast) -> None:
    with client.session_transaction() as session:
        session["planted"] = "by somebody else"
    try_in(client, "siti")
    with client.session_transaction() as session:
        assert "planted" not in session


def test_logging_in_as_another_ends_the_first_log_in(client: FlaskClient, cast: Cast, login: Login) -> None:
    login(client, cast.facilitator)
    first = client.get_cookie("desmigratif")
    assert first is not None
    login(client, cast.stranger)
    client.set_cookie("desmigratif", first.value)
    assert client.get("/more").status_code == 302


def test_logging_out_ends_the_session_for_good(client: FlaskClient, cast: Cast, login: Login) -> None:
    login(client, cast.facilitator)
    stolen = client.get_cookie("desmigratif")
    assert stolen is not None
    assert client.post("/logout").location == "/login"
    client.set_cookie("desmigratif", stolen.value)
    assert client.get("/more").location == "/login?next=/more"


def test_a_page_of_one_who_is_in_is_kept_by_no_cache(client: FlaskClient, cast: Cast, login: Login) -> None:
    login(client, cast.facilitator)
    assert client.get("/more").headers["Cache-Control"] == "private, no-store"


def _without_names_and_keys(page: str) -> list[str]:
    return [
        line
        for line in page.splitlines()
        if "client_id" not in line and "csrf" not in line and 'id="username"' not in line
    ]


def test_a_stranger_who_guesses_does_not_keep_the_owner_out(app: Flask, client: FlaskClient, cast: Cast) -> None:
    """The officer's phone is a log-in name and stands in every text: brokers have it."""
    assert try_in(client, "siti", PASSWORD).status_code == 303
    client.post("/logout")
    stranger = new_client(app)
    for _ in range(6):
        try_in(stranger, "siti", "bukan-kata-sandinya")
    assert try_in(stranger, "siti", PASSWORD).status_code == 422, "also with the right password"
    assert try_in(client, "siti", PASSWORD).status_code == 303


def test_on_a_known_device_too_log_in_pauses_after_wrong_passwords(client: FlaskClient, cast: Cast) -> None:
    assert try_in(client, "siti", PASSWORD).status_code == 303
    client.post("/logout")
    for _ in range(6):
        try_in(client, "siti", "bukan-kata-sandinya")
    assert try_in(client, "siti", PASSWORD).status_code == 422
    assert cast.facilitator.locked_until is None


def test_as_much_is_done_for_nobody_as_for_somebody(client: FlaskClient, cast: Cast) -> None:
    def done_for(name: str) -> list[str]:
        statements: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            statements.append(statement)

        def note_commit(_connection: object) -> None:
            statements.append("COMMIT")

        listeners = {"before_cursor_execute": note, "commit": note_commit}
        for event, listener in listeners.items():
            sa.event.listen(db.engine, event, listener)
        try_in(client, name, "bukan-kata-sandinya")
        for event, listener in listeners.items():
            sa.event.remove(db.engine, event, listener)
        return statements

    try_in(client, "siti", "bukan-kata-sandinya")
    somebody = done_for("siti")
    assert somebody == done_for("tidak-ada")
    assert somebody.count("COMMIT") == 1
