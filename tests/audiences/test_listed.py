"""Recipients out of rows, and problems by row and column."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sheets.workbooks import raw, workbook_of
from webapp.audiences.cells import BadCell, holds_secret, number_in
from webapp.audiences.columns import Column, Columns, LeftOut
from webapp.audiences.listed import LIMITS, MOST_ROWS, MOST_SHOWN, Problem, of_rows, read
from webapp.sheets.limits import NoSheet

SITI = "+6281234567890"
ONLY_NUMBERS = Columns(1, Column(0, "hp"), None, None, None, (), ())


def csv_of(*lines: str) -> bytes:
    return "\n".join(lines).encode()


@pytest.mark.parametrize(
    "cell",
    [
        *("0812-3456-7890", "+62 812-3456-7890", "6281234567890", "81234567890", "81234567890.0", " 081234567890 "),
        *("8.123456789E10", "6.28123456789E+12", "6,28123456789e12", "0812.3456.7890"),
    ],
)
def test_every_spelling_of_a_spreadsheet_is_one_number(cell: str) -> None:
    assert number_in(cell) == SITI


@pytest.mark.parametrize("cell", ["081200000000", "+62 812 0000 0000"])
def test_zeros_that_somebody_wrote_are_digits(cell: str) -> None:
    assert number_in(cell) == "+6281200000000"


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("", "no_number"),
        ("6.28E+12", "digits_lost"),
        ("6.28123E+11", "digits_lost"),
        ("6,28123E+12", "digits_lost"),
        ("6281230000000", "digits_lost"),
        ("81234600000", "digits_lost"),
        ("8.1234567890123456E10", "digits_lost"),
        ("081234567890 / 081234567891", "several"),
        ("081234567890 atau 081234567891", "several"),
        ("0215550123", "landline"),
        ("0812", "too_short"),
        ("12345", "not_a_number"),
        ("08123456789012345", "too_long"),
        ("belum ada", "not_a_number"),
        ("2026-11-27", "not_a_number"),
        ("=A2&B2", "formula"),
        ("#REF!", "formula"),
        ("0" * 30_000, "not_a_number"),
        ("TRUE", "not_a_number"),
    ],
)
def test_what_is_no_mobile_number_says_why(cell: str, code: str) -> None:
    with pytest.raises(BadCell) as bad:
        number_in(cell)
    assert bad.value.code == code


def test_a_repeated_row_names_the_first_one() -> None:
    found = read(csv_of("Nama,No HP", "Siti,081234567890", "", "Ani,+6281234567890"))
    assert [(one.row, one.number, one.name) for one in found.recipients] == [(2, SITI, "Siti")]
    assert found.repeated.shown == [Problem(4, "No HP", "repeated", 2)]
    assert found.total == 2


def test_a_row_too_short_has_no_number() -> None:
    assert read(csv_of("Nama,No HP", "Siti", "Udin,081234567890")).problems.shown == [Problem(2, "No HP", "no_number")]


def test_what_stands_beside_the_number_keeps_no_row_out() -> None:
    header = "HP,Nama,Bahasa,Kode Desa,Tempat"
    found = read(
        csv_of(
            header,
            "081200000001,Siti,Basa Jawa,3301062010,Balai",
            "081200000002,12,Klingon,Bajing,=A1",
            "081200000003," + "a" * 101 + ",,,",
            "081200000004,\u200eUdin,su,33.01.06.2010,\u202aAula",
        )
    )
    assert [one[2:] for one in found.recipients] == [
        ("Siti", "jv", "33.01.06.2010", ("Balai",)),
        ("", "id", "", ("",)),
        ("", "id", "", ("",)),
        ("Udin", "su", "33.01.06.2010", ("Aula",)),
    ]
    assert found.notes.shown == [
        Problem(3, "Nama", "no_name"),
        Problem(3, "Bahasa", "no_language"),
        Problem(3, "Kode Desa", "no_village"),
        Problem(3, "Tempat", "formula"),
        Problem(4, "Nama", "name_too_long"),
    ]


@pytest.mark.parametrize(
    "cell",
    [
        *("3301220405900001", "3301 2204 0590 0001", "3301.2204.0590.0001", "'3301220405900001", "330122 040590 0001"),
        *("33-01-22-040590-0001", "3301/2204/0590/0001", "3,301,220,405,900,001", "3.3012204059E+15"),
        *("NIK:3301220405900001", "3301220405900001 (Wati)", "3301220405900001 / 081234567890"),
        *("3301 2204 0590 0001 081234567890", "3301220405900001, 4 Mei 1990", "3301220405900001 04-05-1990"),
        *("3301\u200b2204\u200b0590\u200b0001", "4111 1111 1111 1111", "3782 822463 10005", "5019717010103742000"),
        *("BRI 003401012345506", "1370012345678", "C1234567", "c 1234567", "Paspor X-1234567", "No.A7654321"),
    ],
)
def test_a_secret_number_is_not_kept_however_it_is_written(cell: str) -> None:
    assert holds_secret(cell)
    found = read(csv_of("HP,Nama,Catatan", f'081200000001,"{cell}","{cell}"', "081200000002,Udin,ya"))
    assert [(one.name, one.values) for one in found.recipients] == [("", ()), ("Udin", ())]
    assert found.columns.left_out == (LeftOut("Catatan", "private", 2),)
    assert found.notes.shown == [Problem(2, "Nama", "no_name")]


@pytest.mark.parametrize(
    "cell",
    [
        *("081234567890", "+62 812-3456-7890", "62 8123 4567 8901", "+62 (21) 5550-1234", "00966 51 234 5678"),
        *("081234567890 / 081234567891", "081234567890, 081234567891", "081234567890 081234567891", "6.28123E+12"),
        *("28-11-2026 08.00-12.00", "2026-11-28 08:00:00", "28/11/2026, 08:00 – 10:00", "28.11.2026 jam 8.00 - 10.00"),
        *("Jl. Merdeka 12 RT 001 RW 002 Kode Pos 53274 Cilacap 2", "83.3333333333333", "Rp 1.500.000.000"),
        *("B 1234 XYZ", "KA123456789", "C12345678", "Blok C 12", "AB1234567", "Balai Desa"),
    ],
)
def test_phone_numbers_days_and_places_are_no_secret(cell: str) -> None:
    assert not holds_secret(cell)
    assert read(csv_of("HP,Catatan", f'081200000001,"{cell}"')).recipients[0].values == (cell,)


@given(st.text("0123456789 .,-/:eExC'", max_size=60))
def test_whatever_is_looked_at_is_a_secret_or_none(cell: str) -> None:
    assert holds_secret(f"{cell}x3301 2204 0590 0001")
    assert not holds_secret("".join(char for char in cell if not char.isdecimal()))


def test_a_column_that_cannot_be_merged_is_left_out_in_every_row() -> None:
    rows = ["081200000001,Aula,Balai,x", f"081200000002,{'a' * 61},Balai,3301065705940001", "081200000003,b,c,d"]
    found = read(csv_of("HP,Alamat,Tempat,Nomor kartu", *rows))
    assert [one.values for one in found.recipients] == [("Balai",), ("Balai",), ("c",)]
    assert found.columns.left_out == (LeftOut("Alamat", "too_long", 3), LeftOut("Nomor kartu", "private", 3))


def test_all_problems_are_counted_and_the_first_are_kept() -> None:
    found = of_rows(((row, [""]) for row in range(1, MOST_SHOWN + 11)), ONLY_NUMBERS)
    assert len(found.problems.shown) == MOST_SHOWN
    assert found.problems.counts["no_number"] == len(found.problems) == MOST_SHOWN + 10


def test_half_a_list_is_not_taken() -> None:
    rows = iter([(1, ["081234567890"]), (2, ["081234567891"]), (3, ["081234567892"]), (4, ["x"])])
    with pytest.raises(NoSheet) as none:
        of_rows(rows, ONLY_NUMBERS, most=2)
    assert (none.value.code, none.value.row) == ("too_many_rows", 3)
    assert next(rows) == (4, ["x"])


CELLS = st.sampled_from(["", "081234567890", "+6281234567890", "0812345678901", "x", "021555", "6.2E+9"])


@given(st.lists(CELLS, max_size=30))
def test_every_row_is_one_of_three(cells: list[str]) -> None:
    found = of_rows(enumerate(([cell] for cell in cells), start=2), ONLY_NUMBERS)
    told = [problem.row for problem in (*found.problems.shown, *found.repeated.shown)]
    assert sorted([*told, *(one.row for one in found.recipients)]) == list(range(2, len(cells) + 2))
    assert len({one.number for one in found.recipients}) == len(found.recipients)
    assert found.total == len(cells)


def numbers(count: int) -> bytes:
    return csv_of("No HP,Nama,Bahasa,Tempat", *(f"08120{n:07},Siti {n},jv,Balai {n % 90}" for n in range(count)))


def nothing_of(content: bytes) -> str:
    with pytest.raises(NoSheet) as none:
        read(content)
    return none.value.code


def zip_bomb() -> bytes:
    content = io.BytesIO(raw("<row/>"))
    with zipfile.ZipFile(content, "a", zipfile.ZIP_DEFLATED) as target:
        target.writestr("xl/media/a", bytes(LIMITS.largest_content))
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"No HP,Nama\n", "no_rows"),
        (workbook_of([["No HP", "Nama"]]), "no_rows"),
        (numbers(MOST_ROWS + 1), "too_many_rows"),
        (b"08123456789\n" * 1_700_000, "too_large"),
        (bytes(range(256)) * 1000, "not_text"),
        (b"%PDF-1.4\n1 0 obj\n", "no_number_column"),
        (b"HP\n08123\x00\n", "not_text"),
        (zip_bomb(), "too_large"),
        (b"PK\x03\x04" + bytes(500), "no_workbook"),
    ],
    ids=["empty", "header", "header XLSX", "100,001 rows", "20 MB", "binary", "PDF", "NUL", "bomb", "zip"],
)
def test_nothing_can_be_made_of_it(content: bytes, code: str) -> None:
    assert nothing_of(content) == code


def test_a_workbook_with_everything_that_spreadsheets_do_to_numbers() -> None:
    found = read(
        workbook_of(
            [
                ["Peserta", None],
                ["Nama", "No HP"],
                ["Siti", 6281234567890.0],
                ["Ani", 6.28123e11],
                ["Udin", date(2026, 11, 27)],
                ["Budi", "=B3"],
                ["Tuti", "0813 0000 0001"],
                ["Tono", None],
            ],
            lambda book: (book.active.merge_cells("A1:B1"), book.active.merge_cells("B7:B8")),
        )
    )
    assert [(one.row, one.name) for one in found.recipients] == [(3, "Siti"), (7, "Tuti")]
    assert [(one.row, one.code) for one in found.problems.shown] == [
        (4, "digits_lost"),
        (5, "not_a_number"),
        (6, "no_number"),
        (8, "no_number"),
    ]


def test_a_hundred_thousand_rows_need_little_memory() -> None:
    content = numbers(MOST_ROWS)
    assert len(content) < LIMITS.largest_file
    tracemalloc.start()
    found = read(content)
    kept, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(found.recipients) == found.total == MOST_ROWS
    # What is kept is the recipients; beside them there are the letters once, while they are looked through.
    assert most < kept + 2 * len(content)


def test_long_words_that_all_rows_share_are_not_looked_through_each_time() -> None:
    shared = f"<si><t>{'0812-3456 ' * 3_000}</t></si>"
    rows = '<row><c t="str"><v>HP</v></c></row>' + '<row><c t="s"><v>0</v></c></row>' * 20_000
    found = read(raw(rows, shared))
    assert found.problems.counts == {"not_a_number": 20_000}


def test_the_limits_let_a_full_list_through() -> None:
    assert LIMITS.most_cells >= 10 * MOST_ROWS
