"""The shortcut for Indonesian mobile numbers answers exactly as the library does."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sms import phone
from sms.phone import BadNumber, by_library, normalise

STARTS = st.sampled_from(["", "0", "62", "+62", "0062", "+62 0", "+620", "+", "-0", "+62-", "+886", "00852", "+1", "7"])
DIGITS = st.from_regex(re.compile(r"8?[0-9]{0,14}", re.ASCII), fullmatch=True)
MARKS = st.sampled_from(["", "-", " ", ".", " - ", "(", "/", "٣", "x"])


def answer(way: Callable[[str], str], raw: str) -> str:
    try:
        return way(raw)
    except BadNumber as bad:
        return bad.reason


@settings(max_examples=1500, deadline=None)
@given(STARTS, DIGITS, MARKS, st.integers(0, 14))
def test_any_spelling_has_one_answer(start: str, digits: str, mark: str, at: int) -> None:
    raw = start + digits[:at] + mark + digits[at:]
    assert answer(normalise, raw) == answer(by_library, raw)


@pytest.mark.parametrize("prefix", [f"8{n:02}" for n in range(100)])
@pytest.mark.parametrize("length", range(7, 15))
def test_every_prefix_and_length_has_one_answer(prefix: str, length: int) -> None:
    raw = "0" + (prefix + "12345678901234")[:length]
    assert answer(normalise, raw) == answer(by_library, raw)


def test_the_usual_case_does_not_ask_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(phone, "by_library", lambda raw: pytest.fail("asked"))
    assert normalise("+62 812-3456-7890") == "+6281234567890"
