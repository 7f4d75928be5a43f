"""Names as they are spelled by different hands: one key for order and search, and how alike two are. Pure."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from functools import lru_cache

from webapp.areas.names import fold as fold_words

KEY_LENGTH = 200
#: Titles and honours that one officer writes and another leaves out.
TITLES = frozenset({"h", "hj", "haji", "hajah", "ibu", "bpk", "bapak", "sdr", "sdri", "tn", "ny", "nn"})
#: Common short forms of common names.
SHORT_FORMS = {
    "m": "muhammad",
    "md": "muhammad",
    "moh": "muhammad",
    "muh": "muhammad",
    "mohd": "muhammad",
    "mhd": "muhammad",
    "moch": "muhammad",
    "mochamad": "muhammad",
    "mochammad": "muhammad",
    "mohamad": "muhammad",
    "mohammad": "muhammad",
    "muhamad": "muhammad",
    "ach": "ahmad",
    "achmad": "ahmad",
    "akhmad": "ahmad",
    "st": "siti",
    "sitti": "siti",
    "abd": "abdul",
}
#: Spelling before 1972 and sounds that are written in two ways. Applied in this order.
SOUNDS = (
    ("oe", "u"),
    ("dj", "j"),
    ("tj", "c"),
    ("sj", "sy"),
    ("nj", "ny"),
    ("kh", "h"),
    ("ch", "h"),
    ("th", "t"),
    ("dh", "d"),
    ("ph", "f"),
    ("v", "f"),
    ("q", "k"),
    ("x", "ks"),
    ("z", "s"),
)
DOUBLED = re.compile(r"(.)\1+")


def fold(name: str) -> str:
    """The key of a name: lower-case ASCII words with single spaces, as places are folded."""
    return fold_words(name)[:KEY_LENGTH].rstrip()


def likeness(one: str, other: str) -> float:
    """How alike two names are, 0.0 to 1.0, whatever the order of words, titles and spelling.

    Each word of the shorter name is paired with the most similar word of the other that is still free; a
    word that one of them leaves out costs a little, since 'Sri Wahyuni' and 'Sri Wahyuni Lestari' may be one.
    """
    mine, others = _words(one), _words(other)
    apart = _by_words(mine, others)
    if len(mine) == len(others):
        return apart
    # 'Nur Hasanah' and 'Nurhasanah'.
    return max(apart, _word_likeness("".join(mine), "".join(others)))


def _by_words(one: list[str], other: list[str]) -> float:
    short, long = sorted((one, other), key=lambda words: (len(words), words))
    if not short:
        return 0.0
    found, free = 0.0, list(long)
    for word in sorted(short, key=lambda w: (-len(w), w)):
        best = max(free, key=lambda candidate: (_word_likeness(word, candidate), candidate))
        found += _word_likeness(word, best) * len(word)
        free.remove(best)
    missing = sum(map(len, free))
    return found / (sum(map(len, short)) + 0.35 * missing)


def _words(name: str) -> list[str]:
    words = [SHORT_FORMS.get(word, word) for word in fold(name).split()]
    return [_sound(word) for word in words if word not in TITLES] or [_sound(word) for word in words]


def _sound(word: str) -> str:
    for written, heard in SOUNDS:
        word = word.replace(written, heard)
    return DOUBLED.sub(r"\1", word)


@lru_cache(maxsize=4096)
def _word_likeness(one: str, other: str) -> float:
    if one == other:
        return 1.0
    if not one or not other:
        return 0.0
    if len(one) == 1 or len(other) == 1:
        # An initial stands for a whole word.
        return 0.8 if one[0] == other[0] else 0.0
    # SequenceMatcher is not symmetric; a likeness must be.
    first, second = sorted((one, other))
    return SequenceMatcher(None, first, second, autojunk=False).ratio()
