"""The page of a list of recipients: what is wrong with it, who takes it and removes it, for those of its area alone."""

from __future__ import annotations

import logging
import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask, url_for
from flask.testing import FlaskClient

from tests.broadcasts.uploading import (
    LISTS,
    SRI,
    STOPPED,
    age,
    lists,
    office_of,
    rows_left,
    told,
    upload,
    uploaded,
)
from tests.conftest import Login, new_client
from tests.people import HOME, REGENCY, Cast
from webapp import clock
from webapp.accounts.model import AuditEntry, Submission
from webapp.audiences.acts import SUBJECT, WAITS_FOR
from webapp.audiences.listed import read
from webapp.audiences.model import RecipientList
from webapp.broadcasts import list_page
from webapp.db import db

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def office(client: FlaskClient, cast: Cast, login: Login) -> FlaskClient:
    return office_of(client, cast, login)


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
    assert "The list is ready for broadcasts. Nothing has been sent." in page
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


def test_above_the_button_stands_what_is_left_out_and_what_was_not_understood(office: FlaskClient) -> None:
    page = told(office.get(uploaded(office)).text)
    before = page.partition("Use this list")[0]
    assert "1 row is left out. See why" in before
    assert "2 entries were not understood. See what" in before


def test_a_column_with_a_name_of_ours_says_how_it_is_called(office: FlaskClient) -> None:
    why = "So your column has a 2 after its name."
    content = b"No HP;Desa;Kelas\n081234567801;Ngawur;Las\n"
    page = told(office.get(uploaded(office, content)).text)
    assert "{desa_2}" in page
    assert why in page
    assert why not in told(office.get(uploaded(office)).text)
