"""Which agency of the list somebody means, and how sure that is. Pure.

False comfort is the worst answer: an illegal agent calls himself almost like a licensed company. So 'this one' is said
only if every word is the same but for spelling (old spelling, doubled letters, brackets, spaces inside a word) or for
a letter that was left out inside a long word, or swapped there. Another letter in a word or one more ('Permatas'), one
word more or less, or another form of company (CV for PT) is another name: then the nearest names are told, and the
asker chooses. Where a name is also the beginning of a longer one of the list, both are told.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

from webapp.areas.names import fold

#: Forms of a company, and what people put around a name. They tell no company from another.
FORMS = frozenset(
    (
        *("pt", "cv", "tbk", "persero", "ud", "fa", "firma", "perusahaan", "nama", "namanya", "agen", "agency"),
        *("p3mi", "pjtki", "dan", "and", "the"),
    )
)
#: Those of them that a company is only one of: 'CV Contoh Jaya' is not 'PT Contoh Jaya'. None named: either.
LEGAL_FORMS = {"pt": "pt", "cv": "cv", "ud": "ud", "fa": "firma", "firma": "firma"}
#: Spelling before 1972, when 'ch' was what is 'kh' now; 'k' it never was.
SPELLINGS = (("oe", "u"), ("dj", "j"), ("tj", "c"), ("sj", "sy"), ("nj", "ny"), ("ch", "kh"))
NUMERALS = {
    **{"satu": "1", "dua": "2", "tiga": "3", "empat": "4", "lima": "5"},
    **{"enam": "6", "tujuh": "7", "delapan": "8", "sembilan": "9"},
}
#: Of shorter words a letter more or less makes another word: 'raya' and 'jaya', 'cita' and 'citra'.
LEAST_FOR_A_SLIP = 7
#: Per cent of letters from which two names are near, and how many names are told.
NEAR, TOLD = 80.0, 3
LEAST_LETTERS = 3


@dataclass(frozen=True)
class Candidate:
    """An agency as far as it is compared."""

    id: int
    name: str


@dataclass(frozen=True)
class Found:
    """`certain`: the very name, of which a list may hold several licences. `near`: others that may be meant."""

    certain: tuple[int, ...] = ()
    near: tuple[int, ...] = ()
    #: The typed name is only the beginning, or one part, of the near ones.
    is_part: bool = False


@lru_cache(maxsize=4096)
def words_of(name: str) -> tuple[str, ...]:
    """The distinctive words of a name in one spelling: 'P.T. Madjoe-Jaya (Persero)' → ('maju', 'jaya')."""
    return tuple(_spelt(word) for word in _split(name) if word not in FORMS)


@lru_cache(maxsize=4096)
def forms_of(name: str) -> frozenset[str]:
    """The forms of company that a name says of itself; none if it says nothing."""
    return frozenset(LEGAL_FORMS[word] for word in _split(name) if word in LEGAL_FORMS)


def may_be_one(asked: str, listed: str) -> bool:
    """Does nothing that both say of their form speak against it?"""
    said, known = forms_of(asked), forms_of(listed)
    return not said or not known or said == known


def find(asked: str, candidates: Iterable[Candidate]) -> Found:
    """Who of them is asked for."""
    typed = words_of(asked)
    if is_empty(asked):
        return Found()
    known = list(candidates)
    vocabulary = frozenset(word for one in known for word in words_of(one.name))
    certain = tuple(
        one.id for one in known if may_be_one(asked, one.name) and is_the_same(typed, words_of(one.name), vocabulary)
    )
    longer = [one for one in known if one.id not in certain and _is_part(typed, words_of(one.name))]
    if longer:
        return Found(certain, tuple(one.id for one in _nearest(typed, longer)), is_part=True)
    if certain:
        return Found(certain)
    near = [one for one in known if _is_near(typed, words_of(one.name))]
    return Found((), tuple(one.id for one in _nearest(typed, near)))


def is_empty(asked: str) -> bool:
    """Is there too little to look for, besides 'PT'?"""
    return sum(len(word) for word in fold(asked).split() if word not in FORMS) < LEAST_LETTERS


def is_the_same(typed: Sequence[str], listed: Sequence[str], vocabulary: frozenset[str] = frozenset()) -> bool:
    """The same words in the same order, but for spaces and slips."""
    if not listed:
        return False
    if "".join(typed) == "".join(listed):
        return True
    return len(typed) == len(listed) and all(
        word == other or (word not in vocabulary and _is_slip(word, other))
        for word, other in zip(typed, listed, strict=True)
    )


def likeness(typed: Sequence[str], listed: Sequence[str]) -> float:
    """Per cent: by letters in order, and by words in any order."""
    one, other = " ".join(typed), " ".join(listed)
    return max(fuzz.ratio(one.replace(" ", ""), other.replace(" ", "")), fuzz.token_sort_ratio(one, other))


def _is_near(typed: Sequence[str], listed: Sequence[str]) -> bool:
    """Alike by letters, or a listed name of several words with others around it."""
    return likeness(typed, listed) >= NEAR or (len(listed) > 1 and set(listed) < set(typed))


def _is_part(typed: Sequence[str], listed: Sequence[str]) -> bool:
    """Are all typed words among those of a longer name?"""
    return len(typed) < len(listed) and set(typed) <= set(listed)


def _nearest(typed: Sequence[str], known: list[Candidate]) -> list[Candidate]:
    return sorted(known, key=lambda one: (-likeness(typed, words_of(one.name)), one.name, one.id))[:TOLD]


def _split(name: str) -> list[str]:
    return _joined_letters(fold(re.sub(r"[.]", " ", name)).split())


def _joined_letters(words: Sequence[str]) -> list[str]:
    """Letters that stand alone are one word: 'p', 't', 'm', 'j', 'a' of 'P.T. M J A' → 'pt', 'mja'."""
    found: list[str] = []
    joins = False
    for word in words:
        alone = len(word) == 1 and word.isalpha()
        if alone and joins and found[-1] not in FORMS:
            found[-1] += word
        else:
            found.append(word)
        joins = alone
    return found


def _spelt(word: str) -> str:
    for old, new in SPELLINGS:
        word = word.replace(old, new)
    word = re.sub(r"([a-z])\1+", r"\1", word)
    return NUMERALS.get(word, word)


def _is_slip(typed: str, meant: str) -> bool:
    """A letter left out, or two that changed places, within a long word. Another letter, or one more, is another word;
    so is one less at either end: 'Permata' is not 'Permatas'."""
    if min(len(typed), len(meant)) < LEAST_FOR_A_SLIP - 1 or max(len(typed), len(meant)) < LEAST_FOR_A_SLIP:
        return False
    start = 0
    while start < min(len(typed), len(meant)) and typed[start] == meant[start]:
        start += 1
    if start == 0:
        return False
    rest, other = typed[start:], meant[start:]
    swapped = len(rest) > 1 and rest[:2] == other[1::-1] and rest[2:] == other[2:]
    return (rest == other[1:] and bool(rest)) or swapped
