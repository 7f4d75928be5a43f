"""Loading a new list from a page: what is read, what it would change, and the second step."""

from __future__ import annotations

import re
from datetime import date, timedelta
from io import BytesIO
from threading import Barrier, Thread

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.agencies.workbooks import ROWS, csv_of, workbook_of
from tests.conftest import Login, new_client
from tests.people import Cast
from webapp import clock
from webapp.accounts.model import AuditEntry
from webapp.agencies import acts, imports
from webapp.agencies.import_model import AgencyImport
from webapp.agencies.model import Agency
from webapp.agencies.reading import Listed
from webapp.db import db

AS_OF, SOURCE = date(2026, 11, 3), "Daftar rekaan"
KEY = "3f0e1d2c-0000-4000-8000-0000000000"


@pytest.fixture
def office(client: FlaskClient, cast: Cast, login: Login) -> FlaskClient:
    """The browser of the nation's coordinator."""
    dewi = cast.account("dewi")
    dewi.language = "en"
    login(client, dewi)
    return client


@pytest.fixture
def five(app: Flask) -> None:
    """The list as it is: five agencies, of 3 November."""
    rows = [Listed(f"PT Lama {n}", f"L/{n}", "Bekasi", "licensed", date(2027, 3, 12)) for n in range(5)]
    acts.replace(rows, SOURCE, AS_OF)
    db.session.commit()


def five_again(**others: str) -> list[list[object]]:
    """The same five as rows of a file; `others`: licence → another status."""
    statuses = {f"L/{n}": "berizin" for n in range(5)} | {key.replace("_", "/"): word for key, word in others.items()}
    return [[f"PT Lama {key[-1]}", key, "Bekasi", word, "2027-03-12"] for key, word in statuses.items() if word]


def load(browser: FlaskClient, content: bytes, name: str = "daftar.csv", **fields: str) -> TestResponse:
    data = {"source": SOURCE, "as_of": "2026-11-10", "file": (BytesIO(content), name)} | fields
    return browser.post("/agency-imports", data=data)


def preview(browser: FlaskClient, content: bytes, **fields: str) -> str:
    """The address of the preview of this file."""
    answer = load(browser, content, **fields)
    assert answer.status_code == 303, answer.text
    return answer.location


def stored() -> dict[str, str]:
    db.session.rollback()
    return dict(db.session.execute(sa.select(Agency.licence, Agency.status)).tuples().all())


def state_of(path: str) -> str:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(AgencyImport, int(path.rpartition("/")[2])).state


def numbers(page: str) -> list[str]:
    return re.findall(r"<strong>(\d+)</strong> <span>", page)


@pytest.mark.usefixtures("five")
def test_a_preview_shows_what_changes_and_changes_nothing(office: FlaskClient) -> None:
    rows = [*five_again(L_1="dicabut", L_2=""), ["PT Baru <b>", "B/1", "Solo", "aktif", ""]]
    path = preview(office, csv_of(rows, extra=["Alamat"]), name="/Users/dewi/daftar.csv")
    page = office.get(path).text
    assert numbers(page) == ["1", "1", "1", "3"]
    assert "PT Baru &lt;b&gt;" in page
    assert "status: Licensed → Licence revoked" in page
    assert "PT Lama 2" in page
    assert "PT Lama 3" not in page
    assert "These columns were not read: Alamat." in page
    assert "daftar.csv" in page
    assert "Users" not in page
    assert stored() == {f"L/{n}": "licensed" for n in range(5)}


@pytest.mark.usefixtures("five")
def test_confirmed_it_is_the_list_and_history_says_who(office: FlaskClient, cast: Cast) -> None:
    path = preview(office, csv_of(five_again(L_1="skorsing")))
    answer = office.post(f"{path}/confirmation")
    assert (answer.status_code, answer.location) == (303, "/agencies")
    assert stored()["L/1"] == "suspended"
    assert db.session.scalars(sa.select(Agency.as_of).distinct()).all() == [date(2026, 11, 10)]
    one = db.session.get_one(AgencyImport, int(path.rpartition("/")[2]))
    assert (one.state, one.confirmed_by_id, one.rows) == ("confirmed", cast.account("dewi").id, [])
    history = office.get("/agency-imports").text
    assert "Dewi Lestari" in history
    assert "0 new, 1 changed, 0 gone, 4 as before" in history
    subjects = db.session.scalars(sa.select(AuditEntry.act).where(AuditEntry.subject == imports.SUBJECT)).all()
    assert sorted(subjects) == ["changed", "created"]
    assert "In force since then" in office.get(path).text


