"""Static files: hashed names, compressed once, cached for ever; pages compressed when we asked for them."""

from __future__ import annotations

import gzip
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import brotli
import pytest
from flask import Flask, Response
from flask.testing import FlaskClient

from webapp import assets, catalogues

TEMPLATES = Path(assets.__file__).parent.parent / "templates"
PAGE = (
    '<!doctype html><html lang="id"><head><meta charset="utf-8"><title>Padi</title></head>'
    f"<body><main><h1>Padi</h1>{'<p>padi menguning</p>' * 100}</main></body></html>"
)

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def built(tmp_path: Path, database_url: str) -> tuple[Path, dict[str, str]]:
    source, target = tmp_path / "static", tmp_path / "static" / "dist"
    (source / "icons").mkdir(parents=True)
    (source / "app.css").write_text("p { color: green }" * 50)
    (source / "icons" / "logo.png").write_bytes(b"\x89PNG")
    return target, assets.build(source, target)


def test_names_hold_the_hash_of_the_contents(built: tuple[Path, dict[str, str]]) -> None:
    target, names = built
    assert re.fullmatch(r"app\.[0-9a-f]{12}\.css", names["app.css"])
    assert brotli.decompress((target / f"{names['app.css']}.br").read_bytes()).startswith(b"p {")
    assert gzip.decompress((target / f"{names['app.css']}.gz").read_bytes()).startswith(b"p {")
    assert not (target / f"{names['icons/logo.png']}.br").exists()


def test_a_change_gets_another_name_and_the_old_file_stays(built: tuple[Path, dict[str, str]]) -> None:
    target, before = built
    (target.parent / "app.css").write_text("p { color: red }")
    after = assets.build(target.parent, target)
    assert after["app.css"] != before["app.css"]
    assert after["icons/logo.png"] == before["icons/logo.png"]
    assert (target / before["app.css"]).exists()
    assert not [name for name in after if name.startswith("dist")]


def test_comments_and_indents_do_not_travel(database_url: str) -> None:
    script = """/* What it is.
       In two lines. */
    function open(address) {
      /* here */
      return fetch("/*" + address); /* stays: it begins no line */
    }
    """
    expected = 'function open(address) {\nreturn fetch("/*" + address); /* stays: it begins no line */\n}'
    assert assets.bare(script) == expected


def test_no_string_of_our_scripts_goes_over_lines(database_url: str) -> None:
    """In such a one an indent would be text."""
    files = [*assets.STATIC.glob("*.js"), *assets.STATIC.glob("offline/*.js")]
    lines = [line for file in files for line in assets.bare(file.read_text("utf-8")).splitlines()]
    assert lines
    assert [line for line in lines if line.count("`") % 2] == []


@pytest.fixture
def strict_umask() -> Iterator[None]:
    """As deploy/desmigratif-web.service sets it: what root makes is for root alone."""
    before = os.umask(0o077)
    yield
    os.umask(before)


@pytest.mark.usefixtures("strict_umask")
def test_everybody_may_read_what_was_built_whatever_the_umask(built: tuple[Path, dict[str, str]]) -> None:
    target, names = built
    locked = target / names["app.css"]
    for _ in ("built anew", "closed by an earlier version"):
        assert [oct(f.stat().st_mode & 0o777) for f in target.rglob("*") if f.is_file()] == ["0o644"] * 4
        assert [oct(f.stat().st_mode & 0o777) for f in (target, target / "icons")] == ["0o755"] * 2
        locked.chmod(0o600)
        target.chmod(0o700)
        assets.build(target.parent, target)


@pytest.mark.usefixtures("strict_umask")
def test_everybody_may_read_the_translations_whatever_the_umask(tmp_path: Path, database_url: str) -> None:
    folder = tmp_path / "id" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    shutil.copyfile(catalogues.FOLDER / "id" / "LC_MESSAGES" / "messages.po", folder / "messages.po")
    assert catalogues.compile_stale(tmp_path) == 1
    assert oct((folder / "messages.mo").stat().st_mode & 0o777) == "0o644"
    assert catalogues.compile_stale(tmp_path) == 0
    (folder / "messages.mo").chmod(0o600)
    assert catalogues.compile_stale(tmp_path) == 1


def test_a_hashed_file_is_cached_for_ever_and_compressed(app: Flask, client: FlaskClient) -> None:
    address = app.jinja_env.globals["asset"]("vendor/htmx.min.js")
    answer = client.get(address, headers={"Accept-Encoding": "gzip, br"})
    assert answer.status_code == 200
    assert answer.headers["Content-Encoding"] == "br"
    assert answer.headers["Cache-Control"] == "max-age=315360000, public, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert len(answer.data) < 16_000


def test_templates_name_only_files_that_are_there(app: Flask) -> None:
    known = assets.build(assets.STATIC, assets.DIST)
    used = {
        name
        for template in TEMPLATES.rglob("*.html")
        for name in re.findall(r"asset\([\"']([^\"']+)[\"']\)", template.read_text(encoding="utf-8"))
    }
    assert used
    assert not used - known.keys()


@pytest.fixture
def page(app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    monkeypatch.setitem(app.view_functions, "accounts.login", lambda: Response(PAGE, mimetype="text/html"))
    return client


@pytest.mark.parametrize(("offered", "used"), [("br, gzip", "br"), ("gzip", "gzip"), ("", None), ("deflate", None)])
def test_pages_are_compressed_as_the_browser_takes_it(page: FlaskClient, offered: str, used: str | None) -> None:
    answer = page.get("/login", headers={"Accept-Encoding": offered})
    assert answer.headers.get("Content-Encoding") == used
    assert "Accept-Encoding" in answer.headers["Vary"]
    if used == "br":
        assert brotli.decompress(answer.data).decode() == PAGE
        assert len(answer.data) < len(PAGE) / 10


@pytest.mark.parametrize(
    ("headers", "query", "compressed"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, "?q=a", True),
        ({"Sec-Fetch-Site": "none"}, "?q=a", True),
        ({"Sec-Fetch-Site": "cross-site"}, "?q=a", False),
        ({"Sec-Fetch-Site": "same-site"}, "", False),
        ({"Referer": "http://localhost/people"}, "?q=a", True),
        ({"Referer": "https://evil.example/"}, "?q=a", False),
        ({}, "?q=a", False),
        ({}, "", True),
    ],
)
def test_no_other_site_learns_from_the_length_of_a_page(
    page: FlaskClient, headers: dict[str, str], query: str, compressed: bool
) -> None:
    del page.environ_base["HTTP_SEC_FETCH_SITE"]
    answer = page.get(f"/login{query}", headers={"Accept-Encoding": "br", **headers})
    assert ("Content-Encoding" in answer.headers) is compressed
