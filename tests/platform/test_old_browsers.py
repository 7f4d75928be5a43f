"""Nothing that Chrome 87 does not know, and without which a page would break, stands in a script or a style sheet.

Versions are those of MDN's compatibility tables. What only looks nicer with it, such as accent-color, may stand there.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[2] / "static"
SCRIPTS = [*STATIC.glob("*.js"), *STATIC.glob("offline/*.js")]
#: Name → how it looks in a script. In brackets the first Chrome that knows it.
IN_SCRIPTS = {
    "at (92)": r"\.at\(",
    "Object.hasOwn (93)": r"Object\.hasOwn\b",
    "structuredClone (98)": r"\bstructuredClone\b",
    "crypto.randomUUID (92)": r"\brandomUUID\b",
    "findLast (97)": r"\.findLast(Index)?\(",
    "toSorted and the like (110)": r"\.to(Sorted|Reversed|Spliced)\(",
    "Object.groupBy (117)": r"\bgroupBy\(",
    "AbortSignal.timeout and any (103, 116)": r"AbortSignal\.",
    "static block (94)": r"\bstatic\s*\{",
    "private in (91)": r"#\w+ in ",
    "match indices (90)": r"/[gimsuy]*d[gimsuy]*\.exec",
    "error cause (93)": r"\bcause\s*:",
    "Array.fromAsync (121)": r"fromAsync\(",
    "Promise.withResolvers (119)": r"withResolvers\(",
    "popover (114)": r"Popover\(",
}
IN_STYLES = {
    ":has (105)": r":has\(",
    ":is and :where (88)": r":(is|where)\(",
    "aspect-ratio (88)": r"aspect-ratio\s*:",
    "layers and containers (99, 105)": r"@(layer|container)\b",
    "color-mix (111)": r"color-mix\(",
    "dvh (108)": r"\d[dsl]v[hw]\b",
    "nesting (112)": r"\{[^{}]*&",
    "overflow: clip (90)": r"overflow[^:;]*:\s*clip",
}


def files(*paths: Path) -> list[object]:
    return [pytest.param(path, id=path.name) for path in sorted(paths)]


@pytest.mark.parametrize("path", files(*SCRIPTS))
def test_scripts(path: Path) -> None:
    code = re.sub(r"/\*[\s\S]*?\*/", "", path.read_text("utf-8"))
    assert [name for name, look in IN_SCRIPTS.items() if re.search(look, code)] == []


@pytest.mark.parametrize("path", files(*STATIC.glob("*.css")))
def test_styles(path: Path) -> None:
    assert [name for name, look in IN_STYLES.items() if re.search(look, path.read_text("utf-8"))] == []
