"""What in a text are words of others: lines that quote, and our own texts sent back to us. Pure."""

from __future__ import annotations

import re

#: Our texts are a whole segment; a person's 'Desmigratif: STOP' is shorter than any of them.
OURS_AT_LEAST = 60

#: How people go on who name us first; none of our texts does.
_THEIRS = frozenset(
    (
        *("stop", "berhenti", "unreg", "keluar", "bantu", "bantuan", "tolong", "tolonglah", "tulung", "help", "sos"),
        *("gawat", "darurat", "bahaya", "lapor", "cek", "info", "mulai", "salah", "saya", "sy", "sya", "aku", "ak"),
        *("kami", "disekap", "dikurung", "dipukul", "dipukuli", "disiksa", "diancam", "diculik", "diperkosa"),
    )
)
_words = re.compile("[a-z]+").findall
_line = re.compile(r"[^\r\n\x85\u2028\u2029]+")
_marked = re.compile(r"\s*>").match
_begins_like_ours = re.compile(r"\W*(?:(?:fwd?|re)\W+)?(?:sms )?desmigratif\b").match
_ends_like_ours = re.compile(r"-\s*desmigratif\W*$").search


def is_quoted(line: str) -> bool:
    """'> balas stop …' is quoted, and so is a text of ours, which names us first or last. `line` in small letters."""
    if _marked(line):
        return True
    if len(line) < OURS_AT_LEAST or "desmigratif" not in line:
        return False
    begins = _begins_like_ours(line)
    return bool((begins and not _speaks_to_us(line[begins.end() :])) or _ends_like_ours(line))


def _speaks_to_us(rest: str) -> bool:
    """'Desmigratif, tolong saya …': no text of ours goes on with a keyword, a cry or an I."""
    return any(word in _THEIRS for word in _words(rest)[:2])


def quoted_spans(flat: str) -> list[tuple[int, int]]:
    """Where the quoted lines of a text begin and end."""
    if ">" not in flat and "desmigratif" not in flat:
        return []
    return [line.span() for line in _line.finditer(flat) if is_quoted(line[0])]
