"""Pages of routes: an administrator makes, changes and rests them; a coordinator reads those of the own area."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import Login
from tests.people import HOME, OTHER_VILLAGE, REGENCY, Cast
from tests.routes_.making import make_route
from webapp import clock
from webapp.accounts.model import AuditEntry
from webapp.db import db
from webapp.outbox import officers
from webapp.outbox.model import Message
from webapp.routes import settings, states
from webapp.routes.model import Route, RouteDay, RouteState
from webapp.routes.queries import day_of

MODEM = {
    "kind": "gammu", "code": "modem-kroya", "name": "Modem Kroya", "enabled": "y", "purposes": ["reply", "alarm"],
    "prefixes": "+62811, +62812", "areas": REGENCY, "rank": "1", "reply_number": "0812 3456 7899", "per_minute": "10",
    "price_rupiah": "350", "daily_limit": "200", "silent_after": "15", "repeat_seconds": "5",
    "setting_database": "sqlite:////var/lib/gammu/smsd.db",
}  # fmt: skip


@pytest.fixture
def admin(client: FlaskClient, cast: Cast, login: Login) -> FlaskClient:
    login(client, cast.administrator)
    return client


def the_route() -> Route:
    db.session.expire_all()
    return db.session.scalars(sa.select(Route)).one()


def test_a_new_route_is_stored_as_it_was_typed(admin: FlaskClient) -> None:
    assert admin.get("/routes/new").status_code == 200
    assert "setting_database" in admin.get("/routes/new?kind=gammu").text
    answer = admin.post("/routes", data=MODEM)
    assert answer.status_code == 303
    route = the_route()
    assert (route.code, route.kind, route.enabled, route.purposes) == ("modem-kroya", "gammu", True, "reply,alarm")
    assert (route.prefixes, route.areas, route.reply_number) == ("+62811,+62812", REGENCY, "+6281234567899")
    assert (route.per_minute, route.daily_limit, route.silent_after) == (10, 200, 15)
    assert settings.of(route) == {"database": "sqlite:////var/lib/gammu/smsd.db"}
    assert not route.own_worker
    assert b"/var/lib" not in route.settings_encrypted


def test_a_modem_is_expected_to_give_signs_of_life_unless_somebody_says_otherwise(admin: FlaskClient) -> None:
    assert silent_after_shown(admin, "gammu") == "15"
    assert silent_after_shown(admin, "twilio") == ""
    admin.post("/routes", data=MODEM | {"silent_after": ""})
    assert the_route().silent_after is None


def silent_after_shown(admin: FlaskClient, kind: str) -> str:
    page = admin.get(f"/routes/new?kind={kind}").text
    found = re.search(r'<input[^>]*name="silent_after"[^>]*value="(\d*)"', page)
    assert found
    return found[1]


def test_all_purposes_are_the_same_as_none(admin: FlaskClient) -> None:
    admin.post("/routes", data=MODEM | {"purposes": ["reply", "alarm", "welcome", "account", "reminder", "notice"]})
    assert the_route().purposes == ""


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("code", "Modem Kroya"),
        ("code", "twilio"),
        ("code", "simulator"),
        ("code", "x" * 17),
        ("name", " "),
        ("prefixes", "0811"),
        ("prefixes", "+62811;+62812"),
        ("areas", "33.99"),
        ("rank", "-1"),
        ("per_minute", "0"),
        ("per_minute", "cepat"),
        ("daily_limit", "0"),
        ("reply_number", "12"),
        ("purposes", ["gossip"]),
        ("setting_database", ""),
        ("setting_database", "smsd.db"),
    ],
)
def test_what_does_not_fit_is_told_and_nothing_is_stored(admin: FlaskClient, field: str, value: str) -> None:
    answer = admin.post("/routes", data=MODEM | {field: value})
    assert answer.status_code == 422
    assert "error-summary" in answer.text
    assert db.session.scalars(sa.select(Route)).all() == []


def test_it_may_have_a_worker_of_its_own(admin: FlaskClient) -> None:
    admin.post("/routes", data=MODEM | {"own_worker": "y"})
    assert the_route().own_worker
    assert re.search(r'<input[^>]*checked[^>]*name="own_worker"', admin.get(f"/routes/{the_route().id}/edit").text)


def test_a_code_is_taken_once(admin: FlaskClient) -> None:
    admin.post("/routes", data=MODEM)
    assert admin.post("/routes", data=MODEM).status_code == 422


def test_a_kind_that_is_none_is_refused(admin: FlaskClient) -> None:
    assert admin.post("/routes", data=MODEM | {"kind": "pigeon"}).status_code == 400


def test_a_change_keeps_the_secret_that_is_never_shown(admin: FlaskClient) -> None:
    admin.post("/routes", data=MODEM)
    route = the_route()
    page = admin.get(f"/routes/{route.id}/edit").text
    assert "/var/lib/gammu" not in page
    assert 'name="code"' not in page, "it never changes"
    form = MODEM | {"version": "1", "rank": "7", "setting_database": "", "code": "other", "enabled": ""}
    form.pop("enabled")
    assert admin.post(f"/routes/{route.id}", data=form).status_code == 303
    route = the_route()
    assert (route.rank, route.code, route.enabled, route.version) == (7, "modem-kroya", False, 2)
    assert settings.of(route)["database"] == "sqlite:////var/lib/gammu/smsd.db"
    admin.post(f"/routes/{route.id}", data=form | {"version": "2", "setting_database": "sqlite:////srv/other.db"})
    assert settings.of(the_route())["database"] == "sqlite:////srv/other.db"


def test_two_who_change_it_at_once_do_not_overwrite_each_other(admin: FlaskClient) -> None:
    admin.post("/routes", data=MODEM)
    route = the_route()
    assert admin.post(f"/routes/{route.id}", data=MODEM | {"version": "1", "rank": "7"}).status_code == 303
    answer = admin.post(f"/routes/{route.id}", data=MODEM | {"version": "1", "rank": "8"})
    assert answer.status_code == 422
    assert "Somebody else changed this route" in answer.text or "Orang lain" in answer.text
    assert the_route().rank == 7


def test_it_rests_and_opens_by_hand_with_a_reason_in_the_log(admin: FlaskClient, cast: Cast) -> None:
    route_id = make_route("modem").id
    assert admin.get(f"/routes/{route_id}/rest").status_code == 200
    assert admin.post(f"/routes/{route_id}/rest", data={"reason": ""}).status_code == 422
    assert admin.post(f"/routes/{route_id}/rest", data={"reason": "Kartu SIM diganti"}).status_code == 303
    assert db.session.get_one(RouteState, "modem").pause_reason == "by_hand"
    assert "Kartu SIM diganti" in admin.get("/routes").text
    assert admin.post(f"/routes/{route_id}/opening").status_code == 303
    db.session.expire_all()
    assert db.session.get_one(RouteState, "modem").paused_until is None
    query = sa.select(AuditEntry.act, AuditEntry.detail).where(AuditEntry.subject == "route").order_by(AuditEntry.id)
    assert db.session.execute(query).tuples().all() == [("rested", "Kartu SIM diganti"), ("opened", "")]


def test_switching_off_keeps_the_row(admin: FlaskClient, cast: Cast) -> None:
    route_id = make_route("modem").id
    assert admin.get(f"/routes/{route_id}/closure").status_code == 200
    assert admin.post(f"/routes/{route_id}/closure").status_code == 303
    assert not the_route().enabled
    assert "modem" in admin.get("/routes").text.lower()


def test_the_list_says_how_each_is_and_what_it_cost_today(admin: FlaskClient, cast: Cast) -> None:
    make_route("modem", name="Modem Kroya", daily_limit=200, per_minute=10, price_rupiah=350)
    now = clock.real_now()
    db.session.add(RouteDay(route="modem", day=day_of(now), texts=12, segments=14, rupiah=4900))
    states.rest(db.session, "modem", now + timedelta(minutes=5), "20003")
    page = admin.get("/routes").text
    for words in ("Modem Kroya", "12", "200", "4.900", "350", "20003"):
        assert words in page


@pytest.mark.parametrize(("area", "seen"), [(HOME, True), (REGENCY, True), ("", True), (OTHER_VILLAGE, False)])
def test_a_coordinator_reads_what_concerns_the_own_area(
    client: FlaskClient, cast: Cast, login: Login, area: str, seen: bool
) -> None:
    route_id = make_route("modem", name="Modem Kroya", areas=area).id
    login(client, cast.coordinator)
    page = client.get("/routes").text
    assert ("Modem Kroya" in page) is seen
    assert "/edit" not in page
    assert client.get(f"/routes/{route_id}/edit").status_code == 403
    assert client.post(f"/routes/{route_id}/closure").status_code == 403


def test_the_page_of_outgoing_texts_names_them(client: FlaskClient, cast: Cast, login: Login) -> None:
    make_route("modem", name="Modem Kroya")
    states.rest_by_hand(db.session, "modem", "Kartu SIM diganti")
    now = clock.now()
    message = Message(
        key="t:1", reference="r", number="+6281234567801", area_code=HOME, purpose="notice", state="failed",
        gateway="modem", due_at=now, created_at=now, updated_at=now,
    )  # fmt: skip
    db.session.add(message)
    login(client, cast.coordinator)
    page = client.get("/outbox").text
    assert page.count("Modem Kroya") == 2
    assert "Kartu SIM diganti" in page
    assert "2200" not in page, "no day of the next attempt"


def test_the_first_page_of_a_coordinator_says_what_is_out_of_order(
    client: FlaskClient, cast: Cast, login: Login
) -> None:
    make_route("modem", name="Modem <b>Kroya</b>", areas=HOME)
    make_route("lain", name="HP Kradenan", areas=OTHER_VILLAGE)
    for code in ("modem", "lain"):
        states.rest(db.session, code, clock.real_now() + timedelta(minutes=5), "unreachable")
    login(client, cast.coordinator)
    page = client.get("/").text
    assert "Modem &lt;b&gt;Kroya" in page
    assert "HP Kradenan" not in page
    states.rest_by_hand(db.session, "modem", "Kartu SIM diganti")
    assert "Kroya&lt;" not in client.get("/").text


def test_people_are_told_the_number_of_the_route_that_hears_their_area(app: Flask, cast: Cast) -> None:
    assert officers.reply_number(cast.facilitator) == "081300000001"
    make_route("lain", areas=OTHER_VILLAGE, reply_number="+6281200000001", rank=1)
    make_route("kroya", areas=REGENCY, reply_number="+6281200000002", rank=2)
    forget(app)
    assert officers.reply_number(cast.facilitator) == "081200000002"
    assert officers.reply_number(cast.facilitator, abroad=True) == "+6281200000002"
    assert officers.reply_number(None) == "08001000"
    make_route("nasional", reply_number="+6281200000003", rank=3)
    forget(app)
    assert officers.reply_number(None) == "081200000003"


def forget(app: Flask) -> None:
    """As some seconds later."""
    app.extensions.pop("route_receivers", None)


@pytest.mark.settings(
    sms_gateway="twilio", twilio_account_sid="AC1", twilio_auth_token="x", twilio_from="X",
    public_url="https://desmigratif.example.go.id",
)  # fmt: skip
def test_pretend_phones_are_no_route_where_people_are_real(client: FlaskClient, cast: Cast, login: Login) -> None:
    login(client, cast.administrator)
    assert "kind=simulator" not in client.get("/routes/new").text
    assert client.post("/routes", data=MODEM | {"kind": "simulator"}).status_code == 400


@pytest.mark.parametrize("limit", ["500", ""])
def test_a_raised_limit_ends_the_rest_for_the_old_one_at_once(admin: FlaskClient, limit: str) -> None:
    admin.post("/routes", data=MODEM)
    rests_for("daily_limit")
    change_the_route(admin, name="Modem Kroya 2")
    assert pause_reason() == "daily_limit"
    change_the_route(admin, daily_limit=limit)
    assert pause_reason() == ""
    rests_for("by_hand")
    change_the_route(admin, daily_limit="600")
    assert pause_reason() == "by_hand"


def rests_for(reason: str) -> None:
    states.rest(db.session, "modem-kroya", clock.real_now() + timedelta(hours=9), reason)
    db.session.commit()


def pause_reason() -> str:
    db.session.expire_all()
    return db.session.get_one(RouteState, "modem-kroya").pause_reason


def change_the_route(admin: FlaskClient, **changes: str) -> None:
    route = the_route()
    facts = MODEM | {"version": str(route.version), "setting_database": "", "name": route.name} | changes
    assert admin.post(f"/routes/{route.id}", data=facts).status_code == 303
