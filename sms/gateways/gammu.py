"""A GSM modem through a running gammu-smsd, by the tables of its SQL back end.

'Taken' means: the daemon's database has it. The daemon sends when it runs and the modem has a network; until then the
text waits there. What has waited for `GOOD_FOR` seconds is taken out again, for it must not arrive at night, or after
the hours that are safe for its reader; the daemon's own claim on a row decides who was first. What the daemon never
claimed was surely not sent and is given back; of anything else it is only known that it has expired.

Our reference is in CreatorID, and unique in a table of ours beside the daemon's (gammu_database.py), so a look-up is
exact and a text handed over twice is queued once. The provider's id is that reference with the daemon's row. The
daemon must run with `DeliveryReport = sms` for receipts.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sms.gateways import (
    EXPIRED,
    Accepted,
    Found,
    GivenBack,
    Heartbeat,
    IncomingText,
    LookUp,
    News,
    Outgoing,
    Receipt,
    Status,
)
from sms.gateways.gammu_database import Connection, Row, open_database
from sms.gateways.gammu_parts import Arrived, Assembly, assemble, cut

#: Seconds for which a text may wait for the daemon.
GOOD_FOR = 3600
#: Seconds after which no receipt is expected any more.
RECEIPTS_COME_FOR = 3 * 24 * 3600
#: Seconds after which the daemon's own copies are removed.
KEPT_FOR = 7 * 24 * 3600
#: Seconds after which a text of which parts are missing is handed over as it is.
PARTS_COME_FOR = 3 * 3600
#: A modem whose daemon gave no sign for so many seconds is not alive.
ALIVE_FOR = 150
#: Rows of the inbox looked at in one poll: texts, and parts of texts. Parts whose others never come stay there for
#: hours; neither many of them nor somebody who sends them on purpose may hide a text.
POLL_LIMIT, PARTS_LIMIT = 500, 5000
#: Long past for any clock: the daemon compares with its local time, and the tables' own default is another zone's.
AT_ONCE = "1970-01-02 00:00:00"
#: Texts that we took out, in desmigratif_texts.expired: begun by the daemon at some time, or never.
BEGUN, UNTOUCHED = 1, 2
#: The daemon's states of a part that will not arrive, with the column that says why.
FAILED = {"SendingError": "StatusCode", "Error": "StatusCode", "DeliveryFailed": "StatusError"}
#: GSM 04.11, annex E: the number is not assigned.
UNASSIGNED = "send_1"

STATES = """
SELECT t.reference, t.id, t.told, t.expired, s."Status", s."StatusError", s."StatusCode"
FROM desmigratif_texts t LEFT JOIN sentitems s ON s."ID" = t.id
WHERE {} AND (t.expired > 0 OR NOT EXISTS (SELECT 1 FROM outbox o WHERE o."ID" = t.id)) ORDER BY t.id
"""
INBOX = """
SELECT "ID", "SenderNumber", "UDH", "Text", "ReceivingDateTime", {} FROM inbox
WHERE "Processed" = 'false' AND "UDH" {} '' AND "Coding" <> '8bit' AND "Class" <> 127 ORDER BY "ID" LIMIT ?
"""
PHONES = """SELECT "ID", "Battery", "Signal", "NetCode", "TimeOut" FROM phones WHERE "TimeOut" > {} ORDER BY "IMEI" """


class Gammu:
    """Texts through one daemon, or several that share a database."""

    can_receive = True

    def __init__(self, database: str, *, name: str = "gammu", good_for: float = GOOD_FOR) -> None:
        """`database` is the daemon's, 'sqlite:////path' or 'postgresql://…'. Raises ValueError for another."""
        self.name = name
        self._database, self._good_for = open_database(database), good_for
        #: Of the last poll: the rows of each text that was told, and the signs of life.
        self._rows: dict[str, list[int]] = {}
        self._signs: dict[str, object] = {}
        self._known_signs: dict[str, object] = {}

    def send(self, text: Outgoing) -> Accepted:
        """Raises GatewayError, or Uncertain if the line broke while it was stored."""
        parts = cut(text.reference, text.body)
        with self._database.writing() as connection:
            row = _row_of(connection, text.reference)
            if row is None:
                _forget(connection, text.reference)
                # What may wait for less than usual stands there as if it had waited for a while already.
                at = time.time() + min(0.0, text.seconds_left(self._good_for) - self._good_for)
                row = _queue(connection, text, parts.coding, parts.parts, at)
        return Accepted(_id(text.reference, row), segments=len(parts.parts))

    def look_up(self, text: LookUp) -> Found | None:
        """By our own reference. Raises GatewayError."""
        with self._database.reading() as connection:
            row = _row_of(connection, text.reference)
            if row is None:
                return None
            rows = connection.run(STATES.format("t.reference = ?"), [text.reference])
        status, code = _state(rows)
        return Found(_id(text.reference, row), status, code)

    def poll(self, now: datetime) -> list[News]:
        """New states, texts that arrived, signs of life. Raises GatewayError."""
        self._withdraw_expired()
        with self._database.reading() as connection:
            return [*self._receipts(connection), *self._texts(connection), *self._life(connection)]

    def acknowledge(self, news: Sequence[News]) -> None:
        """Raises GatewayError."""
        rows = [row for one in news if isinstance(one, IncomingText) for row in self._rows.get(one.provider_id, [])]
        receipts = [one for one in news if isinstance(one, Receipt)]
        given_back = [one for one in news if isinstance(one, GivenBack)]
        if rows or receipts or given_back:
            with self._database.writing() as connection:
                for row in rows:
                    connection.run("""UPDATE inbox SET "Processed" = 'true' WHERE "ID" = ?""", [row])
                for receipt in receipts:
                    _remember(connection, receipt)
                for one in given_back:
                    _forget(connection, one.reference)
        if any(isinstance(one, Heartbeat) for one in news):
            self._known_signs = self._signs

    def maintain(self) -> None:
        """The daemon keeps texts and numbers for ever; here they go after a week. Raises GatewayError."""
        self.forget(KEPT_FOR)

    def forget(self, older_than_seconds: int) -> None:
        """Remove texts and numbers from the daemon's tables, which keep them for ever. Raises GatewayError.

        Only what is finished: sent and told, received and stored, or received and no text that anybody wrote.
        """
        before = self._database.ago.format(int(older_than_seconds))
        ours = "SELECT id FROM desmigratif_texts WHERE at < ?"
        with self._database.writing() as connection:
            long_ago = time.time() - older_than_seconds
            connection.run(f'DELETE FROM sentitems WHERE "ID" IN ({ours})', [long_ago])
            connection.run(
                'DELETE FROM desmigratif_texts WHERE at < ? AND id NOT IN (SELECT "ID" FROM outbox)', [long_ago]
            )
            done = """("Processed" = 'true' OR "Coding" = '8bit' OR "Class" = 127)"""
            connection.run(f'DELETE FROM inbox WHERE {done} AND "ReceivingDateTime" < {before}')

    def _withdraw_expired(self) -> None:
        """Take out what has waited too long, unless the daemon has begun to send it: then its time-out is ahead."""
        waiting = """SELECT t.id FROM desmigratif_texts t JOIN outbox o ON o."ID" = t.id
            WHERE t.finished = 0 AND t.expired = 0 AND t.at < ?"""
        before = [time.time() - self._good_for]
        with self._database.reading() as connection:
            if not connection.run(waiting, before):
                return
        with self._database.writing() as connection:
            for (row,) in connection.run(waiting, before):
                unclaimed = f'DELETE FROM outbox WHERE "ID" = ? AND "SendingTimeOut" < {self._database.now}'
                if not (taken_out := connection.run(f'{unclaimed} RETURNING "SendingTimeOut" = ?', [row, AT_ONCE])):
                    continue
                expired = UNTOUCHED if taken_out[0][0] and not _has_left(connection, row) else BEGUN
                connection.run('DELETE FROM outbox_multipart WHERE "ID" = ?', [row])
                connection.run("UPDATE desmigratif_texts SET expired = ? WHERE id = ?", [expired, row])

    def _receipts(self, connection: Connection) -> list[News]:
        since = time.time() - RECEIPTS_COME_FOR
        texts: dict[str, list[Row]] = {}
        for row in connection.run(STATES.format("t.finished = 0 AND t.at > ?"), [since]):
            texts.setdefault(row[0], []).append(row)
        return [news for rows in texts.values() if (news := _news(rows)) is not None]

    def _texts(self, connection: Connection) -> list[News]:
        age = self._database.age.format('"UpdatedInDB"')
        limits = (("=", POLL_LIMIT), ("<>", PARTS_LIMIT))
        rows = [Arrived(*row) for sign, most in limits for row in connection.run(INBOX.format(age, sign), [most])]
        texts = [one for one in assemble(rows) if one.is_complete or one.first.age > PARTS_COME_FOR]
        texts.sort(key=lambda one: one.first.id)
        told = [(self._incoming(one), one) for one in texts]
        self._rows = {text.provider_id: one.ids for text, one in told}
        return [text for text, _ in told]

    def _incoming(self, text: Assembly) -> IncomingText:
        """Row numbers begin anew with a new database, so the second at which it came belongs to its id."""
        sent_at = self._database.moment(text.first.at)
        provider_id = f"{text.first.id}@{int(sent_at.timestamp()) if sent_at else ''}"
        return IncomingText(provider_id, text.first.number, text.body, sent_at)

    def _life(self, connection: Connection) -> list[News]:
        """The daemon moves a modem's time-out with each look at its battery; that is a sign of life."""
        phones = connection.run(PHONES.format(self._database.ago.format(ALIVE_FOR)))
        self._signs = {phone[0]: phone[4] for phone in phones}
        return [_heartbeat(phone) for phone in phones if self._known_signs.get(phone[0]) != phone[4]]


