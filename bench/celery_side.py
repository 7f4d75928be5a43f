"""The same number of texts as Celery tasks with Redis as broker, one task a text.

`bare` renders the words and calls the provider: it checks nothing and keeps nothing, which is the least that
Celery can do. `whole` does for its one text what the outbox does for a batch, with the same statements.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import sqlalchemy as sa
from celery import Celery
from celery.signals import worker_init
from redis import Redis

from bench.load import VALUES, NullGateway, noon, number_of
from sms.gateways import Outgoing
from sms.outbox import Taken
from sms.text import fit
from webapp.outbox import checks, statements
from webapp.outbox.sorting import sort
from webapp.outbox.statements import Due
from webapp.outbox.store import SqlStore
from webapp.outbox.texts import Texts

QUEUE = "texts"
TEMPLATE = (
    "Desmigratif: {n}, berangkat {d}. Kurang: {dok}. Urus di balai desa, kami bantu. Dokumen asli simpan sendiri."
    " Tanya {hp}"
)
ROOT = Path(__file__).resolve().parent.parent
#: Processes of the worker when the provider answers at once: one for each CPU, as Celery itself does.
CPUS = os.cpu_count() or 1

app = Celery("texts", broker=os.environ.get("BENCH_BROKER", "memory://"))
# The way Celery is told to lose nothing when a process dies, as the outbox does not.
app.conf.update(task_acks_late=True, worker_prefetch_multiplier=1, task_ignore_result=True)
app.conf.update(task_default_queue=QUEUE, broker_connection_retry_on_startup=True, worker_hijack_root_logger=False)


@app.task(name="bare")
def bare(n: int) -> None:
    gateway().send(Outgoing(str(n), number_of(n), fit(TEMPLATE, VALUES)))


@app.task(name="whole")
def whole(message_id: int) -> None:
    store = one_by_one()
    handover = store.claim(message_id)
    accepted = gateway().send(handover.outgoing)
    store.settle([Taken(message_id, accepted.provider_id)], noon())


class OneByOne(SqlStore):
    """Claims a text by its id, with every check."""

    _one = statements.due("").where(statements.message.c.id == sa.bindparam("one", type_=sa.BigInteger))

    def claim(self, message_id: int) -> object:
        now = noon()
        with self._transaction() as connection:
            facts = {"one": message_id, "priority": 5, "limit": 1, **checks.moments(now)}
            rows = [Due._make(row) for row in connection.execute(self._one, facts)]
            found = sort(rows, Texts.load(connection, [rows[0].text_code]), now, now)
            self._store(connection, found, now)
        return found.handovers[0]


@worker_init.connect
def load_beforehand(**_: object) -> None:
    """Before the processes are forked and the clock runs, as the outbox's worker has loaded before it runs."""
    if os.environ["BENCH_DATABASE"]:
        one_by_one()


@cache
def one_by_one() -> OneByOne:
    """Each process makes connections of its own: none is open when it is forked."""
    from bench.load import application
    from webapp.db import db

    application(os.environ["BENCH_DATABASE"]).app_context().push()
    return OneByOne(db.engine, gateway="null", owner=f"celery-{os.getpid()}", lease=60, price_rupiah=350)


@cache
def gateway() -> NullGateway:
    return NullGateway(float(os.environ["BENCH_ANSWER"]))


@dataclass(frozen=True)
class Broker:
    url: str
    socket: Path
    pid: int

    def client(self) -> Redis:
        return Redis(unix_socket_path=str(self.socket))


@contextmanager
def redis() -> Iterator[Broker | None]:
    """A Redis of our own on a socket in a temporary folder; None if this machine has none."""
    program = shutil.which("redis-server")
    if program is None:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="redis") as name:
        socket = Path(name) / "s"
        options = ["--port", "0", "--unixsocket", str(socket), "--save", "", "--appendonly", "no", "--dir", name]
        with subprocess.Popen([program, *options], stdout=subprocess.DEVNULL) as server:
            wait_until(socket.exists)
            try:
                yield Broker(f"redis+socket://{socket}", socket, server.pid)
            finally:
                server.terminate()


@contextmanager
def worker(broker: Broker, answer_seconds: float, in_flight: int, database_url: str = "") -> Iterator[int]:
    """Celery's own worker with prefork; a process is busy while a provider answers, so it needs one for each."""
    processes = in_flight if answer_seconds else CPUS
    command = [sys.executable, "-m", "celery", "-A", "bench.celery_side", "worker", "--pool", "prefork"]
    # It begins with the tasks only when told to, so that its start and the queueing are not counted.
    command += ["--concurrency", str(processes), "--queues", "none", "--loglevel", "ERROR"]
    environment = {"BENCH_BROKER": broker.url, "BENCH_ANSWER": str(answer_seconds), "BENCH_DATABASE": database_url}
    output = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, cwd=ROOT, env=os.environ | environment, **output) as process:
        app.conf.broker_url = broker.url
        wait_until(lambda: bool(app.control.ping(timeout=0.5)))
        try:
            yield process.pid
        finally:
            process.terminate()


def enqueue(broker: Broker, task: str, count: int) -> None:
    app.conf.broker_url = broker.url
    with app.pool.acquire(block=True) as connection, app.amqp.Producer(connection) as producer:
        for n in range(1, count + 1):
            app.tasks[task].apply_async((n,), producer=producer)


def drain(broker: Broker) -> None:
    """Let the worker have the queue, and wait until nothing is left in it or with the worker."""
    client = broker.client()
    app.control.add_consumer(QUEUE, reply=False)
    wait_until(lambda: client.llen(QUEUE) == 0 and client.hlen("unacked") == 0)


def wait_until(condition: Callable[[], bool], seconds: float = 120) -> None:
    give_up_at = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > give_up_at:
            raise TimeoutError("the benchmark's other side did not get ready")
        time.sleep(0.02)
