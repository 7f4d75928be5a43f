"""One spelling for every phone number: E.164, whatever way Indonesians type it."""

from __future__ import annotations

import re
import unicodedata

import phonenumbers
from phonenumbers import NumberParseException, ValidationResult

INDONESIA = "62"
#: Least and most digits of an Indonesian mobile number after +62 (10 to 13 with the leading 0).
MOBILE_DIGITS = (9, 12)
#: Digits of a national number that a masked number still shows.
SHOWN_FIRST, SHOWN_LAST = 4, 3

#: The usual case, a mobile number of Indonesia, answered without the library, which takes over ten times as long.
#: The tests compare both, so a newer library that thinks otherwise is noticed.
_PLAIN_MOBILE = re.compile(r"(?:\+?62|0)?(8[1-35-9][0-9]{7,10})")
_USUAL_DIGITS = re.compile(r"\+?[0-9]+")
_USUAL_MARKS = str.maketrans("", "", " .-")

_TRUNK_ZERO = re.compile(r"(?<=\d)[\s.-]*\(\s*0\s*\)")
_SEPARATORS = re.compile(r"[\s.()\[\]/·•-]+")
_REASON_OF_LENGTH = {
    ValidationResult.TOO_SHORT: "too_short",
    ValidationResult.IS_POSSIBLE_LOCAL_ONLY: "too_short",
    ValidationResult.TOO_LONG: "too_long",
}


class BadNumber(ValueError):
    """What was typed is no phone number.

    `reason` says why: empty, letters (often O for 0), characters, no_country (begin with 0 or +),
    too_short, too_long, unknown (no such prefix or country). The text never holds the number.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def normalise(raw: str) -> str:
    """E.164 of what a person typed: '0812-3456-7801', '62812…', '+62 (0)812…' all give '+6281234567801'.

    A number without '+' or '00' is Indonesian if it begins with 0, 62 or 8; foreign ones need + or 00.
    Typed without '+', '62812345678' is a valid landline to phonenumbers, so the country comes first
    and the check after it. Raises BadNumber.
    """
    text = raw.translate(_USUAL_MARKS)
    if plain := _PLAIN_MOBILE.fullmatch(text):
        return f"+{INDONESIA}{plain[1]}"
    return _checked(_international(text)) if _USUAL_DIGITS.fullmatch(text) else by_library(raw)


def prefix_of(country: str) -> str:
    """'+966' of 'SA' (ISO 3166); '' if it has none."""
    code = phonenumbers.country_code_for_region(country)
    return f"+{code}" if code else ""


def by_library(raw: str) -> str:
    """What `normalise` answers, by the library alone. Raises BadNumber."""
    return _checked(_international(_digits(raw)))


def national(e164: str) -> str:
    """As one dials it in Indonesia: '081234567801'; a foreign number stays in E.164."""
    return "0" + e164[3:] if e164.startswith("+" + INDONESIA) else e164


def mask(e164: str) -> str:
    """Enough to recognise, too little to call: '0812•••••801'."""
    text = national(e164)
    hidden = len(text) - SHOWN_FIRST - SHOWN_LAST
    if hidden < 3:
        return "•" * max(0, len(text) - 2) + text[-2:]
    return text[:SHOWN_FIRST] + "•" * hidden + text[-SHOWN_LAST:]


def _digits(raw: str) -> str:
    """Only digits and perhaps a leading '+': no separators, no full-width or Arabic digits, no invisible marks."""
    text = "".join(_plain(char) for char in unicodedata.normalize("NFKC", raw)).strip()
    text = _TRUNK_ZERO.sub("", text)
    text = _SEPARATORS.sub("", text)
    if not text.strip("+"):
        raise BadNumber("empty")
    if any(char.isalpha() for char in text):
        raise BadNumber("letters")
    if not re.fullmatch(r"\+?[0-9]+", text):
        raise BadNumber("characters")
    return text


def _plain(char: str) -> str:
    if char.isdecimal():
        return str(unicodedata.decimal(char))
    category = unicodedata.category(char)
    if category == "Pd":
        return "-"
    # Numbers copied from a messenger carry marks of writing direction.
    return "" if category == "Cf" else char


def _international(digits: str) -> str:
    """Country code and number, without '+'."""
    if digits.startswith("+"):
        # No country begins with 0: '+0812…' is a slip for '0812…'.
        number = digits[1:] if digits[1] != "0" else INDONESIA + digits[1:]
    elif digits.startswith("00"):
        number = digits[2:]
    elif digits.startswith(INDONESIA):
        number = digits
    elif digits[0] in "08":
        number = INDONESIA + digits
    else:
        raise BadNumber("no_country")
    if number.startswith(INDONESIA):
        return INDONESIA + number[2:].lstrip("0")
    return number


def _checked(international: str) -> str:
    try:
        number = phonenumbers.parse("+" + international)
    except NumberParseException as error:
        too_long = error.error_type == NumberParseException.TOO_LONG
        raise BadNumber("too_long" if too_long else "unknown") from None
    if not phonenumbers.is_valid_number(number):
        raise BadNumber(_why_not_valid(international, number))
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _why_not_valid(international: str, number: phonenumbers.PhoneNumber) -> str:
    if international.startswith(INDONESIA + "8"):
        # Mobile numbers are told more exactly than 'possible in Indonesia', which allows 17 digits.
        length = len(international) - len(INDONESIA)
        return "too_short" if length < MOBILE_DIGITS[0] else "too_long" if length > MOBILE_DIGITS[1] else "unknown"
    return _REASON_OF_LENGTH.get(phonenumbers.is_possible_number_with_reason(number), "unknown")


def country_of(number: str) -> str:
    """ISO 3166 code of the country of an E.164 number; '' if none or several have its code, as +1."""
    try:
        codes = phonenumbers.region_codes_for_country_code(phonenumbers.parse(number).country_code or 0)
    except NumberParseException:
        return ""
    return codes[0] if len(codes) == 1 else ""
