"""Numbers of papers: one spelling for finding, and how they are shown. Pure."""

from __future__ import annotations

import re

DOT = "•"
#: A passport has a letter and seven digits, an insurance number of BPJS Ketenagakerjaan eleven digits.
USUAL = {"passport": r"[A-Z][0-9]{7}", "bpjs": r"[0-9]{11}"}
#: What stays readable at each end of a long number, enough to compare it with the paper in the hand.
FIRST, LAST = 1, 2


def plain_number(typed: str) -> str:
    """'c 123-4567' is 'C1234567': one spelling, so that the keyed hash finds it."""
    return "".join(letter for letter in typed.upper() if letter.isalnum())


def is_unusual(item_code: str, typed: str) -> bool:
    """Does a number differ from how such papers are numbered? A reason to look again, never to refuse (DOMAIN)."""
    usual = USUAL.get(item_code)
    return usual is not None and typed != "" and re.fullmatch(usual, plain_number(typed)) is None


def masked_number(number: str) -> str:
    """'C1234567' as 'C•••••67'; short ones wholly hidden."""
    if len(number) < 2 * (FIRST + LAST):
        return DOT * len(number)
    return number[:FIRST] + DOT * (len(number) - FIRST - LAST) + number[-LAST:]
