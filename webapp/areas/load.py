"""The whole official tree, from the CSV files of idn-area-data (code MIT, data ODbL).

38 provinces, 514 regencies, 7,285 districts and 83,762 villages in version 4.0.1.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from webapp.areas.codes import NATION, parent_of
from webapp.areas.model import NATION_LEVEL, Area
from webapp.areas.names import fold
from webapp.db import db

#: Where set-up puts the files; they are not part of the repository.
DATA = Path(__file__).parent / "data"
FILES = ("provinces.csv", "regencies.csv", "districts.csv", "villages.csv")

WIB, WITA, WIT = "Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"
#: By province (Keppres 41/1987 and the provinces divided since); all others are WIB.
ZONES = {
    **dict.fromkeys(("51", "52", "53", "63", "64", "65", "71", "72", "73", "74", "75", "76"), WITA),
    **dict.fromkeys(("81", "82", "91", "92", "93", "94", "95", "96"), WIT),
}
#: What a newer list may change of an area that is already stored.
CORRECTED = ("code", "name", "name_key", "zone")
Row = dict[str, Any]


class AreaFilesMissing(Exception):
    """The CSV files are not there; the text says how to get them."""


def load(folder: Path | None = None) -> int:
    """Add areas that are not stored yet and mend those whose name changed. The caller commits.

    Areas that left the official list stay: people may live there. Returns how many rows were written.
    Raises AreaFilesMissing.
    """
    known = {code: (name, zone) for code, name, zone in db.session.execute(sa.select(Area.code, Area.name, Area.zone))}
    rows = list(read(folder or DATA))
    fresh = [row for row in rows if row["code"] not in known]
    changed = [row for row in rows if known.get(row["code"], (row["name"], row["zone"])) != (row["name"], row["zone"])]
    if fresh:
        db.session.execute(sa.insert(Area), fresh)
    if changed:
        db.session.execute(sa.update(Area), [{name: row[name] for name in CORRECTED} for row in changed])
    return len(fresh) + len(changed)


def read(folder: Path) -> Iterator[Row]:
    """Rows of the table `areas`, parents first."""
    missing = [name for name in FILES if not (folder / name).is_file()]
    if missing:
        raise AreaFilesMissing(
            f"{', '.join(missing)} not found in {folder}. `make setup` fetches them, as `make run` does by itself."
        )
    places = chain.from_iterable(_places(folder / name) for name in FILES)
    return chain([_row(NATION, "Indonesia")], (_row(code, name) for code, name in places))


def zone_of(code: str) -> str:
    """IANA zone of an area, by its province; the nation's own is that of Jakarta."""
    return ZONES.get(code[:2], WIB)


def level_of(code: str) -> int:
    return NATION_LEVEL if code == NATION else code.count(".") + 1


def _places(file: Path) -> Iterator[tuple[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            yield row["code"], " ".join(row["name"].split())


def _row(code: str, name: str) -> Row:
    return {
        "code": code,
        "parent_code": parent_of(code),
        "level": level_of(code),
        "name": name,
        "name_key": fold(name),
        "zone": zone_of(code),
        "participates": False,
    }
