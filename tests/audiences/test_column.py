"""The column of the number is known by its name."""

from __future__ import annotations

import pytest

from webapp.audiences.column import number_column


@pytest.mark.parametrize("name", ["Nomor", "No. HP", "no hp", "HP", "Telepon", "Phone number", "WA", "No_WhatsApp"])
def test_names_in_both_languages(name: str) -> None:
    assert number_column(["No", "Nama", name]) == 2


@pytest.mark.parametrize("header", [[], ["No", "Nama"], ["Nomor KTP", "Shape"]])
def test_other_numbers_are_not_taken(header: list[str]) -> None:
    assert number_column(header) is None


def test_the_mobile_number_comes_before_the_office() -> None:
    assert number_column(["Telepon kantor", "No HP"]) == 1
