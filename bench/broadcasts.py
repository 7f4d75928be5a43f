"""Broadcasts: counting and queueing one to 10,000 people, and expanding one to a million beside the raw insert.

`preview` is what the page of a draft waits for: whom it reaches, in how many segments, for how much, exactly. `begin`
and `queue` are the worker's chore, which counts once more and makes all the texts. Raw is the insert alone: of the same
rows, ready in another table, in the same portions, into the same table with the same indexes, with the same pages asked
for meanwhile; and COPY of all of them at once, with nothing beside it. The web is one process with one page of the list
of people and one of broadcasts, idle and while the texts are made; memory is what the worker's process grows by. The
million is on PostgreSQL alone.

    python -m bench.broadcasts [10000|1000000]
"""

from __future__ import annotations

import io
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import flask_migrate
import sqlalchemy as sa
from argon2 import PasswordHasher
from flask import Flask

from bench import population
from bench.databases import databases
from bench.people import PASSWORD
from webapp import create_app
from webapp.accounts.model import Account
from webapp.audiences.criteria import Criteria
from webapp.broadcasts import acts, budget, expanding, forecast, meaning, sending, timing
from webapp.broadcasts.model import MIGRANTS, Broadcast
from webapp.config import Settings
from webapp.db import db
from webapp.outbox.model import Message

SMALL, LARGE = 10_000, 1_000_000
NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
MIGRATIONS = str(Path(__file__).parent.parent / "migrations")
BODY = "Desmigratif: {n}, bursa kerja di {desa} hari Sabtu pukul 9. Bawa KTP. Tanya kami: {hp}"
WEB_SECONDS = 12.0
message = Message.__table__

#: A million people within a minute: the database makes them itself.
NUMBERS = "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :count)"
PEOPLE = """
INSERT INTO people (id, area_code, name, name_key, search_text, sex, birth_year, address, language, education, stage,
                    nonprocedural, version, created_by_id, created_at, updated_at)
{numbers} SELECT n, village.code, {name} || ' ' || n, 'warga ' || n, 'warga ' || n, 'f', 1990, '',
  CASE n % 5 WHEN 0 THEN 'jv' ELSE 'id' END, '', 'prospect', {no}, 1, 1, :now, :now
FROM numbers JOIN villages village ON village.place = n % :places
"""
#: First names of several lengths, one of them with a letter that no phone shares.
NAME = """CASE n % 7 WHEN 0 THEN 'Sri' WHEN 1 THEN 'Siti' WHEN 2 THEN 'Tumini' WHEN 3 THEN 'Sulastri'
  WHEN 4 THEN 'Ni’mah' ELSE 'Khoirunnisa' END"""
PHONES = """
INSERT INTO phones (person_id, number, reader, do_not_text, added_at)
{numbers} SELECT n, '+62812' || (10000000 + n), 'self', {no}, :now FROM numbers
"""
CONSENTS = """
INSERT INTO consents (person_id, purpose, given, wording, language, how, witness, at)
{numbers} SELECT n, 'sms', {yes}, '2026-1', 'id', 'spoken', '', :now FROM numbers
"""


def main() -> None:
    sizes = [int(size) for size in sys.argv[1:]] or [SMALL, LARGE]
    print(f"{'database':<12}{'what':<34}{'people':>10}{'seconds':>9}{'a second':>10}{'':>10}")
    with tempfile.TemporaryDirectory() as folder, databases(Path(folder)) as fresh:
        for count in sizes:
            for kind, new_url in fresh.items():
                if count <= SMALL or kind == "postgresql":
                    _in_app(new_url(f"broadcasts{count}"), count, kind)


def _in_app(url: str, count: int, kind: str) -> None:
    app = create_app(Settings(url, secret_key="bench" * 8, encryption_keys=(("b", b"b" * 32),), log_level="WARNING"))
    with app.app_context():
        populate(count)
        measure(app, kind, count, url)
        db.session.remove()
        db.engine.dispose()


def measure(app: Flask, kind: str, count: int, url: str) -> None:
    broadcast = draft()
    found: list[forecast.Forecast] = []
    took = seconds(lambda: found.append(meaning.count(broadcast, NOW)))
    line(kind, "preview, exact", count, took, f"Rp{found[0].rupiah:,}")
    approve(broadcast)
    is_large = count > SMALL
    idle = web(url) if is_large else 0.0
    took = seconds(lambda: sending.begin_one(NOW))
    line(kind, "begin: count once more", count, took, "")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    answering = _web_process(url) if is_large else None
    took = seconds(lambda: expand(broadcast.id))
    line(kind, "queue all its texts", count, took, f"{texts():,}")
    if answering is None:
        return
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    busy = float(answering.communicate(timeout=600)[0])
    for what, raw in (("raw insert of the same rows", raw_insert(url)), ("the same by COPY", raw_copy())):
        line(kind, what, count, raw, f"expansion {raw / took:.0%}")
    print(f"{kind:<12}memory of the worker grows by {grown:.0f} MB")
    print(f"{kind:<12}a page: {idle * 1000:.0f} ms idle, {busy * 1000:.0f} ms meanwhile, {busy / idle:.2f} times")


