"""Everything about a person in one order of time: their events, and what other nouns add."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from webapp.accounts.model import Account
from webapp.db import db
from webapp.people.model import Event
from webapp.people.sections import TIMELINE, Entry
from webapp.people.words import event_in_words

PAGE = 20


@dataclass(frozen=True)
class Stretch:
    """Entries, the newest first, and the time before which the next stretch begins, if there is more."""

    entries: list[Entry]
    next_before: datetime | None


def page_of(person_id: int, before: datetime | None) -> Stretch:
    """The newest entries before this time. Entries of one moment are never torn apart, since the next
    stretch begins strictly before the last one shown."""
    sources = [events, *TIMELINE]
    found = [entry for source in sources for entry in source(person_id, before, PAGE + 1)]
    found.sort(key=lambda entry: entry.at, reverse=True)
    if len(found) <= PAGE:
        return Stretch(found, None)
    cut = found[PAGE].at
    shown = [entry for entry in found if entry.at > cut] or [entry for entry in found if entry.at == cut]
    return Stretch(shown, shown[-1].at)


def events(person_id: int, before: datetime | None, limit: int) -> list[Entry]:
    """The person's own events as entries."""
    query = (
        sa.select(Event, Account.name)
        .outerjoin(Account, Account.id == Event.account_id)
        .where(Event.person_id == person_id)
        .order_by(Event.at.desc(), Event.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(Event.at < before)
    return [_entry(event, who) for event, who in db.session.execute(query)]


def _entry(event: Event, who: str | None) -> Entry:
    return Entry(
        event.at, event.kind, "people/_event.html", {"words": event_in_words(event.kind, event.facts), "who": who}
    )
