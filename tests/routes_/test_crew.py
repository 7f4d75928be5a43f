"""The worker with several routes: each its own engine; one that fails rests and the next one sends, nothing twice."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import cast as cast_to

import pytest
import sqlalchemy as sa
from flask import Flask, current_app

from sms.gateways.gammu import Gammu
from sms.gateways.simulator import Simulator
from sms.handover import Limits
from tests.faults.fleet import ROOT
from tests.outbox.conftest import Write, stored
from tests.outbox.conftest import write as write  # a fixture
from tests.outbox.crowd import gather
from tests.people import Cast
from tests.routes_.making import make_route, network_of
from tests.sms.android_server import PASSWORD, USER, AndroidServer, Answer
from tests.sms.smsd import Daemon
from tools import gammu as gammu_tool
from webapp import clock
from webapp.db import db
from webapp.outbox import worker
from webapp.outbox.chores import do_chores
from webapp.outbox.crew import Crew
from webapp.outbox.gateway import current_gateway, gateway_of
from webapp.outbox.model import Message, Worker
from webapp.routes.model import Route, RouteState

#: Quick in everything, so that a test need not wait.
QUICK = Limits(batch=40, lease=60, provider=5, rest=0.4, repair=0.1, beat=0.1, idle=0.05, poll=0.1)


def states() -> dict[tuple[str, str], int]:
    """(state, gateway) → texts, without holding anything up."""
    with db.engine.connect().execution_options(reads=True) as connection:
        query = sa.select(Message.state, Message.gateway, sa.func.count()).group_by(Message.state, Message.gateway)
        return {(state, gateway): number for state, gateway, number in connection.execute(query)}


def sent() -> Counter[str]:
    found: Counter[str] = Counter()
    for (state, gateway), number in states().items():
        if state in ("sent", "delivered"):
            found[gateway] += number
    return found


def wait_until(condition: Callable[[], bool], seconds: float = 20) -> None:
    give_up_at = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < give_up_at, states()
        time.sleep(0.02)


@pytest.fixture
def crew(app: Flask) -> Iterator[Crew]:
    crew = Crew(current_app._get_current_object(), QUICK)  # type: ignore[attr-defined]  # the proxy's own app
    yield crew
    # What the test has read may hold SQLite's one place for writers, for which the others would wait.
    db.session.rollback()
    crew.stop()
    crew.join()


def rounds(crew: Crew, until: Callable[[], bool]) -> None:
    """What the worker's main thread does: chores and a look at the crew."""

    def round_() -> bool:
        do_chores()
        crew.look()
        return until()

    # Texts that were refused are tried again much later: `hurry` makes their hour come at once.
    wait_until(round_)


def handed_over(*networks: Simulator) -> Counter[str]:
    """Reference → how often any network took it."""
    return Counter(reference for network in networks for reference, _, _ in network.handed_over())


