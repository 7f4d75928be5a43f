"""How an Indonesian name sounds, whatever hand wrote it: 'Soetardjo', 'Sutarjo' and 'Sutaryo' are one sound. Pure.

Two spellings of one sound are the same key. It joins more than a reader would (in old spelling j is y, so 'Jono' and
'Yono' meet), which is why a name never links reports by itself (links.py). people/names.py compares names of the
registered, where a human is asked each time; here keys are needed by which a database finds what sounds alike.
"""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz import fuzz

from webapp.areas.names import fold
from webapp.people.names import SHORT_FORMS

LONGEST_WORD = 20
#: Per cent of letters: two spellings with the same consonants; another word beside one that is the same.
ALIKE, BESIDE = 78.0, 88.0
#: A shorter word says too little to be compared by its letters.
LEAST_FOR_LETTERS = 5

#: 'ch' is an h (Achmad, Chairul), but not in names that came with English or Sanskrit.
NOT_AN_H = ((re.compile("^chr"), "kr"), (re.compile("^ch(?=and|arl|el|ik)"), "c"))
#: Spelling before 1972, sounds written in two ways, letters that one does not hear. In this order, until none fits.
RULES = tuple(
    (re.compile(written), heard)
    for written, heard in (
        ("oe|oo", "u"),
        ("dj", "j"),
        ("tj", "c"),
        ("s[jyh]|ts", "s"),
        ("[kc]h", "h"),
        ("dz", "z"),
        ("([dtbg])h", r"\1"),
        ("ph|[fv]", "p"),
        ("q|ck", "k"),
        ("x", "ks"),
        ("j", "y"),
        ("ie", "i"),
        ("ae|ay(?![aeiou])", "ai"),
        ("iy(?=[aou])|i(?=[aou])", "y"),
        ("uw(?=[aeio])|u(?=[aeio])", "w"),
        ("y(?![aeiou])", "i"),
        ("w(?![aeiou])", "u"),
        ("(?<=.)h$", ""),
        (r"(.)\1+", r"\1"),
    )
)
#: So many rounds of the rules no name needs; odd letters could else turn in a circle.
ROUNDS = 12
MUHAMMAD = re.compile("m[ou]ham+[ae][dt]")
SHORTER = SHORT_FORMS | {"muchamad": "muhammad", "much": "muhammad", "mch": "muhammad", "akh": "ahmad", "nr": "nur"}
#: Vowels, and half vowels and h, which are written or left out: 'Setiawan', 'Styawan'; 'Wahyudi', 'Wayudi'.
UNSTEADY = re.compile("[aeiouwyh]")


@lru_cache(maxsize=8192)
def sound(word: str) -> str:
    """The key of one word in any spelling; '' if it holds no letter. The key of a key is itself."""
    plain = re.sub("[^a-z]", "", fold(word))[:LONGEST_WORD]
    heard = _heard(SHORTER.get(plain, plain))
    whole = _heard(SHORTER.get(heard, heard))
    return "muhamad" if MUHAMMAD.fullmatch(whole) else whole


def _heard(word: str) -> str:
    for spelling, letters in NOT_AN_H:
        word = spelling.sub(letters, word)
    for _ in range(ROUNDS):
        before = word
        for written, heard in RULES:
            word = written.sub(heard, word)
        word = word[:LONGEST_WORD]
        if word == before:
            break
    return word


def skeleton(key: str) -> str:
    """The consonants of a sound, and '*' for a vowel at its beginning: what all its spellings have in common."""
    if not key:
        return ""
    first = "*" if key[0] in "aeiou" else key[0]
    return re.sub(r"(.)\1+", r"\1", first + UNSTEADY.sub("", key[1:]))


def sound_alike(one: str, other: str) -> bool:
    """Are these sounds one word? Its consonants and its last vowel agree, and nearly all of its letters.

    The last vowel tells women from men (Suyanti, Suyanto) and one man from another (Kasiman, Kasimin), as does one
    consonant (Sutarno, Sutarto).
    """
    if one == other:
        return bool(one)
    if skeleton(one) != skeleton(other) or _last_vowel(one) != _last_vowel(other):
        return False
    return fuzz.ratio(one, other) >= ALIKE


def nearly_alike(one: str, other: str) -> bool:
    """Could one be a slip of the other? Asked only of a second word, beside one that sounds alike."""
    if min(len(one), len(other)) < LEAST_FOR_LETTERS or _last_vowel(one) != _last_vowel(other):
        return False
    return fuzz.ratio(one, other) >= BESIDE


def _last_vowel(key: str) -> str:
    return re.sub("[^aeiou]", "", key)[-1:]
