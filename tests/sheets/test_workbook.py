"""Rows of a workbook, as whoever made it sees them."""

from __future__ import annotations

import dataclasses
import zipfile
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sheets.workbooks import SHEET, raw, replaced, workbook_of
from webapp.sheets.archive import LONGEST_TAG, PIECE, Archive
from webapp.sheets.limits import Limits, NoSheet
from webapp.sheets.reading import rows_of

LIMITS = Limits(
    largest_file=1024 * 1024,
    largest_part=4 * 1024 * 1024,
    largest_content=8 * 1024 * 1024,
    most_rows=1_000,
    most_row_marks=5_000,
    most_columns=5,
    most_cells=10_000,
    most_marks=1_000,
)
WORDS = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), max_size=12)


def rows(content: bytes, **limits: Any) -> list[tuple[int, list[str]]]:
    """Without the empty cells at the end."""
    found = rows_of(content, dataclasses.replace(LIMITS, **limits))
    return [(number, list(_trimmed(cells))) for number, cells in found]


def _trimmed(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells = cells[:-1]
    return cells


def refused(content: bytes, **limits: Any) -> str:
    with pytest.raises(NoSheet) as told:
        rows(content, **limits)
    return told.value.code


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.one_of(WORDS, st.integers(-9, 10**14), st.none(), st.booleans()), max_size=5), max_size=8))
def test_it_reads_what_openpyxl_wrote(table: list[list[Any]]) -> None:
    def shown(value: Any) -> str:
        return (
            str(value).upper() if isinstance(value, bool) else " ".join(str(value).split()) if value is not None else ""
        )

    # What begins with '=' is a formula, which has no value until a spreadsheet has opened it.
    table = [[None if str(value).startswith("=") else value for value in row] for row in table]
    expected = [(at, _trimmed([shown(value) for value in row])) for at, row in enumerate(table, start=1)]
    expected = [(at, row) for at, row in expected if row]
    if expected:
        assert rows(workbook_of([row or [None] for row in table])) == expected
    else:
        assert refused(workbook_of(table)) == "empty"


def test_days_are_told_by_their_format_alone() -> None:
    def change(book: Any) -> None:
        book.active["B1"].number_format = '"hari" d mmm'
        book.active["C1"].number_format = '"Rp "#,##0;[Red]"sudah dibayar"'
        book.active["D1"] = datetime(2027, 3, 12, 9, 30)

    assert rows(workbook_of([[date(2027, 3, 12), 46093, 46093]], change)) == [
        (1, ["2027-03-12", "2026-03-12", "46093", "2027-03-12"])
    ]


def test_days_count_from_1904_where_the_book_says_so() -> None:
    def change(book: Any) -> None:
        book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904

    assert rows(workbook_of([[date(2027, 3, 12)]], change)) == [(1, ["2027-03-12"])]


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        *(("6281234567890", "6281234567890"), ("6281234567890.0", "6281234567890"), ("6.28123E+11", "6.28123E+11")),
        *(("0.1", "0.1"), ("0.30000000000000004", "0.3"), ("-5", "-5"), ("nan", "nan"), ("1e999", "1e999")),
    ],
)
def test_numbers_are_as_whole_as_they_are_stored(stored: str, shown: str) -> None:
    assert rows(raw(f"<row><c><v>{stored}</v></c></row>")) == [(1, [shown])]


def test_shared_words_are_put_together_without_what_stands_beside_them() -> None:
    shared = "<si><r><rPr><b/></rPr><t>Siti </t></r><r><t>Aminah</t></r><rPh><t>x</t></rPh></si><si><t/></si>"
    cells = '<c t="s"><v>0</v></c><c t="s"><v>1</v></c><c t="inlineStr"><is><t>a</t><rPh><t>x</t></rPh></is></c>'
    cells += '<c t="inlineStr"><is><rPh><t>x</t></rPh></is></c><c t="inlineStr"><is><t>b</t></is></c>'
    assert rows(raw(f"<row>{cells}</row>", shared)) == [(1, ["Siti Aminah", "", "a", "", "b"])]


def test_what_stands_below_the_rows_is_in_no_cell() -> None:
    below = "</sheetData><headerFooter><oddHeader>halaman</oddHeader></headerFooter><sheetData>"
    assert rows(raw(f"<row><c><v>1</v> </c></row> {below}")) == [(1, ["1"])]


def test_merged_cells_hold_their_words_once_and_formulas_their_last_value() -> None:
    cells = '<c r="A1"><f>1+1</f><v>2</v></c><c r="B1"><f>now()</f></c><c r="C1" t="e"><f>1/0</f><v>#DIV/0!</v></c>'
    assert rows(raw(f"<row>{cells}</row>")) == [(1, ["2", "", "#DIV/0!"])]
    merged = workbook_of([["a", "b"], ["c", "d"]], lambda book: book.active.merge_cells("A1:A2"))
    assert rows(merged) == [(1, ["a", "b"]), (2, ["", "d"])]


