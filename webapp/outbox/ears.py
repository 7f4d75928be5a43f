"""What gateways tell that must be asked: texts that somebody sent us, and signs of life.

Nouns that the outbox may not import hang their ear for texts here. These functions commit.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from sms.gateways import Heartbeat, IncomingText
from webapp import clock
from webapp.db import db
from webapp.routes import states

#: Given the name of the gateway (a route's code, or that of the settings' gateway), a text that somebody sent us, and
#: the programme's time. Commits; raises if the text could not be stored, so that the gateway tells it again.
Ear = Callable[[str, IncomingText, datetime], None]
EARS: list[Ear] = []


def add_ear(ear: Ear) -> None:
    """Called by a noun's `register()`; adding twice changes nothing."""
    if ear not in EARS:
        EARS.append(ear)


def hear(gateway: str, news: Sequence[IncomingText | Heartbeat]) -> None:
    """For the dispatcher of this gateway."""
    try:
        note_life(gateway)
        for text in news:
            if isinstance(text, IncomingText):
                for ear in EARS:
                    ear(gateway, text, clock.now())
    finally:
        db.session.remove()


def note_life(gateway: str) -> None:
    """Whatever it tells, it is a sign of life."""
    states.hear(db.session, gateway, clock.real_now())
    db.session.commit()
