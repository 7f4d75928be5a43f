"""Rows of a CSV, as whoever made it sees them."""

from __future__ import annotations

import codecs
import contextlib
import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sheets.test_workbook import LIMITS
from webapp.sheets.limits import NoSheet
from webapp.sheets.reading import rows_of

TEXT = "Nama;No HP\r\nSiti Nur’aini;0812\r\n"
ROWS = [(1, ["Nama", "No HP"]), (2, ["Siti Nur’aini", "0812"])]


def refused(content: bytes, only_utf8: bool = False) -> tuple[str, int | None]:
    with pytest.raises(NoSheet) as told:
        list(rows_of(content, dataclasses.replace(LIMITS, only_utf8=only_utf8)))
    return told.value.code, told.value.row


@pytest.mark.parametrize("letters", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_letters_are_known_by_themselves(letters: str) -> None:
    assert list(rows_of(TEXT.encode(letters), LIMITS)) == ROWS


def test_utf16_of_the_other_end() -> None:
    assert list(rows_of(codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), LIMITS)) == ROWS


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_separators_are_counted(mark: str) -> None:
    assert list(rows_of(TEXT.replace(";", mark).encode(), LIMITS)) == ROWS


def test_a_list_may_name_its_separator_in_a_line_that_is_not_shown() -> None:
    assert list(rows_of(b"sep=|\r\n" + TEXT.replace(";", "|").encode(), LIMITS)) == ROWS


def test_quotation_marks_hold_separators_and_lines_together() -> None:
    content = b'Nama,Alamat\n"Siti ""Ani""","Jl. Melati 2,\nKroya"\nUdin,\'\n'
    assert list(rows_of(content, LIMITS))[1:] == [(2, ['Siti "Ani"', "Jl. Melati 2, Kroya"]), (3, ["Udin", "'"])]


def test_lines_that_hold_nothing_count_but_are_not_given() -> None:
    assert list(rows_of(b"a\n\n,,\nb\n", LIMITS)) == [(1, ["a"]), (4, ["b"])]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b" ,\n\n", "empty"),
        (b"a,b\n\x00\x00,c\n", "not_text"),
        (bytes(range(256)) * 40, "not_text"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not_text"),
        (codecs.BOM_UTF16_LE + b"a\x00b", "not_text"),
        (b"a\n" * 1_001, "too_many_rows"),
        (b"a" * (1024 * 1024 + 1), "too_large"),
    ],
)
def test_what_is_no_list_says_why(content: bytes, code: str) -> None:
    assert refused(content)[0] == code


def test_a_broken_row_is_named() -> None:
    assert refused(b'a,b\nc,d\n"e"f,g\n') == ("broken", 3)
    assert refused(b'a,b\n"c,d\n') == ("broken", 2)


def test_letters_are_not_guessed_where_that_does_harm() -> None:
    assert refused(TEXT.encode("cp1252"), only_utf8=True) == ("not_utf8", None)


@given(st.binary(max_size=300))
def test_any_octets_are_rows_or_refused(content: bytes) -> None:
    for start in (b"", b"PK\x03\x04", codecs.BOM_UTF16_LE):
        with contextlib.suppress(NoSheet):
            assert list(rows_of(start + content, LIMITS))
