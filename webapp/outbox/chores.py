"""What the worker does besides sending, for nouns that it may not import: they hang their chores here.

A chore looks for unfinished work, whatever the hour, finishes it and commits. It runs in an application
context with the programme's time.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from webapp import clock
from webapp.db import db

log = logging.getLogger(__name__)
#: Given the programme's time, does something; says how many things it did.
Chore = Callable[[datetime], int]
CHORES: list[Chore] = []


def add_chore(chore: Chore) -> None:
    """Called by a noun's `register()`; adding twice changes nothing."""
    if chore not in CHORES:
        CHORES.append(chore)


def do_chores() -> int:
    """All of them, each on its own: one that fails keeps neither the others nor the sending back."""
    done = 0
    for chore in CHORES:
        try:
            done += chore(clock.now())
        except Exception:
            log.exception("a chore failed", extra={"chore": chore.__name__})
        finally:
            db.session.remove()
    return done
