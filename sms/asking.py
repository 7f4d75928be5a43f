"""What people ask for by themselves: INFO, BAHASA and LAPOR. CEK stands in checking.py. Pure."""

from __future__ import annotations

import re

from sms import request_words as r
from sms import vocabulary as v
from sms.command import Command
from sms.spelling import Said

#: Between LAPOR and its story.
SEPARATORS = " \t\r\n\xa0:;,.!-–—=*_/|~>#"
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
    kept = [word for word in said.words if word not in v.POLITE and word not in r.LANGUAGE_CHANGE]
    if not kept or kept[0] not in r.LANGUAGE:
        return None
    named = [word for word in kept[1:] if word not in r.LANGUAGE_MANNER]
    if not named and len(kept) == 1 and kept[0] in r.LANGUAGE_ALONE:
        return Command("language")
    codes = {r.LANGUAGE_CODES.get(word) for word in named}
    code = codes.pop() if len(codes) == 1 else None
    return Command("language", code) if code else None


def report(said: Said) -> Command | None:
    """LAPOR and its story as typed: 'mau lapor: ada calo …'; not 'sudah lapor ke disnaker' or 'lapor diri'."""
    at = behind(said.words, v.POLITE | r.WISHES | r.REPORT_MAKES)
    if at == len(said.words) or said.words[0] in v.YES:
        return None
    keyword, told = said.words[at], said.words[at + 1 :]
    if keyword in r.REPORT_VERBS:
        toward = _towards_us(told)
        if toward is None or _is_about_else(told[toward:]):
            return None
        return Command("report", _story(said, at + 1 + toward))
    if keyword in r.REPORT_NOUNS:
        apart = bool(_colon(said.gap(at)))
        if told and told[0] in r.NOT_NOUN_OF_REPORT and not apart:
            return None
        story = _story(said, at + 1)
        return Command("report", story, more=bool(story) and not apart)
    return None


def behind(words: list[str], skipped: frozenset[str]) -> int:
    """The place of the first word that is not skipped; their number if there is none."""
    return next((at for at, word in enumerate(words) if word not in skipped), len(words))


def _towards_us(told: list[str]) -> int | None:
    """So many words say that it is told to us ('ke petugas …'); None if it is told to somebody else."""
    if not told or told[0] not in r.TOWARDS:
        return 0
    count = 1 + behind(told[1:], r.US)
    return count if count > 1 else None


def _is_about_else(told: list[str]) -> bool:
    """'lapor diri', 'lapor saya sudah sampai', 'lapor ke mana', 'lapor gak ya'."""
    if not told:
        return False
    if told[0] in r.NOT_REPORTED or (v.NO | v.POLITE | frozenset({"belum"})).issuperset(told) and told[0] in v.NO:
        return True
    arrival = behind(told, r.BEFORE_ARRIVAL)
    return arrival < len(told) and told[arrival] in r.ARRIVALS


def _story(said: Said, at: int) -> str:
    """What was typed from a word on, without whom it is said to: 'lapor bu, ada calo' → 'ada calo'."""
    while at < len(said.words) and said.words[at] in v.ADDRESS | v.ADDRESS_OR_FAMILY and _sets_apart(said.gap(at)):
        at += 1
    start = said.ends[at - 1]
    rest = said.flat[start:]
    if not any(char.isalnum() for char in rest) or (said.words[at:] and v.POLITE.issuperset(said.words[at:])):
        return ""
    start += len(rest) - len(rest.lstrip(SEPARATORS))
    return said.as_typed(start, len(said.flat.rstrip()))
