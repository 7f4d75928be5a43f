"""A list of recipients is uploaded, looked at, taken and removed on pages, by those of its area alone."""

from __future__ import annotations

import io
import logging
import re
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, url_for
from flask.testing import FlaskClient
from flask_babel import force_locale
from werkzeug.test import TestResponse

from tests.conftest import Login, new_client
from tests.people import HOME, REGENCY, SINCE, WITA_VILLAGE, Cast
from webapp import clock
from webapp.accounts.model import AuditEntry, Submission
from webapp.audiences.acts import SUBJECT, WAITS_FOR
from webapp.audiences.listed import MOST_ROWS, read
from webapp.audiences.model import RecipientList, RecipientListRow
from webapp.audiences.words import FILES
from webapp.broadcasts import list_page, list_views
from webapp.db import db
from webapp.people.model import NumberState

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
LISTS, KEY = "/broadcasts/lists", "3f0e1d2c-0000-4000-8000-00000000000a"
SRI, STOPPED = "081234567801", "081200000009"
FILE = f"""No HP;Nama;Bahasa;Kode desa;Tempat;NIK
{SRI};Sri Wahyuni;jv;{HOME};Balai <b>Kroya</b>;1
081200000001;Udin Petot;Klingon;{WITA_VILLAGE};;2
0812;Ani Mulyani;;;;
081200000001;Udin lagi;;;;
{STOPPED};Tono Sutono;;;;
""".encode()
TYPED = {"title": "Bursa kerja", "agreed": "y"}


@pytest.fixture
def office(client: FlaskClient, cast: Cast, login: Login) -> FlaskClient:
    """The browser of the regency's coordinator; somebody has said STOP."""
    ratna = cast.coordinator
    ratna.language = "en"
    db.session.add(NumberState(number="+6281200000009", stopped_at=SINCE))
    login(client, ratna)
    return client


def upload(browser: FlaskClient, content: bytes = FILE, **fields: str) -> TestResponse:
    return browser.post(LISTS, data=body_of(content, TYPED | fields), content_type="multipart/form-data; boundary=edge")


def body_of(content: bytes, fields: dict[str, str]) -> bytes:
    """As browsers write it. The client of the tests would leave a large one in a file that nobody closes."""
    parts = [f'"{name}"\r\n\r\n{value}'.encode() for name, value in fields.items()]
    if "file" not in fields:
        parts.append(b'"file"; filename="rahasia.csv"\r\nContent-Type: text/csv\r\n\r\n' + content)
    return b"".join(b"--edge\r\nContent-Disposition: form-data; name=%b\r\n" % one for one in parts) + b"--edge--\r\n"


def uploaded(browser: FlaskClient, content: bytes = FILE) -> str:
    """The address of the page of this list."""
    answer = upload(browser, content)
    assert answer.status_code == 303, answer.text
    return answer.location


def lists() -> list[RecipientList]:
    db.session.rollback()
    db.session.expire_all()
    return list(db.session.scalars(sa.select(RecipientList).order_by(RecipientList.id)))


def rows_left() -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(RecipientListRow)) or 0


