"""Files that are no list, or an odd one: each is told in words, none breaks anything."""

from __future__ import annotations

import dataclasses
import io
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.agencies.workbooks import HEADER, ROWS, csv_of, workbook_of
from tests.conftest import Login
from tests.people import Cast
from webapp.agencies import sheet
from webapp.agencies.import_words import FAULTS, sentence
from webapp.agencies.reading import Fault, ListFault, read

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500
Change = Callable[[Any], None]


def faults_of(content: bytes) -> list[tuple[str, int | None, str]]:
    with pytest.raises(ListFault) as told:
        read(content)
    return [(fault.code, fault.row, fault.column) for fault in told.value.faults]


def archive(**files: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as target:
        for name, inside in files.items():
            target.writestr(name, inside)
    return content.getvalue()


def replaced(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The same workbook with another content of one file inside."""
    source = zipfile.ZipFile(io.BytesIO(content))
    files = {one.filename: source.read(one) for one in source.infolist()}
    files[name] = change(files[name])
    return archive(**files)


def test_a_workbook_is_read_as_its_cells_say() -> None:
    def change(target: Any) -> None:
        target.insert_rows(1, 2)
        target["A1"] = "DAFTAR P3MI"
        target.merge_cells("A1:E1")
        target["E4"] = datetime(2027, 3, 12)
        target["F3"] = "Catatan"

    assert read(workbook_of(ROWS, change)).listed == read(csv_of(ROWS)).listed
    assert read(workbook_of(ROWS, change)).ignored == ["Catatan"]
    assert read(workbook_of(ROWS)).listed[2].licence == "103"


def _merge(target: Any) -> None:
    target.merge_cells("D2:D3")


def _formula(target: Any) -> None:
    target["D2"] = '=IF(1,"berizin","dicabut")'


def _failed(target: Any) -> None:
    target["A2"] = "#REF!"


def _beside(target: Any) -> None:
    target["H3"] = "lihat surat"


def _far(target: Any) -> None:
    target["AE1"] = "lagi"


def _day(target: Any) -> None:
    target["E2"] = 46093
    target["E2"].number_format = "General"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (_merge, ("missing", 3, "status")),
        (_formula, ("missing", 2, "status")),
        (_failed, ("formula", 2, "name")),
        (_beside, ("other_width", 3, "")),
        (_far, ("too_many_columns", 1, "")),
        (_day, ("no_day", 2, "expires_on")),
    ],
)
def test_cells_that_say_nothing_are_named(change: Change, expected: tuple[str, int, str]) -> None:
    assert faults_of(workbook_of(ROWS, change)) == [expected]


def test_a_formula_counts_by_the_value_that_it_had() -> None:
    def calculated(xml: bytes) -> bytes:
        return xml.replace(b"<f>1+1</f><v />", b"<f>1+1</f><v>77</v>").replace(
            b"<f>1+1</f><v></v>", b"<f>1+1</f><v>77</v>"
        )

    content = workbook_of(ROWS, lambda target: target.__setitem__("B2", "=1+1"))
    assert read(replaced(content, "xl/worksheets/sheet1.xml", calculated)).listed[0].licence == "77"


NO_LISTS = {
    "nothing": (b"", "empty"),
    "blank lines": (b"\n ; ;\n;;\n", "empty"),
    "a password": (OLE, "locked"),
    "a zip of something else": (archive(**{"photo.jpg": b"\xff\xd8"}), "no_workbook"),
    "half a workbook": (workbook_of(ROWS)[:900], "no_workbook"),
    "a workbook without its sheet": (
        replaced(workbook_of(ROWS), "xl/worksheets/sheet1.xml", lambda _: b""),
        "no_workbook",
    ),
    "broken XML": (replaced(workbook_of(ROWS), "xl/worksheets/sheet1.xml", lambda xml: xml[:300]), "no_workbook"),
    "a bomb": (replaced(workbook_of(ROWS), "xl/worksheets/sheet1.xml", lambda _: b" " * 40_000_000), "too_large"),
    "very many files": (archive(**{f"{n}.xml": b"" for n in range(501)}), "too_large"),
    "a picture": (b"\x89PNG\r\n\x1a\n\xff", "not_utf8"),
    "Windows-1252": (csv_of(ROWS).decode().encode("cp1252"), "not_utf8"),
    "UTF-16": (csv_of(ROWS).decode().encode("utf-16"), "not_utf8"),
    "PDF": (b"%PDF-1.4\n1 0 obj\n", "no_header"),
    "markup": (b"<html><table><tr><td>nama</td></tr></table></html>", "no_header"),
    "no rows": (csv_of([]), "no_agency"),
    "a cell without end": (b'"' + b"x" * 200_000, "broken"),
}


@pytest.mark.parametrize("what", NO_LISTS)
def test_what_is_no_list_is_told_in_words(what: str) -> None:
    content, code = NO_LISTS[what]
    assert [found for found, _, _ in faults_of(content)] == [code]


def test_an_empty_sheet_is_empty() -> None:
    assert faults_of(workbook_of([], lambda target: target.delete_rows(1))) == [("empty", None, "")]


def test_entities_that_grow_are_not_unfolded() -> None:
    grows = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 20}">' for n in range(1, 9))
    head = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "berizin">{grows}]>'.encode()
    bomb = replaced(workbook_of(ROWS), "xl/worksheets/sheet1.xml", lambda xml: head + xml.replace(b"Berizin", b"&e8;"))
    assert [code for code, _, _ in faults_of(bomb)] == ["no_workbook"]


def test_rows_far_below_are_not_waited_for() -> None:
    """A cell in the last row that a sheet can have, and one in its last column."""
    content = workbook_of(ROWS, lambda target: target.cell(1_048_576, 16_384, "x"))
    assert len(read(content).listed) == 3


NS = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
SHEET, STYLES, RELATED = "xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels"
WORDS = b'<Relationship Type="x/sharedStrings" Target="sharedStrings.xml" Id="rId99"/>'


def repeated(around: bytes, mark: bytes, times: int) -> bytes:
    """'<a><b>' and '<c/>' → '<a …><b><c/><c/>…</b></a>'."""
    names = [name.strip(b"<>") for name in around.split(b"><")]
    opened = b"<%s %s>" % (names[0], NS) + b"".join(b"<%s>" % name for name in names[1:])
    return opened + mark * times + b"".join(b"</%s>" % name for name in reversed(names))


BOMBS = {
    "millions of styles": (STYLES, repeated(b"<styleSheet><cellXfs>", b"<xf/>", 1_600_000), "too_large"),
    "a part of many megabytes": (STYLES, repeated(b"<styleSheet><cellXfs>", b"<xf/>", 4_000_000), "too_large"),
    "empty rows": (SHEET, repeated(b"<worksheet><sheetData>", b"<row/>", 1_300_000), "too_many_rows"),
    "one very long row": (SHEET, repeated(b"<worksheet><sheetData><row>", b"<c><v>1</v></c>", 500_000), "too_large"),
    "empty words": ("xl/sharedStrings.xml", repeated(b"<sst>", b"<si/>", 1_600_000), "too_large"),
    "styles in disguise": (STYLES, repeated(b"<worksheet><cellXfs>", b"<xf/>", 1_600_000), "too_large"),
}


@pytest.mark.parametrize("what", BOMBS)
def test_a_small_file_that_unpacks_to_millions_is_refused_at_once(what: str) -> None:
    name, part, code = BOMBS[what]
    source = zipfile.ZipFile(io.BytesIO(workbook_of(ROWS)))
    parts = {one.filename: source.read(one) for one in source.infolist()}
    parts[RELATED] = parts[RELATED].replace(b"</Relationships>", WORDS + b"</Relationships>")
    content = archive(**parts | {name: part})
    assert len(content) < sheet.LIMITS.largest_file
    begun = time.thread_time()
    assert [found for found, _, _ in faults_of(content)] == [code]
    assert time.thread_time() - begun < 1
    tracemalloc.start()
    faults_of(content)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 5_000_000


def test_ten_times_a_real_list_is_small_enough_and_its_days_are_read() -> None:
    """600 agencies with 20 columns, more of which say nothing to us than do."""
    more = [f"Catatan {n}" for n in range(15)]
    rows = [["PT Contoh Maju", f"C/{n}", "Bekasi", "Berizin", ROWS[0][4], *more] for n in range(600)]

    def name_them(target: Any) -> None:
        for place, words in enumerate(more, start=6):
            target.cell(1, place, words)

    found = read(workbook_of(rows, name_them))
    assert (len(found.listed), found.listed[599].expires_on) == (600, ROWS[0][4])
    assert sheet.LIMITS.most_cells >= 10 * 601 * 20


def test_rows_are_counted_in_both_kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet, "LIMITS", dataclasses.replace(sheet.LIMITS, most_rows=2))
    for content in (csv_of(ROWS), workbook_of(ROWS)):
        assert faults_of(content) == [("too_many_rows", None, "")]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_fault_has_words(app: Flask) -> None:
    codes = [*FAULTS, "too_long", "licence_twice"]
    with app.test_request_context("/"):
        told = {sentence(Fault(code, 3, "name", "7")) for code in codes}
    assert len(told) == len(codes)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("what", NO_LISTS)
def test_the_page_tells_it_and_stays_well(client: FlaskClient, cast: Cast, login: Login, what: str) -> None:
    cast.administrator.language = "en"
    login(client, cast.administrator)
    data = {"source": "x", "as_of": "2026-11-03", "file": (io.BytesIO(NO_LISTS[what][0]), "daftar.xlsx")}
    answer = client.post("/agency-imports", data=data)
    assert answer.status_code == 422
    # An empty file is taken for none by some browsers and told as such.
    assert "What is wrong with the file" in answer.text or "Choose the file" in answer.text


def test_names_of_columns_are_known_in_both_languages() -> None:
    english = [["name", "license", "city", "status", "expires_on"], ["PT X", "C/1", "Solo", "suspended", "1 Jan 2027"]]
    lines = "\n".join(",".join(row) for row in english)
    assert read(lines.encode()).listed[0].status == "suspended"
    assert (
        read(lines.replace("name,license", "licence,name").replace("PT X,C/1", "C/1,PT X").encode()).listed[0].name
        == "PT X"
    )
    assert len(HEADER) == 5