@pytest.mark.usefixtures("five")
def test_confirmed_twice_is_told_and_is_no_fault(office: FlaskClient) -> None:
    path = preview(office, csv_of(five_again(L_1="skorsing")))
    office.post(f"{path}/confirmation")
    ids = set(db.session.scalars(sa.select(Agency.id)))
    again = office.post(f"{path}/confirmation")
    assert (again.status_code, again.location) == (303, path)
    assert "It was confirmed already" in office.get(path).text
    assert set(db.session.scalars(sa.select(Agency.id))) == ids


@pytest.mark.usefixtures("five")
def test_a_list_that_changed_meanwhile_is_not_overwritten(office: FlaskClient) -> None:
    first, second = (preview(office, csv_of(five_again(L_1=word))) for word in ("skorsing", "dicabut"))
    office.post(f"{first}/confirmation")
    answer = office.post(f"{second}/confirmation")
    assert answer.status_code == 422
    assert "The list has changed since this preview was made" in answer.text
    assert stored()["L/1"] == "suspended"
    assert state_of(second) == "preview"
    assert "Let this be the list" not in office.get(second).text


@pytest.mark.usefixtures("five")
@pytest.mark.parametrize(("hours", "status"), [(23, 303), (25, 422)])
def test_a_preview_holds_for_a_day(office: FlaskClient, hours: int, status: int) -> None:
    path = preview(office, csv_of(five_again(L_1="skorsing")))
    db.session.execute(sa.update(AgencyImport).values(created_at=clock.now() - timedelta(hours=hours)))
    answer = office.post(f"{path}/confirmation")
    assert answer.status_code == status
    assert ("older than a day" in answer.text) == (status == 422)
    assert stored()["L/1"] == ("suspended" if status == 303 else "licensed")


@pytest.mark.usefixtures("five")
def test_one_of_five_may_go_but_two_need_a_tick(office: FlaskClient) -> None:
    assert "fifth" not in office.get(preview(office, csv_of(five_again(L_1="")))).text
    path = preview(office, csv_of(five_again(L_1="", L_2="")))
    assert "More than a fifth of the agencies would be gone" in office.get(path).text
    for ticks in ({}, {"older": "y"}):
        answer = office.post(f"{path}/confirmation", data=ticks)
        assert answer.status_code == 422
        assert "Tick first" in answer.text
        assert len(stored()) == 5
    assert office.post(f"{path}/confirmation", data={"loses_many": "y"}).status_code == 303
    assert len(stored()) == 3


@pytest.mark.usefixtures("five")
@pytest.mark.parametrize(("day", "needs"), [("2026-11-02", True), ("2026-11-03", False)])
def test_an_older_list_needs_a_tick(office: FlaskClient, day: str, needs: bool) -> None:
    path = preview(office, csv_of(five_again(L_1="skorsing")), as_of=day)
    assert ("This list is older than the present one" in office.get(path).text) is needs
    assert office.post(f"{path}/confirmation").status_code == (422 if needs else 303)
    if needs:
        assert office.post(f"{path}/confirmation", data={"older": "y"}).status_code == 303
    assert stored()["L/1"] == "suspended"


def test_the_first_list_needs_no_tick(office: FlaskClient) -> None:
    path = preview(office, csv_of(ROWS))
    assert office.post(f"{path}/confirmation").status_code == 303
    assert len(stored()) == len(ROWS)


