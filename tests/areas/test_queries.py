"""Walking down the tree and typing part of a name; never outside one's own area."""

from __future__ import annotations

import pytest
from flask import Flask

from tests import people
from webapp.areas import queries


@pytest.mark.parametrize(
    ("typed", "area_code", "names"),
    [
        ("baj", "ID", ["Bajing"]),
        ("BAJING kroya", "ID", ["Bajing"]),
        ("bajing ponorogo", "ID", []),
        ("keruak", "ID", ["Keruak"]),
        ("luar lombok", "ID", ["Tanjung Luar"]),
        ("baj", people.OTHER_REGENCY, []),
        ("buntu", people.HOME, []),
        ("%", "ID", []),
        ("", "ID", []),
        ("jawa", "ID", ["Jawa Tengah", "Jawa Timur"]),
    ],
)
def test_search(app: Flask, typed: str, area_code: str, names: list[str]) -> None:
    assert [hit.area.name for hit in queries.search(typed, area_code)] == names


def test_a_hit_says_where_it_is(app: Flask) -> None:
    (hit,) = queries.search("bajing", "ID")
    assert hit.place == "Kroya, Kabupaten Cilacap"


def test_a_level_narrows_the_search(app: Flask) -> None:
    assert queries.search("jawa", "ID", (4,)) == []


def test_children_are_in_order_of_name(app: Flask) -> None:
    assert [area.name for area in queries.children(people.DISTRICT)] == ["Bajing", "Buntu"]


def test_an_area_outside_is_not_found(app: Flask) -> None:
    assert queries.find(people.HOME, people.REGENCY) is not None
    assert queries.find(people.HOME, people.OTHER_REGENCY) is None
    assert queries.find("99.99", "ID") is None
