"""What every request must pass and every answer carries."""

from __future__ import annotations

import sqlite3
from io import BytesIO

import pytest
import sqlalchemy as sa
from flask import Flask, render_template_string, request
from flask.testing import FlaskClient
from flask_babel import lazy_gettext

from tests.conftest import Login, new_client
from tests.people import Cast
from webapp import LARGEST_BODY, MOST_FIELDS
from webapp.accounts import access
from webapp.security import CONTENT_SECURITY_POLICY, FORMS_WITH_FILES, POLICY_OF_DATA, RAW_BODIES

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
pytestmark = SQLITE

LANGUAGE = {"language": "en"}


def bare_client(app: Flask) -> FlaskClient:
    """A browser so old that it says nothing of where a request comes from."""
    return app.test_client()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 303),
        ({"Sec-Fetch-Site": "none"}, 303),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "https://evil.example"}, 303),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"}, 403),
        ({"Origin": "http://localhost"}, 303),
        ({"Origin": "http://127.0.0.1:8000"}, 303),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "http://localhost.evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({}, 403),
    ],
)
def test_a_form_of_another_site_is_refused(app: Flask, headers: dict[str, str], status: int) -> None:
    answer = bare_client(app).post("/language", data=LANGUAGE, headers=headers)
    assert answer.status_code == status


@pytest.mark.parametrize("origin", [None, "null"])
def test_a_browser_that_says_nothing_brings_the_token_of_its_page(app: Flask, origin: str | None) -> None:
    client = bare_client(app)
    headers = {"Origin": origin} if origin else {}
    token = client.get("/login").text.partition('name="csrf_token" value="')[2].partition('"')[0]
    assert client.post("/language", data=LANGUAGE | {"csrf_token": token}, headers=headers).status_code == 303
    assert client.post("/language", data=LANGUAGE | {"csrf_token": "é"}, headers=headers).status_code == 403
    assert bare_client(app).post("/language", data=LANGUAGE | {"csrf_token": token}).status_code == 403


def test_the_token_of_one_who_is_in_lives_as_long_as_the_log_in(app: Flask, cast: Cast, login: Login) -> None:
    client = bare_client(app)
    client.environ_base["HTTP_ORIGIN"] = "http://localhost"
    login(client, cast.facilitator)
    del client.environ_base["HTTP_ORIGIN"]
    tokens = {
        client.get(page).text.partition('csrf_token" value="')[2].partition('"')[0] for page in ("/more", "/password")
    }
    assert len(tokens) == 1
    assert client.post("/language", data=LANGUAGE | {"csrf_token": tokens.pop()}).status_code == 303


def test_every_answer_carries_the_policy(client: FlaskClient) -> None:
    for path in ("/login", "/nowhere", "/more"):
        headers = client.get(path).headers
        assert headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Cache-Control"].startswith("private")
        assert "HX-Request" in headers["Vary"]


def test_data_may_do_nothing_if_it_is_opened_as_a_page(client: FlaskClient, cast: Cast, login: Login) -> None:
    login(client, cast.facilitator)
    headers = client.get("/offline/changes?since=0").headers
    assert headers["Content-Type"] == "application/json"
    assert headers["Content-Security-Policy"] == POLICY_OF_DATA
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_without_tls_nothing_pretends_to_be_secure(client: FlaskClient) -> None:
    answer = client.get("/login")
    assert "Strict-Transport-Security" not in answer.headers
    assert "Secure" not in answer.headers["Set-Cookie"]


@pytest.mark.settings(public_url="https://desmigratif.example")
def test_behind_tls_cookies_are_bound_to_host_and_tls(client: FlaskClient) -> None:
    answer = client.get("/login")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-desmigratif=")
    for attribute in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"):
        assert attribute in cookie
    assert "Domain" not in cookie


