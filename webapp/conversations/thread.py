"""One conversation from both sides: its newest texts, and the earlier ones page by page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from webapp.conversations.model import Incoming
from webapp.db import db
from webapp.outbox import texts
from webapp.outbox.checks import ACCOUNT
from webapp.outbox.model import Message
from webapp.page import row_id

#: Texts of one page.
LONGEST = 60
#: A page that stays open asks again for what it shows and what came since; no more than so much.
LONGEST_OPEN = 5 * LONGEST
#: The sides of a conversation. Of two texts of one moment the one that came in is the earlier.
IN, OUT = "in", "out"
#: Where a text stands in an address: its side and its id, 'in-7'.
Mark = tuple[str, int]


@dataclass(frozen=True)
class Bubble:
    """One text of a conversation, from either side."""

    at: datetime
    incoming: Incoming | None = None
    message: Message | None = None

    @property
    def words(self) -> str:
        """What was said: as it arrived, as a human wrote it, or the stock text with its values."""
        if self.incoming is not None:
            return self.incoming.body
        assert self.message is not None
        return texts.words_of(self.message)

    @property
    def number(self) -> str:
        """Of the phone at the other end."""
        if self.incoming is not None:
            return self.incoming.number
        assert self.message is not None
        return self.message.number

    @property
    def mark(self) -> Mark:
        if self.incoming is not None:
            return IN, self.incoming.id
        assert self.message is not None
        return OUT, self.message.id


@dataclass(frozen=True)
class Thread:
    """Some texts that follow one another, the oldest of them first."""

    bubbles: Sequence[Bubble]
    #: Are there earlier ones?
    goes_on: bool

    @property
    def has_several_numbers(self) -> bool:
        """Then each text says which phone it came from or went to."""
        return len({bubble.number for bubble in self.bubbles}) > 1

    def relative(self, bubble: Bubble) -> str:
        """Name of the relative who wrote this, or whose phone it went to; '' if it is none."""
        said = [bubble] if bubble.incoming else [other for other in self.bubbles if other.number == bubble.number]
        contacts = (other.incoming.contact for other in said if other.incoming)
        return next((contact.name for contact in contacts if contact), "")

    @property
    def newest_in(self) -> int:
        """The id of the newest text that came in; 0 if there is none."""
        return max((bubble.incoming.id for bubble in self.bubbles if bubble.incoming), default=0)

    @property
    def oldest(self) -> str | None:
        """The mark of the first of them as it stands in an address."""
        return "-".join(map(str, self.bubbles[0].mark)) if self.bubbles else None


def mark(text: str) -> Mark:
    """A mark from a query, as in `request.args.get("before", type=mark)`. Raises ValueError for what is none."""
    side, _, number = text.partition("-")
    if side not in (IN, OUT):
        raise ValueError("not a mark")
    return side, row_id(number)


def thread(incoming: Incoming, before: Mark | None = None, since: Mark | None = None) -> Thread:
    """The newest texts to and from this person (or relative, or unknown number).

    `before` this text, if it is one of them; or all of them `since` this text, itself included.
    """
    sides = _sides(incoming)
    last, first = _place(sides, before), _place(sides, since)
    longest = LONGEST_OPEN if first else LONGEST
    found: list[Bubble] = []
    for side in sides:
        bounds = [side.earlier_than(last)] if last else []
        bounds += [sa.not_(side.earlier_than(first))] if first else []
        found += side.newest(longest + 1, bounds)
    found.sort(key=lambda bubble: (bubble.at, bubble.mark))
    return Thread(found[-longest:], goes_on=len(found) > longest)


@dataclass(frozen=True)
class _Place:
    """Where a text stands in the order of a conversation."""

    at: datetime
    side: str
    id: int


@dataclass(frozen=True)
class _Side:
    """What one side wrote. In the order of `at`: a reminder is planned long before it is sent.

    One person's texts are few enough to be sorted.
    """

    name: str
    table: Any
    at: sa.SQLColumnExpression[datetime]
    conditions: tuple[sa.ColumnElement[bool], ...]

    def newest(self, limit: int, bounds: Sequence[sa.ColumnElement[bool]]) -> list[Bubble]:
        query = sa.select(self.table, self.at).where(*self.conditions, *bounds)
        rows = db.session.execute(query.order_by(self.at.desc(), self.table.id.desc()).limit(limit))
        if self.name == IN:
            return [Bubble(at, incoming=row) for row, at in rows]
        return [Bubble(at, message=row) for row, at in rows]

    def earlier_than(self, place: _Place) -> sa.ColumnElement[bool]:
        if self.name == place.side:
            return sa.or_(self.at < place.at, sa.and_(self.at == place.at, self.table.id < place.id))
        return self.at <= place.at if self.name == IN else self.at < place.at


def same_conversation(incoming: Incoming) -> sa.ColumnElement[bool]:
    """The condition of every text that is read with this one: from all numbers of a person, or from one number.

    Not what the same phone reports: that belongs to no conversation.
    """
    shown = Incoming.private.is_(False)
    if incoming.contact_id:
        # A relative of two migrants wrote about each of them by themselves.
        return sa.and_(Incoming.number == incoming.number, Incoming.person_id == incoming.person_id, shown)
    if incoming.person_id:
        return sa.and_(Incoming.person_id == incoming.person_id, shown)
    return sa.and_(Incoming.number == incoming.number, Incoming.person_id.is_(None), shown)


def same_phone(incoming: Incoming) -> sa.ColumnElement[bool]:
    """The condition of every text that an answer to this one answers: of the same number and the same writer.

    Read together are all numbers of a person and what relatives wrote about them, but an answer reaches one of them.
    """
    number = sa.and_(Incoming.number == incoming.number, Incoming.private.is_(False))
    columns = (Incoming.person_id, incoming.person_id), (Incoming.contact_id, incoming.contact_id)
    return sa.and_(number, *(column.is_(None) if one is None else column == one for column, one in columns))


def _sides(incoming: Incoming) -> tuple[_Side, _Side]:
    mine = same_conversation(incoming)
    if incoming.contact_id:
        ours = sa.and_(Message.number == incoming.number, Message.person_id == incoming.person_id)
    elif incoming.person_id:
        ours = Message.person_id == incoming.person_id
    else:
        ours = sa.and_(Message.number == incoming.number, Message.person_id.is_(None))
    shown = (
        # Texts to officers as such hold their invitation codes.
        Message.purpose != ACCOUNT,
        Message.private.is_(False),
        Message.state.in_(("queued", "sending", "unknown", "sent", "delivered", "failed")),
        # What is planned has not been said yet; an answer of a human has.
        sa.or_(Message.state != "queued", Message.purpose == "reply"),
    )
    said_at = sa.func.coalesce(Message.sent_at, Message.created_at)
    return _Side(IN, Incoming, Incoming.received_at, (mine,)), _Side(OUT, Message, said_at, (ours, *shown))


def _place(sides: tuple[_Side, _Side], wanted: Mark | None) -> _Place | None:
    """None if no text of this conversation is meant."""
    for side in sides:
        if wanted and wanted[0] == side.name:
            at = db.session.scalar(sa.select(side.at).where(*side.conditions, side.table.id == wanted[1]))
            return _Place(at, *wanted) if at else None
    return None
