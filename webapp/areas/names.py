"""How names of places are compared. Pure."""

from __future__ import annotations

import re
import unicodedata


def fold(name: str) -> str:
    """Lower-case ASCII words with single spaces: 'Udek Du’en' → 'udek duen', 'Ja"an' → 'jaan'.

    Marks inside a word do not split it; hyphens, slashes and brackets do.
    """
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    joined = re.sub(r"['\"`]", "", plain)
    return " ".join(re.findall(r"[a-z0-9]+", joined))


def is_called(name: str, typed: str) -> bool:
    """Is this the very name that was typed, alone or followed by where it is: 'bajing', 'Bajing Kroya'?"""
    return f"{fold(typed)} ".startswith(f"{fold(name)} ")
