"""The number in one cell of a list, whatever a spreadsheet made of it. Pure.

A spreadsheet takes a phone number for a quantity: it drops the leading zero, adds '.0', or shows 6.28E+12.
"""

from __future__ import annotations

import re

from sms.phone import BadNumber, normalise
from webapp.sheets.limits import FAILED, FORMULA

#: Longer is a story, whatever numbers are in it.
CELL_LENGTH = 60
_SCIENTIFIC = re.compile(r"\+?([0-9])(?:[.,]([0-9]+))?[eE]\+?([0-9]{1,2})")
#: Programs that write all digits as 6.28123456789E11 leave out zeros at the end; Excel rounds to six digits.
SURE_DIGITS = 9
#: So many digits are left of 6281234567890 when it was saved as 6.28123E+12 and opened again: 6281230000000.
ROUNDED_DIGITS = 6
_FLOAT = re.compile(r"\+?\d+[.,]0{1,2}")
_BETWEEN = re.compile(r"[/;,|&\n]|\b(?:dan|atau|and|or)\b", re.IGNORECASE)
#: Fewer digits are a part of one number, such as an extension.
_WHOLE_NUMBER = 8


class BadCell(ValueError):
    """`code`: no_number, digits_lost, several, landline, formula, not_a_number, too_short, too_long.

    Never holds the number.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def number_in(cell: str) -> str:
    """E.164 of a mobile number, or of any valid number abroad. Raises BadCell."""
    text = cell.strip()
    if not text:
        raise BadCell("no_number")
    if len(text) > CELL_LENGTH:
        raise BadCell("not_a_number")
    if not (text.isascii() and text.isdecimal()):
        text = _one_number(text)
    elif text[0] != "0" and len(text.rstrip("0")) <= ROUNDED_DIGITS:
        raise BadCell("digits_lost")
    try:
        number = normalise(text)
    except BadNumber as bad:
        raise BadCell(bad.reason if bad.reason in ("too_short", "too_long") else "not_a_number") from None
    if number.startswith("+62") and not number.startswith("+628"):
        raise BadCell("landline")
    return number


def _one_number(text: str) -> str:
    """What stands there besides digits, understood. Raises BadCell."""
    if text in FAILED or text.startswith(FORMULA):
        raise BadCell("formula")
    if match := _SCIENTIFIC.fullmatch(text):
        return _all_digits(match[1] + (match[2] or ""), int(match[3]) + 1)
    if _holds_several(text):
        raise BadCell("several")
    return re.split("[.,]", text)[0] if _FLOAT.fullmatch(text) else text


def _all_digits(known: str, length: int) -> str:
    """Digits that a spreadsheet rounded away cannot be guessed. Raises BadCell."""
    if not SURE_DIGITS <= len(known) <= length:
        raise BadCell("digits_lost")
    return known.ljust(length, "0")


def _holds_several(text: str) -> bool:
    parts = [sum(char.isdecimal() for char in part) for part in _BETWEEN.split(text)]
    return sum(digits >= _WHOLE_NUMBER for digits in parts) > 1