def test_one_that_takes_nothing_is_rested_and_the_other_sends_all_and_nothing_twice(
    app: Flask, cast: Cast, crew: Crew, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = clock.real_now()
    make_route("first", rank=1)
    make_route("second", rank=2)
    broken, healthy = network_of("first", fail_percent=100), network_of("second")
    gather(cast, people=15, texts_each=2, purpose="alarm")
    assert db.session.scalars(sa.select(Message.route).distinct()).all() == ["first"]
    rounds(crew, lambda: (hurry(now), sent() == {"second": 30})[1])
    assert list(broken.handed_over()) == []
    assert set(handed_over(broken, healthy).values()) == {1}
    assert len(handed_over(healthy)) == 30
    state = db.session.get_one(RouteState, "first")
    assert state.last_error == "unreachable"


def hurry(now: object) -> None:
    with db.engine.begin() as connection:
        connection.execute(sa.update(Message).where(Message.state == "queued").values(due_at=now))


def test_once_it_is_mended_a_text_proves_it_and_it_takes_over_again(app: Flask, write: Write, crew: Crew) -> None:
    # Whoever carries nothing but what is urgent is tried with that.
    make_route("first", rank=1, purposes="alarm")
    make_route("second", rank=2)
    network, other = network_of("first", fail_percent=100), network_of("second")
    now = clock.real_now()
    for _ in range(6):
        write(purpose="alarm", now=now)
    rounds(crew, lambda: (hurry(now), sent() == {"second": 6})[1])
    network_of("first")

    def one_more() -> bool:
        write(purpose="alarm", now=now)
        hurry(now)
        return is_open("first") and sent()["first"] > 0

    rounds(crew, one_more)
    assert set(handed_over(network, other).values()) == {1}


def is_open(code: str) -> bool:
    with db.engine.connect().execution_options(reads=True) as connection:
        query = sa.select(RouteState.paused_until).where(RouteState.name == code)
        return connection.execute(query).scalar() is None


def test_routes_come_and_go_while_it_works(app: Flask, write: Write, crew: Crew) -> None:
    now = clock.real_now()
    assert crew.look() == 0
    make_route("modem")
    network_of("modem")
    write(purpose="alarm", now=now)
    assert crew.look() == 1
    wait_until(lambda: sent() == {"modem": 1})
    change("modem", enabled=False)
    rounds(crew, lambda: not living("modem"))
    write(purpose="alarm", now=now)
    assert db.session.scalars(sa.select(Message.route).order_by(Message.id)).all() == ["modem", ""]


def test_a_changed_pace_is_taken_up(app: Flask, cast: Cast, crew: Crew) -> None:
    make_route("modem", per_minute=60)
    network_of("modem")
    crew.look()
    before = crew._members["modem"].dispatcher
    change("modem", per_minute=120)
    wait_until(lambda: bool(crew.look()))
    assert crew._members["modem"].dispatcher is not before
    assert crew._members["modem"].dispatcher._limits.per_second == 2


def change(code: str, **columns: object) -> None:
    db.session.execute(sa.update(Route).where(Route.code == code).values(columns))
    db.session.commit()


def living(code: str) -> list[str]:
    with db.engine.connect().execution_options(reads=True) as connection:
        query = sa.select(Worker.id).where(Worker.gateway == code, Worker.stopped_at.is_(None))
        return list(connection.scalars(query))


def test_one_that_cannot_begin_rests_and_the_others_work(app: Flask, write: Write, crew: Crew) -> None:
    make_route("rusak", kind="gammu", rank=1)
    make_route("second", rank=2)
    network_of("second")
    write(purpose="alarm", now=clock.real_now())
    rounds(crew, lambda: sent() == {"second": 1})
    assert db.session.get_one(RouteState, "rusak").pause_reason == "configuration"


def test_a_route_with_a_worker_of_its_own_is_left_to_it(app: Flask, write: Write, crew: Crew) -> None:
    # The database of its daemon is on another machine: this one would find nothing there, and close the route.
    make_route("far", kind="gammu", own_worker=True, gateway={"database": "sqlite:////srv/elsewhere/smsd.db"})
    assert crew.look() == 0
    assert db.session.get(RouteState, "far") is None
    db.session.rollback()
    theirs = Crew(current_app._get_current_object(), QUICK, only="far")  # type: ignore[attr-defined]
    try:
        assert theirs.look() == 1
        change("far", own_worker=False)
        assert crew.look() == 1
        change("far", own_worker=True)
        crew.look()
        wait_until(lambda: not crew._members["far"].thread.is_alive())
    finally:
        theirs.stop()
        theirs.join()


@pytest.mark.usefixtures("no_signals")
def test_the_settings_gateway_and_the_routes_work_side_by_side(app: Flask, write: Write) -> None:
    now = clock.real_now()
    make_route("modem", prefixes="+852")
    network = network_of("modem")
    crew = worker.crew_of(QUICK)
    write(purpose="alarm", now=now)
    write(purpose="alarm", now=now, number="+85251234567", person_id=None)
    assert worker.work(current_gateway(), QUICK, 350, once=True, crew=crew) == 2
    assert sent() == {"simulator": 1, "modem": 1}
    assert len(list(network.handed_over())) == 1


@pytest.fixture
def no_signals(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test's own process keeps its ears."""
    monkeypatch.setattr(worker, "stop_on_signals", lambda *_: None)


@pytest.mark.parametrize("options", [(), ("--route", "modem")])
def test_a_signal_ends_all_of_them_in_good_order(
    app: Flask, database_url: str, write: Write, tmp_path: Path, options: tuple[str, ...]
) -> None:
    make_route("modem")
    write(purpose="alarm", now=clock.real_now())
    command = [sys.executable, "-m", "flask", "--app", "webapp", "worker", *options]
    with subprocess.Popen(command, cwd=ROOT, env=environment(database_url, tmp_path), stderr=subprocess.DEVNULL) as it:
        try:
            wait_until(lambda: sent() == {"modem": 1})
            it.send_signal(signal.SIGTERM)
            assert it.wait(15) == 0
        finally:
            it.kill()
    db.session.rollback()
    routes = {row.gateway for row in db.session.scalars(sa.select(Worker)) if row.stopped_at is not None}
    assert routes == ({"modem"} if options else {"modem", "simulator"})
    assert living("modem") == []


def test_a_route_that_is_not_there_is_named(app: Flask, database_url: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "flask", "--app", "webapp", "worker", "--route", "modm"]
    ended = subprocess.run(
        command, cwd=ROOT, env=environment(database_url, tmp_path), capture_output=True, text=True, timeout=60
    )
    assert ended.returncode == 1
    assert "There is no route 'modm'" in ended.stderr


def environment(database_url: str, folder: Path) -> dict[str, str]:
    ours = {"DATABASE_URL": database_url, "SMS_GATEWAY": "simulator"}
    return os.environ | ours | {"SIMULATOR_URL": f"sqlite:///{folder / 'network.db'}"}


@pytest.fixture
def phone() -> Iterator[AndroidServer]:
    server = AndroidServer()
    yield server
    server.close()


def android(url: str) -> dict[str, str]:
    return {"base_url": url, "user": USER, "password": PASSWORD, "signing_key": "k", "device_id": "", "sim": ""}


def test_what_a_phone_took_before_it_broke_goes_by_no_other_route(
    app: Flask, write: Write, crew: Crew, phone: AndroidServer
) -> None:
    make_route("phone", kind="android", rank=1, gateway=android(phone.url))
    make_route("second", rank=2)
    other, now = network_of("second"), clock.real_now()
    for _ in range(6):
        write(purpose="alarm", now=now)
    phone.will(*[Answer(500, {"message": "broken"}, taken=True)] * 6)
    rounds(crew, lambda: (hurry(now), ask_now(), sum(sent().values()) == 6)[2])
    assert not set(phone.texts) & set(handed_over(other))
    assert len(phone.texts) + len(handed_over(other)) == 6


def ask_now() -> None:
    """What is in doubt is asked about at once."""
    with db.engine.begin() as connection:
        unknown = sa.update(Message).where(Message.state == "unknown", Message.lease_owner.is_(None))
        connection.execute(unknown.values(lease_until=clock.real_now()))


def an_hour_passes() -> None:
    with db.engine.begin() as connection:
        taken = sa.update(Message).where(Message.state == "sent", Message.gateway == "modem")
        connection.execute(taken.values(handed_at=clock.real_now() - timedelta(hours=1)))


@pytest.mark.skipif(gammu_tool.installed() is None, reason="`python -m tools.gammu` installs gammu-smsd")
def test_what_a_dead_modem_swallowed_goes_by_the_next_route(
    app: Flask, write: Write, crew: Crew, tmp_path: Path
) -> None:
    tables_without_a_daemon = Daemon(tmp_path)
    modem = make_route("modem", kind="gammu", rank=1, gateway={"database": tables_without_a_daemon.url})
    make_route("second", rank=2)
    other = network_of("second")
    cast_to(Gammu, gateway_of(modem))._good_for = 0.5
    key = write(purpose="alarm", now=clock.real_now())
    rounds(crew, lambda: (an_hour_passes(), sent() == {"second": 1})[1])
    assert [reference for reference, _, _ in other.handed_over()] == [stored(key).reference]
    assert tables_without_a_daemon.rows("SELECT count(*) FROM outbox") == [(0,)]


def test_one_alarm_alone_has_another_route_within_a_minute(app: Flask, write: Write, crew: Crew) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        make_route("away", kind="android", rank=1, gateway=android(f"http://127.0.0.1:{nobody.getsockname()[1]}"))
        make_route("second", rank=2)
        network_of("second")
        now, waits = clock.real_now(), list[float]()
        key = write(purpose="alarm", now=now)

        def round_() -> bool:
            waits.extend(hurried(key))
            return sent() == {"second": 1}

        rounds(crew, round_)
    assert len(waits) == 2
    assert sum(waits) < 45


def hurried(key: str) -> list[float]:
    """The seconds that it still has to wait, if it was tried; it need not wait for them."""
    its = sa.and_(Message.key == key, Message.state == "queued", Message.due_at > clock.now())
    with db.engine.begin() as connection:
        # Held from the first look on: what comes back between two looks would be hurried and never counted.
        waiting = sa.select(Message.id, Message.due_at).where(its).with_for_update()
        found = dict(connection.execute(waiting).tuples().all())
        connection.execute(sa.update(Message).where(Message.id.in_(found)).values(due_at=clock.real_now()))
    return [(due_at - clock.now()).total_seconds() for due_at in found.values()]
