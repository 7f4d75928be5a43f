"""Calls for help, and answers to what we asked: MULAI, SALAH, digits, YA and TIDAK. Pure."""

from __future__ import annotations

import re

from sms import request_words as r
from sms import vocabulary as v
from sms.command import Command
from sms.spelling import Said, behind

HELP = Command("help")
#: So many words has a plea at the end of a story.
LONGEST_PLEA = 6
_sets_apart = re.compile(r"\s*[.,;:!\n-]").match
_ends_sentence = re.compile(r"\s*[.,;:!?\n-]").match
_digit_set_apart = re.compile(r"\s*[1-9]\s*[.,:;=)-]+\s*[a-z]").match

_AFTER_MYSELF = v.WANTS | v.WISH | v.DANGER
_PLEADS = v.HELP | v.PLEASE | v.PLEA | v.POLITE
_CALLS = v.HELP | v.PLEASE
_ASKS = v.ASKS | v.WISH | v.WANTS
_USUAL_YES = v.YES | v.YES_ALONE | v.YES_OBJECT
_USUAL_NO = v.NO | v.NO_OBJECT


def help_(said: Said) -> Command | None:
    """'BANTU', 'tolong saya', 'butuh bantuan bu' with whatever story behind; not 'tolong kirim brosur'."""
    words = said.words
    if len(words) > 1 and words[0] in v.SOLD and words[1] not in v.SOLD_TO:
        return None
    if len(words) > 1 and words[0] in v.MYSELF and words[1] in _AFTER_MYSELF:
        words = words[1:]
    if len(words) > 1 and words[0] in v.WISH and words[1] in v.WANTS:
        words = words[1:]
    wants, words = (words[:1], words[1:]) if words and words[0] in v.WANTS else ([], words)
    if not words:
        return None
    if words[0] in v.HELP:
        is_aid = words[0] == "bantuan" and words[1:2] and words[1] in v.AID
        return None if is_aid or words[1:2] == ["cek"] else HELP
    if words[0] in v.PLEASE:
        pleads = _begs(wants, words) or _PLEADS.issuperset(words) or _cries(words, said)
        return HELP if pleads or not v.DANGER.isdisjoint(words) else None
    return HELP if _is_danger(words, said) else None


def _cries(words: list[str], said: Said) -> bool:
    """'tolong saya paspor ditahan agen'; not 'tolong saya mau tanya jadwal'."""
    return words[1:2] != [] and words[1] in v.WHOM and "?" not in said.flat and _ASKS.isdisjoint(words)


def is_bare(said: Said) -> bool:
    """Is a call for help nothing but the call, without a story?"""
    return (_PLEADS | v.WANTS | v.WISH).issuperset(said.words)


def _begs(wants: list[str], words: list[str]) -> bool:
    """'minta tolong' and whatever else; not 'minta tolong dicek PT X', which is a CEK."""
    return bool(wants) and not (words[1:2] and words[1] in r.KEYWORDS)


def _is_danger(words: list[str], said: Said) -> bool:
    """'disekap majikan', 'ini gawat bu'; not the question 'disiksa ya bu kalau di sana?'."""
    alone = words[behind(words, v.BEFORE_DANGER) :]
    if alone and alone[0] in v.DANGER_ALONE:
        return (v.POLITE | v.DANGER_ALONE).issuperset(alone)
    return words[0] in v.DANGER and "?" not in said.flat


def help_at_last(said: Said) -> Command | None:
    """'majikan memukul saya. tolong saya': the last sentence is nothing else. A human reads the story."""
    words = said.words
    start = len(words)
    while start > 0 and words[start - 1] in _PLEADS and start > len(words) - LONGEST_PLEA:
        start -= 1
        plea = words[start:]
        if start and _ends_sentence(said.gap(start - 1)) and not (_CALLS.isdisjoint(plea) or v.WHOM.isdisjoint(plea)):
            return Command("help", more=True)
    return None


def wrong(said: Said) -> Command | None:
    first, others = _core(said.words)
    if first in v.WRONG and all(word in v.WRONG_OBJECT for word in others):
        return Command("wrong")
    if first in v.WRONG_WITH and others and v.WRONG_OBJECT.issuperset(others):
        return Command("wrong")
    return Command("wrong") if (first, *others) in v.NOT_ME else None


def start(said: Said) -> Command | None:
    first, others = _core(said.words)
    if first in v.START and all(word in v.START | v.ABOUT_TEXTS | v.AGAIN for word in others):
        return Command("start")
    return None


def digit(said: Said) -> Command | None:
    """'1', '1.', 'satu', '1=baik', '2 minta ditelepon bu'; not '2 minggu lagi', '1.5 juta' or '12'."""
    first, others = _core(said.words)
    while others and first in v.BEFORE_DIGIT:
        first, others = others[0], others[1:]
    number = v.DIGITS.get(first, first)
    if not re.fullmatch("[1-9]", number) or any(word.isdigit() for word in others):
        return None
    if all(word in v.OPTION for word in others):
        return Command("digit", number)
    set_apart = _digit_set_apart(said.flat[said.starts[0] :])
    return Command("digit", number, more=True) if set_apart else None


def yes(said: Said) -> Command | None:
    """YA is yes, with a story behind it yes and more; 'ya Allah' and 'ya, tapi belum' are neither."""
    first, others = _core(said.words)
    if first in v.YES and not (v.CONTRARY.intersection(others) or (others and others[0] in v.EXCLAMATION)):
        return Command("yes", more=not _USUAL_YES.issuperset(others))
    if first in v.YES_ALONE and _USUAL_YES.issuperset(others):
        return Command("yes")
    return None


def no(said: Said) -> Command | None:
    """TIDAK alone or with what is denied, or set apart: 'tidak, saya sakit'; not 'tidak apa-apa', 'tidak tahu'."""
    first, others = _core(said.words)
    if first not in v.NO:
        return None
    if others and others[0] not in _USUAL_NO and not _sets_apart(said.gap(said.words.index(first))):
        return None
    return Command("no", more=not _USUAL_NO.issuperset(others))


def _core(words: list[str]) -> tuple[str, list[str]]:
    """The first word that says something, and those after it: without politeness, but YA may be the answer."""
    kept = [word for word in words if word not in v.POLITE or word in v.YES]
    while len(kept) > 1 and kept[-1] in v.YES:
        kept.pop()
    return (kept[0], kept[1:]) if kept else ("", [])
