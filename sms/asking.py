"""What people ask for by themselves: INFO, BAHASA and LAPOR. CEK stands in checking.py. Pure."""

from __future__ import annotations

import re

from sms import request_words as r
from sms import vocabulary as v
from sms.command import Command
from sms.spelling import Said, behind

#: Between LAPOR and its story.
SEPARATORS = " \t\r\n\xa0:;,.!-–—=*_/|~>#"
_BEFORE_LANGUAGE = r.LANGUAGE_CHANGE | v.POLITE
_BEFORE_REPORT = r.BEFORE | r.REPORT_MAKES
_sets_apart = re.compile(r"\s*[.,:;!\n-]").match
_colon = re.compile(r"\s*[:;.\n-]").match


def info(said: Said) -> Command | None:
    """INFO alone or about us: 'info dong bu', 'daftar perintah', 'cara kirim sms'; not 'info lowongan kerja'."""
    kept = [word for word in said.words if word not in v.POLITE]
    if kept[:1] == ["daftar"]:
        kept = kept[1:]
    if not kept or said.words[0] in v.YES:
        return None
    if kept[0] in r.INFO and (r.INFO | r.INFO_ABOUT).issuperset(kept):
        return Command("info")
    if kept[0] in r.HOW and r.HOW_TO.issuperset(kept[1:]):
        return Command("info", more=True)
    return None


def language(said: Said) -> Command | None:
    """'BAHASA JV', 'ganti basa sunda'; a code of ours, '' if none is named; not 'bahasa mandarin saya belum lulus'."""
    kept = [word for word in said.words if word not in _BEFORE_LANGUAGE]
    if not kept or kept[0] not in r.LANGUAGE:
        return None
    others = [word for word in kept[1:] if word not in r.LANGUAGE_MANNER]
    if not others:
        return Command("language") if len(kept) == 1 and kept[0] in r.LANGUAGE_ALONE else None
    code = r.LANGUAGE_CODES.get(others[0])
    same = all(r.LANGUAGE_CODES.get(word) == code for word in others)
    if code is None or not (same or _uses(said.words, others)):
        return None
    return Command("language", code, more=not same)


def _uses(words: list[str], named: list[str]) -> bool:
    """'pakai bahasa jawa bu, saya tidak paham' is a wish with its reason; 'pakai bahasa jawa atau sunda' is none."""
    codes = {r.LANGUAGE_CODES[word] for word in named if word in r.LANGUAGE_CODES}
    return len(codes) == 1 and not r.LANGUAGE_TO_USE.isdisjoint(words[: behind(words, _BEFORE_LANGUAGE)])


def report(said: Said) -> Command | None:
    """LAPOR and its story as typed: 'mau lapor: ada calo …'; not 'sudah lapor ke disnaker' or 'lapor diri'."""
    at = behind(said.words, _BEFORE_REPORT)
    if at == len(said.words) or said.words[0] in v.YES:
        return None
    keyword, told = said.words[at], said.words[at + 1 :]
    if keyword in r.REPORT_VERBS:
        toward = _towards_us(told)
        if toward is None or _is_about_else(told[toward:]):
            return None
        return Command("report", _story(said, at + 1 + toward), more=told[:1] != [] and told[0] in r.OFFICES)
    if keyword in r.REPORT_NOUNS:
        apart = bool(_colon(said.gap(at)))
        if told and told[0] in r.NOT_NOUN_OF_REPORT and not apart:
            return None
        story = _story(said, at + 1)
        return Command("report", story, more=bool(story) and not apart)
    return None


def _towards_us(told: list[str]) -> int | None:
    """So many words say that it is told to us ('ke petugas …'); None if it is told to somebody else."""
    if not told or told[0] not in r.TOWARDS:
        return 0
    count = 1 + behind(told[1:], r.US)
    return count if count > 1 else None


def _is_about_else(told: list[str]) -> bool:
    """'lapor diri', 'lapor saya sudah sampai', 'lapor ke mana', 'lapor gak ya', 'lapor polisi apa disnaker'."""
    if not told:
        return False
    if told[0] in r.OFFICES and (len(told) < 4 or not r.WHICH.isdisjoint(told)):
        return True
    if told[0] == "di" and told[1:2]:
        told = told[1:]
    if told[0] in r.NOT_REPORTED or (told[0] in v.NO and (v.NO | v.POLITE).issuperset(told)):
        return True
    arrival = behind(told, r.BEFORE_ARRIVAL)
    return arrival < len(told) and told[arrival] in r.ARRIVALS


def _story(said: Said, at: int) -> str:
    """What was typed from a word on, without whom it is said to: 'lapor bu, ada calo' → 'ada calo'."""
    while at < len(said.words) and said.words[at] in v.CALLED and _sets_apart(said.gap(at)):
        at += 1
    start = said.ends[at - 1]
    rest = said.flat[start:]
    if not any(char.isalnum() for char in rest) or (said.words[at:] and v.POLITE.issuperset(said.words[at:])):
        return ""
    start += len(rest) - len(rest.lstrip(SEPARATORS))
    return said.as_typed(start, len(said.flat.rstrip()))
