"""The official tree, from the real files where set-up has fetched them and from small ones everywhere."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from webapp.areas import load
from webapp.areas.model import Area
from webapp.areas.names import fold
from webapp.db import db

pytestmark = pytest.mark.own_database

SMALL = {
    "provinces.csv": "code,name\n33,Jawa Tengah\n94,Papua Tengah\n",
    "regencies.csv": "code,province_code,name\n33.01,33,Kabupaten Cilacap\n",
    "districts.csv": "code,regency_code,name\n33.01.06,33.01,Kroya\n",
    "villages.csv": 'code,district_code,name\n33.01.06.2010,33.01.06,"Bajing  ""Lor"", I"\n',
}


@pytest.fixture
def files(tmp_path: Path) -> Path:
    for name, text in SMALL.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_it_loads_every_area_of_the_official_list(app: Flask) -> None:
    if not (load.DATA / "villages.csv").is_file():
        pytest.fail("The area files are not there: run `make setup`.")
    db.session.execute(sa.text("DELETE FROM account_sessions"))
    load.load()
    counts = dict(db.session.execute(sa.select(Area.level, sa.func.count()).group_by(Area.level)).all())
    assert counts == {0: 1, 1: 38, 2: 514, 3: 7285, 4: 83762}
    assert load.load() == 0


def test_names_are_kept_but_for_doubled_spaces(files: Path) -> None:
    village = list(load.read(files))[-1]
    assert village["name"] == 'Bajing "Lor", I'
    assert village["name_key"] == "bajing lor i"
    assert village["parent_code"] == "33.01.06"


def test_a_corrected_name_is_taken_over_and_people_keep_their_area(app: Flask, files: Path) -> None:
    assert load.load(files) == 2  # Papua Tengah is new, Bajing has another spelling
    assert db.session.get_one(Area, "33.01.06.2010").name == 'Bajing "Lor", I'
    assert db.session.get_one(Area, "35.02.09.2004").name == "Kradenan", "an area that left the list stays"
    assert load.load(files) == 0


@pytest.mark.parametrize(
    ("code", "zone"),
    [
        ("ID", "Asia/Jakarta"),
        ("33.01.06.2010", "Asia/Jakarta"),
        ("61", "Asia/Jakarta"),
        ("52.03", "Asia/Makassar"),
        ("64", "Asia/Makassar"),
        ("96.01", "Asia/Jayapura"),
    ],
)
def test_zones_follow_the_province(code: str, zone: str) -> None:
    assert load.zone_of(code) == zone


def test_missing_files_are_explained(tmp_path: Path) -> None:
    with pytest.raises(load.AreaFilesMissing, match="make setup"):
        list(load.read(tmp_path))


@pytest.mark.parametrize(
    ("name", "key"),
    [("Udek Du’en", "udek duen"), ('Ja"an', "jaan"), ("Lubuk Pakam I,II", "lubuk pakam i ii"), ("Teuw*", "teuw")],
)
def test_names_fold_to_what_people_type(name: str, key: str) -> None:
    assert fold(name) == key
