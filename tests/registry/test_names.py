"""Names as they are spelled by different hands."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.people.names import fold, likeness

NAMES = st.text(st.sampled_from("abcdefghijklmnopqrstuvwxyz ABCDE'.-éü"), max_size=30)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Siti Aminah", "siti aminah"),
        ("  Siti   AMINAH ", "siti aminah"),
        ("Nur'aini", "nuraini"),
        ("H. Moh. Sa’id", "h moh said"),
        ("Dwi-Astuti", "dwi astuti"),
        ("Élodie Müller", "elodie muller"),
        ("王小明", ""),
    ],
)
def test_a_name_has_one_key(name: str, key: str) -> None:
    assert fold(name) == key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Sri Wahyuni", "Sri Wahjuni"),
        ("Sri Wahyuni", "SRI WAHYUNI"),
        ("Soeharto", "Suharto"),
        ("Moh. Rizki", "Muhammad Rizky"),
        ("Achmad Djunaedi", "Ahmad Junaidi"),
        ("Hj. Siti Aminah", "Siti Aminah"),
        ("Aminah Siti", "Siti Aminah"),
        ("Nur Hasanah", "Nurhasanah"),
        ("Khadijah", "Hadijah"),
    ],
)
def test_spellings_of_one_name_are_alike(one: str, other: str) -> None:
    assert likeness(one, other) >= 0.8


@pytest.mark.parametrize(
    ("one", "other"),
    [("Siti Aminah", "Siti Maryam"), ("Agus Salim", "Bambang Irawan"), ("Sri Wahyuni", "Sri Lestari"), ("", "Siti")],
)
def test_different_names_are_not_alike(one: str, other: str) -> None:
    assert likeness(one, other) < 0.8


@given(NAMES)
def test_every_name_is_like_itself(name: str) -> None:
    assert likeness(name, name) == (1.0 if fold(name) else 0.0)


@given(NAMES, NAMES)
def test_likeness_is_between_0_and_1_and_the_same_from_both_sides(one: str, other: str) -> None:
    assert 0.0 <= likeness(one, other) <= 1.0
    assert likeness(one, other) == pytest.approx(likeness(other, one))


@given(NAMES)
def test_folding_twice_changes_nothing(name: str) -> None:
    assert fold(fold(name)) == fold(name)
