"""Static files under names that hold the hash of their contents, compressed once, cached for ever.

At the start every file of static/ is copied to static/dist/ as `app.1f3a9c2e.css` beside its `.br` and
`.gz`, unless it is there already. A page that was cached before an update still finds its old files.
Who builds (root, with a strict umask) need not be who serves: everybody may read what is made here.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import re
from collections.abc import Iterator
from pathlib import Path
from wsgiref.headers import Headers

import brotli
from flask import Flask
from whitenoise import WhiteNoise

STATIC = Path(__file__).resolve().parent.parent / "static"
DIST = STATIC / "dist"
#: What is text, and so worth compressing.
TEXT = (".css", ".js", ".svg", ".json", ".webmanifest", ".txt")
#: Text that is written for whoever maintains it: comments and indents need not travel.
WRITTEN = (".css", ".js")
COMMENT = re.compile(r"^[ \t]*/\*.*?\*/[ \t]*$", re.DOTALL | re.MULTILINE)
PLAIN_MAX_AGE = 300
FOR_ALL_TO_READ, FOR_ALL_TO_ENTER = 0o644, 0o755


def init_app(app: Flask) -> None:
    """`asset("app.css")` in templates, and a server of static files in front of the application."""
    names = build(STATIC, DIST)
    app.jinja_env.globals["asset"] = lambda name: address(name, names)
    server = WhiteNoise(
        app.wsgi_app,
        allow_all_origins=False,
        max_age=PLAIN_MAX_AGE,
        immutable_file_test=lambda path, _url: Path(path).parent.is_relative_to(DIST),
        add_headers_function=_add_headers,
    )
    # Old hashes stay; plain names too, for a stylesheet that names its neighbour.
    for file in [*_files(DIST), *(STATIC / name for name in names)]:
        server.add_file_to_dictionary(f"/static/{file.relative_to(STATIC).as_posix()}", str(file))
    app.wsgi_app = server  # type: ignore[method-assign]


def address(name: str, names: dict[str, str]) -> str:
    """Where a browser finds the file; a test sees to it that templates name only what is there."""
    return f"/static/dist/{names[name]}" if name in names else f"/static/{name}"


def build(source: Path, target: Path) -> dict[str, str]:
    """Bring `target` up to date. Returns name → hashed name, e.g. 'app.css' → 'app.1f3a9c2e.css'."""
    names = {}
    for file in _files(source):
        if file.is_relative_to(target):
            continue
        content = bare(file.read_text("utf-8")).encode() if file.suffix in WRITTEN else file.read_bytes()
        name = file.relative_to(source)
        digest = hashlib.sha256(content).hexdigest()[:12]
        hashed = name.with_name(f"{name.stem}.{digest}{name.suffix}")
        names[name.as_posix()] = hashed.as_posix()
        _make_folders((target / hashed).parent, target)
        if not _is_readable(target / hashed):
            _write(target / hashed, content)
    return names


def bare(text: str) -> str:
    """A script or stylesheet without comments that begin a line, and without indents."""
    return "\n".join(line.strip() for line in COMMENT.sub("", text).splitlines() if line.strip())


def _is_readable(file: Path) -> bool:
    """Is it there, for everybody?"""
    return file.exists() and file.stat().st_mode & FOR_ALL_TO_READ == FOR_ALL_TO_READ


def _make_folders(folder: Path, top: Path) -> None:
    """This one and those above it up to `top`, open to everybody whatever the umask says."""
    if folder != top:
        _make_folders(folder.parent, top)
    folder.mkdir(parents=True, exist_ok=True)
    if folder.stat().st_mode & FOR_ALL_TO_ENTER != FOR_ALL_TO_ENTER:
        folder.chmod(FOR_ALL_TO_ENTER)


def _files(folder: Path) -> Iterator[Path]:
    """All files below, but those that are still being written."""
    for file in sorted(folder.rglob("*")):
        if file.is_file() and not file.name.startswith("."):
            yield file


def _write(file: Path, content: bytes) -> None:
    """The compressed ones first: where the plain file is, all three are. Safe when two processes start at once."""
    variants = {"": content}
    if file.suffix in TEXT:
        variants = {".br": brotli.compress(content), ".gz": gzip.compress(content, mtime=0), "": content}
    for ending, data in variants.items():
        half = file.with_name(f".{file.name}{ending}.{os.getpid()}")
        half.write_bytes(data)
        half.chmod(FOR_ALL_TO_READ)
        half.rename(file.with_name(file.name + ending))


def _add_headers(headers: Headers, _path: str, _url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    # A drawing opened by itself runs nothing.
    headers["Content-Security-Policy"] = "default-src 'none'"