def test_rows_and_cells_stand_where_they_say_or_after_the_last() -> None:
    told = '<row r="3"><c r="B3"><v>1</v></c><c><v>2</v></c></row><row><c r="A4"><v>3</v></c></row>'
    assert rows(raw(told + '<row r="2"><c><v>4</v></c></row>')) == [(3, ["", "1", "2"]), (4, ["3"]), (5, ["4"])]
    odd = '<row r="x"><c r="é9"><v>1</v></c><c r="AAAA1"><v>1</v></c><c r="1"><v>1</v></c><c r="A1"><v>2</v></c></row>'
    assert rows(raw(odd)) == [(1, ["2"])]


def test_the_first_sheet_that_is_shown_is_read() -> None:
    def change(book: Any) -> None:
        book.create_sheet("dua").append(["dua"])
        book.active = 1
        book.worksheets[0].sheet_state = "hidden"

    assert rows(workbook_of([["satu"]], change)) == [(1, ["dua"])]


def test_elements_may_have_a_prefix() -> None:
    assert rows(raw('<x:row xmlns:x="a"><x:c><x:v>8</x:v></x:c></x:row>')) == [(1, ["8"])]


ROW = "<row><c><v>1</v></c></row>"
BAD = {
    "words that there are not": (raw('<row><c t="s"><v>5</v></c></row>', "<si><t>a</t></si>"), "no_workbook"),
    "words and no part of them": (raw('<row><c t="s"><v>0</v></c></row>'), "no_workbook"),
    "an unclosed row": (raw("<row><c>"), "no_workbook"),
    "packed with much memory": (raw(ROW, packed=zipfile.ZIP_LZMA), "no_workbook"),
    "too many rows": (raw(ROW * 1_001), "too_many_rows"),
    "empty rows": (raw("<row/>" * 5_001), "too_many_rows"),
    "too many cells": (raw("<row>" + "<c/>" * 10_001 + "</row>"), "too_large"),
    "other elements": (raw("<row><c>" + "<f/>" * 41_000 + "</c></row>"), "too_large"),
    "shared words": (raw(ROW, "<si/>" * 10_001), "too_large"),
    "pieces of words": (raw(ROW, "<si>" + "<t/>" * 41_000 + "</si>"), "too_large"),
    "a long part": (raw(ROW + " " * 5_000_000), "too_large"),
    "many sheets": (raw(ROW, book="<a/>" * 1_001), "too_large"),
}


@pytest.mark.parametrize("what", BAD)
def test_what_is_broken_or_too_much_is_refused(what: str) -> None:
    content, code = BAD[what]
    assert refused(content) == code


@pytest.mark.parametrize("part", [SHEET, "xl/sharedStrings.xml", "xl/workbook.xml", "_rels/.rels"])
def test_a_document_type_is_refused_wherever_it_stands(part: str) -> None:
    declared = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    good = raw(ROW, "<si><t>a</t></si>")
    assert rows(good) == [(1, ["1"])]
    assert refused(replaced(good, part, lambda xml: declared + xml)) == "no_workbook"


def test_very_long_words_are_cut_where_no_program_goes() -> None:
    [(_, [words])] = rows(raw(f'<row><c t="str"><v>{"a" * 100_000}</v></c></row>'))
    assert len(words) == 32_767


@pytest.mark.parametrize("begun", ["<row x='", "<row><!--", "<row><?a ", "<row><c><v><![CDATA[1]]></v></c><c"])
def test_a_tag_without_an_end_is_not_looked_through_again_and_again(begun: str) -> None:
    unclosed = raw(begun + " " * 3_000_000)
    archive, fed = Archive(unclosed, LIMITS), 0
    with pytest.raises(ValueError, match="tags as long"):  # noqa: PT012, what was fed is counted on the way
        for _ in archive.parsed(SHEET, lambda *_: None):
            fed += PIECE
    assert fed == LONGEST_TAG
    assert refused(unclosed) == "no_workbook"


@pytest.mark.parametrize("part", [SHEET, "xl/sharedStrings.xml", "xl/workbook.xml", "_rels/.rels"])
def test_a_huge_tag_is_refused_wherever_it_stands(part: str) -> None:
    def beginning_with(letters: int) -> bytes:
        comment = b"<!--" + b"a" * letters + b"-->"
        return replaced(raw(ROW, "<si><t>a</t></si>"), part, lambda xml: comment + xml)

    assert rows(beginning_with(LONGEST_TAG - PIECE)) == [(1, ["1"])]
    assert refused(beginning_with(LONGEST_TAG + PIECE)) == "no_workbook"


@pytest.mark.parametrize("written", ["{}", "<![CDATA[{}]]>"])
def test_letters_are_not_a_tag_however_many_they_are(written: str) -> None:
    letters = written.format("aé" * LONGEST_TAG)
    [(_, [words])] = rows(raw(f'<row><c t="str"><v>{letters}</v></c></row>'))
    assert words == ("aé" * LONGEST_TAG)[:32_767]
