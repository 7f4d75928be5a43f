"""Who must not be answered: machines that answer by themselves. Two of them would talk for ever."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

#: What machines say of themselves, and what nobody writes who wants an answer.
AUTOMATIC = re.compile(
    r"pesan otomatis|balasan otomatis|dijawab otomatis|auto[- ]?reply|automatic (?:reply|response|message)"
    r"|out of office|jangan (?:di)?balas|tidak perlu dibalas|do not reply|no[- ]?reply|message not delivered"
    r"|pesan (?:anda )?tidak terkirim|nomor yang anda tuju",
    re.IGNORECASE,
)
#: The very same words so often within this time come from no person in need: a person is answered once or twice.
SAME_WORDS, WITHIN = 3, timedelta(minutes=30)


def is_automatic(body: str) -> bool:
    """Does a machine say so of itself? Pure."""
    return AUTOMATIC.search(body) is not None


def says_the_same(words: str, earlier: Iterable[tuple[str, datetime]], now: datetime) -> bool:
    """Has this number sent the very same words again and again just now? Pure. `earlier`: bodies and when they came."""
    same = sum(body == words and at > now - WITHIN for body, at in earlier)
    return bool(words) and same >= SAME_WORDS
