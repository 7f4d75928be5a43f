"""Bad input on every route: a helpful page with 4xx, never 500, and nothing is stored."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from flask import Flask, current_app
from flask.testing import FlaskClient
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session, scoped_session
from werkzeug.test import TestResponse
from wtforms.fields.core import UnboundField

from tests.conftest import Login, new_client
from tests.people import HOME, OTHER_VILLAGE, PASSWORD, Cast
from tests.routes import Route, everything_stored, grant, reader_for, routes, stored_examples
from webapp import clock
from webapp.db import db
from webapp.security import limiter

pytestmark = pytest.mark.slow

#: POST routes that take no words: what is typed into them is ignored, so only what cannot be read is refused.
WORDLESS = {
    "accounts.log_out",
    "accounts.end_device",
    "accounts.end_other_devices",
    "accounts.close",
    "accounts.end_grant",
    "brokers.reveal",
    "brokers.merging.store",
    "brokers.referrals.name_reporter",
    "agencies.imports.cancel",
    "agencies.imports.confirm",
    "conversations.handle",
    "conversations.canned.remove",
    *("cases.take_on", "cases.remove_safe_word"),
    "departures.untick",
    *("offline.key", "offline.reveal"),
    # Names of texts that a phone has: whatever else is sent stands for none.
    "offline.first_pages",
    "offline.blank_forms",
    "people.reveal_nik",
    *("routes.open_again", "routes.close"),
    *("people.phones.remove", "people.contacts.remove_contact"),
    *("broadcasts.composing.remove_audience", "broadcasts.composing.send_test"),
    *("broadcasts.lists.accept", "broadcasts.lists.remove"),
}
#: Fields that views read without a form.
LOOSE_FIELDS = (
    "area_code", "language", "next", "day", "number", "body", "text", "From", "To", "Body", "MessageSid",
    "version", "asked", "was-address", "keep-address", "was-done_on", "keep-done_on", "keep-stage", "from_code",
)  # fmt: skip
LONG = "x" * 5_000
#: Longer than anything that is stored, and yet not so long that the whole body would be refused unread.
TOO_LONG = {"letters": LONG, "digits": "9" * 5_000, "brackets": "[" * 5_000, "blanks": " " * 5_000}
#: Words that a reason or a note may hold and a number, day or choice may not.
ODD = {
    "larger than 64 bits": "9223372036854775808",
    "negative": "-1",
    "not a number": "NaN",
    "a day that is none": "2026-02-31",
    "a year that is none": "99999-01-01",
    "SQL": "' OR 1=1; DROP TABLE people; --",
    "markup": "<script>alert(1)</script>\"'>",
    "template": "{{ 7 * 7 }} %(name)s {0} %s",
    "another area": OTHER_VILLAGE,
    "lonely marks": "\u202e\u0301\U000e0001",
    "blank": "   \t ",
}
#: Takes bytes, and only so many.
NO_FORM = {"photos.store_piece", "callbacks.events"}
ONLY_READ = {
    *("people.search", "offline.people", "offline.first_pages", "offline.blank_forms"),
    *("broadcasts.composing.count", "broadcasts.composing.places", "broadcasts.composing.measure"),
}
#: What is asked for in addresses, where only numbers, days and searches stand.
ASKED = ("letters", "digits", "larger than 64 bits", "negative", "a day that is none", "SQL", "lonely marks")
BROKEN_PATHS = ("\x00", "\xff\xfe")


@pytest.fixture
def all_routes(app: Flask, cast: Cast, db_session: scoped_session[Session]) -> list[Route]:
    examples = stored_examples(cast, db_session())
    grant(cast, db_session(), until=clock.real_now().replace(year=2100))
    return list(routes(app, examples))


@pytest.fixture
def browser_of(app: Flask, cast: Cast, login: Login) -> Any:
    """A function: the logged-in browser of one who may use this route."""
    browsers: dict[str, FlaskClient] = {"": new_client(app)}
    by_roles: dict[object, FlaskClient] = {}

    def find(route: Route) -> FlaskClient:
        roles = None if route.public else (route.roles, route.of_the_nation)
        if roles not in by_roles:
            reader = reader_for(route, cast)
            username = reader.username if reader else ""
            if username not in browsers:
                browsers[username] = new_client(app)
                login(browsers[username], reader)
            by_roles[roles] = browsers[username]
        return by_roles[roles]

    return find


@pytest.fixture
def unchanged(db_session: scoped_session[Session], all_routes: list[Route], browser_of: Any) -> Iterator[None]:
    """Nothing is stored, whatever the test sends."""
    for route in all_routes:
        browser_of(route)
    before = everything_stored(db_session())
    yield
    assert everything_stored(db_session()) == before


@pytest.fixture
def forms(monkeypatch: pytest.MonkeyPatch) -> list[FlaskForm]:
    """Filled by each request: the forms that its view made."""
    made: list[FlaskForm] = []
    make = FlaskForm.__init__

    def note(form: FlaskForm, *args: Any, **kwargs: Any) -> None:
        make(form, *args, **kwargs)
        made.append(form)

    monkeypatch.setattr(FlaskForm, "__init__", note)
    return made


def field_names() -> list[str]:
    """Every field of every form, and those that are read without one."""
    names = set(LOOSE_FIELDS)
    forms = list(FlaskForm.__subclasses__())
    for form in forms:
        forms += form.__subclasses__()
        names |= {name for name in dir(form) if isinstance(getattr(form, name), UnboundField)}
    return sorted(names)


def faults(route: Route, what: str, answer: TestResponse, *, helpful: bool = True) -> list[str]:
    """What is wrong with an answer to bad input."""
    if route.endpoint in ONLY_READ and answer.status_code == 200:
        return []  # a search for nonsense finds nothing, and `unchanged` sees that it stores nothing
    if not 400 <= answer.status_code < 500:
        return [f"{route} with {what}: {answer.status_code} {answer.location or ''}"]
    if helpful and "<h1>" not in answer.text:
        return [f"{route} with {what}: {answer.status_code} without a page"]
    return []


def posts(all_routes: list[Route]) -> list[Route]:
    return [route for route in all_routes if route.method == "POST"]


def wordy(all_routes: list[Route]) -> list[Route]:
    return [route for route in posts(all_routes) if route.endpoint not in WORDLESS]


@pytest.mark.usefixtures("unchanged")
def test_values_that_are_too_long(all_routes: list[Route], browser_of: Any, forms: list[FlaskForm]) -> None:
    wrong = []
    for route in wordy(all_routes):
        forms.clear()
        browser_of(route).post(route.path)
        names = {*LOOSE_FIELDS, *(name for made in forms for name in made._fields)}
        for what, value in TOO_LONG.items():
            answer = browser_of(route).post(route.path, data=dict.fromkeys(names, value))
            wrong += faults(route, f"too many {what}", answer)
            if answer.status_code == 413 and route.endpoint not in NO_FORM:
                wrong.append(f"{route} was not read")
    assert wrong == []


def test_odd_values_never_break_anything(all_routes: list[Route], browser_of: Any) -> None:
    """Where they are words they are stored; everywhere else the form says what does not fit."""
    wrong, names = [], field_names()
    for route in wordy(all_routes):
        for what, value in ODD.items():
            answer = browser_of(route).post(route.path, data=dict.fromkeys(names, value))
            if answer.status_code >= 500 or (answer.status_code >= 400 and "<h1>" not in answer.text):
                wrong.append(f"{route} with {what}: {answer.status_code}")
    assert wrong == []


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_nothing_at_all(all_routes: list[Route], browser_of: Any) -> None:
    wrong = []
    for route in wordy(all_routes):
        wrong += faults(route, "an empty form", browser_of(route).post(route.path))
    assert wrong == []


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_bodies_that_are_no_form(all_routes: list[Route], browser_of: Any) -> None:
    wrong = []
    nested = b'{"a":' * 10_000
    for route in wordy(all_routes):
        browser = browser_of(route)
        for kind in ("application/json", "text/plain", "multipart/form-data", "image/png", ""):
            answer = browser.post(route.path, data=nested, content_type=kind)
            wrong += faults(route, f"a body of {kind or 'no kind'}", answer)
        files = {name: (BytesIO(b"\x89PNG"), "x.png") for name in field_names()}
        wrong += faults(route, "files", browser.post(route.path, data=files))
    assert wrong == []


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_bodies_that_are_no_text(all_routes: list[Route], browser_of: Any) -> None:
    wrong = []
    kind = "application/x-www-form-urlencoded"
    for route in posts(all_routes):
        for value in (b"%ff", b"a%00b"):
            answer = browser_of(route).post(route.path, data=b"name=" + value, content_type=kind)
            wrong += faults(route, repr(value), answer)
    assert wrong == []


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_bodies_of_ten_megabytes(all_routes: list[Route], browser_of: Any) -> None:
    wrong, body = [], b"name=" + b"x" * 10 * 1024 * 1024
    for route in posts(all_routes):
        for kind in ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
            answer = browser_of(route).post(route.path, data=body, content_type=kind)
            wrong += faults(route, f"10 MB of {kind}", answer)
            if answer.status_code != 413:
                wrong.append(f"{route}: {answer.status_code} instead of 413")
    assert wrong == []


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_keys_that_are_none(all_routes: list[Route], browser_of: Any) -> None:
    wrong = []
    for route in posts(all_routes):
        for key in ("", LONG, "' OR 1=1; -- 123456") if not route.public else ():
            answer = browser_of(route).post(route.path, data={"client_id": key})
            wrong += faults(route, f"the key {key[:12]!r}", answer)
    assert wrong == []


@pytest.mark.usefixtures("unchanged")
def test_ids_that_are_none(all_routes: list[Route], browser_of: Any) -> None:
    """In each place of an address that holds a parameter."""
    wrong = []
    for route in all_routes:
        for bad in (
            "0",
            "9223372036854775807",
            "9223372036854775808",
            "9" * 5_000,
            "-1",
            "1.5",
            "x" * 5_000,
            "' OR 1=1",
        ):
            for path in bad_paths(route, bad):
                answer = browser_of(route).open(path, method=route.method)
                wrong += faults(route, f"{bad[:20]} in {path[:60]}", answer)
    assert wrong == []


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_addresses_that_are_no_text(all_routes: list[Route], browser_of: Any) -> None:
    wrong = []
    for route in all_routes:
        for bad in BROKEN_PATHS:
            for path in [route.path + bad, *bad_paths(route, bad)]:
                environ = {"PATH_INFO": path}
                answer = browser_of(route).open("/", method=route.method, environ_overrides=environ)
                wrong += faults(route, f"{bad!r} in the address", answer)
            answer = browser_of(route).open(route.path, method=route.method, query_string="q=%ff&x=%00")
            wrong += faults(route, "a query that is no text", answer)
    assert wrong == []


def bad_paths(route: Route, bad: str) -> Iterator[str]:
    """The example address with one parameter at a time replaced."""
    parts, pattern = route.path.split("/"), route.rule.rule.split("/")
    for place, part in enumerate(pattern):
        if part.startswith("<"):
            yield "/".join([*parts[:place], bad, *parts[place + 1 :]])


@pytest.mark.usefixtures("unchanged")
def test_queries_that_do_not_fit(all_routes: list[Route], browser_of: Any) -> None:
    """What is asked for in vain may give an ordinary page; it never breaks."""
    names = (
        *("q", "after", "before", "stage", "show", "next", "area", "village", "level", "within", "subject", "id"),
        "number",
    )
    wrong = []
    for route in all_routes:
        for what in ASKED if route.method == "GET" else ():
            value = (TOO_LONG | ODD)[what]
            answer = browser_of(route).get(route.path, query_string=dict.fromkeys(names, value[:5_000]))
            if answer.status_code >= 500:
                wrong.append(f"{route} with {what}: {answer.status_code}")
    assert wrong == []


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_methods_that_are_none(all_routes: list[Route], browser_of: Any) -> None:
    wrong = []
    for route in all_routes:
        for method in ("DELETE", "BREW"):
            wrong += faults(route, method, browser_of(route).open(route.path, method=method))
    assert wrong == []


#: What fits, by name of the field; of a choice the last one offered fits.
FITTING = {
    "username": "siti", "password": "kopi-pahit-di-beranda", "repeated": "kopi-pahit-di-beranda", "current": PASSWORD,
    "code": "CDFG-HJKM", "name": "Suminah", "phone": "081255554444", "number": "081255552222", "place": "Bajing",
    "contact_name": "Suminah", "contact_number": "081255553333", "birth_date": "1990-01-01", "area_code": HOME,
    "on_day": "2026-11-01", "done_on": "2026-11-01", "expires_on": "2030-01-01", "planned_on": "2027-01-01",
    "contract_start": "2027-01-01", "contract_end": "2029-01-01", "day": "2026-12-01", "version": "1",
    "safe_from_hour": "9", "safe_until_hour": "17",
    "money_asked": "5.000.000", "money_paid": "2 juta", "people_count": "3",
    "naming": "confidential", "reporter_kind": "family", "from_state": "referred", "confirmed_on": "2026-11-01",
    "different_person": "1", "consent_data": "yes",
}  # fmt: skip
#: None: the field is left out.
UNFITTING = {"left out": None, "too long": "x" * 2_000, "a day that is none": "31-02-2026", "too large": "9" * 20}
#: They store that somebody tried before they look at the password, which `without_trace` would undo.
STORING_TWICE = {"accounts.log_in", "accounts.change_password"}
#: Left empty in a form that fits: a date of birth says the same.
EMPTY = (
    "age", "planned_month", "nik", "remove_nik", "do_not_text", "again", "not_known", "one_tap", "person_id", "photos",
)  # fmt: skip


def fitting(name: str, field: Any) -> str:
    if name in FITTING or name in EMPTY:
        return FITTING.get(name, "")
    offered = getattr(field, "choices", None) or ()
    choices = [choice.value if hasattr(choice, "value") else choice[0] for choice in offered]
    return str(choices[-1]) if choices else "siap berangkat"


@pytest.fixture
def without_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a view stores reaches the database, which may refuse it, and is undone: all forms meet the same facts."""

    def undo() -> None:
        db.session.flush()
        db.session.rollback()

    monkeypatch.setattr(db.session, "commit", undo)
    monkeypatch.setattr(limiter, "enabled", False)
    monkeypatch.setitem(current_app.config, "PROPAGATE_EXCEPTIONS", False)


