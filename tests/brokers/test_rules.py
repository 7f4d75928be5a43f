"""Amounts as people write them, what is urgent, and codes that can be read out."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.brokers.model import new_reference
from webapp.brokers.money import MOST_RUPIAH, NotAnAmount, rupiah
from webapp.brokers.urgency import is_urgent


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("5000000", 5_000_000), ("5.000.000", 5_000_000), ("Rp 5.000.000", 5_000_000), ("Rp5,000,000", 5_000_000),
        ("rp. 5.000.000,-", 5_000_000), ("5 juta", 5_000_000), ("5jt", 5_000_000), ("2,5 juta", 2_500_000),
        ("2.5 jt", 2_500_000), ("750rb", 750_000), ("750 ribu", 750_000), ("5.000.000,00", 5_000_000),
        ("5 000 000", 5_000_000), ("0", 0), ("1.500 ribu", 1_500_000),
    ],
)  # fmt: skip
def test_amounts_as_people_write_them(text: str, amount: int) -> None:
    assert rupiah(text) == amount


@pytest.mark.parametrize(
    "text", ["lima juta", "-5", "5.00", "1.2.3", "5 dolar", "٥", "9" * 13, "5 juta 5 juta", "NaN", ""]
)
def test_what_is_no_amount(text: str) -> None:
    with pytest.raises(NotAnAmount):
        rupiah(text)


@given(st.integers(0, MOST_RUPIAH))
def test_every_amount_is_read_as_it_is_shown(amount: int) -> None:
    assert rupiah(f"Rp{amount:,}".replace(",", ".")) == amount


@given(st.text(max_size=30))
def test_no_text_breaks_it(text: str) -> None:
    with suppress(NotAnAmount):
        assert 0 <= rupiah(text) <= MOST_RUPIAH


def test_what_is_urgent() -> None:
    assert not is_urgent("none", child=False)
    assert is_urgent("none", child=True)
    assert is_urgent("threat", child=False)
    assert is_urgent("violence", child=True)


def test_a_code_holds_nothing_that_is_taken_for_something_else() -> None:
    codes = {new_reference(4) for _ in range(500)}
    assert len(codes) > 450
    assert all(code.startswith("LC-") and len(code) == 7 for code in codes)
    assert not set("".join(code[3:] for code in codes)) & set("0O1IL8BSAEU")
