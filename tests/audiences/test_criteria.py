"""Criteria: what is stored of them, what is wrong with them, whom they mean."""

from __future__ import annotations

from datetime import date

import pytest

from tests.people import HOME
from webapp.audiences.criteria import Criteria, Journey, Meant, WrongCriteria, fits, problems, read

ITEMS = {"passport": frozenset({"p3mi", "g2g"}), "slc": frozenset({"g2g"})}
WHOLE = Criteria(
    areas=("33.01",), stages=("ready",), sex="f", languages=("jv",), age_from=20, age_until=40, destinations=("TW",),
    sectors=("care",), schemes=("p3mi",), leaves_from=date(2026, 12, 10), leaves_until=date(2027, 1, 31),
    missing=("passport",),
)  # fmt: skip


def meant(*journeys: Journey, age: int | None = 30) -> Meant:
    return Meant(HOME, "ready", "f", "jv", age, journeys)


def test_what_is_stored_is_read_back() -> None:
    assert read(WHOLE.stored()) == WHOLE
    assert read(Criteria(areas=("33",)).stored()) == Criteria(areas=("33",))
    assert Criteria(areas=("33",)).stored() == {"areas": ["33"]}


@pytest.mark.parametrize(
    "facts",
    [{"area": ["33"]}, {"areas": "33"}, {"areas": [33]}, {"age_from": "20"}, {"age_from": True}, {"sex": ["f"]},
     {"leaves_from": "soon"}, {"leaves_from": None}],
)  # fmt: skip
def test_it_reads_no_half_of_what_it_does_not_know(facts: dict[str, object]) -> None:
    with pytest.raises(WrongCriteria):
        read(facts)


def test_it_says_what_is_wrong_with_each_field() -> None:
    assert problems(WHOLE) == {}
    wrong = Criteria(
        stages=("deceased",), sex="x", age_from=50, age_until=40, leaves_from=date(2027, 1, 1),
        leaves_until=date(2026, 12, 31),
    )  # fmt: skip
    assert problems(wrong) == {
        "areas": "none", "stages": "unknown", "sex": "unknown", "age_until": "ends_before_it_begins",
        "leaves_until": "ends_before_it_begins",
    }  # fmt: skip
    assert problems(Criteria(areas=("33",), age_from=17, age_until=100)) == {
        "age_from": "out_of_range", "age_until": "out_of_range",
    }  # fmt: skip


def test_without_areas_nobody_is_meant() -> None:
    assert not fits(Criteria(), meant(), ITEMS)
    assert fits(Criteria(areas=("ID",)), meant(), ITEMS)


def test_everything_is_asked_of_one_journey() -> None:
    asked = Criteria(areas=("33",), destinations=("TW",), missing=("passport",))
    complete = Journey("TW", "care", "p3mi", done=frozenset({"passport"}))
    elsewhere = Journey("HK", "care", "p3mi")
    assert not fits(asked, meant(complete, elsewhere), ITEMS)
    assert fits(asked, meant(complete, Journey("TW", "", "p3mi")), ITEMS)


def test_a_paper_that_the_scheme_does_not_ask_for_is_not_missing() -> None:
    asked = Criteria(areas=("33",), missing=("slc",))
    assert not fits(asked, meant(Journey("KR", "", "p3mi")), ITEMS)
    assert fits(asked, meant(Journey("KR", "", "g2g")), ITEMS)
    assert not fits(Criteria(areas=("33",), missing=("retired",)), meant(Journey("KR", "", "g2g")), ITEMS)


@pytest.mark.parametrize(
    ("leaves_on", "month", "is_meant"),
    [
        (date(2026, 12, 10), None, True),
        (date(2026, 12, 9), None, False),
        (date(2027, 1, 31), None, True),
        (date(2027, 2, 1), None, False),
        (None, date(2026, 12, 1), True),
        (None, date(2026, 11, 1), False),
        (None, date(2027, 2, 1), False),
        (None, None, False),
        # The day says more than the month.
        (date(2026, 12, 9), date(2026, 12, 1), False),
    ],
)
def test_a_month_fits_if_a_day_of_it_could(leaves_on: date | None, month: date | None, is_meant: bool) -> None:
    asked = Criteria(areas=("33",), leaves_from=date(2026, 12, 10), leaves_until=date(2027, 1, 31))
    assert fits(asked, meant(Journey("TW", "", "p3mi", leaves_on, month)), ITEMS) is is_meant


def test_of_whom_no_birth_is_known_has_no_age() -> None:
    asked = Criteria(areas=("33",), age_from=18)
    assert fits(asked, meant(age=18), ITEMS)
    assert not fits(asked, meant(age=17), ITEMS)
    assert not fits(asked, meant(age=None), ITEMS)
    assert not fits(Criteria(areas=("33",), age_until=40), meant(age=41), ITEMS)
