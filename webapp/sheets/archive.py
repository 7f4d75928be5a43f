"""The parts of an XLSX that hold rows: the first sheet that is shown, the words and the formats of its cells. Pure.

Nothing else of it is opened. Every part is read through by expat, which keeps nothing, and left at the element that
is one too many: thirty kilobytes of XLSX can hold four million empty formats, rows or cells.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from xml.parsers import expat

from webapp.sheets.limits import Limits, NoSheet

MOST_FILES = 500
PIECE = 64 * 1024
#: Bytes that expat may be fed without understanding any. A tag that it has no end of is looked through from its
#: beginning with every piece (CVE-2023-52425). No program writes one as long; the letters of a cell come in pieces.
LONGEST_TAG = 4 * PIECE
#: Others unpack with as much memory as the file asks for.
_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
Start = Callable[[str, dict[str, str]], None]
Data = Callable[[str], None]


class Archive:
    """An opened workbook. Raises NoSheet; and ValueError, or whatever zipfile and expat raise, if it is none."""

    def __init__(self, content: bytes, limits: Limits) -> None:
        self._zip, self._limits = zipfile.ZipFile(io.BytesIO(content)), limits
        inside = self._zip.infolist()
        # As the archive tells them: zipfile gives out no more of a file than it told.
        sizes = [file.file_size for file in inside]
        if len(inside) > MOST_FILES or max(sizes, default=0) > limits.largest_part:
            raise NoSheet("too_large")
        if sum(sizes) > limits.largest_content:
            raise NoSheet("too_large")
        if any(file.compress_type not in _PACKED for file in inside):
            raise ValueError("no workbook is packed like this")

    def has(self, path: str) -> bool:
        return path in self._zip.namelist()

    def elements(self, path: str) -> Sequence[tuple[str, dict[str, str]]]:
        """Names and attributes of all elements of a small part, both without their prefix. Raises NoSheet."""
        found: list[tuple[str, dict[str, str]]] = []

        def start(tag: str, attributes: dict[str, str]) -> None:
            if len(found) >= self._limits.most_marks:
                raise NoSheet("too_large")
            found.append((local(tag), {local(name): value for name, value in attributes.items()}))

        for _ in self.parsed(path, start):
            pass
        return found

    def parsed(self, path: str, start: Start, data: Data | None = None) -> Iterator[None]:
        """Reads a part; stops after each piece of it, so that what was understood can be given on."""
        parser: Any = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler, parser.CharacterDataHandler = start, data
        parser.StartDoctypeDeclHandler = _refuse_entities
        fed = 0
        with self._zip.open(path) as part:
            while piece := part.read(PIECE):
                parser.Parse(piece, False)
                fed += len(piece)
                if fed - parser.CurrentByteIndex > LONGEST_TAG:
                    raise ValueError("no workbook has tags as long")
                yield
            parser.Parse(b"", True)
            yield

    def related(self, path: str) -> dict[str, tuple[str, str]]:
        """What a part (or '', the workbook itself) is tied to: kind and path by id. The kind is its last word."""
        folder, name = posixpath.split(path)
        found = {}
        for tag, attributes in self.elements(posixpath.join(folder, "_rels", f"{name}.rels")):
            if tag == "Relationship" and attributes.get("TargetMode") != "External":
                kind = attributes["Type"].rpartition("/")[2]
                target = posixpath.normpath(posixpath.join("/", folder, attributes["Target"])).lstrip("/")
                found[attributes["Id"]] = (kind, target)
        return found


def local(name: str) -> str:
    """'x:row' → 'row'."""
    return name.rpartition(":")[2]


def _refuse_entities(*_declared: object) -> None:
    """A workbook declares none; a few lines of them unfold to gigabytes, or read another file."""
    raise ValueError("a workbook declares no document type")
