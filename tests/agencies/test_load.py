"""`flask agencies`: the whole list or nothing, and every fault by its line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask

from tests.people import Cast
from webapp import clock
from webapp.agencies import acts
from webapp.agencies.model import Agency
from webapp.agencies.reading import Listed, ListFault, day_of, read
from webapp.areas.load import WIB
from webapp.db import db
from webapp.demo import load as demonstration

HEADER = "name,licence,city,status,expires_on\n"
MAJU = "PT Contoh Maju (contoh),C/1,Bekasi,licensed,2027-03-12\n"
JAYA = "PT  Contoh   Jaya,C/2,,suspended,\n"
Load = Callable[..., Result]


@pytest.fixture
def load(app: Flask, tmp_path: Path) -> Load:
    """`load(text, as_of)` runs the command on a file that holds the text."""

    def run(text: str | bytes, as_of: str = "2026-11-03", source: str = "Daftar rekaan") -> Result:
        file = tmp_path / "list.csv"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        db.session.remove()
        return app.test_cli_runner().invoke(args=["agencies", str(file), "--source", source, "--as-of", as_of])

    return run


def stored() -> dict[str, tuple[object, ...]]:
    db.session.rollback()
    db.session.expire_all()
    found = db.session.scalars(sa.select(Agency).order_by(Agency.licence))
    return {a.licence: (a.name, a.name_key, a.city, a.status, a.expires_on, a.as_of, a.source) for a in found}


def test_a_list_is_loaded_whole(load: Load) -> None:
    answer = load(HEADER + MAJU + "\n" + JAYA)
    assert answer.exit_code == 0, answer.output
    assert answer.output == "2 agencies are on the list: 2 came, 0 changed, 0 went.\n"
    about = (date(2026, 11, 3), "Daftar rekaan")
    assert stored() == {
        "C/1": (
            "PT Contoh Maju (contoh)",
            "pt contoh maju contoh",
            "Bekasi",
            "licensed",
            date(2027, 3, 12),
            *about,
        ),
        "C/2": ("PT Contoh Jaya", "pt contoh jaya", "", "suspended", None, *about),
    }


def test_a_newer_list_takes_its_place_and_ids_stay(load: Load) -> None:
    load(HEADER + MAJU + JAYA + "PT Contoh Tetap,C/3,Medan,licensed,\n")
    kept = db.session.scalar(sa.select(Agency.id).where(Agency.licence == "C/1"))
    newer = MAJU.replace("licensed", "revoked") + "PT Contoh Tetap,C/3,Medan,licensed,\nPT Baru,C/4,Solo,licensed,\n"
    answer = load(HEADER + newer, as_of="2026-11-20", source="Daftar baru")
    assert answer.output == "3 agencies are on the list: 1 came, 1 changed, 1 went.\n"
    assert {licence: row[3] for licence, row in stored().items()} == {
        "C/1": "revoked",
        "C/3": "licensed",
        "C/4": "licensed",
    }
    assert {row[-2:] for row in stored().values()} == {(date(2026, 11, 20), "Daftar baru")}
    assert db.session.scalar(sa.select(Agency.id).where(Agency.licence == "C/1")) == kept
    assert load(HEADER + newer).output == "3 agencies are on the list: 0 came, 0 changed, 0 went.\n"


def test_columns_may_stand_in_any_order_and_behind_a_mark_of_excel(load: Load) -> None:
    text = "\ufeffLicence, name,status,expires_on,city\nC/1,PT Contoh Maju (contoh),licensed,2027-03-12,Bekasi\n"
    assert load(text).exit_code == 0
    assert stored()["C/1"][0] == "PT Contoh Maju (contoh)"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "The file is empty"),
        ("nama,alamat\nPT X,1\n", "row 1: No row names the columns"),
        (HEADER, "There is no agency in it"),
        (HEADER.replace(",city", ""), "row 1, city: this column is missing"),
        (HEADER.replace("city", "nama"), "row 1, name: two columns are called so"),
        (HEADER + MAJU + ",C/9,Bekasi,licensed,\n", "row 3, name: is missing"),
        (HEADER + MAJU + "PT X,,Bekasi,licensed,\n", "row 3, licence: is missing"),
        (HEADER + MAJU + "PT X,C/9,Bekasi,,\n", "row 3, status: is missing"),
        (HEADER + MAJU + "PT X,C/9,Bekasi,tidak aktif,\n", "row 3, status: none of: berizin"),
        (HEADER + MAJU + "PT X,C/9,Bekasi,licensed,31-13-2027\n", "row 3, valid until: no day"),
        (HEADER + MAJU + "PT X,C/9,Bekasi,licensed,2027-02-30\n", "row 3, valid until: no day"),
        (HEADER + MAJU + "PT X,C/9,Bekasi,licensed,12/03/27\n", "row 3, valid until: no day"),
        (HEADER + MAJU + "PT X,C/9,Bekasi,licensed,12 Mars 2027\n", "row 3, valid until: no day"),
        (HEADER + MAJU + "???,C/9,Bekasi,licensed,\n", "row 3, name: has no letter that can be searched for"),
        (HEADER + MAJU + "PT\u202eX,C/9,Bekasi,licensed,\n", "row 3, name: holds what is no letter"),
        (HEADER + MAJU + f"PT {'x' * 200},C/9,Bekasi,licensed,\n", "row 3, name: has more than 160 letters"),
        (HEADER + MAJU + "=A1,C/9,Bekasi,licensed,\n", "row 3, name: a formula without a value"),
        (HEADER + MAJU + "PT X,C/9,Bekasi,#REF!,\n", "row 3, status: a formula without a value"),
        (HEADER + MAJU + MAJU, "row 3, licence: stands in row 2 already"),
        (HEADER + MAJU + "PT X,C/9\n", "row 3: it has more or fewer cells"),
        (HEADER + MAJU + "Maju, PT,C/9,Bekasi,licensed,2027-03-12\n", "row 3: it has more or fewer cells"),
        (HEADER + MAJU + '"PT X,C/9,Bekasi,licensed,\n', "This is no CSV"),
        (HEADER + MAJU + "PT X\x00,C/9,Bekasi,licensed,\n", "row 3, name: holds what is no letter"),
        ((HEADER + "PT Élok,C/9,Bekasi,licensed,\n").encode("cp1252"), "choose 'Save as' and 'CSV UTF-8'"),
        (HEADER + 5001 * "PT X,C/9,Bekasi,licensed,\n", "At most 5000 rows are taken"),
        (HEADER.strip() + 30 * ",x" + "\n" + MAJU, "At most 30 columns are taken"),
    ],
)
def test_a_list_with_a_fault_leaves_the_old_one(load: Load, text: str | bytes, said: str) -> None:
    assert load(HEADER + JAYA).exit_code == 0
    before = stored()
    answer = load(text)
    assert answer.exit_code == 1
    assert "list.csv was not loaded, the list is what it was" in answer.output
    assert said in answer.output
    assert stored() == before


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(ListFault) as told:
        read((HEADER + ",C/1,,licensed,\n" + JAYA + "PT Y,C/3,,?,2027\n").encode())
    assert [(fault.row, fault.column) for fault in told.value.faults] == [
        (2, "name"),
        (4, "status"),
        (4, "expires_on"),
    ]


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("2027-03-12", date(2027, 3, 12)),
        ("2027-03-12 00:00:00", date(2027, 3, 12)),
        ("12/03/2027", date(2027, 3, 12)),
        ("1-2-2027", date(2027, 2, 1)),
        ("12 Maret 2027", date(2027, 3, 12)),
        ("12 mar 2027", date(2027, 3, 12)),
        ("5 Agustus 2028", date(2028, 8, 5)),
        ("31 Des 2028", date(2028, 12, 31)),
        ("31 December 2028", date(2028, 12, 31)),
        ("", None),
    ],
)
def test_days_are_read_as_people_write_them(words: str, day: date | None) -> None:
    assert day_of(words) == day


@pytest.mark.parametrize(
    "words", ["03/13/2027", "46093", "2027", "12 Foo 2027", "0027-01-01", "2027-13-01", "٣/٣/2027"]
)
def test_what_is_no_day_is_refused(words: str) -> None:
    with pytest.raises(ValueError, match=r"day|year|month"):
        day_of(words)


def test_a_list_in_indonesian_with_semicolons_a_title_and_other_columns() -> None:
    text = (
        "Daftar P3MI, KP2MI;;;;;\n;;;;;\nNo;Nama Perusahaan;Nomor SIP3MI;Kota;Status;Berlaku s/d;Alamat\n"
        "1;PT Contoh, Maju;C/1;Bekasi;BERIZIN;12/03/2027;Jl. Mawar\n2;PT Jaya;C/2;;Kedaluwarsa;;\n"
    )
    reading = read(text.encode())
    assert reading.ignored == ["No", "Alamat"]
    assert reading.listed == [
        Listed("PT Contoh, Maju", "C/1", "Bekasi", "licensed", date(2027, 3, 12)),
        Listed("PT Jaya", "C/2", "", "expired", None),
    ]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "wrong", [{"as_of": "tomorrow"}, {"as_of": "3 Nov 2026"}, {"source": " "}, {"source": "x" * 201}]
)
def test_source_and_day_must_fit(load: Load, wrong: dict[str, str]) -> None:
    tomorrow = clock.day_of(clock.now(), WIB) + timedelta(days=1)
    answer = load(HEADER + MAJU, **{name: value.replace("tomorrow", str(tomorrow)) for name, value in wrong.items()})
    assert answer.exit_code == 2
    assert stored() == {}


def test_a_list_that_breaks_half_way_is_not_stored(load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    load(HEADER + JAYA)
    before, told = stored(), []

    def tell(agency: Agency, *others: object) -> None:
        told.append(agency)
        if len(told) == 2:
            raise RuntimeError("the machine stops")
        keep(agency, *others)  # type: ignore[arg-type]  # passed on as they came

    keep = acts._tell
    monkeypatch.setattr(acts, "_tell", tell)
    assert load(HEADER + MAJU + "PT X,C/9,Bekasi,licensed,\n").exit_code == 1
    assert len(told) == 2
    assert stored() == before


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_demonstration_has_a_list_of_invented_agencies(app: Flask, cast: Cast) -> None:
    demonstration.load_agencies(clock.now())
    db.session.commit()
    rows = stored().values()
    assert len(rows) == 12
    assert all("contoh" in str(row[0]) and "rekaan" in str(row[-1]) for row in rows)
    assert {row[3] for row in rows} == {"licensed", "suspended", "revoked", "expired"}


def test_a_licence_in_other_letters_is_the_same(load: Load) -> None:
    with pytest.raises(ListFault) as told:
        read((HEADER + MAJU + "PT Contoh Lain,c/1,,licensed,\n").encode())
    assert [(fault.code, fault.row, fault.value) for fault in told.value.faults] == [("licence_twice", 3, "2")]
    load(HEADER + MAJU)
    before = db.session.scalars(sa.select(Agency.id)).all()
    load(HEADER + MAJU.replace("C/1", "c/1"), as_of="2026-11-04")
    assert db.session.scalars(sa.select(Agency.id)).all() == before
    assert db.session.scalars(sa.select(Agency.licence)).all() == ["c/1"]


def test_what_an_older_list_held_twice_in_other_letters_becomes_one(app: Flask) -> None:
    row = {"name": "PT X", "name_key": "pt x", "status": "licensed", "source": "x", "as_of": date(2026, 1, 1)}
    db.session.add_all([Agency(licence=licence, **row) for licence in ("KEP 1", "kep 1")])
    db.session.commit()
    acts.replace([Listed("PT X", "KEP 1", "", "revoked", None)], "x", date(2026, 11, 1))
    db.session.commit()
    assert db.session.execute(sa.select(Agency.licence, Agency.status)).tuples().all() == [("KEP 1", "revoked")]
