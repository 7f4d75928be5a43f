"""The number in one cell of a list, whatever a spreadsheet made of it. Pure.

A spreadsheet takes a phone number for a quantity: it drops the leading zero, adds '.0', or shows 6.28E+12.
"""

from __future__ import annotations

import re

from sms.phone import BadNumber, normalise

#: Digits that a spreadsheet rounded away cannot be guessed.
_SCIENTIFIC = re.compile(r"[+-]?\d+(?:[.,]\d+)?[eE]\+?\d+")
_FLOAT = re.compile(r"\+?\d+\.0")
_BETWEEN = re.compile(r"[/;,|&\n]|\b(?:dan|atau|and|or)\b", re.IGNORECASE)
#: Fewer digits are a part of one number, such as an extension.
_WHOLE_NUMBER = 8


class BadCell(ValueError):
    """`code`: no_number, digits_lost, several, landline, not_a_number, too_short, too_long. Never holds the number."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def number_in(cell: str) -> str:
    """E.164 of a mobile number, or of any valid number abroad. Raises BadCell."""
    text = cell.strip()
    if not text:
        raise BadCell("no_number")
    if _SCIENTIFIC.fullmatch(text):
        raise BadCell("digits_lost")
    if _holds_several(text):
        raise BadCell("several")
    try:
        number = normalise(text[:-2] if _FLOAT.fullmatch(text) else text)
    except BadNumber as bad:
        raise BadCell(bad.reason if bad.reason in ("too_short", "too_long") else "not_a_number") from None
    if number.startswith("+62") and not number.startswith("+628"):
        raise BadCell("landline")
    return number


def _holds_several(text: str) -> bool:
    parts = [sum(char.isdecimal() for char in part) for part in _BETWEEN.split(text)]
    return sum(digits >= _WHOLE_NUMBER for digits in parts) > 1
