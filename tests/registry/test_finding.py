"""What is searched for and what it is searched in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.people.finding import Wanted, search_text, trigrams, wanted

NUMBERS = st.integers(10**8, 10**11 - 1).map(lambda n: f"+62{n}")


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("", Wanted()),
        ("  ", Wanted()),
        ("12", Wanted()),
        ("%_", Wanted()),
        ("Siti", Wanted(words=("siti",))),
        ("nur'AINI  budi", Wanted(words=("nuraini", "budi"))),
        ("0812-3456", Wanted(digits="08123456")),
        ("+62 812", Wanted(digits="62812")),
        ("３４５", Wanted(words=("345",))),
    ],
)
def test_what_was_typed(typed: str, found: Wanted) -> None:
    assert wanted(typed) == found


@pytest.mark.parametrize("typed", ["08123", "62 8123", "+628123", "8123"])
def test_every_spelling_of_a_number_finds_it(typed: str) -> None:
    assert wanted(typed).phone_part in search_text("siti", ["+6281234567801"])


def test_foreign_numbers_are_found_with_their_country_code() -> None:
    assert wanted("852 5242").phone_part in search_text("siti", ["+85252422240"])


@given(st.text(max_size=80))
def test_whatever_is_typed_is_understood_or_nothing(typed: str) -> None:
    found = wanted(typed)
    assert not (found.words and found.digits)
    assert all(len(part) == 3 for part in trigrams(found))


@given(st.lists(NUMBERS, max_size=40))
def test_the_search_text_fits_its_column(numbers: list[str]) -> None:
    assert len(search_text("a" * 200, numbers)) <= 500


@given(NUMBERS, st.integers(0, 9), st.integers(3, 12))
def test_any_part_of_a_number_is_found(number: str, begin: int, length: int) -> None:
    text = search_text("siti", [number])
    part = text.split()[-1][begin : begin + length]
    found = wanted(part)
    assert not found or found.digits.startswith("628") or found.phone_part in text