def line(kind: str, what: str, count: int, took: float, more: str) -> None:
    print(f"{kind:<12}{what:<34}{count:>10,}{took:>9.1f}{count / took:>10,.0f}{more:>22}", flush=True)


def draft() -> Broadcast:
    officer = db.session.get_one(Account, 1)
    chosen = acts.Draft("Bursa kerja", MIGRANTS, Criteria(areas=("ID",)), {"id": BODY})
    broadcast = acts.draft(officer, chosen, NOW)
    db.session.commit()
    return broadcast


def approve(broadcast: Broadcast) -> None:
    one, other = (db.session.get_one(Account, number) for number in (1, 2))
    budget.set_limit("ID", timing.month_of(NOW), 10**12, other, NOW)
    acts.hand_over(broadcast, one, NOW)
    acts.approve(broadcast, other, expanding.zones(), NOW)
    db.session.commit()


def expand(broadcast_id: int) -> None:
    """As the worker does, until all its texts are made."""
    while db.session.get_one(Broadcast, broadcast_id, populate_existing=True).expanded_at is None:
        sending.go_on(NOW)
        db.session.rollback()


def texts() -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(message)) or 0


def raw_insert(url: str) -> float:
    """Seconds for the same rows from another table in which they are ready, in portions as large as the worker's."""
    db.session.execute(sa.text("CREATE UNLOGGED TABLE ready AS SELECT * FROM messages"))
    db.session.execute(sa.text("CREATE UNIQUE INDEX ix_ready ON ready (id)"))
    first, last = db.session.execute(sa.text("SELECT min(id), max(id) FROM ready")).one()
    _empty()
    portion = sa.text("INSERT INTO messages SELECT * FROM ready WHERE id BETWEEN :first AND :last")

    def insert() -> None:
        for start in range(first, last + 1, expanding.PORTION):
            db.session.execute(portion, {"first": start, "last": start + expanding.PORTION - 1})
            db.session.commit()

    answering = _web_process(url)
    took = seconds(insert)
    answering.communicate(timeout=600)
    return took


def _empty() -> None:
    db.session.execute(sa.text("TRUNCATE messages CASCADE"))
    db.session.commit()


def raw_copy() -> float:
    """Seconds for the same rows by COPY, as a backup is read."""
    ready = io.BytesIO()
    with _cursor() as cursor, cursor.copy("COPY messages TO STDOUT (FORMAT binary)") as copy:
        for block in copy:
            ready.write(block)
    _empty()

    def insert() -> None:
        with _cursor() as cursor, cursor.copy("COPY messages FROM STDIN (FORMAT binary)") as copy:
            copy.write(ready.getbuffer())
        db.session.commit()

    return seconds(insert)


def _cursor() -> Any:
    connection = db.session.connection().connection.driver_connection
    assert connection is not None
    return connection.cursor()


def _web_process(url: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "bench.broadcasts_web", url]
    started = subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, "SECONDS": str(WEB_SECONDS)}
    )
    assert started.stdout is not None
    return started


def web(url: str) -> float:
    """Seconds of a page, the median."""
    return float(_web_process(url).communicate(timeout=600)[0])


def seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def populate(count: int) -> None:
    flask_migrate.upgrade(MIGRATIONS)
    db.session.connection(execution_options={"writes": True})
    villages = population.add_areas()
    hashed = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    for number, name in enumerate(("satu", "dua"), start=1):
        db.session.add(
            Account(
                id=number,
                username=name,
                name=name,
                role="coordinator",
                area_code="ID",
                created_at=NOW,
                password_hash=hashed,
            )
        )
    db.session.flush()
    is_sqlite = db.engine.dialect.name == "sqlite"
    db.session.execute(sa.text("CREATE TEMPORARY TABLE villages (place INTEGER PRIMARY KEY, code VARCHAR(13))"))
    db.session.execute(
        sa.text("INSERT INTO villages VALUES (:place, :code)"),
        [{"place": place, "code": code} for place, code in enumerate(villages)],
    )
    facts = {"count": count, "now": NOW.replace(tzinfo=None) if is_sqlite else NOW, "places": len(villages)}
    words = {"numbers": NUMBERS, "name": NAME, "no": "0" if is_sqlite else "false", "yes": "1" if is_sqlite else "true"}
    for statement in (PEOPLE, PHONES, CONSENTS):
        db.session.execute(sa.text(statement.format(**words)), facts)
    db.session.commit()
    db.session.connection(execution_options={"isolation_level": "AUTOCOMMIT"}).execute(sa.text("ANALYZE"))
    db.session.remove()


if __name__ == "__main__":
    main()
