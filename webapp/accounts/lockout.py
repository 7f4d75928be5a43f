"""How long log-in pauses after wrong passwords: not at all for four, then a minute, doubling to an hour. Pure."""

from __future__ import annotations

from datetime import timedelta

FREE_ATTEMPTS = 4
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)
#: From this many failures on, the pause is the longest.
LONGEST_FROM = 11


def pause_after(failures: int) -> timedelta:
    """How long nobody may try after so many failures in a row."""
    if failures <= FREE_ATTEMPTS:
        return timedelta(0)
    return min(FIRST_PAUSE * 2 ** (min(failures, LONGEST_FROM) - FREE_ATTEMPTS - 1), LONGEST_PAUSE)
