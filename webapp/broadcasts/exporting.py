"""What became of each text of a broadcast, as a file: no names and no numbers, so that no personal data lies around.

Rows are read in portions by their key, each in a transaction of its own, so that a million of them fill no memory and
hold nothing up.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import datetime
from tempfile import TemporaryFile
from typing import Any, BinaryIO

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from sms.states import DELIVERED, SENDING, SENT, UNKNOWN, WITHDRAWN
from webapp.areas.codes import is_within
from webapp.broadcasts import words
from webapp.broadcasts.forecast import names_of
from webapp.broadcasts.merging import FALLBACK
from webapp.broadcasts.model import Broadcast
from webapp.broadcasts.progress import HALTED
from webapp.broadcasts.timing import OFFICE
from webapp.db import db
from webapp.outbox.holding import PARKED
from webapp.outbox.model import Message
from webapp.outbox.reasons import sentence
from webapp.people.choices import LANGUAGES

PORTION = 5_000
#: More rows are a file that spreadsheets open slowly, and that is not streamed.
MOST_IN_XLSX = 100_000
#: Of the columns of a workbook, in letters: each shows its words whole.
WIDTHS = (17, 17, 17, 24, 18, 12, 14, 22, 60)
#: As in progress.py: what surely was not sent costs nothing.
COSTS = (SENDING, UNKNOWN, SENT, DELIVERED)
#: What a spreadsheet would take for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
CANCELLED = _l("The broadcast was cancelled.")
Row = list[Any]
_columns = (
    *(Message.id, Message.due_at, Message.sent_at, Message.delivered_at, Message.area_code, Message.language),
    *(Message.segments, Message.price_rupiah, Message.state, Message.reason),
)


def rows(broadcast: Broadcast) -> Iterator[Row]:
    """First the titles, then a row a text in the order in which they were made. Times on the clock of Jakarta."""
    cause, names, languages = broadcast.cause, _Names(broadcast.area_code), frozenset(broadcast.bodies)
    yield [str(title) for title in words.EXPORT_TITLES]
    # From its first text on: what is older than the broadcast is not read for it.
    first = db.session.scalar(sa.select(sa.func.min(Message.id)).where(Message.cause == cause))
    after = (first or 0) - 1
    query = sa.select(*_columns).where(Message.cause == cause).order_by(Message.id).limit(PORTION)
    while portion := db.session.execute(query.where(Message.id > after)).all():
        db.session.rollback()
        names.learn({row.area_code for row in portion})
        yield from (_row(row, names, languages) for row in portion)
        after = portion[-1].id


def as_csv(broadcast: Broadcast) -> Iterator[bytes]:
    """As Excel in Indonesia opens it: UTF-8 with a mark, semicolons, for the comma is the decimal sign."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    yield "\ufeff".encode()
    for number, row in enumerate(rows(broadcast)):
        writer.writerow([cell.strftime("%Y-%m-%d %H:%M") if isinstance(cell, datetime) else cell for cell in row])
        if number % PORTION == 0:
            yield _taken(buffer)
    yield _taken(buffer)


def as_xlsx(broadcast: Broadcast) -> BinaryIO:
    """Rows go to the disk as they come."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(broadcast.code)
    sheet.freeze_panes = "A2"
    for place, width in enumerate(WIDTHS):
        sheet.column_dimensions[get_column_letter(place + 1)].width = width
    for row in rows(broadcast):
        sheet.append(row)
    # Whoever answers the request closes it.
    file = TemporaryFile()  # noqa: SIM115
    book.save(file)
    file.seek(0)
    return file


def fits_xlsx(broadcast: Broadcast) -> bool:
    some = sa.select(Message.id).where(Message.cause == broadcast.cause).limit(MOST_IN_XLSX + 1).subquery()
    return (db.session.scalar(sa.select(sa.func.count()).select_from(some)) or 0) <= MOST_IN_XLSX


def safe(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


class _Names:
    """Names of areas, each asked for once. Of whoever has moved out of the office's area it is not told where to."""

    def __init__(self, office: str) -> None:
        self._office = office
        self._known = names_of({office})

    def learn(self, codes: set[str]) -> None:
        self._known |= names_of({code for code in codes if is_within(code, self._office)} - self._known.keys())

    def of(self, code: str) -> str:
        return self._known.get(code) or self._known[self._office]


def _row(row: sa.Row[Any], names: _Names, languages: frozenset[str]) -> Row:
    """`languages`: of the broadcast's words. Whoever has another one gets the Indonesian."""
    is_halted = (row.state, row.reason) == (WITHDRAWN, PARKED)
    state = words.PROGRESS[HALTED if is_halted else row.state]
    return [
        *(_local(at) for at in (row.due_at, row.sent_at, row.delivered_at)),
        safe(names.of(row.area_code)),
        str(LANGUAGES[row.language if row.language in languages else FALLBACK]),
        row.segments,
        row.price_rupiah if row.state in COSTS else 0,
        str(state),
        "" if is_halted else safe(str(_why(row))),
    ]


def _why(row: sa.Row[Any]) -> Any:
    """What sending.py takes back of a cancelled one has the reason of any text that is not needed any more."""
    return CANCELLED if (row.state, row.reason) == (WITHDRAWN, "no_longer_planned") else sentence(row.reason)


def _local(at: datetime | None) -> datetime | None:
    """Spreadsheets know no zones."""
    return at.astimezone(OFFICE).replace(tzinfo=None) if at else None


def _taken(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode()
