"""Accounts in one's area, the log of who saw what, and an administrator's stated reason."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, scoped_session

from tests.conftest import Login, new_client
from tests.people import HOME, OTHER_VILLAGE, PASSWORD, Cast
from tests.routes import routes, stored_examples
from webapp import clock
from webapp.accounts import access, audit, queries
from webapp.accounts.model import FACILITATOR, AccessGrant, Account, AuditEntry
from webapp.db import db

#: Reads the log: (subject, id, area, detail) of each look.
Looks = Callable[[], list[tuple[Any, ...]]]


def test_the_list_holds_the_own_area_and_below(app: Flask, cast: Cast, login: Login) -> None:
    seen = {}
    for account in (cast.coordinator, cast.province, cast.other_coordinator):
        client = new_client(app)
        login(client, account)
        page = client.get("/accounts").text
        seen[account.username] = {
            name for name in ("siti", "joko", "ratna", "bambang", "dewi") if _named(cast, name, page)
        }
    assert seen == {
        "ratna": {"siti", "joko", "ratna"},
        "bambang": {"siti", "joko", "ratna", "bambang"},
        "hartono": set(),
    }


def _named(cast: Cast, username: str, page: str) -> bool:
    return f'href="/accounts/{cast.account(username).id}"' in page


def test_an_account_elsewhere_is_404(client: FlaskClient, cast: Cast, login: Login) -> None:
    login(client, cast.other_coordinator)
    assert client.get(f"/accounts/{cast.facilitator.id}").status_code == 404
    assert client.post(f"/accounts/{cast.facilitator.id}/closure").status_code == 404
    assert cast.facilitator.closed_at is None


def test_a_facilitator_sees_no_accounts(client: FlaskClient, cast: Cast, login: Login) -> None:
    login(client, cast.facilitator)
    assert client.get("/accounts").status_code == 403


def test_it_searches_names_with_and_without_a_script(client: FlaskClient, cast: Cast, login: Login) -> None:
    login(client, cast.coordinator)
    page = client.get("/accounts?q=Aminah").text
    part = client.get("/accounts?q=Aminah", headers={"HX-Request": "true"}).text
    assert "<h1>" in page
    assert "<h1>" not in part
    assert "Siti Aminah" in part
    assert "Joko" not in part
    assert "Joko" not in client.get("/accounts?q=100%25_").text


def test_pages_follow_each_other_without_gap_or_repeat(
    client: FlaskClient, cast: Cast, login: Login, db_session: scoped_session[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "PAGE", 3)
    login(client, cast.nation)
    names, address = [], "/accounts"
    while address:
        page = client.get(address).text
        names += [a.username for a in db_session.scalars(sa.select(Account)) if _named(cast, a.username, page)]
        address = page.partition('rel="next" href="')[2].partition('"')[0]
    assert sorted(names) == sorted(db_session.scalars(sa.select(Account.username)))


def test_the_log_shows_the_own_area_only(client: FlaskClient, cast: Cast, login: Login, app: Flask) -> None:
    audit.changed("created", "person", 471104711, HOME)
    audit.changed("created", "person", 471204712, OTHER_VILLAGE)
    login(client, cast.coordinator)
    page = client.get("/audit").text
    assert "471104711" in page
    assert "471204712" not in page
    assert "471104711" in client.get("/audit?subject=person&id=471104711").text
    assert "471104711" not in client.get("/audit?subject=person&id=1").text


def test_outside_a_request_the_programme_itself_did_it(app: Flask, db_session: scoped_session[Session]) -> None:
    audit.changed("withdrawn", "person", 1, HOME, "x" * 400)
    entry = db_session.scalars(sa.select(AuditEntry)).one()
    assert entry.account_id is None
    assert len(entry.detail) == 300


@pytest.mark.settings
def test_what_is_seen_is_written_after_the_answer_once_and_with_the_reader(
    app: Flask, cast: Cast, login: Login, db_session: scoped_session[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(access.RULES, "look", access.ANYONE_IN)

    @app.get("/look/<int:status>")
    def look(status: int) -> tuple[str, int]:
        for _ in range(3):
            audit.seen("person", 7, HOME)
        return "", status

    client = new_client(app)
    login(client, cast.facilitator)
    client.get("/look/404")
    client.get("/look/200")
    seen = db_session.scalars(sa.select(AuditEntry).where(AuditEntry.act == "seen")).one()
    assert (seen.subject, seen.subject_id, seen.account_id) == ("person", 7, cast.facilitator.id)


@pytest.mark.settings
def test_an_administrator_gives_a_reason_that_holds_for_an_hour_and_is_logged(
    app: Flask, cast: Cast, login: Login, db_session: scoped_session[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(access.RULES, "people.secret", access.ANYONE_IN)
    app.add_url_rule("/secret", "people.secret", lambda: "secret")
    client = new_client(app)
    login(client, cast.administrator)
    assert client.get("/secret").location == "/access?next=/secret"
    assert client.post("/access", data={"reason": " too     " + " ", "next": "/secret"}).status_code == 422
    reason = "Help desk: a person is not found in Bajing"
    assert client.post("/access", data={"reason": reason, "next": "/secret"}).location == "/secret"
    assert client.get("/secret").text == "secret"
    assert reason in client.get("/audit").text
    db_session.scalars(sa.select(AccessGrant)).one().until = clock.real_now() - timedelta(seconds=1)
    assert client.get("/secret").location == "/access?next=/secret"


def test_an_administrator_closes_what_was_opened(client: FlaskClient, cast: Cast, login: Login) -> None:
    login(client, cast.administrator)
    client.post("/access", data={"reason": "Help desk: a person is not found in Bajing"})
    assert client.get("/people").status_code == 200
    assert "Tutup data pribadi sekarang" in client.get("/access").text
    client.post("/access/closure")
    assert client.get("/people").location == "/access?next=/people"
    assert "Menutup lagi data pribadi" in client.get("/audit").text
    assert "Tutup data pribadi sekarang" not in client.get("/access").text


def test_an_invitation_waits_until_another_has_logged_out(client: FlaskClient, cast: Cast, login: Login) -> None:
    login(client, cast.facilitator)
    assert client.get("/join").location == "/more"
    assert f"Anda masuk sebagai {cast.facilitator.name}" in client.get("/more").text


def test_the_page_of_an_account_says_that_it_is_locked(app: Flask, cast: Cast, login: Login) -> None:
    stranger, office = new_client(app), new_client(app)
    login(office, cast.coordinator)
    page = f"/accounts/{cast.facilitator.id}"
    assert "Terkunci sebentar" not in office.get(page).text
    for _ in range(8):
        stranger.post("/login", data={"username": cast.facilitator.username, "password": "salah-sekali-lagi"})
    assert "Terkunci sebentar" in office.get(page).text


def test_others_need_no_reason_and_cannot_give_one(client: FlaskClient, cast: Cast, login: Login) -> None:
    login(client, cast.nation)
    assert client.get("/access").status_code == 403


def test_the_language_is_kept_with_the_account(app: Flask, client: FlaskClient, cast: Cast) -> None:
    assert '<html lang="id">' in client.get("/login").text
    assert client.post("/language", data={"language": "en", "next": "/login"}).location == "/login"
    assert '<html lang="en">' in client.get("/login").text
    assert client.post("/language", data={"language": "xx"}).status_code == 400

    phone = new_client(app)
    phone.post("/login", data={"username": "siti", "password": PASSWORD})
    phone.post("/language", data={"language": "en", "next": "/more"})
    desktop = new_client(app)
    desktop.post("/login", data={"username": "siti", "password": PASSWORD})
    assert '<html lang="en">' in desktop.get("/more").text


def test_a_language_chosen_at_the_door_goes_in_with_whoever_enters(
    app: Flask, client: FlaskClient, cast: Cast, login: Login
) -> None:
    client.post("/language", data={"language": "en", "next": "/login"})
    login(client, cast.facilitator)
    assert '<html lang="en">' in client.get("/").text
    assert cast.facilitator.language == "en"
    client.post("/logout")
    login(client, cast.stranger)
    assert '<html lang="id">' in client.get("/").text, "it was the other's choice"


@pytest.mark.parametrize(
    ("detail", "words"),
    [
        ("paper_done", "berkas dicentang"),
        ("people.index", ""),
        ("people.phones.edit", ""),
        ("Help desk: nobody is found in Bajing", "Help desk: nobody is found in Bajing"),
    ],
)
def test_the_log_speaks_words(client: FlaskClient, cast: Cast, login: Login, detail: str, words: str) -> None:
    audit.changed("changed", "departure", 1, HOME, detail)
    login(client, cast.coordinator)
    page = client.get("/audit").text
    assert (detail in page) is (detail == words)
    assert words in page


@pytest.mark.parametrize("username", ["siti", "ratna", "agus"])
def test_more_tells_who_one_is(client: FlaskClient, cast: Cast, login: Login, username: str) -> None:
    login(client, cast.account(username))
    page = client.get("/more").text
    assert cast.account(username).area.name in page
    assert ('href="/accounts"' in page) is (username != "siti")


@pytest.fixture
def looks(cast: Cast, db_session: scoped_session[Session]) -> Looks:
    """What the log says that the facilitator saw."""

    def read() -> list[tuple[Any, ...]]:
        db_session.rollback()
        columns = (AuditEntry.subject, AuditEntry.subject_id, AuditEntry.area_code, AuditEntry.detail)
        query = sa.select(*columns).where(AuditEntry.act == "seen", AuditEntry.account_id == cast.facilitator.id)
        return [tuple(row) for row in db_session.execute(query.order_by(AuditEntry.id))]

    return read


def test_whoever_opens_a_page_of_personal_data_is_in_the_log(
    app: Flask, cast: Cast, login: Login, db_session: scoped_session[Session], looks: Looks
) -> None:
    """Every page there is, with the person or departure it shows, or as a list."""
    client, pages = new_client(app), list(routes(app, stored_examples(cast, db_session())))
    login(client, cast.facilitator)
    unseen = []
    for page in pages:
        personal = access.is_personal(page.endpoint) and page.endpoint not in access.FORMS_OF_NOBODY
        if page.method == "GET" and FACILITATOR in page.roles and personal:
            db_session.execute(sa.delete(AuditEntry))
            assert client.get(page.path).status_code == 200
            if not (found := looks()) or (page.holds_ids and any(number is None for _, number, _, _ in found)):
                unseen.append(f"{page}: {found}")
    assert unseen == []


def test_the_log_says_whose_page_it_was_and_in_which_village(
    client: FlaskClient, cast: Cast, login: Login, looks: Looks
) -> None:
    login(client, cast.facilitator)
    client.get(f"/people/{cast.migrant.id}/consents")
    client.get("/people")
    assert looks() == [("person", cast.migrant.id, HOME, ""), ("people", None, HOME, "people.index")]


def test_a_search_is_in_the_log_without_its_words(client: FlaskClient, cast: Cast, login: Login, looks: Looks) -> None:
    """Also the part of a page that typing fetches."""
    login(client, cast.facilitator)
    client.post("/people/search", data={"q": "Wahyuni"}, headers={"HX-Request": "true"})
    assert looks() == [("people", None, HOME, "people.search")]


def test_the_same_look_within_some_minutes_is_one_line(
    client: FlaskClient, cast: Cast, login: Login, looks: Looks, monkeypatch: pytest.MonkeyPatch
) -> None:
    login(client, cast.facilitator)
    for _ in range(3):
        client.get(f"/people/{cast.migrant.id}")
    client.get(f"/people/{cast.withdrew.id}")
    assert [number for _, number, _, _ in looks()] == [cast.migrant.id, cast.withdrew.id]
    later = clock.real_now() + audit.ONE_LOOK
    monkeypatch.setattr(clock, "real_now", lambda: later)
    client.get(f"/people/{cast.migrant.id}")
    assert len(looks()) == 3


def test_who_is_sent_elsewhere_saw_nothing(client: FlaskClient, cast: Cast, login: Login) -> None:
    """An administrator without a reason."""
    login(client, cast.administrator)
    assert client.get(f"/people/{cast.migrant.id}").status_code == 303
    assert client.get("/people").status_code == 303
    assert db.session.scalar(sa.select(AuditEntry.id).where(AuditEntry.act == "seen")) is None