@pytest.mark.parametrize("what", UNFITTING)
def test_each_field_of_each_form_that_is_missing_or_wrong(
    all_routes: list[Route], browser_of: Any, forms: list[FlaskForm], request: pytest.FixtureRequest, what: str
) -> None:
    """One field at a time in a form that fits: stored or told what does not fit, never a failure of ours."""
    for route in all_routes:
        browser_of(route)
    request.getfixturevalue("without_trace")
    wrong, fitting_routes = [], 0
    for route in wordy(all_routes):
        if route.endpoint in STORING_TWICE:
            continue
        forms.clear()
        browser_of(route).post(route.path)
        form = dict.fromkeys(LOOSE_FIELDS, "x") if not forms else {}
        for made in forms:
            form |= {name: fitting(name, field) for name, field in made._fields.items()}
        answer = browser_of(route).post(route.path, data=form)
        fitting_routes += answer.status_code < 400
        for name in form:
            data = {n: v for n, v in (form | {name: UNFITTING[what]}).items() if v is not None}
            answer = browser_of(route).post(route.path, data=data)
            if answer.status_code >= 500 or (answer.status_code >= 400 and "<h1>" not in answer.text):
                wrong.append(f"{route} with {name} {what}: {answer.status_code}")
    assert wrong == []
    assert fitting_routes > 20, "a form that does not fit in itself proves little"
