"""How a text is read, whatever it was typed with: small letters, plain digits, words as they are meant. Pure.

Each word remembers where it stands, so that what follows a keyword can be given on exactly as it was typed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
from functools import lru_cache

from sms.quotes import quoted_spans

#: No text of a phone is longer than ten segments.
MOST_LETTERS = 2000
#: From so many letters on a doubled one is a slip ('cekk', 'stoop') and not a word of its own.
LONG = 4
#: A keyword has no more letters, even if some are doubled.
LONGEST_SPELT = 24
#: Marks above and below letters, and besides them what nobody sees: joiners, direction marks.
MARKS = frozenset({"Mn", "Me"})
INVISIBLE = MARKS | {"Cf"}

_word = re.compile("[a-z0-9]+").finditer
_thrice = re.compile(r"(.)\1{2,}")
_twice = re.compile(r"(.)\1+")
_OFTEN = str.maketrans("015", "ois")
_SELDOM = str.maketrans("013457", "oieast")

Token = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Said:
    """A text and its words. `starts` and `ends` of the words are places in `flat`; `origins` leads to `typed`."""

    typed: str
    flat: str
    origins: Sequence[int]
    words: list[str]
    starts: list[int]
    ends: list[int]
    #: The single letters of a text that has nothing else ('s t p o'), else ''.
    letters: str = ""

    def after(self, count: int) -> Said:
        """The same without its first words."""
        if not count:
            return self
        return replace(self, words=self.words[count:], starts=self.starts[count:], ends=self.ends[count:], letters="")

    def gap(self, at: int) -> str:
        """What stands between a word and the next, or the end."""
        until = self.starts[at + 1] if at + 1 < len(self.starts) else len(self.flat)
        return self.flat[self.ends[at] : until]

    def as_typed(self, start: int, end: int) -> str:
        """The letters behind a part of `flat`."""
        if start >= end:
            return ""
        last = self.origins[end - 1] + 1
        while last < len(self.typed) and unicodedata.category(self.typed[last]) in MARKS:
            last += 1
        return self.typed[self.origins[start] : last]


def read(text: str, spelt: Set[str]) -> Said:
    """`spelt`: the words that are recognised letter by letter even if others follow ('c e k pt maju')."""
    flat, origins = _flatten(text)
    tokens: list[Token] = [(match[0], *match.span()) for match in _word(flat)]
    letters = "".join(token[0] for token in tokens)
    if len(letters) != len(tokens) or len(letters) < 3:
        letters = ""
    joined = list(_join_letters(tokens, spelt))
    words = [tidy(word) for word, _, _ in joined]
    starts, ends = [start for _, start, _ in joined], [end for _, _, end in joined]
    return Said(text, flat, origins, words, starts, ends, tidy(letters))


def _flatten(text: str) -> tuple[str, Sequence[int]]:
    """Small letters without marks, whatever widths and digits they were typed in, without what is quoted."""
    begin = len(text) - len(text.lstrip())
    typed = text[begin:].rstrip()[:MOST_LETTERS]
    if typed.isascii():
        flat: str = typed.lower()
        origins: Sequence[int] = range(begin, begin + len(typed))
    else:
        plain = [_plain(letter) for letter in typed]
        flat = "".join(plain)
        origins = [begin + at for at, letters in enumerate(plain) for _ in letters]
    quoted = quoted_spans(flat)
    return _without(flat, origins, quoted) if quoted else (flat, origins)


def _without(flat: str, origins: Sequence[int], spans: list[tuple[int, int]]) -> tuple[str, Sequence[int]]:
    kept: list[int] = []
    end_before = 0
    for start, end in [*spans, (len(flat), len(flat))]:
        kept += range(end_before, start)
        end_before = end
    return "".join(flat[at] for at in kept), [origins[at] for at in kept]


@lru_cache(maxsize=4096)
def _plain(letter: str) -> str:
    """'É' → 'e', 'ｓ' → 's', '٢' → '2'; '' for what nobody sees. The same for an upper-case and a lower-case letter."""
    folded = unicodedata.normalize("NFKD", letter.lower().upper().lower()).lower()
    return "".join(
        str(unicodedata.decimal(char)) if char.isdecimal() else char
        for char in folded
        if unicodedata.category(char) not in INVISIBLE
    )


def _join_letters(tokens: list[Token], spelt: Set[str]) -> Iterator[Token]:
    """'s', 't', 'o', 'p', 'bu' → 'stop', 'bu'. Three letters or more in a row are a word."""
    at = 0
    while at < len(tokens):
        until = at
        while until < len(tokens) and len(tokens[until][0]) == 1:
            until += 1
        if until - at < 3:
            until = max(until, at + 1)
            yield from tokens[at:until]
        else:
            yield from _spelt_words(tokens[at:until], spelt)
        at = until


def _spelt_words(run: list[Token], spelt: Set[str]) -> Iterator[Token]:
    """A keyword at the beginning of spelt letters stands alone: 'c e k p t' → 'cek', 'p', 't'."""
    for length in range(min(len(run), LONGEST_SPELT), 2, -1):
        word = "".join(token[0] for token in run[:length])
        if tidy(word) in spelt:
            yield word, run[0][1], run[length - 1][2]
            yield from run[length:]
            return
    if all(token[0].isalpha() for token in run):
        yield "".join(token[0] for token in run), run[0][1], run[-1][2]
    else:
        yield from run


@lru_cache(maxsize=8192)
def tidy(word: str) -> str:
    """'stooop' and 'stoop' → 'stop', 'st0p' and 'b4ntu' → 'stop' and 'bantu', 'stop2' → 'stop'. Numbers stay."""
    if not word.isalpha():
        word = _without_digits(word)
    if not word.isalpha():
        return word
    return (_twice if len(word) >= LONG else _thrice).sub(r"\1", word)


def _without_digits(word: str) -> str:
    """Digits that stand for letters; a 2 behind a word says it twice ('stop2')."""
    if len(word) >= LONG and word[-1] == "2" and word[-2].isalpha():
        word = word[:-1]
    letters = sum(char.isalpha() for char in word)
    if len(word) >= 3 and letters > len(word) - letters:
        return word.translate(_SELDOM)
    return word.translate(_OFTEN) if word[-1:].isalpha() else word


def behind(words: Sequence[str], skipped: Set[str]) -> int:
    """The place of the first word that is not skipped; their number if there is none."""
    return next((at for at, word in enumerate(words) if word not in skipped), len(words))


def one_slip(word: str, meant: str) -> bool:
    """Is `word` one letter more, less, other, or two letters swapped away from `meant`?"""
    if abs(len(word) - len(meant)) > 1:
        return False
    start = 0
    while start < min(len(word), len(meant)) and word[start] == meant[start]:
        start += 1
    w, m = word[start:], meant[start:]
    return w[1:] == m or w == m[1:] or w[1:] == m[1:] or (w[:2] == m[1::-1] and w[2:] == m[2:])