@pytest.mark.usefixtures("five")
def test_cancelled_it_changes_nothing_and_cannot_be_confirmed(office: FlaskClient) -> None:
    path = preview(office, csv_of(five_again(L_1="skorsing")))
    assert office.post(f"{path}/cancellation").status_code == 303
    answer = office.post(f"{path}/confirmation")
    assert answer.status_code == 422
    assert "This import was cancelled" in answer.text
    assert office.post(f"{path}/cancellation").status_code == 303
    assert state_of(path) == "cancelled"
    assert stored()["L/1"] == "licensed"


@pytest.mark.usefixtures("five")
def test_what_is_in_force_cannot_be_cancelled(office: FlaskClient) -> None:
    path = preview(office, csv_of(five_again(L_1="skorsing")))
    office.post(f"{path}/confirmation")
    office.post(f"{path}/cancellation")
    assert state_of(path) == "confirmed"


@pytest.mark.usefixtures("five")
def test_of_two_who_confirm_at_once_one_wins(app: Flask, office: FlaskClient, cast: Cast, login: Login) -> None:
    path = preview(office, csv_of(five_again(L_1="skorsing")))
    browsers = [new_client(app), new_client(app)]
    for browser, who in zip(browsers, ("dewi", "agus"), strict=True):
        login(browser, cast.account(who))
    together, answers = Barrier(2), []

    def confirm(browser: FlaskClient) -> None:
        together.wait(20)
        with app.app_context():
            answers.append(browser.post(f"{path}/confirmation"))

    threads = [Thread(target=confirm, args=(browser,)) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(answer.location for answer in answers) == ["/agencies", path]
    assert stored()["L/1"] == "suspended"
    acts_noted = db.session.scalars(sa.select(AuditEntry.act).where(AuditEntry.subject == imports.SUBJECT)).all()
    assert sorted(acts_noted) == ["changed", "created"]


@pytest.mark.usefixtures("five")
def test_two_previews_of_one_list_cannot_both_hold(app: Flask, office: FlaskClient, cast: Cast, login: Login) -> None:
    paths = [preview(office, csv_of(five_again(L_1=word))) for word in ("skorsing", "dicabut")]
    browsers = [new_client(app), new_client(app)]
    for browser in browsers:
        login(browser, cast.account("dewi"))
    together, answers = Barrier(2), []

    def confirm(browser: FlaskClient, path: str) -> None:
        together.wait(20)
        with app.app_context():
            answers.append(browser.post(f"{path}/confirmation"))

    threads = [Thread(target=confirm, args=pair) for pair in zip(browsers, paths, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(answer.status_code for answer in answers) == [303, 422]
    assert sorted(map(state_of, paths)) == ["confirmed", "preview"]


@pytest.mark.usefixtures("five")
def test_a_form_that_is_sent_twice_is_stored_once(office: FlaskClient) -> None:
    content = csv_of(five_again(L_1="skorsing"))
    first, again = (load(office, content, client_id=f"{KEY}01") for _ in range(2))
    assert first.location == again.location
    assert db.session.scalar(sa.select(sa.func.count(AgencyImport.id))) == 1
    told = [office.post(f"{first.location}/confirmation", data={"client_id": f"{KEY}02"}).location for _ in range(2)]
    assert told == ["/agencies", "/agencies"]


@pytest.mark.usefixtures("five")
def test_a_list_that_breaks_half_way_is_not_stored(office: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    path = preview(office, csv_of([*five_again(L_1="dicabut"), ["PT Baru", "B/1", "", "aktif", ""]]))
    told, keep = [], acts._tell

    def tell(agency: Agency, *others: object) -> None:
        told.append(agency)
        if len(told) == 4:
            raise RuntimeError("the machine stops")
        keep(agency, *others)  # type: ignore[arg-type]  # passed on as they came

    monkeypatch.setattr(acts, "_tell", tell)
    with pytest.raises(RuntimeError):
        office.post(f"{path}/confirmation")
    assert stored() == {f"L/{n}": "licensed" for n in range(5)}
    assert state_of(path) == "preview"


@pytest.mark.parametrize(
    ("who", "status"), [("siti", 403), ("ratna", 404), ("bambang", 404), ("dewi", 200), ("agus", 200)]
)
def test_only_the_nations_office_may(
    client: FlaskClient, office: FlaskClient, cast: Cast, login: Login, who: str, status: int
) -> None:
    path = preview(office, csv_of(ROWS))
    login(client, cast.account(who))
    assert client.get("/agency-imports").status_code == status
    assert client.get(path).status_code == status
    assert ('href="/agency-imports"' in client.get("/agencies").text) is (status == 200)
    if status != 200:
        assert load(client, csv_of(ROWS)).status_code == status
        assert client.post(f"{path}/cancellation").status_code == status
        assert client.post(f"{path}/confirmation").status_code == status
        assert stored() == {}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"source": " "}, "Write who published the list"),
        ({"source": "x" * 201}, "At most 200 letters"),
        ({"source": "a\u202eb"}, "Write who published the list"),
        ({"as_of": ""}, "Say of which day the list is"),
        ({"as_of": "2199-01-01"}, "This day has not come yet"),
        ({"as_of": "0001-01-01"}, "Say of which day the list is"),
        ({"file": ""}, "Choose the file"),
    ],
)
def test_source_day_and_file_are_needed(office: FlaskClient, fields: dict[str, str], said: str) -> None:
    answer = load(office, csv_of(ROWS), **fields)
    assert answer.status_code == 422
    assert said in answer.text
    assert db.session.scalar(sa.select(sa.func.count(AgencyImport.id))) == 0


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_of_many_faults_the_first_are_told_and_the_rest_counted(office: FlaskClient) -> None:
    answer = load(office, csv_of([[f"PT {n}", f"L/{n}", "", "jalan", ""] for n in range(70)]))
    assert answer.status_code == 422
    assert answer.text.count("status: none of") == 50
    assert "row 2, status: none of: berizin, dihentikan, dicabut, kedaluwarsa (jalan)" in answer.text
    assert "And 20 more." in answer.text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_of_many_changes_the_first_are_shown_and_the_rest_counted(office: FlaskClient) -> None:
    page = office.get(preview(office, csv_of([[f"PT {n}", f"L/{n}", "", "aktif", ""] for n in range(70)]))).text
    assert page.count("SIP3MI L/") == 50
    assert "And 20 more." in page


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_five_thousand_agencies_are_taken(office: FlaskClient) -> None:
    path = preview(office, csv_of([[f"PT {n}", f"L/{n}", "Solo", "aktif", "12/03/2027"] for n in range(5000)]))
    assert office.post(f"{path}/confirmation").status_code == 303
    assert len(stored()) == 5000


