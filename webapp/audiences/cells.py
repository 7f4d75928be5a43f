"""The number in one cell of a list, whatever a spreadsheet made of it; and numbers that no list may keep. Pure.

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
#: A NIK and a family card (KK) have 16 digits, cards of banks 13 to 19 (ISO/IEC 7812), long accounts 13 to 15.
NIK_DIGITS, LEAST_SECRET, MOST_SECRET = 16, 13, 19
#: With marks and blanks between them: '3301 2204 0590 0001', '3301.2204.0590.0001'. Letters end them.
_DIGITS = re.compile(r"\d(?:[\W_]{0,3}\d){6,}")
#: Of Indonesia: a letter and seven digits.
SHORTEST_SECRET = 8
_PASSPORT = re.compile(r"(?<![^\W_])[A-Z][ -]?\d{7}(?![^\W_])", re.IGNORECASE)
#: 83.3333333333333 is a third of something.
_FRACTION = re.compile(r"-?\d{1,3}\.\d{7,}")
#: '28-11-2026 08.00-12.00' has 16 digits as well.
_DAY = r"[0-3]?\d([-/.])[01]?\d\1(?:19|20)\d\d|(?:19|20)\d\d([-/.])[01]?\d\2[0-3]?\d"
_HOUR = r"(?:[01]?\d|2[0-3])(?:[.:][0-5]\d|:[0-5]\d:[0-5]\d)"
_WHEN = re.compile(rf"(?<!\d)(?<!\d[.:/-])(?:{_DAY}|{_HOUR}(?: ?[-–] ?{_HOUR})?)(?![.:/-]?\d)")


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
    elif text[0] != "0" and len(text.rstrip("0")) <= ROUNDED_DIGITS < len(text):
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
    parts = map(_count, _BETWEEN.split(text))
    return sum(digits >= _WHOLE_NUMBER for digits in parts) > 1


def holds_secret(cell: str) -> bool:
    """Whether a NIK, a passport, a card or a long account is in it, however its digits are set apart.

    Accounts of up to 12 digits look like phone numbers: only the name of their column tells them.
    """
    if len(cell) < SHORTEST_SECRET or not _DIGITS.search(cell) or _FRACTION.fullmatch(cell):
        return False
    if _PASSPORT.search(cell):
        return True
    if match := _SCIENTIFIC.fullmatch(cell):
        return int(match[3]) + 1 == NIK_DIGITS
    return len(cell) >= LEAST_SECRET and _holds_long_number(cell)


def _holds_long_number(cell: str) -> bool:
    timeless = _WHEN.sub("x", cell)
    if any(_count(digits) == NIK_DIGITS for digits in _DIGITS.findall(timeless)):
        return True
    return any(_is_secret(digits) for part in _BETWEEN.split(timeless) for digits in _DIGITS.findall(part))


def _is_secret(digits: str) -> bool:
    """So many that they are no phone number; nor several with blanks between them."""
    if _count(digits) > MOST_SECRET:
        return not all(map(_can_be_called, digits.split()))
    return _count(digits) >= LEAST_SECRET and not _can_be_called(digits)


def _can_be_called(digits: str) -> bool:
    try:
        number_in(digits)
    except BadCell as bad:
        return bad.code == "landline"
    return True


def _count(text: str) -> int:
    return sum(char.isdecimal() for char in text)
