"""Which column of a list holds the number, and what the others are, by their names and by what they hold. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count

from webapp.areas.names import fold
from webapp.audiences.cells import BadCell, number_in
from webapp.sheets.limits import NoSheet, Row

#: Lines above the names of the columns: a title, a date, an empty line.
MOST_ABOVE = 10
#: Rows from which is told what a column holds.
SAMPLE = 50
#: Other columns than ours that can be merged into a text.
MOST_VALUES, TITLE_LENGTH, KEY_LENGTH = 10, 40, 20
#: What a text merges of its own: the first name, the village, the number to answer to. No column takes their place.
RESERVED = frozenset({"n", "desa", "hp"})
#: The surest first: a list may have 'Telepon kantor' beside 'No HP'.
NUMBER_NAMES = (
    {"hp", "handphone", "ponsel", "mobile", "cellphone", "msisdn"},
    {"wa", "whatsapp"},
    {"telepon", "telpon", "telp", "phone", "telephone", "tel"},
)
WHOLE_NUMBER_NAMES = ("nomor", "number")
PERSON_NAMES = {
    *("nama", "nama lengkap", "nama penerima", "nama peserta", "nama pmi", "nama cpmi", "nama anggota"),
    *("name", "full name", "recipient"),
}
LANGUAGE_NAMES = {"bahasa", "bahasa sms", "kode bahasa", "language", "lang"}
VILLAGE_NAMES = {
    *("kode desa", "kode wilayah", "kode kelurahan", "kode desa kelurahan", "kode kemendagri", "kode area"),
    *("village code", "area code"),
}
#: What nobody merges into a text, and what is not kept in a table that holds no secrets.
PRIVATE_WORDS = {
    *("nik", "ktp", "ektp", "kk", "nokk", "noktp", "nonik", "induk", "identitas", "identity", "kependudukan"),
    *("paspor", "passport", "rekening", "rek", "norek", "npwp", "bpjs", "password", "sandi"),
}
_NUMBER_LIKE = re.compile(r"[+(]?[0-9][0-9 ().,/-]{7,}(?:[eE]\+?[0-9]{1,2})?")
_LEAST_DIGITS = 9


@dataclass(frozen=True)
class Column:
    """`at` counts from 0. `key` is how a text names it: lower-case letters, digits and '_'."""

    at: int
    title: str
    key: str = ""


@dataclass(frozen=True)
class LeftOut:
    """A column that no text can merge. `reason`: private, too_long, too_many; `row` where it was seen."""

    title: str
    reason: str
    row: int | None = None


@dataclass(frozen=True)
class Columns:
    #: The row that names them; None if the list begins at once.
    header_row: int | None
    number: Column
    name: Column | None
    language: Column | None
    village: Column | None
    values: tuple[Column, ...]
    left_out: tuple[LeftOut, ...]


def find(rows: Sequence[Row], most: int) -> tuple[int, Columns]:
    """Of the first rows of a list: how many stand above its own rows, and what its columns are.

    `most` columns are taken. Raises NoSheet("no_number_column").
    """
    place = _header_place(rows)
    header_row, header = rows[place] if place is not None else (None, [])
    below = rows[0 if place is None else place + 1 :][:SAMPLE]
    width = _width(header, below)
    titles = [_title(header, at) for at in range(width)]
    number = _number_at(header, below, width)
    if number is None:
        raise NoSheet("no_number_column")
    return 0 if place is None else place + 1, _sorted(header_row, titles, number, most)


def number_columns(header: Sequence[str]) -> list[int]:
    """Those that are called like a number, the surest first. 'No' counts the rows, 'Nomor KTP' is none to call."""
    words = [set(re.findall(r"[a-z]+", name.lower())) for name in header]
    found = [at for names in NUMBER_NAMES for at, said in enumerate(words) if said & names]
    found += [at for at, name in enumerate(header) if name.strip().rstrip(".").lower() in WHOLE_NUMBER_NAMES]
    return list(dict.fromkeys(found))


def _header_place(rows: Sequence[Row]) -> int | None:
    """The last of the rows above the first number that names a column of numbers; else the one right above it."""
    above = list(rows[: MOST_ABOVE + 1])
    first = next((place for place, (_, cells) in enumerate(above) if any(map(_looks_like_number, cells))), None)
    named = [place for place, (_, cells) in enumerate(above[:first]) if number_columns(cells)]
    if named:
        return named[-1]
    return first - 1 if first else None


def _looks_like_number(cell: str) -> bool:
    if not _NUMBER_LIKE.fullmatch(cell[: TITLE_LENGTH + 1]):
        return False
    return "e" in cell.lower() or sum(char.isdecimal() for char in cell) >= _LEAST_DIGITS


def _number_at(header: Sequence[str], below: Sequence[Row], width: int) -> int | None:
    """By name and content, else by content alone, else by name: then each row can say what is wrong with it."""
    named = number_columns(header)
    sure = [at for at in range(width) if _holds_numbers(at, below)]
    return next((at for at in (*(at for at in named if at in sure), *sure, *named)), None)


def _holds_numbers(at: int, below: Sequence[Row]) -> bool:
    filled = [cells[at] for _, cells in below if at < len(cells) and cells[at]]
    return bool(filled) and 2 * sum(map(_is_number, filled)) >= len(filled)


def _is_number(cell: str) -> bool:
    try:
        number_in(cell)
    except BadCell:
        return False
    return True


def _sorted(header_row: int | None, titles: Sequence[str], number: int, most: int) -> Columns:
    folded = [fold(title) for title in titles]
    ours = {
        kind: next((Column(at, titles[at]) for at, said in enumerate(folded) if at != number and said in names), None)
        for kind, names in (("name", PERSON_NAMES), ("language", LANGUAGE_NAMES), ("village", VILLAGE_NAMES))
    }
    taken = {number, *(column.at for column in ours.values() if column)}
    values: list[Column] = []
    left_out: list[LeftOut] = []
    keys = set(RESERVED)
    for at, title in enumerate(titles):
        if at in taken:
            continue
        if set(folded[at].split()) & PRIVATE_WORDS:
            left_out.append(LeftOut(title, "private"))
        elif at >= most or len(values) == MOST_VALUES:
            left_out.append(LeftOut(title, "too_many"))
        else:
            values.append(Column(at, title, _key(folded[at], at, keys)))
    return Columns(header_row, Column(number, titles[number]), **ours, values=tuple(values), left_out=tuple(left_out))


def _key(said: str, at: int, taken: set[str]) -> str:
    """'tempat acara' → 'tempat_acara', or 'tempat_acara_2' if that is taken. Adds it to those that are."""
    plain = said.replace(" ", "_")[:KEY_LENGTH].strip("_") or letter(at).lower()
    key = next(key for key in _numbered(plain) if key not in taken)
    taken.add(key)
    return key


def _numbered(plain: str) -> Iterator[str]:
    yield plain
    yield from (f"{plain}_{number}" for number in count(2))


def _width(header: Sequence[str], below: Sequence[Row]) -> int:
    """Up to the last column that holds anything in the first rows."""
    rows = [header, *(cells for _, cells in below)]
    return max((at + 1 for cells in rows for at, cell in enumerate(cells) if cell), default=0)


def _title(header: Sequence[str], at: int) -> str:
    """As the list names it; where it does not, the letter that a spreadsheet shows."""
    named = header[at] if at < len(header) else ""
    plain = "".join(char for char in named if char.isprintable())
    return plain[:TITLE_LENGTH] or letter(at)


def letter(at: int) -> str:
    """0 → 'A', 27 → 'AB'."""
    return (letter(at // 26 - 1) if at >= 26 else "") + chr(ord("A") + at % 26)
