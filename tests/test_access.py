"""Every route has a rule, and the rule holds: for nobody, for other roles, for other areas."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, scoped_session

from tests.conftest import Login, new_client
from tests.people import Cast
from tests.routes import Route, everything_stored, grant, reader_for, routes, stored_examples
from webapp import clock, require_rules
from webapp.accounts import access
from webapp.accounts.access import RULES
from webapp.accounts.model import ADMINISTRATOR, COORDINATOR, FACILITATOR, ROLES

#: The phones of the simulator are its own, and there are none until a text was sent: tests/simulator shows them.
EMPTY = {"simulator.show"}


@pytest.fixture
def all_routes(app: Flask, cast: Cast, db_session: scoped_session[Session]) -> list[Route]:
    return list(routes(app, stored_examples(cast, db_session())))


@pytest.fixture
def browsers(app: Flask, cast: Cast, login: Login) -> dict[str, FlaskClient]:
    """A logged-in browser for each of the cast."""
    found = {}
    for username in ("siti", "joko", "ratna", "hartono", "agus"):
        found[username] = new_client(app)
        login(found[username], cast.account(username))
    return found


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_route_has_a_rule_and_every_rule_a_route(app: Flask) -> None:
    assert {rule.endpoint for rule in app.url_map.iter_rules()} == set(RULES)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.settings
def test_it_does_not_start_with_a_route_without_rule(app: Flask) -> None:
    app.add_url_rule("/forgotten", "people.forgotten", lambda: "")
    with pytest.raises(LookupError, match=r"people\.forgotten"):
        require_rules(app)


def test_public_routes_are_a_short_list() -> None:
    public = {endpoint for endpoint, roles in RULES.items() if roles is access.PUBLIC}
    assert {endpoint.partition(".")[0] for endpoint in public} <= {
        "accounts",
        "callbacks",
        "simulator",
        "health",
        "offline",
    }
    assert {e for e in public if e.startswith("accounts.")} == {
        "accounts.login",
        "accounts.log_in",
        "accounts.join",
        "accounts.take_up",
        "accounts.language",
    }
    assert {e for e in public if e.startswith("offline.")} == {"offline.worker_script"}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_nobody_gets_in_anywhere(
    app: Flask, client: FlaskClient, all_routes: list[Route], db_session: scoped_session[Session]
) -> None:
    before = everything_stored(db_session())
    wrong = []
    for route in all_routes:
        if route.public:
            continue
        answer = client.open(route.path, method=route.method)
        sent_to_log_in = answer.status_code == 302 and answer.location.startswith("/login")
        if not (sent_to_log_in if route.method == "GET" else answer.status_code == 401):
            wrong.append(f"{route}: {answer.status_code}")
    assert wrong == []
    assert everything_stored(db_session()) == before


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_other_roles_are_refused(
    all_routes: list[Route], browsers: dict[str, FlaskClient], cast: Cast, db_session: scoped_session[Session]
) -> None:
    by_role = {"facilitator": "siti", "coordinator": "ratna", "administrator": "agus"}
    before = everything_stored(db_session())
    wrong = []
    for route in all_routes:
        for role in () if route.public else set(ROLES) - route.roles:
            answer = browsers[by_role[role]].open(route.path, method=route.method)
            if answer.status_code != 403:
                wrong.append(f"{route} as {role}: {answer.status_code}")
    assert wrong == []
    assert everything_stored(db_session()) == before


def test_what_is_elsewhere_is_404(
    all_routes: list[Route], browsers: dict[str, FlaskClient], cast: Cast, db_session: scoped_session[Session]
) -> None:
    """Also to a facilitator of the next village, and also before anything is said about the form."""
    before = everything_stored(db_session())
    wrong = []
    for route in all_routes:
        for role, username in ((FACILITATOR, "joko"), (COORDINATOR, "hartono")):
            if route.public or role not in route.roles or not route.holds_ids:
                continue
            answer = browsers[username].open(route.path, method=route.method)
            if answer.status_code != 404:
                wrong.append(f"{route} as {username}: {answer.status_code}")
    assert wrong == []
    assert everything_stored(db_session()) == before


def test_what_is_ones_own_is_shown(
    app: Flask,
    all_routes: list[Route],
    browsers: dict[str, FlaskClient],
    cast: Cast,
    db_session: scoped_session[Session],
) -> None:
    """Else the tests above would prove nothing; and html_check reads every page on the way."""
    grant(cast, db_session(), until=clock.real_now().replace(year=2100))
    wrong = []
    for route in all_routes:
        if route.method != "GET" or route.endpoint in EMPTY:
            continue
        reader = reader_for(route, cast)
        browser = browsers[reader.username] if reader else new_client(app)
        answer = browser.get(route.path)
        if answer.status_code != 200:
            wrong.append(f"{route}: {answer.status_code} {answer.location or ''}")
    assert wrong == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_administrator_without_a_reason_sees_nobody(
    all_routes: list[Route], browsers: dict[str, FlaskClient], db_session: scoped_session[Session]
) -> None:
    before = everything_stored(db_session())
    wrong = []
    for route in all_routes:
        if not access.is_personal(route.endpoint) or ADMINISTRATOR not in route.roles:
            continue
        answer = browsers["agus"].open(route.path, method=route.method)
        if answer.status_code != 303 or not answer.location.startswith("/access"):
            wrong.append(f"{route}: {answer.status_code}")
    assert wrong == []
    assert everything_stored(db_session()) == before
