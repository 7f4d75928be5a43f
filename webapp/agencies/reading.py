"""Understanding the rows of a list: every agency of it, or all that is wrong with it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from webapp.agencies.licence import EXPIRED, LICENSED, REVOKED, SUSPENDED
from webapp.agencies.model import CITY_LENGTH, LICENCE_LENGTH, NAME_LENGTH, key_of, licence_key
from webapp.agencies.sheet import MOST_ABOVE, MOST_COLUMNS, MOST_ROWS, rows_of
from webapp.areas.names import fold
from webapp.sheets.limits import FAILED, FORMULA, NoSheet, Row

COLUMNS = ("name", "licence", "city", "status", "expires_on")
LENGTHS = {"name": NAME_LENGTH, "licence": LICENCE_LENGTH, "city": CITY_LENGTH}
NEEDED = ("name", "licence", "status")
#: How lists call their columns, and how a licence stands: as `fold` makes it, in Indonesian and English.
HEADERS = {
    "name": ("nama", "nama perusahaan", "nama p3mi", "name", "company", "company name"),
    "licence": (
        *("sip3mi", "nomor sip3mi", "no sip3mi", "nomor izin", "no izin", "licence", "license"),
        *("licence number", "license number"),
    ),
    "city": ("kota", "kabupaten kota", "kota kabupaten", "city"),
    "status": ("status", "status izin"),
    "expires_on": (
        *("berlaku sampai", "berlaku hingga", "berlaku s d", "masa berlaku", "expires on", "expires"),
        *("valid until",),
    ),
}
#: Only words that can mean nothing else: whoever is taken for licensed by mistake is trusted with money.
STATUS_WORDS = {
    LICENSED: ("berizin", "aktif", "licensed", "active"),
    SUSPENDED: ("dihentikan", "dihentikan sementara", "skorsing", "diskors", "suspended"),
    REVOKED: ("dicabut", "izin dicabut", "revoked"),
    EXPIRED: ("habis", "habis masa berlaku", "kedaluwarsa", "kadaluwarsa", "expired"),
}
MONTHS = {
    word: number
    for number, words in enumerate(
        (
            *("januari january jan", "februari february feb", "maret march mar", "april apr", "mei may"),
            *("juni june jun", "juli july jul", "agustus august agu agt aug", "september sep sept"),
            *("oktober october okt oct", "november nov nop", "desember december des dec"),
        ),
        start=1,
    )
    for word in words.split()
}
#: Years outside are slips of the hand.
FIRST_YEAR, LAST_YEAR = 1990, 2100
SHOWN_LENGTH = 40
_COLUMN_OF = {words: column for column, names in HEADERS.items() for words in names}
_STATUS_OF = {word: status for status, words in STATUS_WORDS.items() for word in words}


@dataclass(frozen=True)
class Listed:
    """One agency as a list names it."""

    name: str
    licence: str
    city: str
    status: str
    expires_on: date | None


@dataclass(frozen=True)
class Fault:
    """What is wrong with the file, one of its rows or one cell. import_words.py says `code` in words."""

    code: str
    row: int | None = None
    column: str = ""
    #: What stands there, or what is meant, shortened.
    value: str = ""


class ListFault(Exception):
    """The list cannot be taken; `faults` says why, one by one."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = faults


@dataclass(frozen=True)
class Reading:
    """The agencies of a file, and the names of its columns that say nothing to us."""

    listed: list[Listed]
    ignored: list[str]


def read(content: bytes) -> Reading:
    """All agencies of a file. Raises ListFault with every fault, so that one look mends them all."""
    try:
        rows = rows_of(content)
    except NoSheet as none:
        raise ListFault([Fault(none.code)]) from None
    place, number, header = _header(rows)
    columns, ignored = _columns(number, header)
    listed, faults = _agencies(rows[place + 1 :], len(header), columns)
    if not listed and not faults:
        faults = [Fault("no_agency")]
    if len(rows) - place - 1 > MOST_ROWS:
        faults = [Fault("too_many_rows")]
    if faults:
        raise ListFault(faults)
    return Reading(listed, ignored)


