"""The translated words, compiled from webapp/translations/*/LC_MESSAGES/messages.po to what gettext reads."""

from __future__ import annotations

import os
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

FOLDER = Path(__file__).parent / "translations"
#: Who compiles (root, with a strict umask) need not be who serves.
FOR_ALL_TO_READ = 0o644


def compile_stale(folder: Path = FOLDER) -> int:
    """Compile catalogues that are newer than what was compiled of them, or that not everybody may read.

    Returns how many.
    """
    stale = [file for file in folder.glob("*/LC_MESSAGES/messages.po") if _is_stale(file)]
    for file in stale:
        _compile(file)
    return len(stale)


def _is_stale(file: Path) -> bool:
    compiled = file.with_suffix(".mo")
    if not compiled.exists():
        return True
    facts = compiled.stat()
    return facts.st_mtime < file.stat().st_mtime or facts.st_mode & FOR_ALL_TO_READ != FOR_ALL_TO_READ


def _compile(file: Path) -> None:
    """Whole or not at all: a process that starts meanwhile reads the old one or the new one."""
    half = file.with_name(f".{file.stem}.{os.getpid()}")
    with file.open("rb") as lines, half.open("wb") as compiled:
        write_mo(compiled, read_po(lines, locale=file.parent.parent.name))
    half.chmod(FOR_ALL_TO_READ)
    half.rename(file.with_suffix(".mo"))
