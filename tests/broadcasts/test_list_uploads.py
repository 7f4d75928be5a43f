"""A list that is uploaded is read at once and stored once; what is none is said at the field."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from flask_babel import force_locale
from werkzeug.test import TestResponse

from tests.broadcasts.uploading import lists, office_of, upload, uploaded
from tests.conftest import Login
from tests.people import SINCE, Cast
from webapp.accounts.model import Submission
from webapp.audiences.listed import MOST_ROWS, read
from webapp.audiences.words import FILES
from webapp.broadcasts import list_views
from webapp.db import db
from webapp.people.model import NumberState

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
KEY = "3f0e1d2c-0000-4000-8000-00000000000a"


@pytest.fixture
def office(client: FlaskClient, cast: Cast, login: Login) -> FlaskClient:
    return office_of(client, cast, login)


def _with(**parts: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as target:
        for name, inside in parts.items():
            target.writestr(name, inside)
    return content.getvalue()


NO_LISTS: dict[str, Callable[[], bytes]] = {
    "empty": lambda: b"",
    "no_rows": lambda: b"No HP;Nama\n",
    "too_large": lambda: _with(**{f"{n}.xml": b"" for n in range(501)}),
    "too_many_rows": lambda: b"HP\n" + b"".join(b"08%09d\n" % n for n in range(MOST_ROWS + 1)),
    "not_text": lambda: b"\x89PNG\r\n\x1a\n\0\1\2",
    "broken": lambda: b'No HP\n"0812\n' + b"x" * 200_000,
    "locked": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500,
    "no_workbook": lambda: _with(**{"foto.jpg": b"\xff\xd8"}),
    "no_number_column": lambda: b"Nama;Alamat\nSri;Bajing\n",
}


@on_sqlite
@pytest.mark.parametrize("code", FILES)
def test_what_is_no_list_is_said_at_the_field_and_what_was_typed_stays(office: FlaskClient, code: str) -> None:
    answer = upload(office, NO_LISTS[code]())
    assert answer.status_code == 422
    field = re.search(r'id="file-error">(.+?)</p>', answer.text, re.DOTALL)
    assert field
    with force_locale("en"):
        assert str(FILES[code]).replace("'", "&#39;") in field[1]
    assert 'value="Bursa kerja"' in answer.text
    assert re.search(r'name="agreed"[^>]*checked|checked[^>]*name="agreed"', answer.text)
    assert lists() == []


@on_sqlite
@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"title": " "}, "Write what you call the list"),
        ({"title": "x" * 101}, "At most 100 letters"),
        ({"title": "a\u202eb"}, "Write what you call the list"),
        ({"agreed": ""}, "Tick it only if it is true"),
        ({"file": ""}, "Choose the file."),
    ],
)
def test_file_name_and_promise_are_needed(office: FlaskClient, fields: dict[str, str], said: str) -> None:
    answer = upload(office, **fields)
    assert answer.status_code == 422
    assert said in answer.text
    assert ("Choose the file once more" in answer.text) is ("file" not in fields)
    assert lists() == []


@on_sqlite
def test_more_megabytes_than_a_list_has_are_refused_in_words(office: FlaskClient) -> None:
    answer = upload(office, b"x" * (12 * 1024 + 17) * 1024)
    assert answer.status_code == 413
    assert "A list of recipients may have at most 12 MB" in answer.text


def test_the_same_form_twice_is_one_list(office: FlaskClient, cast: Cast) -> None:
    first = upload(office, client_id=KEY)
    again = upload(office, client_id=KEY)
    assert (again.status_code, again.location) == (303, first.location)
    assert again.headers["Receipt"] == first.headers["Receipt"]
    assert len(lists()) == 1
    assert db.session.scalars(sa.select(Submission.location)).all() == [first.location]
    assert upload(office, client_id=KEY, title="Lain").status_code == 409


def test_of_the_same_form_at_once_one_is_stored(
    office: FlaskClient, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second comes while the first is still being read, when its key is not yet taken."""
    answers: list[TestResponse] = []

    def read_slowly(content: bytes) -> Any:
        monkeypatch.setattr(list_views, "read", read)
        answers.append(upload(office, client_id=KEY))
        return read(content)

    monkeypatch.setattr(list_views, "read", read_slowly)
    answers.append(upload(office, client_id=KEY))
    assert [answer.status_code for answer in answers] == [303, 303]
    assert len({answer.location for answer in answers}) == len(lists()) == 1


def test_a_file_that_was_no_list_leaves_its_key_free(office: FlaskClient) -> None:
    assert upload(office, b"", client_id=KEY).status_code == 422
    assert upload(office, client_id=KEY).status_code == 303


@on_sqlite
def test_while_a_file_is_read_and_checked_others_can_write(
    office: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[str] = []

    def also(name: str) -> Callable[..., Any]:
        work = getattr(list_views, name)

        def with_another(*args: Any) -> Any:
            done = work(*args)
            with db.engine.connect().execution_options(writes=True) as other, other.begin():
                other.execute(sa.update(NumberState).values(heard_at=SINCE))
            written.append(name)
            return done

        return with_another

    for name in ("read", "check"):
        monkeypatch.setattr(list_views, name, also(name))
    uploaded(office)
    assert written == ["read", "check"]


@on_sqlite
def test_no_phone_keeps_these_forms(client: FlaskClient) -> None:
    script = client.get("/sw.js").text
    for path in ("^/broadcasts/lists$", "^/broadcasts/lists/[^/]+/acceptance$", "^/broadcasts/lists/[^/]+/removal$"):
        assert path in script
