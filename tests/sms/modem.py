"""Texts for a modem, and what it says of them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from sms.gateways import LookUp, News, Outgoing
from sms.gateways.gammu import Gammu
from tools import gammu as tool

needs_smsd = pytest.mark.skipif(
    tool.installed() is None, reason="there is no gammu-smsd with SQLite: `python -m tools.gammu` installs it as root"
)
SRI, TUMINI = "+6281234567801", "+6281234567802"
HALO = Outgoing("halo" + "0" * 28, SRI, "Desmigratif: Sri, besok jadi berangkat? {YA} [TIDAK] €")
LONG = Outgoing("long" + "0" * 28, TUMINI, "Jangan bayar dulu, tanya petugas 😊 " * 9)
NOW = datetime.now(UTC)
on_sqlite = pytest.mark.parametrize("stopped", ["sqlite"], indirect=True)


def id_of(text: Outgoing, row: int = 1) -> str:
    """Of a text in this row of the daemon's."""
    return f"{text.reference}.{row}"


def question(text: Outgoing) -> LookUp:
    return LookUp(text.reference, text.to, text.body, NOW)


def news_of(modem: Gammu, kind: type) -> list[News]:
    return [one for one in modem.poll(datetime.now(UTC)) if isinstance(one, kind)]
