"""What is missing and what is late."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.departures.shipped import shipped_items
from webapp.departures.checklist import lines, missing_codes, missing_in_words, short_passport

ITEMS = shipped_items()
LEAVES = date(2026, 12, 1)


def test_it_asks_only_for_what_the_scheme_needs() -> None:
    codes = {line.item.code for line in lines(ITEMS, "g2g", LEAVES, {}, LEAVES)}
    assert "pp" not in codes
    assert {"language_test", "slc", "passport"} <= codes


def test_an_item_is_late_the_day_after_it_was_due() -> None:
    due = LEAVES - timedelta(days=60)
    on_the_day = {line.item.code: line.late for line in lines(ITEMS, "p3mi", LEAVES, {}, due)}
    day_after = {line.item.code: line.late for line in lines(ITEMS, "p3mi", LEAVES, {}, due + timedelta(days=1))}
    assert not on_the_day["passport"]
    assert day_after["passport"]


def test_without_a_day_nothing_is_late_only_missing() -> None:
    checklist = lines(ITEMS, "p3mi", None, {}, LEAVES)
    assert all(line.missing and not line.late and line.due_on is None for line in checklist)


def test_what_is_done_is_neither_missing_nor_late() -> None:
    checklist = lines(ITEMS, "p3mi", LEAVES, {"passport": LEAVES}, LEAVES)
    assert "passport" not in missing_codes(checklist)


def test_words_name_the_most_urgent_paper_first_and_only_papers() -> None:
    done = {item.code: LEAVES for item in ITEMS if item.code not in ("passport", "visa", "informed", "epmi")}
    words = missing_in_words(lines(ITEMS, "p3mi", LEAVES, done, LEAVES), LEAVES)
    assert words == "paspor, visa kerja, E-PMI"


def test_a_passport_needs_eighteen_months() -> None:
    assert short_passport(date(2028, 5, 31), LEAVES)
    assert not short_passport(date(2028, 6, 1), LEAVES)
    assert not short_passport(None, LEAVES)


@given(done=st.sets(st.sampled_from([item.code for item in ITEMS])), today=st.dates(date(2025, 1, 1), date(2027, 1, 1)))
def test_every_item_is_either_done_or_missing(done: set[str], today: date) -> None:
    checklist = lines(ITEMS, "p3mi", LEAVES, dict.fromkeys(done, LEAVES), today)
    assert missing_codes(checklist) == {line.item.code for line in checklist} - done
    assert all(line.missing for line in checklist if line.late)
