"""Workbooks as Excel writes them, and as nobody should."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

import openpyxl

SHEET = "xl/worksheets/sheet1.xml"
NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def workbook_of(rows: Sequence[Sequence[object]], change: Callable[[Any], None] = lambda _book: None) -> bytes:
    """Of one sheet; `change` may do anything to the book before it is saved."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    change(book)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def raw(rows: str, shared: str = "", packed: int = zipfile.ZIP_DEFLATED, book: str = "") -> bytes:
    """A workbook whose first sheet holds these rows as XML, with shared words as XML."""
    kinds = {"officeDocument": "xl/workbook.xml"}
    sheets = '<sheets><sheet name="a" r:id="r0"/></sheets>'
    parts = {
        "_rels/.rels": relations(kinds),
        "xl/workbook.xml": f'<workbook {NS} xmlns:r="{REL}">{book}{sheets}</workbook>',
        "xl/_rels/workbook.xml.rels": relations(
            {"worksheet": "worksheets/sheet1.xml", "sharedStrings": "/xl/sharedStrings.xml"}
        ),
        SHEET: f"<worksheet {NS}><sheetData>{rows}</sheetData></worksheet>",
    }
    if shared:
        parts["xl/sharedStrings.xml"] = f"<sst {NS}>{shared}</sst>"
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", packed) as target:
        for name, inside in parts.items():
            target.writestr(name, inside)
    return content.getvalue()


def replaced(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The same workbook with another content of one part."""
    source, target = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as written:
        for one in source.namelist():
            written.writestr(one, change(source.read(one)) if one == name else source.read(one))
    return target.getvalue()


def relations(kinds: dict[str, str]) -> str:
    each = [f'<Relationship Id="r{at}" Type="{REL}/{kind}" Target="{kinds[kind]}"/>' for at, kind in enumerate(kinds)]
    return f"<Relationships>{''.join(each)}</Relationships>"
