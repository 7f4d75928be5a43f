"""What warnings hang on others: a chore of the worker that makes their texts and closes what has gone."""

from __future__ import annotations

from webapp.outbox.chores import add_chore
from webapp.warnings import sending


def register() -> None:
    """Called by create_app; calling twice changes nothing."""
    add_chore(sending.go_on)
