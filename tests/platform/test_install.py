"""What a phone is told when somebody installs the pages: every file is there and is what the manifest says."""

from __future__ import annotations

import json
import struct
from typing import Any

import pytest
from flask.testing import FlaskClient

from tools import icons, shots
from tools.progress import ROOT
from webapp.assets import STATIC

MANIFEST = json.loads((STATIC / "manifest.webmanifest").read_text(encoding="utf-8"))
SHORTCUT_ICONS = [icon for shortcut in MANIFEST["shortcuts"] for icon in shortcut["icons"]]
FILES = [*MANIFEST["icons"], *SHORTCUT_ICONS, *MANIFEST["screenshots"]]
LARGEST_SHOT = 60_000
#: The part of a PNG with a palette that says which of its colours are see-through.
SEE_THROUGH = b"tRNS"


def content(file: dict[str, Any]) -> bytes:
    assert file["src"].startswith("/static/")
    return (STATIC / file["src"].removeprefix("/static/")).read_bytes()


def size_of(data: bytes) -> str:
    """Width and height as the file's own head says."""
    if data.startswith(b"\x89PNG"):
        return "{}x{}".format(*struct.unpack(">II", data[16:24]))
    assert data[:4] + data[8:15] == b"RIFFWEBPVP8"
    if data[15:16] == b"X":
        width, height = (int.from_bytes(data[at : at + 3], "little") + 1 for at in (24, 27))
    elif data[15:16] == b" ":
        width, height = (side & 0x3FFF for side in struct.unpack("<HH", data[26:30]))
    else:
        bits = int.from_bytes(data[21:25], "little")
        width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return f"{width}x{height}"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file["src"])
def test_every_file_has_the_size_that_is_said(file: dict[str, Any]) -> None:
    if file["sizes"] == "any":
        assert b"viewBox" in content(file)
    else:
        assert size_of(content(file)) == file["sizes"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_file_is_served_as_what_it_is(client: FlaskClient) -> None:
    for file in FILES:
        answer = client.get(file["src"])
        assert (answer.status_code, answer.mimetype) == (200, file["type"]), file["src"]


def test_an_icon_is_either_shown_as_it_is_or_cut_by_the_phone() -> None:
    """'any maskable' in one would show a motif too small, or cut one too large."""
    by_purpose = {purpose: [i for i in MANIFEST["icons"] if i["purpose"] == purpose] for purpose in ("any", "maskable")}
    assert sum(map(len, by_purpose.values())) == len(MANIFEST["icons"])
    for found in by_purpose.values():
        assert {"192x192", "512x512"} <= {icon["sizes"] for icon in found}
    assert {icon["src"] for icon in by_purpose["any"]}.isdisjoint(icon["src"] for icon in by_purpose["maskable"])


def test_a_maskable_icon_reaches_every_edge() -> None:
    for icon in MANIFEST["icons"]:
        if icon["purpose"] == "maskable":
            assert SEE_THROUGH not in content(icon), "nothing of it may be see-through"
        elif icon["type"] == "image/png":
            assert SEE_THROUGH in content(icon), "its corners are round"


def test_the_motif_stays_within_the_circle_that_no_phone_cuts() -> None:
    """Four fifths of the width; the tips of the petals, at 27.5 and 4.5 of 32, are farthest from the middle."""
    assert "M17.2 14.8C17.2 8.5 21.5 4.5 27.5 4.5" in icons.motif()
    farthest = 2**0.5 * (27.5 - 16) * icons.KAWUNG_SCALE
    assert farthest <= 0.4 * 32


def test_the_pictures_are_of_phone_and_desk_and_small() -> None:
    shapes = [(shot["form_factor"], shot["sizes"]) for shot in MANIFEST["screenshots"]]
    assert shapes == [("narrow", "720x1280"), ("narrow", "720x1280"), ("wide", "1280x800")]
    assert all(shot["label"] for shot in MANIFEST["screenshots"])
    assert all(len(content(shot)) < LARGEST_SHOT for shot in MANIFEST["screenshots"])


def test_make_shots_makes_what_the_manifest_names() -> None:
    made = {f"/{(shots.INSTALL_FOLDER / name).relative_to(ROOT)}.webp" for name in shots.INSTALL}
    assert made == {shot["src"] for shot in MANIFEST["screenshots"]}
    taken = {f"{picture.name}-{size}" for picture in shots.PICTURES for size in ("phone", "desk")}
    assert set(shots.INSTALL) <= taken
    assert shots.INSTALL_LARGEST <= LARGEST_SHOT


def test_the_application_is_one_wherever_it_starts() -> None:
    assert (MANIFEST["id"], MANIFEST["start_url"], MANIFEST["scope"]) == ("/", "/?mulai", "/")
    assert MANIFEST["description"]
    assert MANIFEST["categories"]
    assert [shortcut["url"] for shortcut in MANIFEST["shortcuts"]] == ["/people/new", "/antrean"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_where_it_starts_there_is_a_page(client: FlaskClient) -> None:
    answer = client.get(MANIFEST["start_url"], follow_redirects=True)
    assert answer.status_code == 200
    assert "/static/dist/manifest." in answer.text