def test_a_workbook_gives_the_same_preview_as_the_csv(office: FlaskClient) -> None:
    pages = []
    for content in (csv_of(ROWS), csv_of(ROWS, separator=";"), workbook_of(ROWS)):
        page = office.get(preview(office, content)).text
        pages.append(re.findall(r"<strong>.*?</strong>\s*<span[^>]*>.*?</span>", page))
    assert pages[0] == pages[1] == pages[2]
    assert len(pages[0]) == 4 + len(ROWS)
    rows = [one.rows for one in db.session.scalars(sa.select(AgencyImport))]
    assert rows[0] == rows[1] == rows[2]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_history_goes_on_in_pages(office: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "PAGE", 2)
    for n in range(5):
        preview(office, csv_of(ROWS), source=f"Daftar nomor {n}")
    seen, path = [], "/agency-imports"
    while path:
        page = office.get(path).text
        seen += re.findall(r"Daftar nomor (\d)", page)
        onward = re.search(r'rel="next" href="([^"]+)"', page)
        path = onward[1] if onward else ""
    assert seen == ["4", "3", "2", "1", "0"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_no_phone_keeps_these_forms(app: Flask, client: FlaskClient) -> None:
    script = client.get("/sw.js").text
    for path in ("^/agency-imports$", "^/agency-imports/[^/]+/confirmation$", "^/agency-imports/[^/]+/cancellation$"):
        assert path in script
