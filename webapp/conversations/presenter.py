"""Lists of texts as people read them: one row for each who wrote, calls for help first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from webapp.accounts.model import Account
from webapp.conversations.model import HELP, Incoming
from webapp.people.model import Person

#: What a lone word means to whoever must act on it.
COMMAND_WORDS = {"stop": _l("Wants no more texts"), "wrong": _l("It is not this person's number")}


@dataclass(frozen=True)
class Sender:
    """Somebody who wrote: the text to open, and how many others of the list are theirs."""

    incoming: Incoming
    person: Person | None
    texts: Sequence[Incoming]

    @property
    def calls_for_help(self) -> bool:
        return self.incoming.command == HELP

    @property
    def meaning(self) -> Any:
        """Of a keyword that a human must act on; None of other words."""
        return COMMAND_WORDS.get(self.incoming.command)

    @property
    def holder(self) -> Account | None:
        """Who takes care of what still waits."""
        return next((text.assigned_to for text in self.texts if text.handled_at is None and text.assigned_to), None)

    @property
    def waiting(self) -> bool:
        return any(text.handled_at is None for text in self.texts)


def by_sender(lines: Iterable[Any]) -> list[Sender]:
    """Rows of `queries.inbox` by whoever wrote, in the order of the list, but whoever calls for help first.

    A call for help that nobody has dealt with yet is shown before newer words of the same person.
    """
    people: dict[str, Person | None] = {}
    texts: dict[str, list[Incoming]] = {}
    for incoming, person in lines:
        who = f"person:{person.id}" if person else incoming.number
        people[who] = person
        texts.setdefault(who, []).append(incoming)
    senders = [Sender(_foremost(written), people[who], written) for who, written in texts.items()]
    return sorted(senders, key=lambda sender: not (sender.calls_for_help and sender.waiting))


def _foremost(written: Sequence[Incoming]) -> Incoming:
    return next((text for text in written if text.command == HELP and text.handled_at is None), written[0])
