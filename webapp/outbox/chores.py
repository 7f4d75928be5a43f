"""What the worker does besides sending, for nouns that it may not import: they hang their chores here.

A chore looks for unfinished work, whatever the hour, finishes it and commits. It runs in an application
context with the programme's time.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import datetime

from webapp import clock
from webapp.db import db

log = logging.getLogger(__name__)
#: Given the programme's time, does something; says how many things it did.
Chore = Callable[[datetime], int]
CHORES: list[Chore] = []
#: Those that may take so long that nothing must wait for them (aside.py).
LONG_CHORES: list[Chore] = []


def add_chore(chore: Chore) -> None:
    """Called by a noun's `register()`; adding twice changes nothing."""
    if chore not in CHORES:
        CHORES.append(chore)


def add_long_chore(chore: Chore) -> None:
    """The same for one that counts or moves a great many rows, step by step."""
    if chore not in LONG_CHORES:
        LONG_CHORES.append(chore)


def do_chores() -> int:
    """All but the long ones."""
    return do(CHORES)


def do(chores: Iterable[Chore]) -> int:
    """Each on its own: one that fails keeps neither the others nor the sending back."""
    done = 0
    for chore in chores:
        try:
            done += chore(clock.now())
        except Exception:
            log.exception("a chore failed", extra={"chore": chore.__name__})
        finally:
            db.session.remove()
    return done
