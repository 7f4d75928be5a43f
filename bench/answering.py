"""A hundred texts, one after the other, stored, understood and answered on SQLite: the goal is half a second in all.

A mixture of all keywords and of stories, half of it from people who are registered. Each text is on the disk before
its provider gets an answer. Best and median of some runs.

    python -m bench.answering
"""

from __future__ import annotations

import logging
import statistics
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path

import flask_migrate
import sqlalchemy as sa
from sqlalchemy import event

from bench.expansion import MIGRATIONS
from webapp import clock, create_app
from webapp.accounts.model import Account
from webapp.areas.codes import NATION, areas_above, parent_of
from webapp.areas.model import Area
from webapp.callbacks import intake
from webapp.cases import seeds as minutes
from webapp.config import Settings
from webapp.db import db
from webapp.demo.load import load_agencies
from webapp.departures import seeds
from webapp.outbox import texts
from webapp.people.model import DATA, SELF, SMS, Person

TEXTS, RUNS, GOAL_MS = 100, 5, 500
VILLAGE = "33.01.06.2010"
WORDS = (
    "INFO", "CEK PT Contoh Jaya", "BANTU", "YA", "1", "LAPOR calo minta uang muka", "halo bu, kapan berangkat?",
    "STOP", "MULAI", "BAHASA JAWA",
)  # fmt: skip


def main() -> None:
    logging.disable(logging.WARNING)
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'answering.db'}"
        settings = Settings(database_url=url, secret_key="bench", encryption_keys=(("b", b"b" * 32),))
        with create_app(settings).app_context():
            flask_migrate.upgrade(MIGRATIONS)
            _fill(clock.now())
            _run(0)
            seconds = [_run(number) for number in range(1, RUNS + 1)]
            count = _statements(RUNS + 1)
    best, median = min(seconds) * 1000, statistics.median(seconds) * 1000
    print(f"{'texts':>8} {'best ms':>9} {'median ms':>10} {'goal ms':>8} {'statements a text':>18}")
    print(f"{TEXTS:>8} {best:>9.0f} {median:>10.0f} {GOAL_MS:>8} {count:>18.1f}")


def _run(run: int) -> float:
    """Seconds for all texts. Runs are hours apart: who says the same words again and again gets no answer."""
    now = clock.now() + run * timedelta(hours=2)
    begin = time.perf_counter()
    for number in range(TEXTS):
        intake.receive("bench", f"{run}-{number}", _number(number), WORDS[number % len(WORDS)], now)
    return time.perf_counter() - begin


def _number(number: int) -> str:
    """Every other text is of somebody registered; the others are of numbers that nobody knows."""
    return f"+62812{3_000_000 + number:07}" if number % 2 else f"+62857{3_000_000 + number:07}"


def _statements(run: int) -> float:
    """SQL statements a text, on the average."""
    seen = 0

    def count(*_: object) -> None:
        nonlocal seen
        seen += 1

    event.listen(db.engine, "before_cursor_execute", count)
    _run(run)
    event.remove(db.engine, "before_cursor_execute", count)
    return seen / TEXTS


def _fill(now: datetime) -> None:
    for code in reversed(areas_above(VILLAGE)):
        level = 0 if code == NATION else code.count(".") + 1
        names = {"name": f"Area {code}", "name_key": code}
        where = {"code": code, "parent_code": parent_of(code), "level": level, "zone": "Asia/Jakarta"}
        db.session.add(Area(**names, **where, participates=level == 4))
        db.session.flush()
    officer = Account(
        username="bench", name="Petugas", role="facilitator", area_code=VILLAGE, phone="+6281300000001", created_at=now
    )
    # Whoever is called when somebody writes BANTU: without them each call would climb to the nation at once.
    offices = {"regency": "33.01", "province": "33", "nation": NATION}
    for n, (name, code) in enumerate(offices.items(), start=2):
        where = {"role": "coordinator", "area_code": code, "phone": f"+628130000000{n}"}
        db.session.add(Account(username=name, name=name, created_at=now, **where))
    db.session.add(officer)
    db.session.flush()
    for load in (seeds.load, minutes.load, texts.load):
        load()
    load_agencies(now)
    for number in range(1, TEXTS, 2):
        person = Person.register(
            area_code=VILLAGE, name=f"Orang {number}", sex="f", birth_date=None, account=officer, now=now
        )
        person.add_phone(f"+62812{3_000_000 + number:07}", SELF, account=officer, now=now)
        for purpose in (DATA, SMS):
            person.record_consent(purpose, True, account=officer, now=now)
    db.session.commit()
    db.session.execute(sa.text("PRAGMA optimize"))
    db.session.rollback()


if __name__ == "__main__":
    main()
