"""The columns of a list are known by their names, or by what they hold."""

from __future__ import annotations

import pytest

from webapp.audiences.columns import MOST_VALUES, RESERVED, Columns, LeftOut, find, letter, number_columns
from webapp.broadcasts import merging
from webapp.sheets.limits import NoSheet, Row

SITI, UDIN = "081234567890", "+62 813-0000-0001"


def found(*table: list[str]) -> tuple[int, Columns]:
    rows: list[Row] = list(enumerate(table, start=1))
    return find(rows, 30)


@pytest.mark.parametrize("name", ["Nomor", "No. HP", "no hp", "HP", "Telepon", "Phone number", "WA", "No_WhatsApp"])
def test_names_in_both_languages(name: str) -> None:
    assert number_columns(["No", "Nama", name]) == [2]


@pytest.mark.parametrize("header", [[], ["No", "Nama"], ["Nomor KTP", "Shape"]])
def test_other_numbers_are_not_taken(header: list[str]) -> None:
    assert number_columns(header) == []


def test_the_mobile_number_comes_before_the_office() -> None:
    assert number_columns(["Telepon kantor", "No HP"]) == [1, 0]


def test_what_a_column_holds_counts_more_than_its_name() -> None:
    _, columns = found(["Nama", "Punya WA", "Kontak"], ["Siti", "ya", SITI], ["Udin", "tidak", UDIN])
    assert (columns.number.at, columns.number.title) == (2, "Kontak")
    assert [column.key for column in columns.values] == ["punya_wa"]


def test_without_names_the_letters_of_the_spreadsheet_are_names() -> None:
    above, columns = found(["Siti", SITI], ["Udin", UDIN])
    assert (above, columns.header_row, columns.number.title) == (0, None, "B")
    assert [(column.key, column.title) for column in columns.values] == [("a", "A")]


def test_a_title_above_the_names_is_passed_over() -> None:
    above, columns = found(["Daftar nomor telepon per 27-11-2026"], ["Nama", "No HP"], ["Siti", SITI])
    assert (above, columns.header_row, columns.number.at) == (2, 2, 1)
    assert columns.name is not None


def test_bad_numbers_in_the_first_rows_do_not_hide_the_names() -> None:
    above, columns = found(["Nama", "HP"], ["Siti", ""], ["Udin", "belum ada"], ["Ani", "6,28E+12"])
    assert (above, columns.number.at) == (1, 1)


def test_no_column_of_numbers() -> None:
    with pytest.raises(NoSheet) as none:
        found(["Nama", "NIK"], ["Siti", "3301065705940001"])
    assert none.value.code == "no_number_column"


def test_ours_are_known_and_the_others_can_be_merged() -> None:
    header = ["No. HP", "Nama", "Bahasa", "Kode Desa", "Desa", "Tempat Acara", "tempat acara", ""]
    _, columns = found(header, [SITI, "Siti", "jawa", "33.01.06.2010", "Bajing", "Balai", "", "x"])
    ours = (columns.name, columns.language, columns.village)
    assert [column.at for column in ours if column] == [1, 2, 3]
    assert [column.key for column in columns.values] == ["desa_2", "tempat_acara", "tempat_acara_2", "h"]


def test_what_a_text_merges_of_its_own_is_no_column() -> None:
    header = ["HP", "Desa", "N", "hp", "Desa", "Kota"]
    _, columns = found(header, [SITI, "Bajing", "3", UDIN, "Kroya", "Cilacap"])
    assert [column.key for column in columns.values] == ["desa_2", "n_2", "hp_2", "desa_3", "kota"]
    assert merging.LONGEST.keys() == RESERVED


def test_no_two_columns_have_one_key() -> None:
    header = ["HP", "Tempat", "Tempat 2", "Tempat", "Desa 2", "Desa"]
    _, columns = found(header, [SITI, *"abcde"])
    assert [column.key for column in columns.values] == ["tempat", "tempat_2", "tempat_3", "desa_2", "desa_3"]


def test_secret_numbers_are_not_kept() -> None:
    _, columns = found(["HP", "NIK", "No Rekening", "Kota"], [SITI, "1", "2", "Cilacap"])
    assert [column.title for column in columns.values] == ["Kota"]
    assert columns.left_out == (LeftOut("NIK", "private"), LeftOut("No Rekening", "private"))


@pytest.mark.parametrize(
    "title",
    [
        *("No Induk Kependudukan", "No. Identitas", "Nomor KK", "no_kk", "No.KTP/NIK", "e-KTP", "EKTP", "NoKTP"),
        *("No Paspor", "Passport number", "No. Rek", "Norek BRI", "Identity number"),
    ],
)
def test_a_column_is_secret_whatever_it_is_called(title: str) -> None:
    _, columns = found(["HP", title], [SITI, "1"])
    assert columns.left_out == (LeftOut(title, "private"),)


def test_so_many_others_are_kept() -> None:
    titles = [f"Kolom {n}" for n in range(MOST_VALUES + 1)]
    _, columns = found(["HP", *titles], [SITI, *titles])
    assert len(columns.values) == MOST_VALUES
    assert columns.left_out == (LeftOut(titles[-1], "too_many"),)


def test_letters_go_on_after_z() -> None:
    assert [letter(at) for at in (0, 25, 26, 27, 701)] == ["A", "Z", "AA", "AB", "ZZ"]
