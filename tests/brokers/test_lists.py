"""The list of coordinators: the most pressing first, each report once, a page at a time, read by an index."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from tests.brokers.office import taken, told
from tests.conftest import Login, new_client
from tests.people import HOME, NEIGHBOUR, OTHER_VILLAGE, WITA_VILLAGE, Cast
from tests.plans import plan, reads_whole_table, statements
from webapp import clock
from webapp.brokers import lists
from webapp.brokers.states import STATES
from webapp.db import db

CODE = re.compile(r"<strong>(LC-\w+)</strong>")
#: One of a hundred still waits, in one of four villages.
HISTORY = f"""
INSERT INTO broker_reports (reference, word, area_code, channel, account_id, reporter_kind, naming, safe_hours, words,
    accused_names, accused_phones, agency_claimed, modus, country, place, planned_departure, papers_held,
    child_involved, threat, may_forward, urgent, state, received_at, updated_at)
WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 20000)
SELECT 'LC-X' || n, 'TEBU ' || n, CASE n % 4 WHEN 0 THEN '{HOME}' WHEN 1 THEN '{NEIGHBOUR}'
    WHEN 2 THEN '{OTHER_VILLAGE}' ELSE '{WITA_VILLAGE}' END, 'app', :account, 'family', 'confidential', '', 'Lama',
    '', '', '', '[]', '', '', '', '', :no, 'none', '[]', n % 194 = 0,
    CASE WHEN n % 97 > 0 THEN 'closed' WHEN n % 2 > 0 THEN 'received' ELSE 'verifying' END, :then, :then
FROM numbers
"""


def codes(client: FlaskClient, path: str = "/broker-reports") -> list[str]:
    return CODE.findall(client.get(path).text)


def test_the_most_pressing_stands_first_and_each_once(coordinator: FlaskClient, cast: Cast) -> None:
    siti, ratna, day = cast.facilitator, cast.coordinator, timedelta(days=1)
    fresh, late, later = told(siti), told(siti), told(siti)
    urgent = told(siti, threat="violence")
    passed_on = taken(told(siti, threat="violence"), ratna, "referred")
    verified = taken(told(siti), ratna, "verifying")
    closed = told(siti)
    closed.state = "closed"
    late.received_at -= 3 * day
    later.received_at -= 2 * day
    verified.received_at -= 9 * day
    db.session.commit()
    waiting = [urgent, late, later, verified, passed_on, fresh]
    assert codes(coordinator) == [report.reference for report in waiting]
    page = coordinator.get("/broker-reports").text
    assert page.index("<h2>") < page.index(urgent.reference)
    assert codes(coordinator, "/broker-reports?show=closed") == [closed.reference]
    assert codes(coordinator, "/broker-reports?show=received") == [r.reference for r in (urgent, later, late, fresh)]
    assert len(codes(coordinator, "/broker-reports?show=all")) == len(codes(coordinator, "/broker-reports?show=x")) == 7


@pytest.mark.parametrize("show", ["urgent", "overdue", "waiting", "received", "all"])
def test_every_list_goes_on(coordinator: FlaskClient, cast: Cast, show: str) -> None:
    for _ in range(lists.PAGE + 3):
        report = told(cast.facilitator, threat="threat" if show == "urgent" else "none")
        report.received_at -= timedelta(days=2 if show == "overdue" else 0)
    db.session.commit()
    path, found = f"/broker-reports?show={show}", []
    while path:
        text = coordinator.get(path).text
        found.append(CODE.findall(text))
        onward = re.search(r'rel="next" href="([^"]+)"', text)
        path = onward[1].replace("&amp;", "&") if onward else ""
    assert [len(page) for page in found] == [lists.PAGE, 3]
    assert len({code for page in found for code in page}) == lists.PAGE + 3


def test_the_code_or_the_word_leads_to_the_report(
    coordinator: FlaskClient, facilitator: FlaskClient, cast: Cast
) -> None:
    report, foreign = told(cast.facilitator), told(cast.other_coordinator)
    for typed in (report.reference.lower(), str(report.word), str(report.word).replace(" ", "").lower()):
        answer = coordinator.get("/broker-reports", query_string={"q": typed})
        assert answer.location == f"/broker-reports/{report.id}", typed
    for typed in (foreign.reference, str(foreign.word), "LC-", "%", "MAWAR"):
        assert coordinator.get("/broker-reports", query_string={"q": typed}).status_code == 200, typed


def test_a_facilitator_has_her_own_list_whatever_is_asked(facilitator: FlaskClient, cast: Cast) -> None:
    mine, foreign = told(cast.facilitator), told(cast.stranger)
    for show in ("", "?show=urgent", "?show=closed", f"?q={foreign.reference}"):
        assert codes(facilitator, f"/broker-reports{show}") == [mine.reference]


@pytest.fixture
def years(cast: Cast) -> None:
    """Many reports, nearly all of them closed."""
    then = (clock.now() - timedelta(days=30)).replace(tzinfo=None)
    db.session.execute(sa.text(HISTORY), {"account": cast.stranger.id, "no": False, "then": then})
    db.session.commit()
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(sa.text("VACUUM ANALYZE"))


PATHS = ("/broker-reports", "/broker-reports?show=urgent&after=900", "/broker-reports?show=all&after=900",
         *(f"/broker-reports?show={state}" for state in STATES))  # fmt: skip
#: Whose page, and which of its lists is read by which index.
USED = [
    ("ratna", "urgent", "ix_broker_reports_waiting"),
    ("ratna", "overdue", "ix_broker_reports_waiting"),
    ("ratna", "waiting", "ix_broker_reports_waiting"),
    ("dewi", "urgent", "ix_broker_reports_waiting_anywhere"),
    ("dewi", "overdue", "ix_broker_reports_waiting_anywhere"),
    ("dewi", "waiting", "ix_broker_reports_waiting_anywhere"),
    ("ratna", "too_little", "ix_broker_reports_state_"),
    ("dewi", "too_little", "ix_broker_reports_state_id"),
]


def asked(sent: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    return [(s, p) for s, p in sent if re.search(r"FROM broker_reports\b", s) and "LIMIT" in s]


@pytest.mark.own_database
@pytest.mark.usefixtures("years")
def test_no_list_reads_the_whole_table(app: Flask, cast: Cast, login: Login) -> None:
    """And what waits is read by an index that holds nothing else, however much is done."""
    missed = []
    for username in ("siti", "ratna", "bambang", "dewi"):
        browser = new_client(app)
        login(browser, cast.account(username))
        for path in PATHS:
            with statements() as sent:
                assert browser.get(path).status_code == 200
            for statement, parameters in asked(sent):
                how = plan(statement, parameters)
                assert not reads_whole_table(how, "broker_reports"), f"{username} {path}\n{statement}\n{how}"
        for _, show, index in (one for one in USED if one[0] == username):
            with statements() as sent:
                browser.get(f"/broker-reports?show={show}")
            ((statement, parameters),) = asked(sent)
            how = plan(statement, parameters, as_is=True)
            if index not in how:
                missed.append(f"{username} {show}: {index}\n{how}")
    assert missed == [], "\n\n".join(missed)
