"""When two records are likely one person, by name and birth."""

from __future__ import annotations

from datetime import date

import pytest

from webapp.people.duplicates import Identity, births_are_near, same_name_and_birth, years_to_look_at

SRI = Identity("Sri Wahyuni", date(1994, 5, 7), 1994)


@pytest.mark.parametrize(
    "other",
    [
        Identity("Sri Wahyuni", date(1994, 5, 7), 1994),
        Identity("SRI WAHJUNI", date(1994, 5, 9), 1994),
        Identity("Sri Wahyuni", date(1994, 7, 5), 1994),  # day and month exchanged
        Identity("Sri Wahyuni", date(1995, 5, 7), 1995),  # the year beside
        Identity("Wahyuni Sri", None, 1993),
        Identity("Sri Wahyuni", None, None),
    ],
)
def test_likely_the_same(other: Identity) -> None:
    assert same_name_and_birth(SRI, other)
    assert same_name_and_birth(other, SRI)


@pytest.mark.parametrize(
    "other",
    [
        Identity("Sri Wahyuni", date(1984, 5, 7), 1984),
        Identity("Sri Lestari", date(1994, 5, 7), 1994),
        Identity("Sri Wahjuni", None, None),  # not like enough for an unknown birth
        Identity("Sri Wahyuni", None, 1990),
    ],
)
def test_likely_another(other: Identity) -> None:
    assert not same_name_and_birth(SRI, other)


def test_near_births_lie_in_the_years_that_are_looked_at() -> None:
    for year in (1993, 1995):
        other = Identity("x", date(year, 5, 7), year)
        assert births_are_near(SRI, other)
        assert year in years_to_look_at(SRI)
    assert years_to_look_at(Identity("x")) == []