def _header(rows: Sequence[Row]) -> tuple[int, int, list[str]]:
    """Place, number and cells of the row that names the columns: the first that knows two of ours."""
    for place, (number, cells) in enumerate(rows[: MOST_ABOVE + 1]):
        if sum(fold(cell) in _COLUMN_OF for cell in cells) > 1:
            while not cells[-1]:
                cells = cells[:-1]
            return place, number, cells
    raise ListFault([Fault("no_header", row=rows[0][0])])


def _columns(number: int, header: Sequence[str]) -> tuple[dict[str, int], list[str]]:
    """Where each of our columns stands, and the names of all others. Raises ListFault."""
    places: dict[str, int] = {}
    ignored: list[str] = []
    faults = [Fault("too_many_columns", row=number)] if len(header) > MOST_COLUMNS else []
    for place, words in enumerate(header):
        column = _COLUMN_OF.get(fold(words))
        if column in places:
            faults.append(Fault("column_twice", row=number, column=column or ""))
        elif column:
            places[column] = place
        elif words:
            ignored.append(_shown(words))
    faults += [Fault("no_column", row=number, column=column) for column in COLUMNS if column not in places]
    if faults:
        raise ListFault(faults)
    return places, ignored


def _agencies(rows: Sequence[Row], width: int, places: dict[str, int]) -> tuple[list[Listed], list[Fault]]:
    listed: list[Listed] = []
    faults: list[Fault] = []
    seen: dict[str, int] = {}
    for number, cells in rows:
        if len(cells) < width or any(cells[width:]):
            faults.append(Fault("other_width", row=number))
            continue
        row = {column: cells[place] for column, place in places.items()}
        found = [Fault(code, number, column, _shown(value)) for code, column, value in _faults_of(row)]
        if not found and (first := seen.setdefault(licence_key(row["licence"]), number)) != number:
            found = [Fault("licence_twice", number, "licence", str(first))]
        faults += found
        if not found:
            listed.append(_listed(row))
    return listed, faults


def _listed(row: dict[str, str]) -> Listed:
    status = _STATUS_OF[fold(row["status"])]
    return Listed(row["name"], row["licence"], row["city"], status, day_of(row["expires_on"]))


def _faults_of(row: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    """Code, column and what stands there."""
    for column, words in row.items():
        if words in FAILED or words.startswith(FORMULA):
            yield "formula", column, words
            return
    yield from (("missing", column, "") for column in NEEDED if not row[column])
    for column, most in LENGTHS.items():
        if len(row[column]) > most:
            yield "too_long", column, str(most)
        if not row[column].isprintable():
            yield "unprintable", column, ""
    if row["name"] and not key_of(row["name"]):
        yield "no_letter", "name", row["name"]
    if row["status"] and fold(row["status"]) not in _STATUS_OF:
        yield "no_status", "status", row["status"]
    try:
        day_of(row["expires_on"])
    except ValueError:
        yield "no_day", "expires_on", row["expires_on"]


def day_of(words: str) -> date | None:
    """'2027-03-12', '12/03/2027' (the day first), '12 Maret 2027', '12 Mar 2027'; None for ''.

    Raises ValueError for anything else.
    """
    if not words:
        return None
    if match := re.fullmatch(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[ T]00:00:00)?", words):
        year, month, day = map(int, match.groups())
    elif match := re.fullmatch(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})", words):
        day, month, year = map(int, match.groups())
    elif match := re.fullmatch(r"([0-9]{1,2})[ -]([A-Za-z]{3,9})\.?[ -]([0-9]{4})", words):
        day, month, year = int(match[1]), MONTHS.get(match[2].lower(), 0), int(match[3])
    else:
        raise ValueError("not a day")
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError("not a year")
    return date(year, month, day)


def _shown(words: str) -> str:
    """Short, and without what a page may not hold."""
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in words[:SHOWN_LENGTH])
