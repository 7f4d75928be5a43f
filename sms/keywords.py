"""What a text asks of the programme. Pure: a text goes in, a command comes out, and no text raises.

People type on small keys, in any case, with any punctuation. A command is only what is clearly one: a
story that begins with the letters of a keyword goes to a human. The words stand in vocabulary.py.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from sms import vocabulary as v

#: No text of a phone is longer than ten segments.
MOST_LETTERS = 2000


@dataclass(frozen=True, slots=True)
class Command:
    """What was understood.

    `name`: stop, help, start, wrong, yes, no, digit, or text if only a human can tell. `argument` is the digit
    of a digit. `more`: it answers, and says something besides that a human should read.
    """

    name: str
    argument: str = ""
    more: bool = False

    @property
    def is_answer(self) -> bool:
        return self.name in ("yes", "no", "digit")


TEXT = Command("text")


def understand(text: str) -> Command:
    """The command in a text. STOP comes before everything."""
    flat = _flatten(text)
    words = _words(flat)
    for recognise in RECOGNISERS:
        command = recognise(words, flat)
        if command is not None:
            return command
    return TEXT


def _stop(words: list[str], _flat: str) -> Command | None:
    """The word alone, with a politeness or a wish: 'saya mau STOP sms ya bu', not 'stopkan dulu, saya mau tanya'."""
    first = next((at for at, word in enumerate(words) if _is_stop(word)), None)
    if first is None or _is_refused(words[:first]):
        return None
    may_surround = v.POLITE | v.ABOUT_TEXTS | (v.REFUSAL if words[0] in v.STOP_CLEAR else frozenset())
    may_precede = may_surround | (v.WISH_TO_STOP if _speaks_of_texts(words[first], words) else frozenset())
    before, after = words[:first], words[first:]
    if may_precede.issuperset(before) and all(word in may_surround or _is_stop(word) for word in after):
        return Command("stop")
    return None


def _is_refused(before: list[str]) -> bool:
    """'jangan stop', 'jangan mau stop': they want more, not less."""
    return "jangan" in before and v.WISH_TO_STOP.issuperset(before[before.index("jangan") + 1 :])


def _speaks_of_texts(stop: str, words: list[str]) -> bool:
    """Is it the texts that somebody wishes to stop, and not their work?"""
    return stop in v.STOP_CLEAR or (stop in v.STOP_ALSO_WORK and not v.TEXTS.isdisjoint(words))


def _is_stop(word: str) -> bool:
    if word in v.STOP:
        return True
    if len(word) < 3 or word in v.NOT_STOP:
        return False
    return any(_one_slip(word, keyword) for keyword in v.STOP_FORGIVING)


def _help(words: list[str], _flat: str) -> Command | None:
    """'BANTU', 'tolong saya', 'butuh bantuan bu' with whatever story behind; not 'tolong kirim brosur'."""
    if words[:1] and words[0] in v.MYSELF and words[1:2] and words[1] in v.WANTS:
        words = words[1:]
    wants, words = (words[:1], words[1:]) if words and words[0] in v.WANTS else ([], words)
    if not words:
        return None
    if words[0] in v.HELP or (wants and words[0] == "tolong"):
        return Command("help")
    pleads = words[0] == "tolong" and all(word in v.HELP | v.PLEA | v.POLITE for word in words)
    return Command("help") if pleads else None


def _wrong(words: list[str], _flat: str) -> Command | None:
    first, others = _core(words)
    if first in v.WRONG and all(word in v.WRONG_OBJECT for word in others):
        return Command("wrong")
    return Command("wrong") if (first, others) == ("bukan", ["saya"]) else None


def _start(words: list[str], _flat: str) -> Command | None:
    first, others = _core(words)
    if first in v.START and all(word in v.START | v.ABOUT_TEXTS for word in others):
        return Command("start")
    return None


def _digit(words: list[str], flat: str) -> Command | None:
    """'1', '1.', 'satu', '1=baik', '2 minta ditelepon bu'; not '2 minggu lagi', '1.5 juta' or '12'."""
    first, others = _core(words)
    while others and first in v.BEFORE_DIGIT:
        first, others = others[0], others[1:]
    digit = v.DIGITS.get(first, first)
    if not re.fullmatch("[1-9]", digit) or any(word.isdigit() for word in others):
        return None
    if all(word in v.OPTION for word in others):
        return Command("digit", digit)
    set_apart = re.match(r"\s*[1-9]\s*[.,:;=)-]+\s*[a-z]", flat)
    return Command("digit", digit, more=True) if set_apart else None


def _yes(words: list[str], _flat: str) -> Command | None:
    """YA is yes, with a story behind it yes and more; 'ya Allah' and 'ya, tapi belum' are neither."""
    first, others = _core(words)
    usual = v.YES | v.YES_ALONE | v.YES_OBJECT
    if first in v.YES and not (v.CONTRARY.intersection(others) or (others and others[0] in v.EXCLAMATION)):
        return Command("yes", more=not usual.issuperset(others))
    if first in v.YES_ALONE and usual.issuperset(others):
        return Command("yes")
    return None


def _no(words: list[str], flat: str) -> Command | None:
    """TIDAK alone or with what is denied, or set apart: 'tidak, saya sakit'; not 'tidak apa-apa', 'tidak tahu'."""
    first, others = _core(words)
    if first not in v.NO:
        return None
    usual = v.NO | v.NO_OBJECT
    if others and others[0] not in usual and not re.search(rf"\b{first}\s*[.,;:!\n-]", flat):
        return None
    return Command("no", more=not usual.issuperset(others))


#: In this order; the first that recognises its command decides. A new keyword is a new function here.
RECOGNISERS: tuple[Callable[[list[str], str], Command | None], ...] = (_stop, _help, _wrong, _start, _digit, _yes, _no)


def _flatten(text: str) -> str:
    """Lower-case letters without marks, whatever widths and digits they were typed in."""
    letters = unicodedata.normalize("NFKD", text[:MOST_LETTERS]).lower()
    return "".join(
        str(unicodedata.decimal(char)) if char.isdecimal() else char
        for char in letters
        if not unicodedata.combining(char)
    )


def _words(flat: str) -> list[str]:
    """'S.T.O.P!!' → ['stop'], 'stooop' → ['stop'], 'st0p' → ['stop']."""
    words = re.findall("[a-z0-9]+", flat)
    if len(words) > 2 and all(len(word) == 1 and word.isalpha() for word in words):
        words = ["".join(words)]
    return [_tidy(word) for word in words]


def _tidy(word: str) -> str:
    if not word.isalpha() and word[-1].isalpha():
        word = word.translate(str.maketrans("015", "ois"))
    return re.sub(r"(.)\1{2,}", r"\1", word) if word.isalpha() else word


def _core(words: list[str]) -> tuple[str, list[str]]:
    """The first word that says something, and those after it: without politeness, but YA may be the answer."""
    kept = [word for word in words if word not in v.POLITE or word in v.YES]
    while len(kept) > 1 and kept[-1] in v.YES:
        kept.pop()
    return (kept[0], kept[1:]) if kept else ("", [])


def _one_slip(word: str, meant: str) -> bool:
    """Is `word` one letter more, less, other, or two letters swapped away from `meant`?"""
    start = 0
    while start < min(len(word), len(meant)) and word[start] == meant[start]:
        start += 1
    w, m = word[start:], meant[start:]
    return w[1:] == m or w == m[1:] or w[1:] == m[1:] or (w[:2] == m[1::-1] and w[2:] == m[2:])