def told(page: str) -> str:
    """What a reader of the page reads."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.partition("<main")[2]).split())


def age(days: timedelta) -> None:
    db.session.execute(sa.update(RecipientList).values(created_at=clock.now() - days))
    db.session.commit()


def test_a_list_goes_the_whole_way(office: FlaskClient, cast: Cast) -> None:
    assert f'href="{LISTS}"' in office.get("/broadcasts").text
    path = uploaded(office)
    page = told(office.get(path).text)
    assert "Not in use yet" in page
    assert "5 rows 2 recipients 1 problem 1 repeated 1 cannot be texted 1 known to us" in page
    assert lists()[0].accepted_at is None
    answer = office.post(f"{path}/acceptance")
    assert (answer.status_code, answer.location) == (303, path)
    page = told(office.get(path).text)
    assert "The list is in use. Nothing has been sent." in page
    assert "Use this list" not in page
    assert lists()[0].accepted_at is not None
    assert office.post(f"{path}/removal").location == LISTS
    assert rows_left() == 0
    page = told(office.get(path).text)
    assert "What it held of people was removed" in page
    assert "5 rows 2 recipients" in page
    assert "Sri Wahyuni" not in page
    assert "None at the moment" in office.get(LISTS).text


def test_the_page_says_what_is_wrong_by_row_and_column(office: FlaskClient) -> None:
    page = told(office.get(uploaded(office)).text)
    assert "Row 4, No HP: has too few digits" in page
    assert "Row 5, No HP: stands in row 3 already" in page
    assert "Rows: 6" in page
    assert "Row 3, Bahasa: is none of the languages" in page
    assert "Row 3, Kode desa: this village is not in your area" in page
    assert "Tempat {tempat}" in page
    assert "NIK: it holds secret numbers" in page


def test_the_first_recipients_are_shown_as_they_will_be_used(office: FlaskClient) -> None:
    text = office.get(uploaded(office)).text
    page = told(text)
    assert re.search(r"Sri Wahyuni Row 2 · 0812\S*801 · Basa Jawa · Bajing", page)
    assert "Bahasa Indonesia · Kabupaten Cilacap" in page
    assert "Tempat: Balai &lt;b&gt;Kroya&lt;/b&gt;" in page
    for number in (SRI, "6281234567801", "081200000001", "6281200000001", "0812 0000"):
        assert number not in text


def test_who_is_unknown_gets_it_as_a_public_notice_and_the_page_says_so_before_it_is_taken(office: FlaskClient) -> None:
    page = told(office.get(uploaded(office)).text)
    said, taken = "1 recipient is not registered with us. They get a broadcast only as a public notice", "Use this list"
    assert 0 < page.index(said) < page.index(taken)
    assert "1 recipient is registered in your area, and gets it only if they agreed to SMS" in page
    known = told(office.get(uploaded(office, f"HP\n{SRI}\n".encode())).text)
    assert "public notice" not in known


def test_who_brought_it_has_said_that_the_people_agreed(office: FlaskClient, cast: Cast) -> None:
    path = uploaded(office)
    office.get(path)
    office.post(f"{path}/acceptance")
    office.post(f"{path}/removal")
    query = sa.select(AuditEntry).where(AuditEntry.subject == SUBJECT).order_by(AuditEntry.id)
    entries = db.session.scalars(query).all()
    assert [entry.act for entry in entries] == ["created", "promised", "seen", "changed", "removed"]
    assert {(one.account_id, one.area_code, one.detail) for one in entries} == {(cast.coordinator.id, REGENCY, "")}
    assert "Said that the people on it agreed to be texted" in office.get("/audit").text


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


@pytest.mark.parametrize(("hours", "taken"), [(23, True), (24, False)])
def test_a_list_that_waited_a_day_is_not_taken_any_more(office: FlaskClient, hours: int, taken: bool) -> None:
    path = uploaded(office)
    age(timedelta(hours=hours))
    assert ("Use this list" in office.get(path).text) is taken
    assert office.post(f"{path}/acceptance").location == path
    assert (lists()[0].accepted_at is not None) is taken
    page = told(office.get(path).text)
    assert ("This list was not used within a day" in page) is not taken
    assert ("This list cannot be used. Its page says why." in page) is not taken


def test_a_list_of_nobody_is_not_taken(office: FlaskClient) -> None:
    path = uploaded(office, f"HP\n{STOPPED}\n".encode())
    page = office.get(path).text
    assert "Nobody on this list can be texted" in page
    assert "Use this list" not in page
    office.post(f"{path}/acceptance")
    assert lists()[0].accepted_at is None


def test_what_was_removed_is_not_taken_and_can_be_removed_twice(office: FlaskClient) -> None:
    path = uploaded(office)
    for _ in range(2):
        assert office.post(f"{path}/removal").status_code == 303
    office.post(f"{path}/acceptance")
    assert lists()[0].accepted_at is None
    assert "Use this list" not in office.get(path).text


@pytest.mark.parametrize(("who", "status"), [("hartono", 404), ("siti", 403), ("agus", 403), ("bambang", 200)])
def test_only_coordinators_of_its_area_see_it(
    app: Flask, office: FlaskClient, cast: Cast, login: Login, who: str, status: int
) -> None:
    path, other = uploaded(office), new_client(app)
    login(other, cast.account(who))
    assert other.get(path).status_code == status
    assert (path in other.get(LISTS).text) is (status == 200)
    assert other.get(LISTS).status_code == (403 if status == 403 else 200)
    if status != 200:
        for act in ("acceptance", "removal"):
            assert other.post(f"{path}/{act}").status_code == status
        assert rows_left() == 2
        assert lists()[0].accepted_at is None


def test_no_number_and_no_name_is_in_a_log_or_an_address(office: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    path = uploaded(office)
    office.get(path)
    upload(office, b"Nama;Alamat\nSri Wahyuni;Bajing\n")
    office.post(f"{path}/acceptance")
    kept = [str(row) for row in db.session.execute(sa.select(AuditEntry.subject, AuditEntry.detail))]
    kept += [str(location) for location in db.session.scalars(sa.select(Submission.location))]
    for secret in ("Sri", "Udin", "Tono", "4567801", "0000001", "0000009", "rahasia", "Bursa"):
        assert secret not in "".join([path, caplog.text, *kept])


@on_sqlite
def test_the_newest_come_first_and_the_rest_on_the_next_page(office: FlaskClient) -> None:
    for n in range(22):
        upload(office, f"HP\n{SRI}\n".encode(), title=f"Daftar-{n}.")
    first = office.get(LISTS).text
    assert re.findall(r"Daftar-(\d+)\.", first) == [str(n) for n in range(21, 1, -1)]
    onward = re.search(rf'href="({LISTS}\?before=\d+)"', first)
    assert onward
    part = office.get(onward[1], headers={"HX-Request": "true"}).text
    assert re.findall(r"Daftar-(\d+)\.", part) == ["1", "0"]
    assert "<h1" not in part


@on_sqlite
def test_of_many_problems_the_first_are_shown_and_all_are_counted(office: FlaskClient) -> None:
    lines = [*["0812"] * 230, *["belum ada"] * 30, SRI]
    page = told(office.get(uploaded(office, "\n".join(["No HP", *lines]).encode())).text)
    assert page.count("No HP: has too few digits") == 200
    assert "has too few digits 230 is no phone number 30" in page
    assert "and 60 more" in page


def test_the_example_can_be_filled_in_and_texts_nobody(office: FlaskClient) -> None:
    answer = office.get(f"{LISTS}/example.csv")
    assert answer.mimetype == "text/csv"
    assert "attachment" in answer.headers["Content-Disposition"]
    text = answer.data.decode("utf-8-sig")
    assert text.splitlines()[0] == "No HP;Nama;Bahasa;Kode desa"
    assert HOME in text
    as_it_is = read(answer.data)
    assert (as_it_is.recipients, len(as_it_is.problems)) == ([], 2)
    filled = read(text.replace("08xxxxxxxxxx", SRI, 1).encode())
    assert [(one.name, one.language, one.area_code) for one in filled.recipients] == [("Contoh Satu", "id", HOME)]
    assert not filled.notes


@on_sqlite
def test_a_broadcast_is_written_to_a_list_where_there_is_a_page_for_it(
    app: Flask, office: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = uploaded(office)
    office.post(f"{path}/acceptance")
    with app.test_request_context("/"):
        address = url_for("broadcasts.index")
    monkeypatch.setattr(list_page, "COMPOSING", "broadcasts.index")
    assert f'href="{address}?list={lists()[0].id}"' in office.get(path).text
    monkeypatch.setattr(list_page, "COMPOSING", "broadcasts.nowhere")
    assert "Write a broadcast to this list" not in office.get(path).text


@pytest.mark.parametrize("state", list_page.STATES)
def test_a_list_stands_as_its_acts_decide(state: str) -> None:
    now = clock.real_now()
    one = RecipientList(created_at=now - (WAITS_FOR if state == "late" else timedelta(0)), recipients=1)
    if state == "nobody":
        one.recipients = 0
    if state in ("accepted", "emptied"):
        one.accepted_at = now
    if state == "emptied":
        one.emptied_at = now
    assert list_page.state_of(one, now) == state


@on_sqlite
def test_no_phone_keeps_these_forms(client: FlaskClient) -> None:
    script = client.get("/sw.js").text
    for path in ("^/broadcasts/lists$", "^/broadcasts/lists/[^/]+/acceptance$", "^/broadcasts/lists/[^/]+/removal$"):
        assert path in script
