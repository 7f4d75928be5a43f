"""What broadcasts hang on others: the worker's chore that counts them, makes their texts and follows them; and what is
forgotten with a list."""

from __future__ import annotations

from webapp.audiences.signals import list_emptied
from webapp.broadcasts import forgetting, sending
from webapp.outbox.chores import add_long_chore


def register() -> None:
    """Called by create_app; calling twice changes nothing."""
    add_long_chore(sending.go_on)
    list_emptied.connect(forgetting.forget)
