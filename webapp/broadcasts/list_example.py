"""A list to begin with: its columns as we read them, and rows that text nobody, should they be left in it."""

from __future__ import annotations

import csv
import io

import sqlalchemy as sa

from webapp.areas.codes import within
from webapp.areas.model import Area
from webapp.db import db

HEADER = ("No HP", "Nama", "Bahasa", "Kode desa")
#: No number: any that looks like one may be somebody's.
NUMBER = "08xxxxxxxxxx"
PEOPLE = (("Contoh Satu", "Indonesia"), ("Contoh Dua", "Jawa"))
VILLAGE_LEVEL = 4


def content(area_code: str) -> bytes:
    """As Excel in Indonesia opens it: UTF-8 with a mark, semicolons; the villages are of this area."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(HEADER)
    villages = _villages(area_code)
    for place, (name, language) in enumerate(PEOPLE):
        writer.writerow([NUMBER, name, language, villages[place % len(villages)]])
    return ("\ufeff" + text.getvalue()).encode()


def _villages(area_code: str) -> list[str]:
    """Codes of the first in this area; an empty one if it has none."""
    query = sa.select(Area.code).where(within(Area.code, area_code), Area.level == VILLAGE_LEVEL)
    return list(db.session.scalars(query.order_by(Area.code).limit(len(PEOPLE)))) or [""]
