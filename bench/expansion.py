"""Expansion: 200,000 reminders planned and queued, beside the raw insert of the same rows.

`plan and queue` is what a changed rule costs: the facts of some 10,000 departures are loaded, every rule is
applied, every row is queued under its unique key. `queue` is the last part alone, from rows already planned.
Raw is COPY on PostgreSQL and executemany on SQLite, into the same table with the same indexes.

    python -m bench.expansion
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import flask_migrate
import sqlalchemy as sa

from bench import population
from bench.databases import databases
from webapp import create_app
from webapp.accounts.model import Account
from webapp.config import Settings
from webapp.db import db
from webapp.departures import planning, seeds
from webapp.departures.model import Departure
from webapp.outbox import queue
from webapp.outbox.model import Message
from webapp.people.model import Consent, Person, Phone

REMINDERS = 200_000
#: Nine before leaving, and after it: arrival, wage, and every 90 days of a contract of two years.
A_DEPARTURE = 20
CHUNK = 500
NOW = datetime(2026, 1, 10, 3, 0, tzinfo=UTC)
LEAVES = date(2026, 6, 1)
MIGRATIONS = str(Path(__file__).parent.parent / "migrations")
message = Message.__table__


def main() -> None:
    print(f"{'database':<12}{'what':<18}{'rows':>9}{'seconds':>9}{'rows/s':>10}{'of raw':>8}")
    with tempfile.TemporaryDirectory() as folder, databases(Path(folder)) as fresh:
        for kind, new_url in fresh.items():
            app = create_app(
                Settings(
                    new_url("expansion"),
                    secret_key="bench" * 8,
                    encryption_keys=(("b", b"b" * 32),),
                    log_level="WARNING",
                )
            )
            with app.app_context():
                measure(kind, populate())
                db.session.remove()
                db.engine.dispose()


def measure(kind: str, ids: list[int]) -> None:
    planned = seconds(lambda: plan(ids))
    rows = stored()
    empty()
    queued = seconds(lambda: enqueue(rows))
    empty()
    raw = seconds(lambda: insert(rows))
    for what, took in (("plan and queue", planned), ("queue", queued), ("raw", raw)):
        print(
            f"{kind:<12}{what:<18}{len(rows):>9,}{took:>9.1f}{len(rows) / took:>10,.0f}{raw / took:>7.0%}", flush=True
        )


def plan(ids: list[int]) -> None:
    for start in range(0, len(ids), CHUNK):
        planning.replan(ids[start : start + CHUNK], NOW)
        db.session.commit()
        db.session.expunge_all()


def enqueue(rows: list[dict[str, Any]]) -> None:
    queue.enqueue_many(rows, NOW)
    db.session.commit()


def insert(rows: list[dict[str, Any]]) -> None:
    """As fast as the database takes rows that are ready."""
    names = [column.name for column in message.columns if column.name != "id"]
    connection = db.session.connection()
    if connection.dialect.name == "sqlite":
        connection.execute(sa.insert(message), rows)
    else:
        encode = [_encoder(name, connection.dialect) for name in names]
        with connection.connection.driver_connection.cursor() as cursor:
            columns = ", ".join(f'"{name}"' for name in names)
            with cursor.copy(f"COPY messages ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row([convert(row[name]) for name, convert in zip(names, encode, strict=True)])
    db.session.commit()


def _encoder(name: str, dialect: sa.Dialect) -> Callable[[Any], Any]:
    return message.c[name].type.bind_processor(dialect) or (lambda value: value)


def stored() -> list[dict[str, Any]]:
    names = [column for column in message.columns if column.name != "id"]
    return [dict(row) for row in db.session.execute(sa.select(*names)).mappings()]


def empty() -> None:
    """As if no text had ever been written: PostgreSQL's DELETE would leave the rows, and check each of them."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(sa.text("TRUNCATE messages CASCADE"))
    else:
        db.session.execute(sa.delete(message))
    db.session.commit()


def seconds(work: Callable[[], None]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def populate() -> list[int]:
    """People with a phone and consent, each with one departure in half a year. Returns the departures' ids."""
    flask_migrate.upgrade(MIGRATIONS)
    db.session.connection(execution_options={"writes": True})
    villages = population.add_areas()
    seeds.load()
    account = Account(username="bench", name="Bench", role="coordinator", area_code="ID", created_at=NOW)
    db.session.add(account)
    db.session.flush()
    common = {"created_by_id": account.id, "created_at": NOW, "updated_at": NOW, "version": 1}
    people, phones, consents, departures = [], [], [], []
    for number in range(1, REMINDERS // A_DEPARTURE + 1):
        village = villages[number % len(villages)]
        person = {"id": number, "area_code": village, "name": f"Siti {number}", "name_key": f"siti {number}"}
        people.append(
            person
            | common
            | {
                "search_text": f"siti {number}",
                "sex": "f",
                "birth_year": 1990,
                "address": "",
                "language": "id",
                "education": "",
                "stage": "in_process",
                "nonprocedural": False,
            }
        )
        phones.append(
            {
                "person_id": number,
                "number": f"+62812{number:08}",
                "reader": "self",
                "do_not_text": False,
                "added_at": NOW,
            }
        )
        consents.append(
            {
                "person_id": number,
                "purpose": "sms",
                "given": True,
                "wording": "2026-1",
                "language": "id",
                "how": "spoken",
                "witness": "",
                "at": NOW,
            }
        )
        departures.append(
            {
                "id": number,
                "person_id": number,
                "area_code": village,
                "destination_code": "TW",
                "scheme": "p3mi",
                "planned_on": LEAVES + timedelta(days=number % 30),
                "state": "open",
                "sector": "",
                "job": "",
                "agency": "",
                "employer": "",
                "port": "",
            }
            | common
        )
    for model, rows in ((Person, people), (Phone, phones), (Consent, consents), (Departure, departures)):
        db.session.execute(sa.insert(model), rows)
    db.session.commit()
    return [departure["id"] for departure in departures]


if __name__ == "__main__":
    main()
