"""A whole mobile network in one SQLite file: phones that show texts, and an operator that can misbehave.

It is the default gateway of a demonstration and the recording provider of tests. Web and worker share the
file; a lock keeps the threads of one process apart, SQLite the processes.
"""

from __future__ import annotations

import json
import os
import random
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from sms.gateways import Accepted, Found, GatewayError, LookUp, News, Outgoing, Receipt, Status, Uncertain
from sms.text import segments

#: Refused before anything is recorded: the operator is busy; there is no such number.
BUSY, NO_SUCH_NUMBER = "busy", "no_such_number"
#: Accepted, but the phone never gets it.
UNDELIVERED = "undelivered"
FAILURES = (BUSY, NO_SUCH_NUMBER, UNDELIVERED)
LARGEST_ID = 2**63 - 1
#: Receipts handed out at one poll.
POLL_LIMIT = 1000

SCHEMA = """
CREATE TABLE IF NOT EXISTS texts (
    id INTEGER PRIMARY KEY, provider_id TEXT NOT NULL UNIQUE, reference TEXT NOT NULL, number TEXT NOT NULL,
    body TEXT NOT NULL, from_phone INTEGER NOT NULL, at REAL NOT NULL, arrives_at REAL, status TEXT NOT NULL,
    code TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS texts_number ON texts (number, id);
CREATE INDEX IF NOT EXISTS texts_reference ON texts (reference);
CREATE TABLE IF NOT EXISTS phones (id INTEGER PRIMARY KEY, number TEXT NOT NULL UNIQUE, last_id INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS phones_last ON phones (last_id);
CREATE TABLE IF NOT EXISTS receipts (
    id INTEGER PRIMARY KEY, text_id INTEGER NOT NULL, status TEXT NOT NULL, code TEXT NOT NULL, due_at REAL NOT NULL,
    order_key REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS receipts_due ON receipts (due_at);
CREATE INDEX IF NOT EXISTS receipts_text ON receipts (text_id);
CREATE TABLE IF NOT EXISTS behaviour (id INTEGER PRIMARY KEY CHECK (id = 1), facts TEXT NOT NULL);
"""

PHONES = """
SELECT p.id, p.number, CASE WHEN t.from_phone OR t.arrives_at <= ? THEN t.body ELSE '' END, p.last_id
FROM phones p JOIN texts t ON t.id = p.last_id
"""


@dataclass(frozen=True, slots=True)
class Behaviour:
    """How the network behaves. Percentages are of texts; the default is a good day."""

    #: Seconds until a text reaches its phone and its receipts come.
    delay_seconds: float = 1.0
    fail_percent: int = 0
    failure: str = BUSY
    #: The text is taken, and the answer that says so is lost.
    drop_answer_percent: int = 0
    duplicate_receipts: bool = False
    reorder_receipts: bool = False


@dataclass(frozen=True, slots=True)
class Phone:
    """A simulated phone and its newest text. `id` may stand in an address, where a number may not."""

    id: int
    number: str
    newest: str
    newest_id: int


@dataclass(frozen=True, slots=True)
class PhoneText:
    """One text on a simulated phone. `at` is seconds since 1970 of the machine's clock."""

    id: int
    provider_id: str
    reference: str
    body: str
    from_phone: bool | int
    at: float


