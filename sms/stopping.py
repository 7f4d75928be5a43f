"""STOP: somebody wants no more texts. Before everything else, in any spelling. Pure."""

from __future__ import annotations

import re

from sms import vocabulary as v
from sms.command import Command
from sms.spelling import Said, behind, one_slip

STOP = Command("stop")
#: A word falls apart into so many pieces at the most ('s to p').
MOST_PIECES = 4


def stop(said: Said) -> Command | None:
    """The word alone, with a politeness or a wish: 'saya mau STOP sms ya bu', not 'stopkan dulu, saya mau tanya'."""
    if said.letters and is_stop(said.letters):
        return STOP
    words = _mended(said.words)
    if _stops(words) or _names_the_texts(words) or _refuses_texts(words):
        return STOP
    return Command("stop", more=True) if _gives_a_reason(words, said) else None


_is_set_apart = re.compile(r"\s*[.\n-]").match
_MEANS_ELSE = v.HELP | v.PLEASE | v.DANGER | v.ASKS


def _gives_a_reason(words: list[str], said: Said) -> bool:
    """'STOP saya sudah pulang': whatever stands behind the word, a human reads it. Not a cry, nor a question."""
    if not words or words[0] not in v.STOP_CLEAR or "?" in said.flat:
        return False
    reason = words[1:2] != [] and (words[1] in v.REASON or _is_set_apart(said.gap(0)))
    return bool(reason) and words[1] not in v.STOPPED_ELSE and _MEANS_ELSE.isdisjoint(words)


def is_stop(word: str) -> bool:
    if word in v.STOP:
        return True
    if len(word) < 3 or word in v.NOT_STOP:
        return False
    return any(one_slip(word, keyword) for keyword in v.STOP_FORGIVING)


def _stops(words: list[str]) -> bool:
    if words and words[0] in v.WRONG:  # 'salah orang, stop'
        words = words[behind(words, v.WRONG | v.WRONG_OBJECT) :]
    first = _first_stop(words)
    if first is None or _is_refused(words[:first]):
        return False
    may_surround = v.POLITE | v.ABOUT_TEXTS | (v.REFUSAL if words[0] in v.STOP_CLEAR else frozenset())
    may_precede = may_surround | (v.WISH_TO_STOP if _speaks_of_texts(words[first], words) else frozenset())
    before, after = words[:first], words[first:]
    return may_precede.issuperset(before) and all(word in may_surround or is_stop(word) for word in after)


def _first_stop(words: list[str]) -> int | None:
    """Its place, if nothing stands before it that never stands before a STOP."""
    for at, word in enumerate(words):
        if is_stop(word):
            return at
        if word not in _BEFORE:
            return None
    return None


_BEFORE = v.POLITE | v.ABOUT_TEXTS | v.WISH_TO_STOP


def _is_refused(before: list[str]) -> bool:
    """'jangan stop', 'jangan mau stop': they want more, not less."""
    return "jangan" in before and v.WISH_TO_STOP.issuperset(before[before.index("jangan") + 1 :])


def _speaks_of_texts(stop: str, words: list[str]) -> bool:
    """Is it the texts that somebody wishes to stop, and not their work?"""
    return stop in v.STOP_CLEAR or (stop in v.STOP_ALSO_WORK and not v.TEXTS.isdisjoint(words))


_AROUND = v.POLITE | v.ABOUT_TEXTS | v.WISH_TO_STOP | v.WISH_IF_TEXTS | v.NO_MORE
_MAY_REFUSE = _AROUND | v.REFUSE_TEXTS | v.NO | v.REFUSED


def _names_the_texts(words: list[str]) -> bool:
    """'hentikan sms ini', 'mandeg sms', 'bantu stop sms ke nomor ini', and nothing else; not 'jangan stop sms'."""
    if v.TEXTS.isdisjoint(words) or not v.REFUSE_TEXTS.isdisjoint(words):
        return False
    stops = [word in v.STOP_IF_TEXTS or is_stop(word) for word in words]
    return any(stops) and all(known or word in _AROUND for known, word in zip(stops, words, strict=True))


def _refuses_texts(words: list[str]) -> bool:
    """'jangan kirim sms lagi ke nomor ini', 'tidak mau sms lagi'."""
    if v.TEXTS.isdisjoint(words) or v.NO_MORE.isdisjoint(words) or not _MAY_REFUSE.issuperset(words):
        return False
    return not (v.REFUSE_TEXTS.isdisjoint(words) and (v.NO.isdisjoint(words) or v.REFUSED.isdisjoint(words)))


_BEGINNINGS = frozenset(word[:length] for word in v.STOP_BROKEN for length in range(1, len(word)))


def _mended(words: list[str]) -> list[str]:
    """'ber', 'henti' → 'berhenti'."""
    for at in range(len(words) - 1):
        if words[at] not in _BEGINNINGS:
            continue
        for until in range(at + 2, min(at + MOST_PIECES, len(words)) + 1):
            if "".join(words[at:until]) in v.STOP_BROKEN:
                return [*words[:at], "".join(words[at:until]), *words[until:]]
    return words
