"""Understanding the file of a list: every line of it, or all that is wrong with it. Pure."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from webapp.agencies.licence import STATUSES
from webapp.agencies.model import CITY_LENGTH, LICENCE_LENGTH, NAME_LENGTH, key_of

COLUMNS = ("name", "licence", "city", "status", "expires_on")
LENGTHS = {"name": NAME_LENGTH, "licence": LICENCE_LENGTH, "city": CITY_LENGTH}
NEEDED = ("name", "licence", "status")


@dataclass(frozen=True)
class Listed:
    """One agency as a list names it."""

    name: str
    licence: str
    city: str
    status: str
    expires_on: date | None


class ListFault(Exception):
    """The list cannot be taken; `faults` says why, a line each."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


def read(lines: Iterable[str]) -> list[Listed]:
    """All agencies of a CSV file. Raises ListFault with every fault, so that one look mends them all."""
    listed: list[Listed] = []
    faults: list[str] = []
    seen: dict[str, int] = {}
    for number, row in _rows(lines):
        found = list(_faults_of(row))
        if not found and (first := seen.setdefault(row["licence"], number)) != number:
            found = [f"licence {row['licence']} stands in line {first} already"]
        faults += [f"line {number}: {fault}" for fault in found]
        if not found:
            listed.append(Listed(**{**row, "expires_on": _day(row["expires_on"])}))  # type: ignore[arg-type]
    if not listed and not faults:
        faults = ["there is no agency in it"]
    if faults:
        raise ListFault(faults)
    return listed


def _rows(lines: Iterable[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Line and columns of each row, without blanks around and doubled inside. Raises ListFault for no such file."""
    reader = csv.reader(lines, strict=True)
    try:
        header = [name.strip().lower() for name in next(reader, [])]
        if sorted(header) != sorted(COLUMNS):
            raise ListFault([f"line 1: the columns must be {', '.join(COLUMNS)}"])
        for cells in reader:
            if len(cells) not in (0, len(header)):
                raise ListFault([f"line {reader.line_num}: {len(cells)} columns instead of {len(header)}"])
            if any(cell.strip() for cell in cells):
                yield reader.line_num, {n: " ".join(c.split()) for n, c in zip(header, cells, strict=True)}
    except csv.Error as error:
        raise ListFault([f"line {reader.line_num}: {error}"]) from error
    except UnicodeDecodeError as error:
        raise ListFault(["it is not UTF-8 text; save it as 'CSV UTF-8'"]) from error


def _faults_of(row: dict[str, str]) -> Iterator[str]:
    yield from (f"{name} is missing" for name in NEEDED if not row[name])
    for name, most in LENGTHS.items():
        if len(row[name]) > most:
            yield f"{name} has more than {most} letters"
        if not row[name].isprintable():
            yield f"{name} holds what is no letter"
    if row["name"] and not key_of(row["name"]):
        yield "name has no letter that can be searched for"
    if row["status"] and row["status"] not in STATUSES:
        yield f"status {row['status'][:20]!r} is none of {', '.join(STATUSES)}"
    try:
        _day(row["expires_on"])
    except ValueError:
        yield f"expires_on {row['expires_on'][:20]!r} is no day; write it as 2027-03-12"


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
