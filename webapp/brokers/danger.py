"""Words of a report that tell of danger, so that nobody waits to read it. Pure.

A rule of thumb that errs towards calling somebody: what it overlooks, the question after it (KLAPOR2) asks, and a
coordinator reads every report within a day. Only what is said not to have happened ('tidak dipukul') is left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from webapp.brokers.urgency import NO_THREAT, THREAT, VIOLENCE

ADULT = 18
#: Between the NO and what it denies: 'tidak pernah dipukul'.
BETWEEN = frozenset(("pernah", "sampai", "ada", "akan"))
#: So many words before it, an IF makes a threat of it: 'kalau tidak bayar dipukul', 'kalau tidak dipukul …'.
IF_FROM = 4


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_VIOLENT = _set(
    "disekap dikurung dikunci diculik dipukul dipukuli digebuk digebuki digebugi ditampar ditendang disiksa dianiaya "
    "diperkosa dicabuli dilecehkan dibunuh dijual diperdagangkan memukul memukuli menyekap mengurung menyiksa "
    "memperkosa menganiaya menculik"
)
_THREATENING = _set(
    "diancam ancam ancaman mengancam ngancam ancem diancem dipaksa memaksa maksa ditahan menahan disita menyita"
)
_NO = _set("tidak tdk tak ga gak nggak ngga enggak engga belum blm bukan tanpa ora mboten boten teu jangan")

_IF = _set("kalau kalo klo klu kalu jika bila apabila nek yen mun lamun")

_word = re.compile(r"[a-z0-9]+").findall
#: With the marks between them: a NO does not deny across a comma.
_part = re.compile(r"[a-z0-9]+|[.,;:!?\n]").findall
_child = re.compile(
    r"\bdi ?bawah umur\b|\banak (?:kecil|sekolah|sd|smp|sma|smk)\b|\bmasih (?:sekolah|sd|smp|sma|smk)\b"
).search
_age = r"\b(?:ber)?(?:umur|usia)(?:nya)?(?: (?:baru|masih|kira|sekitar))* (\d{1,2})\b(?! (?:jam|hari|juta|jt))"
_young = r"\b(?:anak|gadis|bocah|remaja|adik|keponakan)(?:nya)?"
_whose = r"(?: (?:saya|kami|dia|perempuan|laki|tetangga|itu|baru|masih))*"
_ages = re.compile(rf"{_age}|{_young}{_whose} (\d{{1,2}}) ?(?:tahun|thn|th)\b").findall


@dataclass(frozen=True)
class Danger:
    """What the words say: `threat` as in the column of a report, and whether somebody under 18 is part of it."""

    threat: str = NO_THREAT
    child: bool = False


def danger_in(words: str) -> Danger:
    small = words.lower()
    return Danger(_threat(_part(small)), _names_a_child(" ".join(_word(small))))


def _threat(said: list[str]) -> str:
    if _happened(said, _VIOLENT):
        return VIOLENCE
    return THREAT if _happened(said, _THREATENING) else NO_THREAT


def _happened(said: list[str], deeds: frozenset[str]) -> bool:
    return any(_is_among(word, deeds) and not _is_denied(said[:at]) for at, word in enumerate(said))


def _is_among(word: str, deeds: frozenset[str]) -> bool:
    """'dipukulin', as people speak, is 'dipukul'."""
    return word in deeds or (word.endswith("in") and word[:-2] in deeds)


def _is_denied(before: list[str]) -> bool:
    """Only by the word right before it, and not behind an IF."""
    if before and before[-1] in BETWEEN:
        before = before[:-1]
    return bool(before) and before[-1] in _NO and _IF.isdisjoint(before[-IF_FROM:])


def _names_a_child(said: str) -> bool:
    ages = (int(age) for pair in _ages(said) for age in pair if age)
    return bool(_child(said)) or any(age < ADULT for age in ages)
