"""Amounts as people write them: '5.000.000', 'Rp 5 juta', '750rb'. Pure."""

from __future__ import annotations

import re

MOST_RUPIAH = 10**12
#: Digits, either plain or in groups of three; then perhaps a word for thousands or millions.
AMOUNT = re.compile(
    r"(?:rp)?\.?\s*(?P<digits>\d{1,13}|\d{1,3}(?:[., ]\d{3})+)(?:,-|,00)?\s*(?P<word>juta|jt|ribu|rb)?", re.ASCII
)
#: '2,5 juta' is said as often as written.
PART = re.compile(r"(?:rp)?\.?\s*(?P<whole>\d{1,4})[.,](?P<tenth>\d)\s*(?:juta|jt)", re.ASCII)
WORDS = {"juta": 1_000_000, "jt": 1_000_000, "ribu": 1_000, "rb": 1_000}


class NotAnAmount(ValueError):
    """It cannot be read as whole rupiah."""


def rupiah(text: str) -> int:
    """Whole rupiah. Raises NotAnAmount, also for more than MOST_RUPIAH."""
    plain = " ".join(text.lower().split())
    if part := PART.fullmatch(plain):
        amount = int(part["whole"]) * 1_000_000 + int(part["tenth"]) * 100_000
    elif found := AMOUNT.fullmatch(plain):
        amount = int(re.sub(r"\D", "", found["digits"])) * WORDS.get(found["word"] or "", 1)
    else:
        raise NotAnAmount
    if amount > MOST_RUPIAH:
        raise NotAnAmount
    return amount
