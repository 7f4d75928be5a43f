"""Recipients out of rows, and problems by row and column."""

from __future__ import annotations

import pytest

from webapp.audiences.cells import BadCell, number_in
from webapp.audiences.listed import MOST_SHOWN, Problem, Recipient, listed

SITI = "+6281234567890"


@pytest.mark.parametrize(
    "cell", ["0812-3456-7890", "+62 812-3456-7890", "6281234567890", "81234567890", "81234567890.0", " 081234567890 "]
)
def test_every_spelling_of_a_spreadsheet_is_one_number(cell: str) -> None:
    assert number_in(cell) == SITI


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("", "no_number"),
        ("6.28E+12", "digits_lost"),
        ("6,28123E+12", "digits_lost"),
        ("081234567890 / 081234567891", "several"),
        ("081234567890 atau 081234567891", "several"),
        ("0215550123", "landline"),
        ("0812", "too_short"),
        ("08123456789012345", "too_long"),
        ("belum ada", "not_a_number"),
    ],
)
def test_what_is_no_mobile_number_says_why(cell: str, code: str) -> None:
    with pytest.raises(BadCell) as bad:
        number_in(cell)
    assert bad.value.code == code


def test_a_repeated_row_names_the_first_one() -> None:
    result = listed([(2, ["Siti", "081234567890"]), (5, ["Siti", "+6281234567890"])], 1, "No HP")
    assert result.recipients == [Recipient(2, SITI)]
    assert result.problems == [Problem(5, "No HP", "repeated", 2)]


def test_a_row_too_short_has_no_number() -> None:
    assert listed([(3, ["Siti"])], 1, "No HP").problems == [Problem(3, "No HP", "no_number")]


def test_all_problems_are_counted_and_the_first_are_kept() -> None:
    result = listed(((row, [""]) for row in range(1, MOST_SHOWN + 11)), 0, "hp")
    assert len(result.problems) == MOST_SHOWN
    assert result.counts["no_number"] == MOST_SHOWN + 10


def test_rows_beyond_the_most_are_not_read() -> None:
    rows = iter([(1, ["081234567890"]), (2, ["081234567891"]), (3, ["081234567892"]), (4, ["x"])])
    result = listed(rows, 0, "hp", most=2)
    assert len(result.recipients) == 2
    assert result.problems == [Problem(3, "hp", "too_many_rows")]
    assert next(rows) == (4, ["x"])
