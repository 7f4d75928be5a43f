"""What a text asks of the programme. Pure: a text goes in, a command comes out, and no text raises.

People type on small keys, in any case, with any punctuation, and greet before they ask. A command is only what is
clearly one: a story that begins with the letters of a keyword goes to a human, and so do words that quote ours.
The words stand in vocabulary.py and request_words.py, the rules in stopping, replying, asking and checking.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from sms import asking, checking, replying, request_words, stopping
from sms import vocabulary as v
from sms.command import NAMES, TEXT, Command
from sms.spelling import Said, read

__all__ = ["NAMES", "Command", "is_bare_call", "understand"]

Recogniser = Callable[[Said], Command | None]
#: In this order; the first that recognises its command decides. A new keyword is a new function here.
RECOGNISERS: tuple[Recogniser, ...] = (
    stopping.stop,
    replying.help_,
    replying.help_at_last,
    replying.wrong,
    replying.start,
    asking.language,
    asking.info,
    asking.report,
    checking.check,
    replying.digit,
    replying.yes,
    replying.no,
)
#: What may follow when somebody has said who they are; an answer needs no introduction.
AFTER_A_NAME: tuple[Recogniser, ...] = (
    stopping.stop,
    replying.help_,
    asking.language,
    asking.info,
    asking.report,
    checking.check,
)
#: A story may stand before these ('saya di Malaysia, tolong saya'), but not before a STOP: 'saya capek, stop'.
AFTER_A_STORY = AFTER_A_NAME[1:]
#: Whoever says who they are needs no more words for it, and whoever tells their own story no more before it.
LONGEST_NAME, LONGEST_STORY = 6, 15

_sets_apart = re.compile(r"\s*[,.:;\n)-]").match
_ends_a_name = re.compile(r"\s*[:\n)]").match


def understand(text: str) -> Command:
    """The command in a text. STOP comes before everything."""
    said = _without_greeting(read(text, v.SPELT))
    if not said.words:
        return TEXT
    return _first(RECOGNISERS, said) or _introduced(said) or TEXT


def is_bare_call(text: str) -> bool:
    """Of a call for help: does it tell nothing besides?"""
    return replying.is_bare(_without_greeting(read(text, v.SPELT)))


def _first(recognisers: tuple[Recogniser, ...], said: Said) -> Command | None:
    for recognise in recognisers:
        command = recognise(said)
        if command is not None:
            return command
    return None


def _without_greeting(said: Said) -> Said:
    """'Assalamualaikum bu, lapor …' → 'lapor …'."""
    count = 0
    while count < len(said.words) and _greets(said, count):
        count += 1
    return said.after(count)


def _greets(said: Said, at: int) -> bool:
    word = said.words[at]
    if word in v.OURSELVES and at + 1 < len(said.words) and at < 2:
        return True
    if word in v.GREETING or word in v.ADDRESS or tuple(said.words[at : at + 2]) in v.PARDON:
        return True
    return word in v.ADDRESS_OR_FAMILY and (at > 0 or bool(_sets_apart(said.gap(at))))


def _introduced(said: Said) -> Command | None:
    """A command behind the name of who writes ('Siti: CEK PT X', 'ini Siti, STOP') or behind a story of their own."""
    for count, recognisers, certain in _introductions(said):
        rest = _without_greeting(said.after(count))
        command = _first(recognisers, rest) if rest.words else None
        if command is not None:
            return command if certain else replace(command, more=True)
    return None


def _introductions(said: Said) -> Iterator[tuple[int, tuple[Recogniser, ...], bool]]:
    """Places where an introduction may end, what may follow, and whether no human needs to read the introduction."""
    first, named = said.words[0], True
    longest = LONGEST_STORY if first in v.MYSELF else LONGEST_NAME
    for count in range(1, min(longest, len(said.words) - 1) + 1):
        word = said.words[count - 1]
        named = named and (count == 1 or word in v.CALLED or not checking.is_ordinary(word))
        apart = _sets_apart(said.gap(count - 1))
        if first in v.SIGNED and named and apart and count > 1:
            yield count, AFTER_A_NAME, True
        elif first in v.MYSELF and (apart or (named and said.words[count] in request_words.WANTS)):
            yield count, AFTER_A_STORY, False
        elif named and not checking.is_ordinary(first) and _ends_a_name(said.gap(count - 1)):
            yield count, AFTER_A_NAME, False
