"""The file of a broadcast: a row a text, without anybody's name or number, in portions, safe to open."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook

from tests.broadcasts.making import again, work
from tests.broadcasts.test_following import sending, settle
from tests.people import Cast
from tests.plans import plan, reads_whole_table, statements
from tests.warnings.conftest import Browser
from tests.warnings.crowd import MORNING
from webapp.accounts.model import AuditEntry
from webapp.areas.model import Area
from webapp.broadcasts import acts, exporting, progress
from webapp.broadcasts.model import Broadcast
from webapp.db import db
from webapp.outbox.holding import PARKED
from webapp.outbox.model import Message


@pytest.fixture
def followed(cast: Cast) -> Broadcast:
    """Some sent, some failed, some waiting."""
    broadcast = sending(cast)
    settle(broadcast, "delivered", 3, segments=1, price_rupiah=350, sent_at=MORNING, delivered_at=MORNING)
    settle(broadcast, "failed", 2, segments=1, price_rupiah=350, reason="invalid_number")
    return broadcast


def read(text: str) -> list[list[str]]:
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:]), delimiter=";"))


def address(broadcast: Broadcast, kind: str = "csv") -> str:
    return f"/broadcasts/{broadcast.id}/export.{kind}"


def test_there_is_a_row_for_each_text(followed: Broadcast, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "PORTION", 4)
    answer = browser("ratna").get(address(followed))
    assert answer.mimetype == "text/csv"
    assert f"{followed.code}.csv" in answer.headers["Content-Disposition"]
    titles, *rows = read(answer.get_data(as_text=True))
    found = progress.count(followed)
    assert titles[:2] == ["Planned", "Sent at"]
    assert len(rows) == found.texts
    assert sum(int(row[6]) for row in rows) == found.rupiah == 3 * 350
    assert [row[7] for row in rows].count("received") == 3
    assert [row[8] for row in rows].count("The operator says that this number does not exist.") == 2
    # 10 in Jakarta.
    assert sum(row[1] == "2026-11-24 10:00" for row in rows) == 3


def test_nobody_can_be_found_by_it(followed: Broadcast, browser: Browser) -> None:
    text = browser("ratna").get(address(followed)).get_data(as_text=True)
    for message in db.session.scalars(sa.select(Message).where(Message.cause == followed.cause)):
        assert message.number[3:] not in text
    assert "orang" not in text


def test_a_spreadsheet_opens_the_same(followed: Broadcast, browser: Browser) -> None:
    answer = browser("ratna").get(address(followed, "xlsx"))
    assert answer.status_code == 200
    sheet = load_workbook(io.BytesIO(answer.data)).active
    rows = list(sheet.values)
    assert sheet.freeze_panes == "A2"
    assert sheet.column_dimensions["I"].width == 60
    assert len(rows[0]) == len(exporting.WIDTHS)
    lines = read(browser("ratna").get(address(followed)).get_data(as_text=True))
    assert len(rows) == len(lines)
    assert [str(row[6]) for row in rows] == [line[6] for line in lines]


def test_a_very_long_one_is_only_a_csv(followed: Broadcast, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "MOST_IN_XLSX", 4)
    answer = browser("ratna").get(address(followed, "xlsx"), follow_redirects=True)
    assert "Take the CSV file" in answer.text
    assert browser("ratna").get(address(followed)).status_code == 200


@pytest.mark.parametrize("cell", ["=1+1", "+62", "-1", "@SUM(A1)", "\t=1"])
def test_a_cell_is_no_formula(cell: str) -> None:
    assert exporting.safe(cell) == "'" + cell


def test_also_the_name_of_an_area_is_none(followed: Broadcast, browser: Browser) -> None:
    db.session.execute(sa.update(Area).where(Area.name == "Bajing").values(name="=HYPERLINK(1)"))
    db.session.commit()
    text = browser("ratna").get(address(followed)).get_data(as_text=True)
    assert ";'=HYPERLINK(1);" in text
    assert ";=HYPERLINK" not in text


def test_the_log_says_who_took_it_away(followed: Broadcast, browser: Browser, cast: Cast) -> None:
    browser("ratna").get(address(followed)).close()
    query = sa.select(AuditEntry.account_id).where(AuditEntry.act == "exported", AuditEntry.subject_id == followed.id)
    assert db.session.scalars(query).all() == [cast.coordinator.id]


def test_other_offices_do_not_get_it(followed: Broadcast, browser: Browser) -> None:
    assert browser("hartono").get(address(followed)).status_code == 404
    assert browser("siti").get(address(followed)).status_code == 403
    assert browser("ratna").get(address(followed, "pdf")).status_code == 404


def test_each_portion_begins_where_the_last_one_ended(
    followed: Broadcast, app: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "PORTION", 10)
    with statements() as sent:
        list(exporting.rows(followed))
    asked = [(s, p) for s, p in sent if "FROM messages" in s]
    assert len(asked) > 3
    for statement, parameters in asked:
        assert not reads_whole_table(plan(statement, parameters), "messages")


def test_what_is_halted_is_called_so(followed: Broadcast, browser: Browser) -> None:
    settle(followed, "withdrawn", 1, reason=PARKED, updated_at=MORNING + timedelta(minutes=1))
    rows = read(browser("ratna").get(address(followed)).get_data(as_text=True))
    assert [row[7] for row in rows].count("halted") == 1


def test_what_was_taken_back_says_that_the_broadcast_was_cancelled(
    followed: Broadcast, browser: Browser, cast: Cast
) -> None:
    acts.cancel(again(followed), cast.coordinator, "mistake", MORNING)
    db.session.commit()
    work(followed, MORNING + timedelta(minutes=1))
    _, *rows = read(browser("ratna").get(address(followed)).get_data(as_text=True))
    reasons = {row[8] for row in rows if row[7] == "withdrawn"}
    assert reasons == {"The broadcast was cancelled."}


def test_the_language_is_that_of_the_words_that_were_used(followed: Broadcast, browser: Browser) -> None:
    settle(followed, "sent", 2, language="jv", sent_at=MORNING)
    _, *rows = read(browser("ratna").get(address(followed)).get_data(as_text=True))
    assert {row[4] for row in rows} == {"Bahasa Indonesia"}
