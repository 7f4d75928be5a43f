"""A real gammu-smsd on a dummy phone, in a folder of its own: its files, its process, and what reaches its phone."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg

from tools import gammu as tool

#: The number of the dummy phone's operator.
CENTRE = "123456"
CONFIGURATION = """[gammu]
model = dummy
connection = none
device = {folder}/phone
gammuloc = /dev/null

[smsd]
Service = sql
{database}
LogFile = {folder}/log
CommTimeout = 1
ReceiveFrequency = 1
StatusFrequency = 1
MultipartTimeout = 1
DeliveryReport = sms
# A receipt on the dummy phone loses the number of its operator.
SkipSMSCNumber = {centre}
"""


class Daemon:
    """Not running until `start`; `stop` or `kill` it in any case."""

    def __init__(self, folder: Path, url: str = "") -> None:
        """On a new SQLite file in the folder, or in the empty PostgreSQL database at `url`."""
        self.folder = folder
        self.url = url or f"sqlite:///{folder / 'smsd.db'}"
        self._process: subprocess.Popen[bytes] | None = None
        (folder / "phone").mkdir()
        words = CONFIGURATION.format(folder=folder, database=self._make_tables(), centre=CENTRE)
        (folder / "smsdrc").write_text(words)
        (folder / "gammurc").write_text(words.partition("[smsd]")[0])
        self._phone: Any = None

    @property
    def phone(self) -> Any:
        """The dummy phone, to lay texts into."""
        import gammu

        if self._phone is None:
            self._phone = gammu.StateMachine()
            self._phone.ReadConfig(Filename=str(self.folder / "gammurc"))
            self._phone.Init()
        return self._phone

    def start(self) -> Daemon:
        command = [tool.find_or_install(), "--config", str(self.folder / "smsdrc")]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return self

    def freeze(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def kill(self) -> None:
        """At once, as a power cut does."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def rows(self, statement: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """What the daemon's database answers. Written with '?'."""
        if self.url.startswith("sqlite"):
            path = self.url.removeprefix("sqlite:///")
            with closing(sqlite3.connect(path, timeout=20, isolation_level=None)) as connection:
                return connection.execute(statement, values).fetchall()
        with psycopg.connect(self.url, autocommit=True) as connection:
            cursor = connection.execute(statement.replace("?", "%s"), values)  # type: ignore[arg-type]  # of a test
            return cursor.fetchall() if cursor.description else []

    def sent(self) -> list[tuple[str, int]]:
        return self.rows('SELECT "CreatorID", "SequencePosition" FROM sentitems ORDER BY "ID", "SequencePosition"')

    def receives(self, number: str, words: str, at: datetime, only: Sequence[int] = ()) -> None:
        """A text reaches the phone, in parts if it is long; `only` some of these, from 1."""
        import gammu

        long = {"Class": -1, "Unicode": True, "Entries": [{"ID": "ConcatenatedTextLong", "Buffer": words}]}
        for place, part in enumerate(gammu.EncodeSMS(long), 1):
            if not only or place in only:
                self.phone.AddSMS(part | _on_phone(number, at, "Deliver"))

    def is_told(self, number: str, words: str, at: datetime) -> None:
        """The operator reports on the last text to this number: 'Delivered', 'Failed', 'Pending'."""
        report = {"Class": -1, "Text": words, "Coding": "Default_No_Compression", "MessageReference": 255}
        report |= {"DeliveryStatus": 0 if words == "Delivered" else 70, "SMSCDateTime": at.replace(tzinfo=None)}
        self.phone.AddSMS(report | _on_phone(number, at, "Status_Report"))

    def _end(self, how: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(timeout=30)
            self._process = None

    def _make_tables(self) -> str:
        if self.url.startswith("sqlite"):
            with closing(sqlite3.connect(self.folder / "smsd.db")) as connection:
                connection.executescript(tool.schema("sqlite").read_text())
            return f"Driver = sqlite3\nDBDir = {self.folder}/\nDatabase = smsd.db"
        with psycopg.connect(self.url, autocommit=True) as connection:
            script = tool.schema("pgsql").read_text().replace("CREATE LANGUAGE plpgsql;", "")
            connection.execute(script)  # type: ignore[arg-type]  # the distribution's own
            info = connection.info
            return f"Driver = native_pgsql\nHost = {info.host}\nUser = {info.user}\nDatabase = {info.dbname}"


def _on_phone(number: str, at: datetime, kind: str) -> dict[str, Any]:
    """The dummy phone has no zones: it takes its clock for UTC."""
    where = {"Folder": 1, "State": "UnRead", "SMSC": {"Number": CENTRE}}
    return where | {"Number": number, "Type": kind, "DateTime": at.astimezone(UTC).replace(tzinfo=None)}


def until(condition: Callable[[], Any], patience: float = 30) -> Any:
    """What the condition says as soon as it says something; the daemon looks once a second."""
    give_up_at = time.monotonic() + patience
    while not (found := condition()):
        assert time.monotonic() < give_up_at, "the daemon did nothing of the kind"
        time.sleep(0.05)
    return found


def minutes_ago(minutes: int) -> datetime:
    return datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=minutes)
