"""Lists of texts as people read them: one row for each phone that wrote, calls for help first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from webapp.accounts.model import Account
from webapp.conversations import readers, words
from webapp.conversations.model import HELP, Incoming
from webapp.people.model import Person, Phone

#: What a lone word means to whoever must act on it.
COMMAND_WORDS = {"stop": _l("Wants no more texts"), "wrong": _l("It is not this person's number")}


@dataclass(frozen=True)
class Sender:
    """Somebody who wrote: the text to open, and how many others of the list are theirs."""

    incoming: Incoming
    #: Whom the texts are about: whoever wrote, or whose relative did.
    person: Person | None
    phone: Phone | None
    texts: Sequence[Incoming]

    @property
    def name(self) -> str:
        """The person, or the relative and whose; '' for an unknown number."""
        return words.name_of(self.incoming, self.person)

    @property
    def note(self) -> Any:
        """Who reads this phone, if it is not the person's own; None of any other."""
        return words.NOTES.get(readers.by_notes(self.incoming, self.phone))

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

    A person's mother is a row of her own, and so is another phone of the person: each is answered by itself, and
    somebody else may read there. A call for help that nobody has dealt with yet is shown before newer words of the
    same phone.
    """
    found: dict[tuple[Any, ...], list[Any]] = {}
    for line in lines:
        text = line[0]
        found.setdefault((text.person_id, text.contact_id, text.number), []).append(line)
    senders = [_sender(written) for written in found.values()]
    return sorted(senders, key=lambda sender: not (sender.calls_for_help and sender.waiting))


def _sender(lines: Sequence[Any]) -> Sender:
    texts = [text for text, _, _ in lines]
    _, person, phone = lines[0]
    return Sender(_foremost(texts), person, phone, texts)


def _foremost(written: Sequence[Incoming]) -> Incoming:
    return next((text for text in written if text.command == HELP and text.handled_at is None), written[0])