class Simulator:
    """The network. Times inside are the machine's: no move of a demonstration's clock holds up its receipts."""

    name = "simulator"
    can_receive = True

    def __init__(self, file: Path, *, chance: random.Random | None = None) -> None:
        self._file = file
        self._chance = chance or random.Random()
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._process = 0

    # What the engine asks.

    def send(self, text: Outgoing) -> Accepted:
        """Raises GatewayError or Uncertain, as often as the behaviour says."""
        with self._writing() as connection:
            behaviour = _behaviour(connection)
            failure = behaviour.failure if self._happens(behaviour.fail_percent) else ""
            if failure == BUSY:
                raise GatewayError(permanent=False, code=BUSY)
            if failure == NO_SUCH_NUMBER:
                raise GatewayError(permanent=True, code=NO_SUCH_NUMBER, flag_number=True)
            provider_id = self._record(connection, text, behaviour, failure)
            dropped = self._happens(behaviour.drop_answer_percent)
        if dropped:
            raise Uncertain("answer_dropped")
        return Accepted(provider_id, segments=segments(text.body))

    def look_up(self, text: LookUp) -> Found | None:
        """By our reference; of two handings-over the first."""
        query = "SELECT provider_id, status, code, arrives_at FROM texts WHERE reference = ? ORDER BY id LIMIT 1"
        with self._reading() as connection:
            row = connection.execute(query, (text.reference,)).fetchone()
        if row is None:
            return None
        provider_id, status, code, arrives_at = row
        arrived = status == "delivered" and arrives_at <= time.time()
        return Found(provider_id, "delivered" if arrived else "failed" if status == "failed" else "sent", code=code)

    def poll(self, now: datetime) -> list[News]:
        """Receipts that are due at `now`."""
        due = (
            "SELECT t.reference, t.provider_id, r.status, r.code FROM receipts r JOIN texts t ON t.id = r.text_id"
            " WHERE r.due_at <= ? ORDER BY r.order_key, r.id LIMIT ?"
        )
        with self._reading() as connection:
            rows = connection.execute(due, (now.timestamp(), POLL_LIMIT)).fetchall()
        return [Receipt(*row) for row in rows]

    def acknowledge(self, news: Sequence[News]) -> None:
        """A receipt that was told twice is forgotten with its twin."""
        told = [(receipt.provider_id, receipt.status) for receipt in news if isinstance(receipt, Receipt)]
        if not told:
            return
        with self._writing() as connection:
            connection.executemany(
                "DELETE FROM receipts WHERE text_id = (SELECT id FROM texts WHERE provider_id = ?) AND status = ?", told
            )

    # What the page of simulated phones asks.

    def phones(self, limit: int, before_text: int | None = None) -> list[Phone]:
        """The phone with the newest text first; a text that is still on its way counts, and is not shown.

        `before_text`: only phones whose newest text is older than this one, for the next page.
        """
        query = PHONES + " WHERE p.last_id < ? ORDER BY p.last_id DESC LIMIT ?"
        with self._reading() as connection:
            rows = connection.execute(query, (time.time(), before_text or LARGEST_ID, limit))
            return [Phone(*row) for row in rows]

    def phone(self, phone_id: int) -> Phone | None:
        with self._reading() as connection:
            row = connection.execute(PHONES + " WHERE p.id = ?", (time.time(), phone_id)).fetchone()
        return Phone(*row) if row else None

    def thread(self, number: str, limit: int) -> list[PhoneText]:
        """The newest texts of a phone that have arrived, the oldest of them first."""
        query = (
            "SELECT id, provider_id, reference, body, from_phone, coalesce(arrives_at, at) FROM texts"
            " WHERE number = ? AND (from_phone OR arrives_at <= ?) ORDER BY id DESC LIMIT ?"
        )
        with self._reading() as connection:
            rows = connection.execute(query, (number, time.time(), limit)).fetchall()
        return [PhoneText(*row) for row in reversed(rows)]

    def answer(self, number: str, body: str) -> str:
        """The owner of the phone writes a text. Returns its provider id; taking it in is the caller's."""
        provider_id = _new_id()
        row = (provider_id, "", number, body, 1, time.time(), None, "delivered", "")
        with self._writing() as connection:
            self._insert(connection, row, number)
        return provider_id

    @property
    def behaviour(self) -> Behaviour:
        with self._reading() as connection:
            return _behaviour(connection)

    def behave(self, behaviour: Behaviour) -> None:
        """From now on, in every process that uses this file."""
        with self._writing() as connection:
            connection.execute(
                "INSERT INTO behaviour (id, facts) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET facts = excluded.facts",
                (json.dumps(asdict(behaviour)),),
            )

    def handed_over(self) -> Iterator[tuple[str, str, str]]:
        """(reference, number, body) of every text taken, in order: what a recording provider can testify."""
        with self._reading() as connection:
            query = "SELECT reference, number, body FROM texts WHERE NOT from_phone ORDER BY id"
            rows = connection.execute(query).fetchall()
        yield from rows

    def close(self) -> None:
        with self._lock:
            if self._connection is not None:
                self._connection.close()
            self._connection = None

    # How it is kept.

    def _happens(self, percent: int) -> bool:
        return percent > 0 and self._chance.random() * 100 < percent

    def _record(self, connection: sqlite3.Connection, text: Outgoing, behaviour: Behaviour, failure: str) -> str:
        provider_id, now = _new_id(), time.time()
        arrives_at = now + behaviour.delay_seconds
        status: Status = "failed" if failure else "delivered"
        row = (
            provider_id,
            text.reference,
            text.to,
            text.body,
            0,
            now,
            None if failure else arrives_at,
            status,
            failure,
        )
        text_id = self._insert(connection, row, text.to)
        receipts = [(text_id, "sent", "", arrives_at, 0.0), (text_id, status, failure, arrives_at, 0.0)]
        if behaviour.duplicate_receipts:
            receipts *= 2
        if behaviour.reorder_receipts:
            receipts = [(*receipt[:4], self._chance.random()) for receipt in receipts]
        connection.executemany(
            "INSERT INTO receipts (text_id, status, code, due_at, order_key) VALUES (?, ?, ?, ?, ?)", receipts
        )
        return provider_id

    def _insert(self, connection: sqlite3.Connection, row: tuple[object, ...], number: str) -> int:
        cursor = connection.execute(
            "INSERT INTO texts (provider_id, reference, number, body, from_phone, at, arrives_at, status, code)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            row,
        )
        connection.execute(
            "INSERT INTO phones (number, last_id) VALUES (?, ?)"
            " ON CONFLICT (number) DO UPDATE SET last_id = excluded.last_id",
            (number, cursor.lastrowid),
        )
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            yield self._open()

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            connection = self._open()
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    def _open(self) -> sqlite3.Connection:
        """The connection of this process; one that came from before a fork is left alone."""
        if self._connection is None or self._process != os.getpid():
            self._file.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(self._file, timeout=20, isolation_level=None, check_same_thread=False)
            self._connection.execute("PRAGMA journal_mode=WAL")
            # A pretend network may forget its last moments in a power cut.
            self._connection.execute("PRAGMA synchronous=OFF")
            self._connection.executescript(SCHEMA)
            self._process = os.getpid()
        return self._connection


def _behaviour(connection: sqlite3.Connection) -> Behaviour:
    row = connection.execute("SELECT facts FROM behaviour").fetchone()
    if row is None:
        return Behaviour()
    known = {field.name for field in fields(Behaviour)}
    return Behaviour(**{name: value for name, value in json.loads(row[0]).items() if name in known})


def _new_id() -> str:
    return f"SIM{uuid4().hex}"
