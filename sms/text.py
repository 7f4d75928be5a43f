"""Words of a text: the letters that phones share, how many segments they cost, and how they fit into one.

A segment of the GSM-7 alphabet holds 160 letters; one letter outside it more than halves that. Rendering
runs for every text that is sent, so templates are taken apart once and the usual case makes one pass.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

import smsutil
from smsutil.codecs import GSM_BASIC_CHARSET, GSM_EXT_CHARSET

SEGMENT = 160
#: Whatever words come to with their values: beyond that providers take none, and nobody reads them on a small phone.
MOST_SEGMENTS = 10
#: The values that may be shortened: the recipient's name, then the list of missing papers.
NAME, LIST = "n", "dok"
#: What stands for a name that cannot simply be left out, and for the rest of a list.
NAMELESS, AND_SO_ON = "Anda", "dll"
#: Cut short these values would be wrong, so they are never cut: dates, numbers, codes, addresses.
EXACT = frozenset({"d", "hp", "rw", "k", "url", "jam", "dar"})

_BASIC = "".join(sorted(set(GSM_BASIC_CHARSET) - {"\x1b"}))
_one_septet_each = re.compile(f"[{re.escape(_BASIC)}]*").fullmatch
_gsm = re.compile(f"[{re.escape(_BASIC + GSM_EXT_CHARSET)}]*").fullmatch
_two_septets = re.compile(f"[{re.escape(GSM_EXT_CHARSET)}]")
_placeholder = re.compile(r"\{(\w+)\}")

#: Typography and letters that Unicode does not decompose.
_LIKENESS = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′‵`´ʼʻ", "'"),
        **dict.fromkeys("“”„‟″«»", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys("•·●▪", "-"),
        "…": "...",
        "đ": "d",
        "Đ": "D",
        "ð": "d",
        "Ð": "D",
        "ł": "l",
        "Ł": "L",
        "ı": "i",
        "œ": "oe",
        "Œ": "OE",
        "þ": "th",
        "Þ": "Th",
        "\t": " ",
    }
)


class MissingValue(LookupError):
    """A template names a value that was not given; the text says which one."""


def is_gsm7(text: str) -> bool:
    """Are all letters in the GSM-7 alphabet (é is, ê is not)?"""
    return _gsm(text) is not None


def segments(text: str) -> int:
    """How many texts a provider sends and charges. An empty one counts as one."""
    if len(text) <= SEGMENT and _one_septet_each(text):
        return 1
    return len(smsutil.split(text).parts)


def plain(text: str) -> str:
    """The same words in GSM-7: ’ becomes ', – becomes -, ê becomes e; pictures are left out, other scripts are '?'."""
    if _gsm(text):
        return text
    return "".join(char if _gsm(char) else _nearest(char) for char in text.translate(_LIKENESS))


def merge(template: str, values: Mapping[str, object]) -> str:
    """Put values in place of {name}. Values are taken as they are: braces in them mean nothing.

    Raises MissingValue.
    """
    pieces = list(_pieces(template))
    return _merged(pieces, values)


def fit(template: str, values: Mapping[str, object]) -> str:
    """One GSM-7 segment of the template with its values.

    Over 160 letters the name goes first, then the list of papers gets shorter ('KTP, KK dll'), then
    other words are cut, never a date, number or code; at the very last the end of the text. An empty
    name is left out too. Raises MissingValue.
    """
    if values.get(NAME) != "":
        text = _merged(_pieces(template), values)
        if len(text) <= SEGMENT and _one_septet_each(text):
            return text
    return _fitted(plain(template), {name: plain(str(value)).strip() for name, value in values.items()})


def whole(template: str, values: Mapping[str, object]) -> str:
    """The template with its values, uncut, however many segments that takes; an empty name is left out.

    Values never bring in letters that the template does without: one name must not double what a text costs.
    Raises MissingValue.
    """
    if values.get(NAME) == "":
        template = _without_name(template)
    if not is_gsm7(template):
        return _merged(_pieces(template), values)
    return _merged(_pieces(template), {name: plain(str(value)).strip() for name, value in values.items()})


def _fitted(template: str, values: dict[str, str]) -> str:
    if values.get(NAME) == "":
        template = _without_name(template)
    text = merge(template, values)
    if _septets(text) > SEGMENT:
        template = _without_name(template)
        text = merge(template, values)
    while _septets(text) > SEGMENT and _shorten_one(template, values):
        text = merge(template, values)
    return _cut(text)


@lru_cache(maxsize=4096)
def _pieces(template: str) -> tuple[str, ...]:
    """Words and names in turn: 'Halo {n}!' → ('Halo ', 'n', '!')."""
    return tuple(_placeholder.split(template))


def _merged(pieces: tuple[str, ...] | list[str], values: Mapping[str, object]) -> str:
    filled = list(pieces)
    try:
        filled[1::2] = [str(values[name]) for name in pieces[1::2]]
    except KeyError as error:
        raise MissingValue(f"no value for {{{error.args[0]}}}") from None
    return "".join(filled)


@lru_cache(maxsize=4096)
def _without_name(template: str) -> str:
    """'Desmigratif: {n}, berangkat' → 'Desmigratif: berangkat'; 'info untuk {n}.' → 'info untuk Anda.'"""
    begins_with_name = template.startswith(f"{{{NAME}}}, ")
    template = template.replace(f"{{{NAME}}}, ", "").replace(f", {{{NAME}}}", "").replace(f"{{{NAME}}}", NAMELESS)
    return template[:1].upper() + template[1:] if begins_with_name else template


def _shorten_one(template: str, values: dict[str, str]) -> bool:
    """Make one value of the template a little shorter; False if nothing is left to shorten."""
    used = _pieces(template)[1::2]
    if LIST in used:
        shorter = _shorter_list(values[LIST])
        if shorter != values[LIST]:
            values[LIST] = shorter
            return True
    longest = max((name for name in used if name not in EXACT), key=lambda name: len(values[name]), default=None)
    if longest is None or len(values[longest]) <= len(AND_SO_ON):
        return False
    values[longest] = values[longest][:-1].rstrip(" ,")
    return True


def _shorter_list(items: str) -> str:
    """'KTP, KK, paspor' → 'KTP, KK dll' → 'KTP dll'; a single item stays."""
    kept = items.removesuffix(f" {AND_SO_ON}").split(", ")
    if len(kept) == 1:
        return items
    return ", ".join(kept[:-1]) + f" {AND_SO_ON}"


def _cut(text: str) -> str:
    """At most one segment; if it must be cut, then after a whole word where there is one."""
    if _septets(text) <= SEGMENT:
        return text
    while _septets(text) > SEGMENT:
        text = text[:-1]
    head, space, _ = text.rpartition(" ")
    return head if space and len(head) > SEGMENT // 2 else text


def _septets(text: str) -> int:
    return len(text) + len(_two_septets.findall(text))


@lru_cache(maxsize=4096)
def _nearest(char: str) -> str:
    """GSM-7 letters for one letter: its base without marks, '' for pictures, '?' for other scripts."""
    decomposed = unicodedata.normalize("NFKD", char)
    near = "".join(c for c in decomposed if _gsm(c))
    if near:
        return near
    kind = unicodedata.category(char)
    if kind.startswith("Z"):
        return " "
    return "?" if kind[0] in "LN" else ""
