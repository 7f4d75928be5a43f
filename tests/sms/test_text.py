"""One segment of letters that every phone has, whatever is merged into a text."""

from __future__ import annotations

import csv
import timeit
from collections.abc import Callable
from pathlib import Path

import pytest
import smsutil
from hypothesis import given
from hypothesis import strategies as st

from sms.text import MissingValue, fit, is_gsm7, merge, plain, segments

TEXTS = Path(__file__).parents[2] / "templates" / "sms" / "texts.tsv"
REMINDER = (
    "Desmigratif: {n}, berangkat {d}. Kurang: {dok}. Urus di balai desa, kami bantu."
    " Dokumen asli simpan sendiri. Tanya {hp}"
)
VALUES = {"n": "Sri", "d": "1 Des", "dok": "KTP, KK, paspor", "hp": "081234567801"}


def stock_texts() -> list[tuple[str, str, str]]:
    with TEXTS.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [(row["code"], row["language"], row["body"]) for row in rows]


def test_a_text_that_fits_is_merged_as_it_stands() -> None:
    assert fit(REMINDER, VALUES) == merge(REMINDER, VALUES)
    assert fit(REMINDER, VALUES).startswith("Desmigratif: Sri, berangkat 1 Des. Kurang: KTP, KK, paspor.")


def test_the_name_goes_first_then_the_list_gets_shorter() -> None:
    longer = VALUES | {"n": "Sriwahyuni", "dok": "KTP, KK, paspor, visa"}
    text = fit(REMINDER + " atau datang saja", longer)
    assert text.startswith("Desmigratif: berangkat 1 Des. Kurang: KTP, KK, paspor, visa.")
    text = fit(REMINDER, longer | {"dok": "KTP, KK, paspor, visa kerja, BPJS, sertifikat, E-PMI"})
    assert text.startswith("Desmigratif: berangkat 1 Des. Kurang: KTP, KK, paspor, visa kerja, BPJS dll.")


def test_a_name_that_cannot_be_left_out_becomes_anda() -> None:
    text = fit("Desmigratif: ada info untuk {n}. Hubungi petugas {ptg}", {"n": "Siti " * 40, "ptg": "Joko"})
    assert text == "Desmigratif: ada info untuk Anda. Hubungi petugas Joko"
    assert fit("{n}, besok jadi berangkat?", {"n": ""}) == "Besok jadi berangkat?"


def test_dates_numbers_and_codes_are_never_cut() -> None:
    text = fit("{a} " * 3 + "{d} {hp} {k}", {"a": "x" * 80, "d": "1 Des", "hp": "081234567801", "k": "T0042"})
    assert text.endswith("1 Des 081234567801 T0042")
    assert len(text) <= 160


def test_typography_and_foreign_letters_become_gsm() -> None:
    assert plain("Du’en – “KTP”… café") == 'Du\'en - "KTP"... café'
    assert plain("ŚŁéê Đ\u00a0x") == "SLée D x"
    assert plain("Selamat 🙏 سلام") == "Selamat  ????"


def test_braces_in_a_value_mean_nothing_and_a_missing_value_is_named() -> None:
    assert merge("{n}!", {"n": "{hp} {n.__class__}"}) == "{hp} {n.__class__}!"
    with pytest.raises(MissingValue, match="hp"):
        fit("{n} {hp}", {"n": "Sri"})


def test_segments_count_as_providers_do() -> None:
    assert segments("a" * 160) == 1
    assert segments("a" * 161) == 2
    assert segments("€" * 80) == 1
    assert segments("€" * 81) == 2
    assert segments("ş" * 70) == 1
    assert segments("ş" * 71) == 2
    assert segments("") == 1


@given(st.text(max_size=400))
def test_segments_agree_with_smsutil(text: str) -> None:
    assert segments(text) == len(smsutil.split(text).parts)


@given(st.text(max_size=300))
def test_plain_is_always_gsm_and_changes_nothing_that_is(text: str) -> None:
    assert is_gsm7(plain(text))
    assert plain(plain(text)) == plain(text)


NAMES = st.text(max_size=60) | st.sampled_from(["Sri", "Muhammad Nur", "Du’en", "Ni Luh Kadek Ayu", "Σ€[]"])
PAPERS = st.lists(st.sampled_from(["KTP", "KK", "paspor", "sertifikat", "visa kerja", "BPJS"]), max_size=12)


@given(st.sampled_from(stock_texts()), NAMES, PAPERS, st.text(max_size=80))
def test_every_stock_text_fits_one_segment_whatever_is_merged(
    text: tuple[str, str, str], name: str, papers: list[str], place: str
) -> None:
    values = dict.fromkeys(("pt", "st", "s", "q", "desa", "ptg", "a", "b", "c"), place)
    values |= {"d": "31 Des", "hp": "+6281234567801", "rw": "+886901132000", "k": "T0042", "jam": "24", "dar": "110"}
    values |= {"n": name, "dok": ", ".join(papers), "url": "https://desmigratif.example.go.id/ab"}
    merged = fit(text[2], values)
    assert segments(merged) == 1
    assert is_gsm7(merged)


@given(st.text(max_size=250), st.text(max_size=200))
def test_any_template_fits_one_segment(words: str, value: str) -> None:
    merged = fit(words.replace("{", "(") + " {n}, {x}", {"n": value, "x": value})
    assert segments(merged) == 1
    assert is_gsm7(merged)


def test_rendering_is_quick_enough_for_the_workers_hot_path() -> None:
    """Beside what smsutil takes in the same moments only to count one text: about 50 µs where nothing else runs."""
    long_list = VALUES | {"n": "Sriwahyuni", "dok": "KTP, KK, paspor, visa kerja, BPJS, sertifikat, E-PMI"}
    counting, usual, cut = quickest(
        lambda: smsutil.split(REMINDER), lambda: fit(REMINDER, VALUES), lambda: fit(REMINDER, long_list)
    )
    assert usual < counting / 5
    assert cut < counting


def quickest(*acts: Callable[[], object]) -> list[float]:
    """How long each takes when nothing comes between: in turn and in short goes, so that a busy machine delays all."""
    goes = [[timeit.timeit(act, number=50) for act in acts] for _ in range(100)]
    return [min(times) for times in zip(*goes, strict=True)]
