"""A modem through a real gammu-smsd with a dummy phone, on SQLite and on PostgreSQL."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sms.dispatch import Dispatcher
from sms.gateways import (
    Accepted,
    Found,
    GatewayError,
    Heartbeat,
    IncomingText,
    Outgoing,
    Polled,
    Receipt,
)
from sms.gateways.build import build
from sms.gateways.gammu import Gammu
from sms.handover import Limits
from sms.listening import Heard
from sms.outbox import Handover, Taken
from sms.text import segments
from tests.sms.memory_store import MemoryStore
from tests.sms.modem import HALO, LONG, NOW, SRI, TUMINI, id_of, needs_smsd, news_of, on_sqlite, question
from tests.sms.smsd import Daemon, minutes_ago, until
from tools.progress import ROOT

pytestmark = needs_smsd


def test_a_text_is_taken_sent_once_and_told(daemon: Daemon) -> None:
    modem = Gammu(daemon.url)
    assert modem.look_up(question(HALO)) is None
    assert modem.send(HALO) == modem.send(HALO) == Accepted(id_of(HALO), segments=1)
    assert modem.look_up(question(HALO)) == Found(id_of(HALO), "sent")
    told = until(lambda: news_of(modem, Receipt))
    assert told == [Receipt(HALO.reference, id_of(HALO), "sent")]
    assert daemon.sent() == [(HALO.reference, 1)]
    assert daemon.rows('SELECT "TextDecoded", "DestinationNumber" FROM sentitems') == [(HALO.body, SRI)]
    modem.acknowledge(told)
    daemon.is_told(SRI, "Delivered", datetime.now(UTC))
    told = until(lambda: news_of(modem, Receipt))
    assert told == [Receipt(HALO.reference, id_of(HALO), "delivered")]
    modem.acknowledge(told)
    assert news_of(modem, Receipt) == []
    assert modem.look_up(question(HALO)) == Found(id_of(HALO), "delivered")


def test_a_long_text_with_pictures_leaves_in_parts(daemon: Daemon) -> None:
    modem = Gammu(daemon.url)
    accepted = modem.send(LONG)
    assert accepted.segments == segments(LONG.body) > 3
    until(lambda: len(daemon.sent()) == accepted.segments)
    parts = daemon.rows('SELECT "Text", "UDH" FROM sentitems ORDER BY "SequencePosition"')
    assert bytes.fromhex("".join(words for words, _ in parts)).decode("utf-16-be") == LONG.body
    assert len({header[:8] for _, header in parts}) == 1
    assert [int(header[-2:], 16) for _, header in parts] == list(range(1, len(parts) + 1))
    assert until(lambda: news_of(modem, Receipt)) == [Receipt(LONG.reference, id_of(LONG), "sent")]


def test_a_text_that_the_phone_never_got_fails(daemon: Daemon) -> None:
    modem = Gammu(daemon.url)
    modem.send(HALO)
    until(daemon.sent)
    daemon.is_told(SRI, "Failed", datetime.now(UTC))
    failed = Receipt(HALO.reference, id_of(HALO), "failed", "delivery")  # the dummy phone loses the cause
    assert until(lambda: failed in news_of(modem, Receipt))


def test_texts_that_arrive_are_told_until_they_are_stored(daemon: Daemon) -> None:
    modem, stop_at, long_at = Gammu(daemon.url), minutes_ago(7), minutes_ago(3)
    daemon.receives(SRI, "STOP", stop_at)
    daemon.receives(TUMINI, LONG.body, long_at)
    told = until(lambda: len(found := news_of(modem, IncomingText)) == 2 and found)
    assert [(text.number, text.body, text.sent_at) for text in told] == [
        (SRI, "STOP", stop_at),
        (TUMINI, LONG.body, long_at),
    ]
    assert Gammu(daemon.url).poll(NOW)[:2] == told
    modem.acknowledge(told[:1])
    assert news_of(modem, IncomingText) == told[1:]
    modem.acknowledge(told)
    assert news_of(modem, IncomingText) == []
    assert daemon.rows("""SELECT count(*) FROM inbox WHERE "Processed" = 'false'""") == [(0,)]


def test_the_same_words_twice_are_two_texts(daemon: Daemon) -> None:
    modem, at = Gammu(daemon.url), minutes_ago(1)
    daemon.receives(SRI, "YA", at)
    daemon.receives(SRI, "YA", at)
    told = until(lambda: len(found := news_of(modem, IncomingText)) == 2 and found)
    assert len({text.provider_id for text in told}) == 2


@pytest.mark.slow(seconds=8)
@on_sqlite
def test_times_are_those_of_the_phone_in_any_zone(stopped: Daemon, monkeypatch: pytest.MonkeyPatch) -> None:
    try:
        for zone in ("Asia/Jayapura", "America/New_York"):
            monkeypatch.setenv("TZ", zone)
            time.tzset()
            stopped.start()
            modem, at = Gammu(stopped.url), minutes_ago(30)
            modem.send(Outgoing(zone, SRI, "Halo"))
            until(lambda zone=zone: (zone, 1) in stopped.sent())
            stopped.receives(SRI, zone, at)
            (text,) = until(lambda modem=modem: news_of(modem, IncomingText))
            assert (text.body, text.sent_at) == (zone, at)
            modem.acknowledge([text])
            stopped.stop()
    finally:
        monkeypatch.undo()
        time.tzset()


def test_parts_that_never_come_are_not_waited_for_all_day(daemon: Daemon, monkeypatch: pytest.MonkeyPatch) -> None:
    modem = Gammu(daemon.url)
    daemon.receives(TUMINI, LONG.body, minutes_ago(1), only=[1, 3])
    until(lambda: daemon.rows("SELECT count(*) FROM inbox") == [(2,)])
    assert news_of(modem, IncomingText) == []
    monkeypatch.setattr("sms.gateways.gammu.PARTS_COME_FOR", -1)
    (text,) = news_of(modem, IncomingText)
    assert text.body.startswith("Jangan bayar dulu")
    assert text.body.count("(...)") == segments(LONG.body) - 2
    modem.acknowledge([text])
    assert news_of(modem, IncomingText) == []


def test_a_daemon_killed_before_it_sent_sends_once(daemon: Daemon) -> None:
    modem = Gammu(daemon.url)
    daemon.freeze()
    modem.send(HALO)
    daemon.kill()
    assert daemon.sent() == []
    assert modem.look_up(question(HALO)) == Found(id_of(HALO), "sent")
    daemon.start()
    until(daemon.sent)
    modem.send(LONG)
    until(lambda: (LONG.reference, 1) in daemon.sent())
    assert [sent for sent in daemon.sent() if sent[0] == HALO.reference] == [(HALO.reference, 1)]
    assert daemon.rows('SELECT count(*) FROM outbox WHERE "CreatorID" = ?', [HALO.reference]) == [(0,)]


POLL_AND_DIE = """
import os, signal, sys
from datetime import UTC, datetime
from sms.gateways.gammu import Gammu
modem = Gammu(sys.argv[1])
print(sorted(type(one).__name__ for one in modem.poll(datetime.now(UTC))), flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_worker_killed_before_it_stored_loses_nothing(daemon: Daemon) -> None:
    modem = Gammu(daemon.url)
    modem.send(HALO)
    daemon.receives(SRI, "BANTU", minutes_ago(1))
    until(lambda: daemon.sent() and daemon.rows("SELECT count(*) FROM inbox") == [(1,)])
    command = [sys.executable, "-c", POLL_AND_DIE, daemon.url]
    killed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert killed.returncode == -9
    assert "IncomingText" in killed.stdout
    assert "Receipt" in killed.stdout
    told = modem.poll(NOW)
    assert [one.body for one in told if isinstance(one, IncomingText)] == ["BANTU"]
    assert Receipt(HALO.reference, id_of(HALO), "sent") in told


@pytest.mark.slow(seconds=10)
def test_many_workers_and_the_daemon_write_side_by_side(daemon: Daemon) -> None:
    texts = [Outgoing(f"many-{n}", f"+62812345{n:05}", f"Halo {n}") for n in range(8)]

    def send(mine: list[Outgoing]) -> None:
        modem = Gammu(daemon.url)
        for text in mine:
            modem.send(text)
            modem.send(text)

    threads = [threading.Thread(target=send, args=(texts[n::4],)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    until(lambda: len(daemon.sent()) >= len(texts), patience=90)
    until(lambda: daemon.rows("SELECT count(*) FROM outbox") == [(0,)])
    assert sorted(daemon.sent()) == sorted((text.reference, 1) for text in texts)


class TestStates:
    """The daemon's states, written as it writes them."""

    @pytest.mark.parametrize(
        ("parts", "status", "code"),
        [
            ([("SendingOK", -1, -1)] * 2, "sent", ""),
            ([("SendingOKNoReport", -1, -1)] * 2, "sent", ""),
            ([("DeliveryPending", 48, -1)] * 2, "sent", ""),
            ([("DeliveryOK", 0, -1), ("SendingOK", -1, -1)], "sent", ""),
            ([("DeliveryOK", 0, -1)] * 2, "delivered", ""),
            ([("SendingOK", -1, -1), ("SendingError", -1, 38)], "failed", "send_38"),
            ([("SendingError", -1, 1)], "failed", "send_1"),
            ([("SendingError", -1, -1)], "failed", "send"),
            ([("Error", -1, -1)], "failed", "send"),
            ([("DeliveryOK", 0, -1), ("DeliveryFailed", 70, -1)], "failed", "delivery_70"),
        ],
    )
    @on_sqlite
    def test_in_our_words(self, stopped: Daemon, parts: list[tuple[str, int, int]], status: str, code: str) -> None:
        modem = Gammu(stopped.url)
        modem.send(HALO)
        for place, (state, error, cause) in enumerate(parts, 1):
            stopped.rows(
                'INSERT INTO sentitems ("ID", "SequencePosition", "Status", "StatusError", "StatusCode", "CreatorID",'
                " \"Text\", \"UDH\", \"SenderID\") VALUES (1, ?, ?, ?, ?, ?, '', '', '')",
                [place, state, error, cause, HALO.reference],
            )
        assert modem.poll(NOW) == []  # a part may still be sent
        stopped.rows("DELETE FROM outbox")
        (receipt,) = modem.poll(NOW)
        assert receipt == Receipt(HALO.reference, id_of(HALO), status, code, flag_number=code == "send_1")  # type: ignore[arg-type]  # one of three
        assert modem.look_up(question(HALO)) == Found(id_of(HALO), status, code)  # type: ignore[arg-type]


def test_a_modem_gives_signs_of_life(daemon: Daemon) -> None:
    modem = Gammu(daemon.url)
    told = until(lambda: [one for one in news_of(modem, Heartbeat) if one.battery])
    assert told == [Heartbeat("", battery=100, signal=42, connection="cellular")]
    daemon.stop()
    modem.acknowledge(modem.poll(NOW))
    assert news_of(modem, Heartbeat) == []
    daemon.start()
    assert until(lambda: news_of(modem, Heartbeat))
    daemon.stop()
    daemon.rows("UPDATE phones SET \"TimeOut\" = '2020-01-01 00:00:00'")
    assert Gammu(daemon.url).poll(NOW) == []


def test_what_is_finished_can_be_forgotten(daemon: Daemon) -> None:
    modem = Gammu(daemon.url)
    modem.send(HALO)
    daemon.receives(SRI, "STOP", minutes_ago(60))
    daemon.receives(TUMINI, "BANTU", minutes_ago(60))
    until(lambda: daemon.sent() and daemon.rows("SELECT count(*) FROM inbox") == [(2,)])
    modem.acknowledge([one for one in modem.poll(NOW) if isinstance(one, IncomingText) and one.body == "STOP"])
    modem.maintain()
    assert daemon.rows("SELECT count(*) FROM inbox") == [(2,)]
    modem.forget(0)
    assert daemon.rows('SELECT "SenderNumber" FROM inbox') == [(TUMINI,)]
    assert daemon.sent() == daemon.rows("SELECT * FROM desmigratif_texts") == []


def test_the_engine_sends_and_hears_through_it(daemon: Daemon) -> None:
    store, heard = MemoryStore([Handover(1, HALO, 1)]), list[Heard]()
    engine = Dispatcher(Gammu(daemon.url), store, Limits(in_flight=2, poll=0.1), lambda: NOW, hear=heard.extend)
    thread = threading.Thread(target=engine.run)
    thread.start()
    try:
        daemon.receives(SRI, "YA", minutes_ago(1))
        until(lambda: store.receipts and any(isinstance(one, IncomingText) for one in heard))
    finally:
        engine.stop()
        thread.join()
    assert store.of(Taken) == [Taken(1, id_of(HALO), 1)]
    assert set(store.receipts) == {Receipt(HALO.reference, id_of(HALO), "sent")}
    assert [one.body for one in heard if isinstance(one, IncomingText)] == ["YA"]
    assert any(isinstance(one, Heartbeat) for one in heard)


def test_a_database_that_is_none_pauses_the_route(tmp_path: Path) -> None:
    (tmp_path / "empty.db").touch()
    (tmp_path / "text.db").write_text("no database at all, but long enough to look like one\n" * 40)
    for name in ("missing.db", "empty.db", "text.db"):
        with pytest.raises(GatewayError) as caught:
            Gammu(f"sqlite:///{tmp_path / name}").send(HALO)
        assert (caught.value.pause_route, caught.value.permanent) == (True, False)
    assert not (tmp_path / "missing.db").exists()
    with pytest.raises(GatewayError) as away:
        Gammu("postgresql://nobody@127.0.0.1:9/smsd").send(HALO)
    assert (away.value.pause_route, away.value.code) == (False, "no_connection")


def test_settings_make_it() -> None:
    modem = build("gammu", {"database": "sqlite:////var/lib/gammu/smsd.db", "unknown": 1})
    assert isinstance(modem, Polled)
    assert (modem.name, modem.can_receive) == ("gammu", True)
    assert build("gammu", {"database": "postgresql://smsd@/smsd", "name": "modem-desa"}).name == "modem-desa"
    with pytest.raises(ValueError, match="sqlite:///"):
        build("gammu", {"database": "mysql://smsd"})
