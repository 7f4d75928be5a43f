"""Lists are removed by the worker, beside its sending."""

from __future__ import annotations

from webapp.audiences.acts import remove_old
from webapp.outbox.chores import add_chore


def register() -> None:
    add_chore(remove_old)
