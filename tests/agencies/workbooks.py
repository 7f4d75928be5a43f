"""Files of lists, as offices write them."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import openpyxl

HEADER = ["Nama Perusahaan", "Nomor SIP3MI", "Kota", "Status", "Berlaku Sampai"]
#: Days as cells of a spreadsheet.
ROWS: list[list[object]] = [
    ["PT Contoh Maju, Tbk", "C/1", "Bekasi", "Berizin", date(2027, 3, 12)],
    ["PT Contoh Élok", "C/2", "", "DICABUT", None],
    ["PT Contoh Tiga", 103, "Medan", "habis", date(2026, 1, 31)],
]


def csv_of(rows: Sequence[Sequence[object]], separator: str = ",", extra: Sequence[str] = ()) -> bytes:
    """With empty cells in the columns that are called `extra`."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator)
    writer.writerow([*HEADER, *extra])
    writer.writerows([*row, *("" for _ in extra)] for row in rows)
    return text.getvalue().encode()


def workbook_of(rows: Sequence[Sequence[object]], change: Callable[[Any], None] = lambda _sheet: None) -> bytes:
    """`change` may do anything to the sheet before it is saved."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row in [HEADER, *rows]:
        sheet.append(list(row))
    change(sheet)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()
