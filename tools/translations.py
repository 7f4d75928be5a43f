"""Are all words of pages and code translated? `--update` collects them anew and compiles both catalogues.

msgids are English sentences, so the English catalogue holds only what must differ (plurals); whatever is
empty there is said as it stands in the code. The Indonesian one must be complete.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from tools.progress import ROOT
from webapp.catalogues import FOLDER, compile_stale

LANGUAGES = ("id", "en")
#: Where words stand, and how they are found there.
SOURCES = {"webapp": "**.py", "templates": "**.html"}
METHODS = [("**.py", "python"), ("**.html", "jinja2")]
VALUE = re.compile(r"%\((\w+)\)")
#: Folders that hold no words of ours. Babel of itself also passes over every folder that begins with '_'.
PASSED_OVER = ("__pycache__",)
KEYWORDS = {"_": None, "_l": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2), "lazy_ngettext": (1, 2)}


def extract() -> Catalog:
    """All msgids of the sources, with the files they stand in (not the lines, which change all the time)."""
    catalog = Catalog(project="Desmigratif", charset="utf-8")
    for folder, pattern in SOURCES.items():
        methods = [(pattern, method) for known, method in METHODS if known == pattern]
        found = extract_from_dir(
            ROOT / folder, methods, keywords=KEYWORDS, comment_tags=("Translators:",), directory_filter=is_searched
        )
        for file, _line, words, comments, context in found:
            catalog.add(words, locations=[(f"{folder}/{file}", 0)], auto_comments=comments, context=context)
    return catalog


def is_searched(folder: str | os.PathLike[str]) -> bool:
    return Path(folder).name not in PASSED_OVER


def faults(language: str, extracted: Catalog) -> list[str]:
    """What is wrong with one catalogue, a line each."""
    catalog = read(language)
    known = {message.id: message for message in catalog if message.id}
    wanted = {message.id for message in extracted if message.id}
    lines = [f"{language}: not in the catalogue: {_short(key)}" for key in sorted(wanted - known.keys(), key=str)]
    lines += [f"{language}: no longer used: {_short(key)}" for key in sorted(known.keys() - wanted, key=str)]
    for key in sorted(wanted & known.keys(), key=str):
        lines += [f"{language}: {fault}: {_short(key)}" for fault in _faults_of(known[key], catalog, language)]
    return lines


def _faults_of(message: Message, catalog: Catalog, language: str) -> list[str]:
    strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
    found = [str(error) for error in message.check(catalog)] if any(strings) else []
    ids = message.id if isinstance(message.id, tuple | list) else (message.id,)
    if unknown := _values(strings) - _values(ids):
        found.append(f"speaks of {', '.join(sorted(unknown))}, which are not given")
    if message.fuzzy:
        found.append("fuzzy")
    if not all(strings) and (language != "en" or isinstance(message.id, tuple | list)):
        found.append("not translated")
    return found


def _values(texts: Iterable[str | None]) -> set[str]:
    """Names of the values that are put in. Babel compares them only where the msgid has some."""
    return {name for text in texts for name in VALUE.findall(text or "")}


def read(language: str) -> Catalog:
    file = path(language)
    if not file.exists():
        return Catalog(locale=language)
    with file.open("rb") as lines:
        return read_po(lines, locale=language)


def path(language: str) -> Path:
    return FOLDER / language / "LC_MESSAGES" / "messages.po"


def update() -> None:
    """Bring both catalogues in step with the sources: keep what is translated, drop what is unused."""
    extracted = extract()
    for language in LANGUAGES:
        catalog = read(language)
        catalog.update(extracted, no_fuzzy_matching=True)
        catalog.obsolete.clear()
        file = path(language)
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("wb") as lines:
            write_po(lines, catalog, width=110, sort_by_file=True, include_lineno=False)


def _short(key: Any) -> str:
    return repr(key if isinstance(key, str) else key[0])[:100]


def main() -> None:
    if "--update" in sys.argv:
        update()
    extracted = extract()
    found = [fault for language in LANGUAGES for fault in faults(language, extracted)]
    compile_stale()
    if found:
        sys.exit("\n".join([*found, f"{len(found)} faults in the catalogues. `make translations` collects new words."]))
    print(f"{len(extracted)} messages are translated.")


if __name__ == "__main__":
    main()
