"""What lies in a daemon's inbox and is no text, or never becomes one. Written as the daemon writes it."""

from __future__ import annotations

from sms.gateways import IncomingText
from sms.gateways.gammu import POLL_LIMIT, Gammu
from tests.sms.modem import SRI, TUMINI, needs_smsd, news_of
from tests.sms.smsd import Daemon

pytestmark = needs_smsd


def lay(daemon: Daemon, number: str, words: str, *, header: str = "", coding: str = "", kind: int = -1) -> None:
    columns = '"SenderNumber", "UDH", "Text", "Coding", "Class", "RecipientID", "TextDecoded", "SMSCNumber"'
    facts = (number, header, words.encode("utf-16-be").hex(), coding or "Default_No_Compression", kind, "", "", "")
    at = "datetime('now', 'localtime')" if daemon.url.startswith("sqlite") else "LOCALTIMESTAMP"
    places = ", ".join("?" * len(facts))
    daemon.rows(f'INSERT INTO inbox ({columns}, "ReceivingDateTime") VALUES ({places}, {at})', facts)


def heard(modem: Gammu) -> list[str]:
    return [text.body for text in news_of(modem, IncomingText) if isinstance(text, IncomingText)]


def test_parts_whose_others_never_come_hide_no_text(stopped: Daemon) -> None:
    modem = Gammu(stopped.url)
    for n in range(POLL_LIMIT):
        lay(stopped, TUMINI, "x", header=f"050003{n % 256:02X}FF{1 + n // 256:02X}")
    lay(stopped, SRI, "BAN", header="0500030A0201")
    lay(stopped, SRI, "TU", header="0500030A0202")
    lay(stopped, SRI, "STOP")
    assert heard(modem) == ["BANTU", "STOP"]


def test_what_is_no_text_is_forgotten_too(stopped: Daemon) -> None:
    modem = Gammu(stopped.url)
    lay(stopped, SRI, "x", coding="8bit")
    lay(stopped, SRI, "x", kind=127)
    lay(stopped, SRI, "BANTU")
    assert heard(modem) == ["BANTU"]
    modem.maintain()
    assert stopped.rows("SELECT count(*) FROM inbox") == [(3,)]
    stopped.rows("UPDATE inbox SET \"ReceivingDateTime\" = '2026-01-01 00:00:00'")
    modem.maintain()
    assert stopped.rows("SELECT count(*) FROM inbox") == [(1,)]
    assert heard(modem) == ["BANTU"]
