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
from webapp.agencies.reading import ListFault, read
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
        ("", "line 1: the columns must be name, licence, city, status, expires_on"),
        ("nama,izin\nPT X,1\n", "line 1: the columns must be"),
        (HEADER, "there is no agency in it"),
        (HEADER + MAJU + ",C/9,Bekasi,licensed,\n", "line 3: name is missing"),
        (HEADER + MAJU + "PT X,,Bekasi,licensed,\n", "line 3: licence is missing"),
        (HEADER + MAJU + "PT X,C/9,Bekasi,,\n", "line 3: status is missing"),
        (HEADER + MAJU + "PT X,C/9,Bekasi,berizin,\n", "line 3: status 'berizin' is none of licensed, suspended"),
        (HEADER + MAJU + "PT X,C/9,Bekasi,licensed,31-12-2027\n", "line 3: expires_on '31-12-2027' is no day"),
        (HEADER + MAJU + "PT X,C/9,Bekasi,licensed,2027-02-30\n", "line 3: expires_on '2027-02-30' is no day"),
        (HEADER + MAJU + "???,C/9,Bekasi,licensed,\n", "line 3: name has no letter that can be searched for"),
        (HEADER + MAJU + "PT\u202eX,C/9,Bekasi,licensed,\n", "line 3: name holds what is no letter"),
        (HEADER + MAJU + f"PT {'x' * 200},C/9,Bekasi,licensed,\n", "line 3: name has more than 160 letters"),
        (HEADER + MAJU + MAJU, "line 3: licence C/1 stands in line 2 already"),
        (HEADER + MAJU + "PT X,C/9\n", "line 3: 2 columns instead of 5"),
        (HEADER + MAJU + '"PT X,C/9,Bekasi,licensed,\n', "line 3: "),
        (HEADER + MAJU + "PT X\x00,C/9,Bekasi,licensed,\n", "line 3: "),
        ((HEADER + "PT Élok,C/9,Bekasi,licensed,\n").encode("latin-1"), "it is not UTF-8 text"),
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
        read((HEADER + ",C/1,,licensed,\n" + JAYA + "PT Y,C/3,,?,2027\n").splitlines(keepends=True))
    assert [fault.split(": ")[0] for fault in told.value.faults] == ["line 2", "line 4", "line 4"]


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
        keep(agency, *others)  # type: ignore[arg-type]

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
