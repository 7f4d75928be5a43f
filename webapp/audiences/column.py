"""Which column of a list holds the number, by its name in Indonesian or English. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

#: The surest first: a list may have 'Telepon kantor' beside 'No HP'.
NAMES = (
    {"hp", "handphone", "ponsel", "mobile", "cellphone", "msisdn"},
    {"wa", "whatsapp"},
    {"telepon", "telpon", "telp", "phone", "telephone", "tel"},
)


def number_column(header: Sequence[str]) -> int | None:
    """Its place, or None if no name tells. 'No' alone counts the rows, and 'Nomor KTP' is none to call."""
    words = [set(re.findall(r"[a-z]+", name.lower())) for name in header]
    for names in NAMES:
        for at, said in enumerate(words):
            if said & names:
                return at
    wholes = [name.strip().rstrip(".").lower() for name in header]
    return next((wholes.index(name) for name in ("nomor", "number") if name in wholes), None)
