"""Every spelling of a number is one number; nothing else is a number."""

from __future__ import annotations

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms.phone import BadNumber, mask, national, normalise

SRI = "+6281234567801"


@pytest.mark.parametrize(
    "typed",
    [
        "081234567801",
        "81234567801",
        "6281234567801",
        "006281234567801",
        "+6281234567801",
        "+62 812-3456-7801",
        "0812 3456 7801",
        "0812.3456.7801",
        "(0812) 3456 7801",
        "+62 (0)812 3456 7801",
        "62 (0) 812 3456 7801",
        "+62 0812 3456 7801",
        "620812 3456 7801",
        "+0812 3456 7801",
        "  0812–3456—7801\n",
        "０８１２３４５６７８０１",
        "٠٨١٢٣٤٥٦٧٨٠١",
        "\u202a+62 812\u20113456\u20117801\u202c",
        "0812/3456/7801",
    ],
)
def test_every_spelling_is_the_same_number(typed: str) -> None:
    assert normalise(typed) == SRI


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("+852 5242 2240", "+85252422240"),
        ("00852 5242 2240", "+85252422240"),
        ("+60 17-668 8032", "+60176688032"),
        ("+886 901 132 000", "+886901132000"),
        ("021-2924-4800", "+622129244800"),
        ("+62 851 5555 0123", "+6285155550123"),
        ("62812345678", "+62812345678"),
    ],
)
def test_foreign_numbers_and_landlines_are_kept(typed: str, number: str) -> None:
    assert normalise(typed) == number


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "empty"),
        (" - ", "empty"),
        ("+", "empty"),
        ("O8123456789O", "letters"),
        ("0812 atau 0813", "letters"),
        ("0812#345", "characters"),
        ("0812+3456789", "characters"),
        ("++62812345678", "characters"),
        ("5242 2240", "no_country"),
        ("0812 345", "too_short"),
        ("0812 3456 7801 2345 6", "too_long"),
        ("081234567801, 081234567802", "characters"),
        ("+999 1234 5678", "unknown"),
        ("+0", "unknown"),
        ("00", "unknown"),
        ("110", "no_country"),
    ],
)
def test_what_is_no_number_says_why(typed: str, reason: str) -> None:
    with pytest.raises(BadNumber) as caught:
        normalise(typed)
    assert caught.value.reason == reason
    assert "0812" not in str(caught.value)


MOBILES = st.builds(
    str.__add__,
    st.sampled_from(["812", "813", "821", "852", "857", "858", "815", "817", "819", "877", "878", "895", "896", "881"]),
    st.text("0123456789", min_size=8, max_size=8),
).filter(lambda digits: phonenumbers.is_valid_number(phonenumbers.parse("+62" + digits)))
PREFIXES = st.sampled_from(["0", "", "62", "+62", "0062", "+62 (0)", "+62 ", "+620", "(0", "62-"])


@given(MOBILES, PREFIXES, st.lists(st.sampled_from(["", "", " ", "-", ".", " - ", "–", "\u200e"]), min_size=12))
def test_any_mixture_of_prefix_and_separators_is_one_number(digits: str, prefix: str, separators: list[str]) -> None:
    spelt = "".join(digit + separator for digit, separator in zip(digits, separators, strict=False))
    assert normalise(prefix + spelt) == "+62" + digits


@given(st.text() | st.text("0123456789+-() ."))
def test_any_text_is_a_valid_number_or_refused(text: str) -> None:
    try:
        number = normalise(text)
    except BadNumber:
        return
    assert phonenumbers.is_valid_number(phonenumbers.parse(number))
    assert normalise(number) == number
    assert normalise(national(number)) == number


def test_national_is_what_one_dials() -> None:
    assert national(SRI) == "081234567801"
    assert national("+85252422240") == "+85252422240"


@given(st.text("0123456789", min_size=1, max_size=14))
def test_a_masked_number_hides_at_least_three_digits_or_nearly_all(digits: str) -> None:
    masked = mask("+" + digits)
    assert len(masked) == len(national("+" + digits))
    assert masked.count("•") >= min(3, len(masked) - 2)


def test_a_masked_number_can_be_recognised() -> None:
    assert mask(SRI) == "0812•••••801"