def _row_of(connection: Connection, reference: str) -> int | None:
    """The daemon's row of a text; None for one that it does not have, or that we took out before it began."""
    found = connection.run(
        "SELECT id FROM desmigratif_texts WHERE reference = ? AND expired <> ?", [reference, UNTOUCHED]
    )
    return found[0][0] if found else None


def _forget(connection: Connection, reference: str) -> None:
    """That we took it out; it may be handed over anew."""
    connection.run("DELETE FROM desmigratif_texts WHERE reference = ? AND expired = ?", [reference, UNTOUCHED])


def _has_left(connection: Connection, row: int) -> bool:
    return bool(connection.run('SELECT 1 FROM sentitems WHERE "ID" = ?', [row]))


def _id(reference: str, row: int) -> str:
    return f"{reference}.{row}"


def _queue(connection: Connection, text: Outgoing, coding: str, parts: Sequence[tuple[str, str]], at: float) -> int:
    (header, words), *others = parts
    columns = '"DestinationNumber", "TextDecoded", "UDH", "Coding", "CreatorID", "DeliveryReport", "MultiPart"'
    facts = [text.to, words, header, coding, text.reference, "yes", "true" if others else "false", AT_ONCE, AT_ONCE]
    ((row,),) = connection.run(
        f'INSERT INTO outbox ({columns}, "SendingDateTime", "SendingTimeOut")'
        ' VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING "ID"',
        facts,
    )
    for number, (header, words) in enumerate(others, 2):
        connection.run(
            'INSERT INTO outbox_multipart ("ID", "SequencePosition", "TextDecoded", "UDH", "Coding")'
            " VALUES (?, ?, ?, ?, ?)",
            [row, number, words, header, coding],
        )
    connection.run(
        "INSERT INTO desmigratif_texts (reference, id, segments, at) VALUES (?, ?, ?, ?)",
        [text.reference, row, len(parts), at],
    )
    return int(row)


