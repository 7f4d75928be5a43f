"""Which words may become a stock text: what is shipped may, and each rule has two sides."""

from __future__ import annotations

import csv

import pytest
import smsutil
from hypothesis import given
from hypothesis import strategies as st

from sms.text import is_gsm7
from webapp.outbox.texts import SHIPPED
from webapp.outbox.wording import LONGEST, Doubt, Fault, at_its_longest, judge, placeholders

INDONESIAN = "Desmigratif: {n}, besok {d} berangkat. Sudah siap? Balas YA atau TIDAK. Tanya {hp}"


def shipped() -> dict[tuple[str, str], str]:
    with SHIPPED.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {(row["code"], row["language"]): row["body"] for row in rows}


def faults(body: str) -> list[tuple[str, str, int]]:
    return [(found.kind, found.what, found.place) for found in judge(body, INDONESIAN).errors]


def test_every_shipped_text_of_every_language_is_accepted() -> None:
    texts = shipped()
    refused = {key: judge(body, texts[key[0], "id"]).errors for key, body in texts.items()}
    assert {key: errors for key, errors in refused.items() if errors} == {}
    assert {name for body in texts.values() for name in placeholders(body)} <= LONGEST.keys()


def test_a_greeting_may_go_and_a_number_to_ask_may_not() -> None:
    assert faults(INDONESIAN.replace("{n}, ", "")) == []
    assert faults(INDONESIAN.replace(" Tanya {hp}", "")) == [(Fault.MISSING_VALUE, "hp", 0)]


def test_a_value_that_nobody_gives_and_a_stray_brace_are_errors() -> None:
    assert faults(INDONESIAN + " {rw}") == [(Fault.UNKNOWN_VALUE, "rw", 0)]
    assert faults(INDONESIAN + " {hp") == [(Fault.STRAY_BRACE, "{", 0)]


@pytest.mark.parametrize("body", ["", "  \n"])
def test_no_words_are_one_error(body: str) -> None:
    assert faults(body) == [(Fault.EMPTY, "", 0)]


def test_the_160th_letter_fits_and_the_161st_does_not() -> None:
    free = judge(INDONESIAN, INDONESIAN).left
    full = judge(INDONESIAN + "x" * free, INDONESIAN)
    assert (full.errors, full.segments, full.left) == ((), 1, 0)
    over = judge(INDONESIAN + "x" * (free + 1), INDONESIAN)
    assert ([error.kind for error in over.errors], over.segments, over.left) == ([Fault.SECOND_SEGMENT], 2, -1)
    assert judge(INDONESIAN + "€", INDONESIAN).left == free - 2


def test_the_column_holds_320_letters() -> None:
    assert Fault.TOO_LONG not in {kind for kind, _, _ in faults(INDONESIAN.ljust(320, "x"))}
    assert Fault.TOO_LONG in {kind for kind, _, _ in faults(INDONESIAN.ljust(321, "x"))}


def test_a_foreign_letter_is_shown_where_it_stands_with_words_that_every_phone_has() -> None:
    body = "“" + INDONESIAN + "” ê ê"
    found = judge(body, INDONESIAN)
    assert faults(body) == [
        (Fault.FOREIGN_LETTER, "“", 1),
        (Fault.FOREIGN_LETTER, "”", len(INDONESIAN) + 2),
        (Fault.FOREIGN_LETTER, "ê", len(INDONESIAN) + 4),
    ]
    assert found.segments == 2
    assert judge(found.offered, INDONESIAN).errors == ()


def test_a_text_that_hides_who_speaks_or_what_to_answer_is_doubted_not_refused() -> None:
    found = judge("Besok {d} berangkat. Siap? Balas YA. Tanya {hp}", INDONESIAN)
    assert found.errors == ()
    assert [(doubt.kind, doubt.what) for doubt in found.warnings] == [
        (Doubt.NO_SENDER, "Desmigratif"),
        (Doubt.NO_ANSWER_WORD, "TIDAK"),
    ]
    assert judge(INDONESIAN, INDONESIAN).warnings == ()


@given(st.text(max_size=330), st.sampled_from(["", " {hp}", " {d} {hp}"]))
def test_what_is_accepted_is_one_segment_of_letters_that_every_phone_has(words: str, values: str) -> None:
    body = words + values
    found = judge(body, INDONESIAN)
    assert found.segments == len(smsutil.split(at_its_longest(body)).parts)
    if not found.errors:
        assert found.segments == 1
        assert is_gsm7(body)