@pytest.mark.settings(trusted_proxies=1, public_url="https://desmigratif.example")
def test_behind_a_proxy_the_address_is_the_visitors(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _address_seen(app, monkeypatch) == "203.0.113.9 https"


@pytest.mark.settings
def test_without_a_proxy_nobody_chooses_their_address(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _address_seen(app, monkeypatch) == "127.0.0.1 http"


def _address_seen(app: Flask, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setitem(access.RULES, "whoami", access.PUBLIC)
    app.add_url_rule("/whoami", "whoami", lambda: f"{request.remote_addr} {request.scheme}")
    headers = {"X-Forwarded-For": "198.51.100.1, 203.0.113.9", "X-Forwarded-Proto": "https"}
    return new_client(app).get("/whoami", headers=headers).text


@pytest.mark.parametrize(
    "data", [b"language=%ff", b"language=\xff", b"%fe=1", b"language=a%00b", b"language=%ed%a0%80", b"a=%01"]
)
def test_a_form_that_is_not_text_is_400(client: FlaskClient, data: bytes) -> None:
    answer = client.post("/language", data=data, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 400
    assert "<h1>" in answer.text


@pytest.mark.parametrize("value", [b"\xff", b"a\x00b"])
def test_a_form_in_parts_that_is_not_text_is_400(client: FlaskClient, value: bytes) -> None:
    body = b'--x\r\nContent-Disposition: form-data; name="language"\r\n\r\n' + value + b"\r\n--x--\r\n"
    assert client.post("/language", data=body, content_type="multipart/form-data; boundary=x").status_code == 400


@pytest.mark.parametrize("query", [b"q=%00", b"q=%ff", b"%c3%28=1"])
def test_an_address_that_is_not_text_is_400(client: FlaskClient, query: bytes) -> None:
    assert client.get("/login", query_string=query.decode()).status_code == 400


@pytest.mark.parametrize("path", ["/people/\xff", "/people/\x00", "/\xc3\x28"])
def test_a_path_that_is_not_text_is_400(client: FlaskClient, path: str) -> None:
    assert client.get("/", environ_overrides={"PATH_INFO": path}).status_code == 400


def test_words_in_every_script_are_text(client: FlaskClient) -> None:
    answer = client.post("/login", data={"username": "ꦱꦶꦠꦶ é 😀\r\n\tx", "password": "x"})
    assert answer.status_code == 422
    assert "ꦱꦶꦠꦶ" in answer.text


def test_a_body_that_is_too_large_is_413(client: FlaskClient) -> None:
    answer = client.post("/language", data={"language": "x" * (LARGEST_BODY + 1)})
    assert answer.status_code == 413
    assert "1 MB" in answer.text
    fields = {f"field{n}": "" for n in range(MOST_FIELDS + 1)}
    assert client.post("/language", data=fields).status_code == 413
    assert client.post("/language", data=fields, content_type="multipart/form-data").status_code == 413


def test_few_addresses_take_anything_but_forms_of_words(app: Flask) -> None:
    """Whoever opens another one must say so here."""
    assert set(RAW_BODIES) == {"photos.store_piece"}
    assert set(FORMS_WITH_FILES) == {"brokers.create", "agencies.imports.create", "broadcasts.lists.create"}
    assert set(RAW_BODIES) | set(FORMS_WITH_FILES) <= {rule.endpoint for rule in app.url_map.iter_rules()}


PIECES = "/photos/3f0e1d2c-0000-4000-8000-00000000000a/pieces"


def test_octets_are_taken_where_they_are_expected_and_nowhere_else(client: FlaskClient) -> None:
    """401: they have passed, and now it is asked who sends them."""
    octets = {"data": b"\xff\x00", "content_type": "application/octet-stream"}
    assert client.post(PIECES, **octets).status_code == 401
    assert client.post("/language", **octets).status_code == 415
    assert client.post("/broker-reports", **octets).status_code == 415
    for kind in ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "image/jpeg", ""):
        assert client.post(PIECES, data=b"x=1", content_type=kind).status_code == 415
    octets["data"] = b"x" * (RAW_BODIES["photos.store_piece"] + 1)
    assert client.post(PIECES, **octets).status_code == 413


def test_octets_of_another_site_are_refused(app: Flask) -> None:
    kind = "application/octet-stream"
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {}):
        assert bare_client(app).post(PIECES, data=b"x", content_type=kind, headers=headers).status_code == 403


@pytest.mark.parametrize(
    ("path", "field", "name", "status"),
    [
        ("/broker-reports", "photos", "IMG 1.jpg", 401),
        ("/broker-reports", "photos", "", 401),
        ("/broker-reports", "words", "IMG_1.jpg", 400),
        ("/broker-reports", "photos", "a\x07.jpg", 400),
        ("/broker-reports", "file", "daftar.csv", 400),
        ("/agency-imports", "file", "daftar P3MI.csv", 401),
        ("/agency-imports", "photos", "IMG_1.jpg", 400),
        ("/agency-imports", "file", "a\x07.csv", 400),
        ("/broadcasts/lists", "file", "peserta.xlsx", 401),
        ("/broadcasts/lists", "photos", "IMG_1.jpg", 400),
        ("/language", "photos", "IMG_1.jpg", 400),
        ("/language", "file", "daftar.csv", 400),
        ("/login", "username", "siti", 400),
    ],
)
def test_files_are_taken_where_they_are_expected_and_nowhere_else(
    client: FlaskClient, path: str, field: str, name: str, status: int
) -> None:
    assert client.post(path, data={field: (BytesIO(b"\xff\xd8"), name)}).status_code == status


def test_megabytes_are_not_read_of_strangers(client: FlaskClient, cast: Cast, login: Login) -> None:
    kind, body = "multipart/form-data; boundary=x", b"--x\r\n" + b"x" * 2 * LARGEST_BODY
    assert client.post("/broker-reports", data=body, content_type=kind).status_code == 401
    login(client, cast.facilitator)
    assert client.post("/broker-reports", data=body, content_type=kind).status_code != 401


@pytest.mark.parametrize(
    ("path", "megabytes", "said"), [("/broker-reports", 9, "At most 8 MB"), ("/agency-imports", 3, "at most 2 MB")]
)
def test_each_form_with_files_has_its_own_largest_size(
    client: FlaskClient, cast: Cast, login: Login, path: str, megabytes: int, said: str
) -> None:
    cast.administrator.language = "en"
    login(client, cast.administrator)
    kind, body = "multipart/form-data; boundary=x", b"--x\r\n" + b"x" * megabytes * LARGEST_BODY
    answer = client.post(path, data=body, content_type=kind)
    assert answer.status_code == 413
    assert said in answer.text


def test_the_words_beside_files_must_be_text(client: FlaskClient) -> None:
    answer = client.post("/broker-reports", data={"photos": (BytesIO(b"x"), "x"), "words": "a\x00b"})
    assert answer.status_code == 400


@pytest.mark.parametrize("number", ["9223372036854775808", "9" * 19, "9" * 5000, "-1", "1.5", "1e3"])
def test_a_number_that_no_table_holds_is_404(client: FlaskClient, cast: Cast, login: Login, number: str) -> None:
    login(client, cast.coordinator)
    assert client.get(f"/accounts/{number}").status_code == 404


@pytest.mark.parametrize("before", ["9223372036854775808", "9" * 5000, "-1", "x", "1.5", "", "²"])
def test_a_page_after_no_row_is_the_first_page(client: FlaskClient, cast: Cast, login: Login, before: str) -> None:
    login(client, cast.coordinator)
    answer = client.get("/accounts", query_string={"before": before})
    assert answer.status_code == 200
    assert "Siti Aminah" in answer.text


def test_htmx_gets_a_sentence_and_not_a_page(client: FlaskClient) -> None:
    answer = client.get("/nowhere", headers={"HX-Request": "true"})
    assert answer.status_code == 404
    assert answer.text.startswith("<p")
    assert 'role="alert"' in answer.text


def test_a_wrong_method_says_what_is_allowed(client: FlaskClient) -> None:
    answer = client.delete("/login")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]
    assert "<h1>" in answer.text


@pytest.mark.settings
def test_a_fault_of_ours_has_a_page_and_tells_nothing(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(access.RULES, "broken", access.PUBLIC)

    @app.get("/broken")
    def broken() -> str:
        raise RuntimeError("Sri Wahyuni +6281234567801")

    app.testing = False
    app.config["PROPAGATE_EXCEPTIONS"] = False
    answer = new_client(app).get("/broken")
    assert answer.status_code == 500
    assert "<h1>" in answer.text
    assert "Sri" not in answer.text


@pytest.mark.settings
def test_a_value_the_database_refuses_is_a_mistake_of_the_form(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(access.RULES, "overflow", access.PUBLIC)

    @app.get("/overflow")
    def overflow() -> str:
        raise OverflowError("Python int too large to convert to SQLite INTEGER")

    assert new_client(app).get("/overflow").status_code == 400


@pytest.mark.settings
def test_a_busy_database_is_said_to_be_busy(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(access.RULES, "busy", access.PUBLIC)

    @app.get("/busy/<name>")
    def busy(name: str) -> str:
        cause = sqlite3.OperationalError("told")
        cause.sqlite_errorname = name
        raise sa.exc.OperationalError("SELECT 1", {}, cause)

    answer = new_client(app).get("/busy/SQLITE_BUSY")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "30"
    with pytest.raises(sa.exc.OperationalError):
        new_client(app).get("/busy/SQLITE_ERROR")


@pytest.mark.parametrize("template", ["{{ words }}", "{{ [words] | join(' ') }}", "<p title='{{ words }}'>"])
def test_what_was_typed_is_escaped_in_a_sentence_that_is_said_later(app: Flask, template: str) -> None:
    with app.test_request_context():
        words = lazy_gettext("Note: %(words)s", words="<i id='typed'>")
        assert "<i id" not in render_template_string(template, words=words)
