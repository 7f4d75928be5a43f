"""Inviting: who may invite whom, a code that works once and is kept nowhere, and the end of an account."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, scoped_session
from werkzeug.test import TestResponse

from tests.conftest import Login, new_client
from tests.people import HOME, NATION, NEIGHBOUR, OTHER_REGENCY, OTHER_VILLAGE, PASSWORD, PROVINCE, REGENCY, Cast
from webapp import clock
from webapp.accounts import invitations, sessions
from webapp.accounts.hierarchy import may_manage, roles_below, works_at
from webapp.accounts.model import Account, AuditEntry, Invitation
from webapp.accounts.signals import invitation_made
from webapp.areas.model import Area

NEW = "kopi-pahit-di-beranda"
WULAN = {
    "name": "Wulan Sari",
    "username": "wulan",
    "phone": "0813 9999 0001",
    "role": "facilitator",
    "place": "Bajing",
    "delivery": "print",
}


@pytest.fixture
def office(client: FlaskClient, cast: Cast, login: Login) -> FlaskClient:
    """The browser of the coordinator of Cilacap."""
    login(client, cast.coordinator)
    return client


def invite(client: FlaskClient, **changes: str) -> TestResponse:
    return client.post("/accounts", data=WULAN | changes)


def code_on(page: str) -> str:
    return re.search(r'invitation-code">([^<]+)<', page).group(1)  # type: ignore[union-attr]  # fails the test if None


def join(client: FlaskClient, code: str, password: str = NEW) -> TestResponse:
    return client.post("/join", data={"code": code, "password": password, "repeated": password})


def test_a_coordinator_invites_a_facilitator_who_chooses_a_password(
    app: Flask, office: FlaskClient, cast: Cast
) -> None:
    page = invite(office).text
    wulan = cast.account("wulan")
    assert (wulan.area_code, wulan.phone, wulan.role) == (HOME, "+6281399990001", "facilitator")
    assert "127.0.0.1:8000/join" in page

    phone = new_client(app)
    assert join(phone, code_on(page)).location == "/"
    assert phone.get("/more").status_code == 200
    assert new_client(app).post("/login", data={"username": "wulan", "password": NEW}).status_code == 303


def test_the_code_is_shown_once_and_kept_by_no_cache(office: FlaskClient, cast: Cast) -> None:
    key = "3f0e1d2c-0000-4000-8000-00000000000b"
    first = invite(office, client_id=key)
    assert first.headers["Cache-Control"] == "no-store"
    again = invite(office, client_id=key)
    assert (again.status_code, again.location) == (303, f"/accounts/{cast.account('wulan').id}")


def test_the_code_is_stored_nowhere(office: FlaskClient, db_session: scoped_session[Session]) -> None:
    code = code_on(invite(office).text)
    stored = db_session.scalars(sa.select(Invitation)).one()
    assert code not in stored.code_hash
    assert code.replace("-", "") not in stored.code_hash
    assert len(stored.code_hash) == 64


def test_a_code_works_in_any_spelling_and_once(app: Flask, office: FlaskClient) -> None:
    code = code_on(invite(office).text)
    assert join(new_client(app), f" {code.lower().replace('-', ' ')} ").status_code == 303
    assert join(new_client(app), code).status_code == 422


def test_a_code_ends_after_seven_days(app: Flask, office: FlaskClient, db_session: scoped_session[Session]) -> None:
    code = code_on(invite(office).text)
    db_session.scalars(sa.select(Invitation)).one().expires_at = clock.real_now() - timedelta(seconds=1)
    assert join(new_client(app), code).status_code == 422


def test_unknown_used_and_old_codes_get_the_same_words(app: Flask, office: FlaskClient) -> None:
    code = code_on(invite(office).text)
    join(new_client(app), code)
    unknown, used = (join(new_client(app), c).text for c in ("CDFG-2345", code))
    words = [re.sub(r'value="[^"]*"', "", page) for page in (unknown, used)]
    assert words[0] == words[1]


def test_a_bad_password_does_not_use_the_code_up(app: Flask, office: FlaskClient) -> None:
    code = code_on(invite(office).text)
    assert join(new_client(app), code, "wulan12345").status_code == 422
    assert join(new_client(app), code).status_code == 303


def test_a_forgotten_password_is_replaced_by_a_new_code(
    app: Flask, office: FlaskClient, cast: Cast, login: Login
) -> None:
    phone = new_client(app)
    login(phone, cast.facilitator)
    first = office.post(f"/accounts/{cast.facilitator.id}/invitations", data={"delivery": "print"})
    old_code = code_on(first.text)
    second = office.post(f"/accounts/{cast.facilitator.id}/invitations", data={"delivery": "print"})
    code = code_on(second.text)
    assert phone.get("/more").status_code == 200  # until the code is used
    assert join(new_client(app), old_code).status_code == 422
    assert join(new_client(app), code).status_code == 303
    assert phone.get("/more").status_code == 302
    assert new_client(app).post("/login", data={"username": "siti", "password": PASSWORD}).status_code == 422


def test_a_code_unlocks(app: Flask, office: FlaskClient, cast: Cast) -> None:
    cast.facilitator.failed_logins, cast.facilitator.locked_until = 9, clock.real_now() + timedelta(minutes=9)
    answer = office.post(f"/accounts/{cast.facilitator.id}/invitations", data={"delivery": "print"})
    join(new_client(app), code_on(answer.text))
    assert (cast.facilitator.failed_logins, cast.facilitator.locked_until) == (0, None)


def test_by_sms_the_code_is_handed_to_who_listens_and_not_shown(office: FlaskClient, app: Flask) -> None:
    heard: list[dict[str, Any]] = []

    def listen(account: Account, **facts: Any) -> None:
        heard.append(facts | {"phone": account.phone})

    with invitation_made.connected_to(listen):
        answer = invite(office, delivery="sms")
    assert answer.status_code == 303
    assert answer.location.startswith("/accounts/")
    assert heard[0]["phone"] == "+6281399990001"
    assert join(new_client(app), heard[0]["code"]).status_code == 303


def test_by_sms_needs_a_phone(office: FlaskClient, db_session: scoped_session[Session]) -> None:
    assert invite(office, delivery="sms", phone="").status_code == 422
    assert db_session.scalar(sa.select(Account).where(Account.username == "wulan")) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"name": ""},
        {"name": "x" * 81},
        {"username": "Wulan Sari!"},
        {"username": "1"},
        {"username": "siti"},
        {"phone": "0813 0000 0001"},
        {"phone": "12"},
        {"phone": "0813" * 30},
        {"role": "administrator"},
        {"role": "coordinator"},
        {"role": "king"},
        {"place": "Kradenan"},
        {"place": "Kroya"},
        {"place": ""},
        {"delivery": "pigeon"},
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_does_not_fit_is_said_and_nothing_is_stored(
    office: FlaskClient, db_session: scoped_session[Session], changes: dict[str, str]
) -> None:
    before = db_session.scalar(sa.select(sa.func.count(Account.id)))
    answer = invite(office, **changes)
    assert answer.status_code == 422
    assert db_session.scalar(sa.select(sa.func.count(Account.id))) == before
    assert 'value="wulan"' in answer.text or "username" in changes


def test_of_several_places_with_one_name_one_is_chosen(office: FlaskClient, cast: Cast) -> None:
    page = invite(office, place="b").text
    assert f'value="{HOME}"' in page
    assert f'value="{NEIGHBOUR}"' in page
    assert OTHER_VILLAGE not in page
    assert invite(office, place="b", area_code=NEIGHBOUR).status_code == 200
    assert cast.account("wulan").area_code == NEIGHBOUR


@pytest.mark.parametrize(
    ("inviter", "role", "area", "may"),
    [
        (("facilitator", HOME), "facilitator", HOME, False),
        (("coordinator", REGENCY), "facilitator", HOME, True),
        (("coordinator", REGENCY), "facilitator", OTHER_VILLAGE, False),
        (("coordinator", REGENCY), "coordinator", REGENCY, False),
        (("coordinator", REGENCY), "administrator", NATION, False),
        (("coordinator", PROVINCE), "coordinator", REGENCY, True),
        (("coordinator", PROVINCE), "coordinator", PROVINCE, False),
        (("coordinator", PROVINCE), "coordinator", OTHER_REGENCY, False),
        (("coordinator", NATION), "coordinator", PROVINCE, True),
        (("coordinator", NATION), "administrator", NATION, False),
        (("administrator", NATION), "administrator", NATION, True),
        (("administrator", NATION), "coordinator", REGENCY, True),
    ],
)
def test_who_sees_to_whom(inviter: tuple[str, str], role: str, area: str, may: bool) -> None:
    assert may_manage(*inviter, role, area) is may


def test_roles_work_at_their_levels() -> None:
    assert works_at("facilitator", HOME)
    assert not works_at("facilitator", REGENCY)
    assert works_at("coordinator", NATION)
    assert not works_at("coordinator", "33.01.06")
    assert roles_below("facilitator", HOME) == ()
    assert roles_below("coordinator", REGENCY) == ("facilitator",)


def test_an_administrator_invites_an_administrator_without_naming_a_place(
    client: FlaskClient, cast: Cast, login: Login
) -> None:
    login(client, cast.administrator)
    assert invite(client, role="administrator", place="").status_code == 200
    assert cast.account("wulan").area_code == NATION


@pytest.mark.parametrize("act", ["invitations", "closure"])
def test_nobody_sees_to_equals_superiors_or_oneself(app: Flask, cast: Cast, login: Login, act: str) -> None:
    office = new_client(app)
    login(office, cast.nation)
    for other in (cast.nation, cast.administrator):
        assert office.post(f"/accounts/{other.id}/{act}", data={"delivery": "print"}).status_code == 403
    below = new_client(app)
    login(below, cast.coordinator)
    assert below.post(f"/accounts/{cast.province.id}/{act}", data={"delivery": "print"}).status_code == 404


def test_a_closed_account_is_out_at_once_and_frees_its_phone(
    app: Flask, office: FlaskClient, cast: Cast, login: Login
) -> None:
    phone = new_client(app)
    login(phone, cast.facilitator)
    assert office.post(f"/accounts/{cast.facilitator.id}/closure").status_code == 303
    assert phone.get("/more").status_code == 302
    assert invite(office, phone="081300000001").status_code == 200
    assert office.post(f"/accounts/{cast.account('siti').id}/invitations").status_code == 403


def test_a_device_that_was_not_ended_with_its_account_is_out_too(app: Flask, cast: Cast, login: Login) -> None:
    phone = new_client(app)
    login(phone, cast.facilitator)
    assert len(sessions.devices_of(cast.facilitator, clock.real_now())) == 1
    cast.facilitator.closed_at = clock.real_now()
    assert phone.get("/more").status_code == 302
    assert sessions.devices_of(cast.account("siti"), clock.real_now()) == []


def test_a_code_of_a_closed_account_opens_nothing(app: Flask, office: FlaskClient, cast: Cast) -> None:
    code = code_on(invite(office).text)
    office.post(f"/accounts/{cast.account('wulan').id}/closure")
    assert join(new_client(app), code).status_code == 422


def test_codes_have_no_letters_that_are_taken_for_others(app: Flask) -> None:
    assert not set(invitations.ALPHABET) & set("0O1ILB8S5UEA") - set("5")


def test_every_step_is_in_the_log(
    app: Flask, office: FlaskClient, cast: Cast, db_session: scoped_session[Session]
) -> None:
    code = code_on(invite(office).text)
    join(new_client(app), code)
    office.post(f"/accounts/{cast.account('wulan').id}/closure")
    acts = db_session.scalars(
        sa.select(AuditEntry.act).where(AuditEntry.subject_id == cast.account("wulan").id).order_by(AuditEntry.id)
    )
    assert list(acts) == ["created", "invited", "joined", "closed"]


@pytest.mark.parametrize("place", ["Bajing", "bajing kroya"])
def test_the_very_name_is_meant_before_longer_ones(
    office: FlaskClient, db_session: scoped_session[Session], place: str
) -> None:
    """Beside Bajing lies Bajing Kulon, and the hint of the field says 'Bajing Kroya'."""
    longer = Area(code="33.01.06.2011", parent_code="33.01.06", level=4, name="Bajing Kulon", name_key="bajing kulon")
    longer.zone = "Asia/Jakarta"
    db_session.add(longer)
    db_session.commit()
    assert invite(office, place=place).status_code == 200
    assert db_session.scalars(sa.select(Account).where(Account.username == "wulan")).one().area_code == HOME


def test_a_code_for_a_forgotten_password_ends_with_a_new_password(
    app: Flask, client: FlaskClient, cast: Cast, login: Login, db_session: scoped_session[Session]
) -> None:
    code = invitations.make(cast.facilitator, cast.coordinator, clock.real_now(), by_sms=False)
    db_session.commit()
    login(client, cast.facilitator)
    assert client.post("/password", data={"current": PASSWORD, "password": NEW, "repeated": NEW}).status_code == 303
    assert join(new_client(app), code).status_code == 422


def test_where_many_places_are_called_so_none_is_guessed(
    client: FlaskClient, cast: Cast, login: Login, db_session: scoped_session[Session]
) -> None:
    def area(code: str, name: str) -> Area:
        level = code.count(".") + 1
        place = Area(code=code, parent_code=code.rpartition(".")[0], level=level, name=name, name_key=name.lower())
        place.zone = "Asia/Jakarta"
        return place

    db_session.add_all([area(f"33.01.{n:02}", f"Sumber{n:02}") for n in range(30, 60)])
    db_session.add_all([area("33.01.06.2090", "Sumber"), area("35.02.09.2090", "Sumber")])
    db_session.add_all([area("33.01.06.2091", "Pasar Kota"), area("33.01.06.2092", "Pasar")])
    db_session.commit()
    login(client, cast.nation)
    asked = invite(client, place="Sumber")
    assert asked.status_code == 422
    assert "33.01.06.2090" in asked.text
    assert "35.02.09.2090" in asked.text
    assert invite(client, place="Sumber", area_code="35.02.09.2090").status_code == 200
    exact = {"username": "ani", "phone": "", "place": "Pasar Kota", "area_code": HOME}
    page = invite(client, **exact)
    assert page.status_code == 200, "a choice that does not belong to the name is no choice"
    assert "Pasar Kota, Kroya" in page.text
