"""*Hari ini*, the inbox and a conversation read what waits by an index, and no table from end to end."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.conftest import Login, new_client
from tests.people import HOME, NEIGHBOUR, OTHER_VILLAGE, WITA_VILLAGE, Cast
from tests.plans import plan, reads_whole_table, statements
from webapp import clock
from webapp.callbacks import intake
from webapp.conversations.model import Incoming
from webapp.db import db
from webapp.people.tasks import HELP, open_task

pytestmark = pytest.mark.own_database

TABLES = ("messages", "tasks", "incoming", "departures")
SRI, MOTHER, STRANGER = "+6281234567801", "+6281377776666", "+6281299990000"
SHOWN = ("/inbox?show=mine", "/inbox?show=answered")
PAGES = ("/", "/today/help?after=9", "/today/tasks?after=9", "/today/unanswered", "/inbox", "/inbox?before=9", *SHOWN)


#: One of a hundred still waits, in one of four villages; none of them calls for help.
ROWS = f"""
WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 20000),
rows AS (
    SELECT n, CASE n % 4 WHEN 0 THEN '{HOME}' WHEN 1 THEN '{NEIGHBOUR}' WHEN 2 THEN '{OTHER_VILLAGE}'
        ELSE '{WITA_VILLAGE}' END AS village, CASE WHEN n % 97 > 0 THEN CAST(:then AS timestamp) END AS done
    FROM numbers
)
"""
HISTORY = (
    "INSERT INTO tasks (key, person_id, area_code, kind, created_at, done_at, outcome)" + ROWS +
    "SELECT 'old' || n, :person, village, 'unreached', :then, done, '' FROM rows",
    "INSERT INTO incoming"
    " (gateway, provider_id, number, body, received_at, command, person_id, area_code, for_human, handled_at)" + ROWS +
    "SELECT 'told', 'old' || n, :number, '', :then, 'text', :person, village, :yes, done FROM rows",
    "INSERT INTO messages"
    " (key, cause, reference, person_id, number, area_code, zone, text_code, \"values\", body, language, sensitivity,"
    " purpose, stages, expects, answer, state, reason, priority, due_at, attempts, gateway, error_code, segments,"
    " price_rupiah, created_at, updated_at, sent_at, answered_at)" + ROWS +
    "SELECT 'old' || n, '', 'old' || n, :person, :number, village, 'Asia/Jakarta', 'P1', '{}', '', 'id', 'personal',"
    " 'reminder', '', '1_2', '', 'sent', '', 5, :then, 1, 'told', '', 1, 1, :then, :then, :then, done FROM rows",
)  # fmt: skip


@pytest.fixture
def years(cast: Cast) -> None:
    """Many rows of each table, most of them history."""
    then = (clock.now() - timedelta(days=30)).replace(tzinfo=None)
    facts = {"person": cast.migrant.id, "number": SRI, "then": then, "yes": True}
    for statement in HISTORY:
        db.session.execute(sa.text(statement), facts)
    db.session.commit()
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(sa.text("VACUUM ANALYZE"))


@pytest.fixture
def written(cast: Cast) -> dict[str, int]:
    """Number → the text that came from it: from the person, from her mother, from nobody we know."""
    now = clock.now()
    cast.migrant.add_contact("Suminah", "mother", MOTHER, account=cast.facilitator, now=now)
    open_task("t:1", cast.migrant, HELP, now)
    db.session.commit()
    for number in (SRI, MOTHER, STRANGER):
        intake.receive("simulator", f"in-{number}", number, "halo", now + timedelta(minutes=1))
    rows = db.session.execute(sa.select(Incoming.number, Incoming.id)).tuples()
    return dict(rows.all())


@pytest.mark.parametrize("who", ["facilitator", "coordinator", "province", "nation"])
def test_every_page_reads_by_an_index(app: Flask, cast: Cast, login: Login, written: dict[str, int], who: str) -> None:
    browser = new_client(app)
    login(browser, getattr(cast, who))
    threads = [f"/inbox/{text}" for number, text in written.items() if number != STRANGER or who == "nation"]
    for path in (*PAGES, *threads):
        with statements() as sent:
            assert browser.get(path).status_code == 200
        asked = [(s, p) for s, p in sent if re.search(rf"FROM ({'|'.join(TABLES)})\b", s)]
        assert asked
        for statement, parameters in asked:
            how = plan(statement, parameters)
            assert not any(reads_whole_table(how, table) for table in TABLES), f"{path}\n{statement}\n{how}"


#: Whose page, and what of it is read by which index.
USED = [
    ("/", "facilitator", "FROM tasks", ("ix_tasks_calls", "ix_tasks_open")),
    ("/", "nation", "FROM tasks", ("ix_tasks_calls", "ix_tasks_open_anywhere")),
    ("/", "facilitator", "FROM messages JOIN people", ("ix_messages_unanswered",)),
    ("/", "nation", "FROM messages JOIN people", ("ix_messages_unanswered_anywhere",)),
    ("/", "facilitator", "FROM incoming", ("ix_incoming_calls", "ix_incoming_unread")),
    ("/", "nation", "FROM incoming", ("ix_incoming_calls", "ix_incoming_unread_anywhere")),
]


@pytest.mark.usefixtures("years")
def test_each_list_has_its_index(app: Flask, cast: Cast, login: Login) -> None:
    """One test for all lists: writing the history takes a second."""
    missed = []
    for path, who, read, indexes in USED:
        browser = new_client(app)
        login(browser, getattr(cast, who))
        with statements() as sent:
            browser.get(path)
        plans = [plan(s, p, as_is=True) for s, p in sent if read in " ".join(s.split())]
        assert len(plans) == len(indexes), (path, who, read)
        for how, index in zip(plans, indexes, strict=True):
            # Where little waits, PostgreSQL may read what waits anywhere, also for one village.
            end = r"\b" if db.engine.dialect.name == "sqlite" else ""
            if not re.search(rf"\b{index}{end}", how):
                missed.append(f"{path} for {who}: {index}\n{how}")
    assert missed == []


def test_a_text_of_nobody_finds_what_we_wrote_by_its_number(
    app: Flask, cast: Cast, login: Login, written: dict[str, int]
) -> None:
    browser = new_client(app)
    login(browser, cast.nation)
    with statements() as sent:
        browser.get(f"/inbox/{written[STRANGER]}")
    (how,) = [plan(s, p) for s, p in sent if "FROM messages" in s]
    assert "ix_messages_unknown_number" in how, how


def test_a_deleted_text_is_no_reason_to_read_all_answers(app: Flask, cast: Cast) -> None:
    how = plan("SELECT 1 FROM incoming WHERE answers_id = 7", {} if db.engine.dialect.name == "postgresql" else ())
    assert "ix_incoming_answers_id" in how, how