def _remember(connection: Connection, receipt: Receipt) -> None:
    connection.run(
        "UPDATE desmigratif_texts SET told = ?, finished = ? WHERE reference = ?",
        [receipt.status, int(receipt.status != "sent"), receipt.reference],
    )


def _news(rows: list[Row]) -> Receipt | GivenBack | None:
    """News of a text whose parts stand in these rows; None if the same was told, or the daemon says nothing of it."""
    reference, row, told, expired, state, *_ = rows[0]
    if expired == UNTOUCHED:
        return GivenBack(reference, _id(reference, row))
    status, code = _state(rows)
    if status == told or (state is None and not expired):
        return None
    return Receipt(reference, _id(reference, row), status, code, flag_number=code == UNASSIGNED)


def _state(rows: list[Row]) -> tuple[Status, str]:
    """A text has failed with one of its parts, and is delivered with all of them."""
    states = {row[4] for row in rows}
    for _, _, _, expired, state, status_error, status_code in rows:
        if expired:
            return "failed", EXPIRED
        if state in FAILED:
            return "failed", _code(state, status_error, status_code)
    return ("delivered" if states == {"DeliveryOK"} else "sent"), ""


def _code(state: str, status_error: Any, status_code: Any) -> str:
    """'delivery_70' is a TP-Status of GSM 03.40, 'send_38' a cause of the network; without one the daemon gave none."""
    kind, number = ("delivery", status_error) if state == "DeliveryFailed" else ("send", status_code)
    return f"{kind}_{number}" if isinstance(number, int) and 0 < number < 1000 else kind


def _heartbeat(phone: Row) -> Heartbeat:
    device, battery, signal, network, _ = phone
    return Heartbeat(
        device=device,
        battery=battery if 0 <= battery <= 100 else None,
        signal=signal if 0 <= signal <= 100 else None,
        connection="cellular" if network not in (None, "", "ERROR") else "",
    )
