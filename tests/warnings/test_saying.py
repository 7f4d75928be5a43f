"""Words that are merged from our own tables: uncut names, and a correction for whatever can be said."""

from __future__ import annotations

import csv
from datetime import date

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from sms.text import fit
from tests.people import Cast
from tests.warnings.crowd import LICENCE, draft
from webapp.outbox.texts import SHIPPED
from webapp.warnings import ready, reported, saying
from webapp.warnings.levels import GENERAL_TEXTS, LEVELS

with SHIPPED.open(encoding="utf-8", newline="") as lines:
    BODIES = {
        row["code"]: row["body"]
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        if row["language"] == "id"
    }
OFFICIAL = {"s": "KEMNAKER", "d": "28 Sep", "hp": saying.LONGEST_NUMBER}


@given(st.text("ABCDEFGHIJ klmnop", min_size=1, max_size=60), st.sampled_from(sorted(saying.STATUS_IN_TEXT.values())))
def test_whatever_company_can_be_named_can_be_corrected_and_withdrawn(words: str, status: str) -> None:
    name = "PT " + " ".join(words.split())
    values = OFFICIAL | {"pt": name, "st": status, "a": f"izin {name}"}
    if name in fit(BODIES["N1"], values | {"st": "skorsing"}):
        for code in ("WK1", "WK2"):
            assert name in fit(BODIES[code], values)


@pytest.mark.parametrize("code", [*GENERAL_TEXTS, "W8"])
def test_what_general_advice_and_areas_say_can_be_withdrawn_whole(code: str) -> None:
    subject = saying.SUBJECTS.get(code, "perekrut di Kab. Hulu Sungai Selatan")
    assert subject in fit(BODIES["WK2"], OFFICIAL | {"a": subject})


@pytest.mark.parametrize(
    ("source", "short"),
    [("KP2MI, daftar P3MI", "KP2MI"), ("Kemnaker 2026", "Kemnaker"), ("…", "resmi"), ("Kementerian", "Kementeri")],
)
def test_a_source_in_one_word(source: str, short: str) -> None:
    assert saying.short_source(source) == short[: saying.LONGEST_SOURCE]


def test_every_text_of_a_warning_ships_and_has_a_sheet_for_walls() -> None:
    assert set(LEVELS) <= set(BODIES)
    assert set(LEVELS) == set(ready.SHEETS)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("code", [*GENERAL_TEXTS, "W8"])
def test_shipped_words_need_no_look_at_reports(app: Flask, cast: Cast, code: str) -> None:
    values = {"desa": "Kab. Cilacap"} if code == "W8" else {}
    warning = draft(cast, text_code=code, values=values)
    assert reported.held(warning, saying.said(warning)) == []
    assert not saying.is_cut(warning)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.settings(programme="Desa Migran EMAS", sms_reply_number="081234567890")
def test_the_text_for_groups_says_where_to_ask_and_nothing_in_braces(app: Flask, cast: Cast) -> None:
    values = {"pt": "PT {hp} %s", "st": "dicabut", "s": "KP2MI", "d": "1 Nov", "a": "x", "b": "1", "desa": "Kroya"}
    for code in LEVELS:
        words = ready.for_groups(draft(cast, text_code=code, values=values, licence=LICENCE))
        assert "081234567890" in words
        assert "Desa Migran EMAS P-" in words
        assert "{desa}" not in words
    assert ready.code_to_write(draft(cast))["address"] == "sms:+6281234567890?body=LAPOR"  # type: ignore[index]


def test_dates_of_verdicts_say_the_year() -> None:
    assert saying.of_notice("Darto", "PN", "1/2026", date(2026, 3, 9))["d"] == "9/3/26"
