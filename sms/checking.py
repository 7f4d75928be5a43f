"""CEK and the name of a company. Pure.

The rule, in this order. Before CEK stand only politeness and a wish ('saya mau cek …', 'tolong dicek …').
1. Nothing behind it: asked for without a name.
2. A name that begins with a mark of companies (PT, CV, agensi …) counts whatever it is.
3. A name without a mark counts if it is short and begins with no ordinary word: kesehatan, gaji, paspor, saya … are
   a story, which a human reads. After PERIKSA, 'dicek' or 'saya cek' a mark is needed.
A name ends where a sentence begins ('PT Maju | saya sudah bayar', 'PT Maju | resmi atau tidak').
A false answer does little harm, a text that no human reads does more. So `more` is set where a sentence follows, where
the name is long, and where nothing says that it is a company: neither mark nor colon nor a usual part of such names.
"""

from __future__ import annotations

import re

from sms import request_words as r
from sms import vocabulary as v
from sms.command import Command
from sms.spelling import Said, behind

#: So many letters of a name are given on, and so many words it has at most: with a mark, and without.
MOST_LETTERS, MOST_WORDS, MOST_UNMARKED = 120, 8, 5
_KEYWORDS = r.CHECK | r.CHECK_MAKES | r.CHECK_OTHERWISE
_BEFORE_NAME = r.CHECK_FILLERS | r.POLITE_BEHIND | r.CHECK
_BEHIND_NAME = r.TELLING | r.ABOUT_IT | r.CHECK
_QUESTION = r.IS_IT | r.ASKS | r.POLITE_BEHIND
_ends_sentence = re.compile(r"[.?!]+\s|\s*[\r\n]").match
_sets_name_apart = re.compile(r"\s*[:;.=#-]").match


def check(said: Said) -> Command | None:
    at = behind(said.words, r.BEFORE)
    if at == len(said.words) or said.words[0] in v.YES:
        return None
    keyword = said.words[at]
    if keyword not in _KEYWORDS:
        return None
    sure = keyword in r.CHECK or keyword in r.CHECK_MAKES
    tells = (at == 0 and keyword in r.CHECK_MAKES) or _tells_of_oneself(said.words[:at])
    rest = said.after(at + 1)
    if not rest.words:
        return _unread(said, at) if sure and not tells else None
    return _named(rest, set_apart=bool(_sets_name_apart(said.gap(at))), only_marked=tells or not sure)


def _tells_of_oneself(before: list[str]) -> bool:
    """'saya cek', and not 'saya mau cek'."""
    return not v.MYSELF.isdisjoint(before) and r.WANTS.isdisjoint(before)


def _unread(said: Said, at: int) -> Command:
    """Nothing behind CEK, or a name in letters that are not ours: as typed, and for a human."""
    start = said.ends[at]
    rest = said.flat[start:]
    if not any(char.isalnum() for char in rest):
        return Command("check")
    start += len(rest) - len(rest.lstrip(" :;,.#-=\t\r\n"))
    return Command("check", _cut(said, start, len(said.flat)), more=True)


def _named(rest: Said, *, set_apart: bool, only_marked: bool) -> Command | None:
    skipped = behind(rest.words, _BEFORE_NAME)
    somebody = not v.ADDRESS.isdisjoint(rest.words[:skipped])  # 'cek bu Tini'
    rest = rest.after(skipped)
    words, marks = rest.words, _marks(rest.words)
    if not words:
        return None if only_marked else Command("check")
    if not marks and (only_marked or somebody or is_ordinary(words[0])):
        return None
    end = _end_of_name(rest, marks)
    tells = not r.POLITE_BEHIND.issuperset(words[end:]) or (end > marks and is_ordinary(words[marks]))
    end = _without_question(words[:end])
    if not marks and end > MOST_UNMARKED:
        return None
    if end <= marks:
        return Command("check", more=tells)
    known = marks > 0 or set_apart or any(map(_is_of_companies, words[:end]))
    argument = _cut(rest, rest.starts[0], rest.ends[end - 1] + _is_closed(rest, end))
    return Command("check", argument, more=tells or not known or end > MOST_WORDS)


def _is_closed(rest: Said, end: int) -> bool:
    """Does a bracket or quote belong to the name: 'PT Maju (Persero)', 'PT "Maju"'?"""
    opening = {")": "(", '"': '"'}.get(rest.gap(end - 1)[:1], "")
    return opening != "" and opening in rest.flat[rest.starts[0] : rest.ends[end - 1]]


def is_ordinary(word: str) -> bool:
    """'gaji', 'paspornya', 'saya': what is not the beginning of a company's name."""
    if word in r.ORDINARY or word in r.TELLING:
        return True
    return any(word.endswith(ending) and word[: -len(ending)] in r.ORDINARY for ending in r.ENDINGS)


def _is_of_companies(word: str) -> bool:
    """A usual part of their names; a single digit chooses one of those that were offered."""
    if len(word) == 1:
        return word.isdigit()
    return word in r.OF_COMPANIES or (len(word) > 5 and word.endswith(("indo", "tama", "jaya")))


def _marks(words: list[str]) -> int:
    """So many words are the mark before the name: 'PT', 'P.T.', 'agensi PT'; a mark may be grown to it: 'ptmaju'."""
    count = 0
    while count < len(words) and words[count] in r.MARKS:
        count += 1
    if words[count : count + 2] == ["p", "t"]:
        count += 2
    return count


def _end_of_name(rest: Said, marks: int) -> int:
    """Where a sentence begins: by its words, or by a full stop. The first word of a name is never such a word."""
    for at in range(marks + 1, len(rest.words)):
        if rest.words[at] in _BEHIND_NAME and not _asks(rest.words[at:]):
            return at
        if _ends_sentence(rest.gap(at - 1)):
            return at
    return len(rest.words)


def _asks(words: list[str]) -> bool:
    """'resmi atau tidak', 'aman gak bu': no story, only what CEK answers."""
    return _QUESTION.issuperset(words)


def _without_question(words: list[str]) -> int:
    """The length of the name, without such a question and politeness behind it."""
    start = len(words)
    while start > 1 and words[start - 1] in _QUESTION:
        start -= 1
    if not r.ASKS.isdisjoint(words[start:]):
        return start
    end = len(words)
    while end > 1 and words[end - 1] in r.POLITE_BEHIND:
        end -= 1
    return end


def _cut(said: Said, start: int, end: int) -> str:
    return said.as_typed(start, end)[:MOST_LETTERS].strip()
