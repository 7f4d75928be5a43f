"""NIK, the national identity number: 16 digits PPKKCC DDMMYY NNNN, of women the day + 40. Pure.

It has no check digit, and half of some groups of returnees have none at all: it is optional. Only its form
can be wrong; anything else about it is worth a question, never a refusal (DOMAIN, personal data). That it was
issued in another regency than the one the person lives in says nothing: people move and marry.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

LENGTH = 16
WOMANS_DAY = 40
#: What may be written between the digits.
BETWEEN = re.compile(r"[\s.\-\u2013/]+")


class BadNik(ValueError):
    """Not 16 digits. The words of the exception hold no digit of it."""


def normalise(raw: str) -> str:
    """The 16 digits, from any grouping. Raises BadNik."""
    digits = BETWEEN.sub("", raw)
    if not re.fullmatch(rf"[0-9]{{{LENGTH}}}", digits):
        raise BadNik("a NIK has 16 digits")
    return digits


def masked(nik: str) -> str:
    """'3301••••••••0001' shows where it was issued and its end, and neither birthday nor sex."""
    return nik[:4] + "•" * (LENGTH - 8) + nik[-4:]


def warnings(
    nik: str,
    *,
    sex: str,
    birth_date: date | None,
    birth_year: int | None,
    regency_exists: Callable[[str], bool],
) -> list[str]:
    """What does not fit together, as codes: no_such_area, no_such_date, other_sex, other_birth.

    `nik` is normalised; `sex` is 'f' or 'm'; `regency_exists('33.01')` asks the area data. The century comes
    from the stated birth, since the NIK has only two digits of the year.
    """
    found = [] if regency_exists(f"{nik[:2]}.{nik[2:4]}") else ["no_such_area"]
    day, month, year = int(nik[6:8]), int(nik[8:10]), int(nik[10:12])
    if (day > WOMANS_DAY) != (sex == "f"):
        found.append("other_sex")
    day -= WOMANS_DAY if day > WOMANS_DAY else 0
    stated_year = birth_date.year if birth_date else birth_year
    if not _is_a_date(day, month, year, stated_year):
        return [*found, "no_such_date"]
    if _differs(day, month, year, birth_date, birth_year):
        found.append("other_birth")
    return found


def _is_a_date(day: int, month: int, year: int, stated_year: int | None) -> bool:
    century = (stated_year or 2000) // 100 * 100
    try:
        date(century + year, month, day)
    except ValueError:
        return False
    return True


def _differs(day: int, month: int, year: int, birth_date: date | None, birth_year: int | None) -> bool:
    """A year alone may be an estimate from an age, which one year either way does not contradict."""
    if birth_date is not None:
        return (day, month, year) != (birth_date.day, birth_date.month, birth_date.year % 100)
    if birth_year is not None:
        return (year - birth_year) % 100 not in (0, 1, 99)
    return False
