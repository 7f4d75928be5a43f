"""The rules of a NIK."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.people import nik

WOMAN = "3301065703960001"


def doubts(number: str, **known: object) -> list[str]:
    facts = {
        "sex": "f",
        "birth_date": date(1996, 3, 17),
        "birth_year": 1996,
        "regency_exists": lambda code: code == "33.01",
    }
    return nik.warnings(number, **(facts | known))  # type: ignore[arg-type]  # the test's own names


@pytest.mark.parametrize("raw", [WOMAN, "330106 570396 0001", "33.01.06.570396.0001", " 3301-0657-0396-0001 "])
def test_any_grouping_is_understood(raw: str) -> None:
    assert nik.normalise(raw) == WOMAN


@pytest.mark.parametrize(
    "raw", ["", "123", WOMAN + "1", WOMAN[:-1], "330106570396000x", "３３０１０６５７０３９６０００１"]
)
def test_only_sixteen_digits_are_a_nik(raw: str) -> None:
    with pytest.raises(nik.BadNik) as error:
        nik.normalise(raw)
    assert not any(char.isdigit() for char in str(error.value).replace("16", ""))


def test_a_fitting_nik_raises_no_doubt() -> None:
    assert doubts(WOMAN) == []
    assert doubts("3301061703960001", sex="m") == []


@pytest.mark.parametrize(
    ("number", "found"),
    [
        ("9901065703960001", ["no_such_area"]),
        ("3301061703960001", ["other_sex"]),
        ("3301065803960001", ["other_birth"]),
        ("3301067102960001", ["no_such_date"]),
        ("3301060000000001", ["other_sex", "no_such_date"]),
    ],
)
def test_what_does_not_fit_is_named(number: str, found: list[str]) -> None:
    assert doubts(number) == found


def test_a_leap_day_depends_on_the_century_of_the_stated_birth() -> None:
    number = "3301062902000001"
    assert doubts(number, sex="m", birth_date=date(2000, 2, 29)) == []
    assert doubts(number, sex="m", birth_date=date(1900, 3, 1)) == ["no_such_date"]


def test_an_estimated_year_may_be_one_off() -> None:
    assert doubts(WOMAN, birth_date=None, birth_year=1995) == []
    assert doubts(WOMAN, birth_date=None, birth_year=1993) == ["other_birth"]
    assert doubts(WOMAN, birth_date=None, birth_year=None) == []


def test_the_mask_hides_birth_and_sex() -> None:
    assert nik.masked(WOMAN) == "3301••••••••0001"


@given(st.dates(date(1920, 1, 1), date(2026, 12, 31)), st.sampled_from("fm"), st.integers(0, 9999))
def test_a_nik_made_from_the_facts_always_fits(born: date, sex: str, serial: int) -> None:
    day = born.day + (40 if sex == "f" else 0)
    number = f"330106{day:02}{born.month:02}{born.year % 100:02}{serial:04}"
    assert doubts(number, sex=sex, birth_date=born, birth_year=born.year) == []
