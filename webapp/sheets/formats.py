"""How a workbook shows a number: as a day, or as it is. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from webapp.sheets.archive import Archive

#: Formats without words of their own that show a day or an hour (ECMA-376, 18.8.30).
DAYS = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
#: Words, colours and currencies in a format say nothing of days; [h] and [mm] are hours that go on.
_SAID = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_OF_DAYS = re.compile(r"[dmyhs]", re.IGNORECASE)
#: Day 0 of the count. That of Excel takes 1900 for a leap year, so the days before March 1900 are one off.
ORIGIN, ORIGIN_1904, MARCH_1900 = date(1899, 12, 30), date(1904, 1, 1), 61
_PLAIN = re.compile(r"-?[0-9]+(\.0*)?")


@dataclass(frozen=True)
class Formats:
    #: Numbers of the formats of cells that show a day.
    days: frozenset[str]
    from_1904: bool = False

    def shown(self, number: str, of_cell: str) -> str:
        """A day as 2027-03-12, a whole number without a decimal point.

        A number with an exponent stays as it is: whoever knows what it counts can tell whether digits are missing.
        """
        if of_cell in self.days and (day := self._day(number)):
            return day
        if number.isdecimal():
            return number
        if _PLAIN.fullmatch(number):
            return number.partition(".")[0]
        if "e" in number.lower():
            return number
        try:
            return f"{float(number):.15g}"
        except ValueError:
            return number

    def _day(self, number: str) -> str:
        try:
            count = int(float(number))
            if self.from_1904:
                return (ORIGIN_1904 + timedelta(count)).isoformat()
            return (ORIGIN + timedelta(count + (count < MARCH_1900 - 1))).isoformat() if count >= 1 else ""
        except (ValueError, OverflowError):
            return ""


def formats_of(archive: Archive, path: str, from_1904: bool) -> Formats:
    """The formats that a part of the workbook describes. Raises NoSheet if they are too many."""
    if not archive.has(path):
        return Formats(frozenset(), from_1904)
    own: set[str] = set()
    days: set[str] = set()
    place, of_cells = 0, False
    for tag, attributes in archive.elements(path):
        if tag == "numFmt":
            code = _SAID.sub("", attributes.get("formatCode", "")[:200])
            if _OF_DAYS.search(code):
                own.add(attributes.get("numFmtId", ""))
        elif tag.endswith("Xfs") or tag in ("cellStyles", "dxfs"):
            place, of_cells = 0, tag == "cellXfs"
        elif tag == "xf" and of_cells:
            known = attributes.get("numFmtId", "0")
            if known in own or (known.isdecimal() and int(known[:4]) in DAYS):
                days.add(str(place))
            place += 1
    return Formats(frozenset(days), from_1904)
