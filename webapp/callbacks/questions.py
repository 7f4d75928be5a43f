"""The question that an answer belongs to: the newest one to that number that is still open, of the last 7 days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from webapp.db import db
from webapp.outbox.model import CALL, Message
from webapp.people.model import Person, Phone

OPEN_FOR = timedelta(days=7)
#: Which of several agencies is meant (checking.py): by the next day a digit answers a reminder again.
CHOICE_OPEN_FOR = timedelta(days=1)
CONFIRM = "confirm"
#: What a question expects → the answers that it invites.
INVITED: dict[str, frozenset[str]] = {
    "yes_no": frozenset({"yes", "no"}),
    CONFIRM: frozenset({"yes", "no"}),
    "1": frozenset({"1"}),
    "1_2": frozenset({"1", "2"}),
    "1_2_3": frozenset({"1", "2", "3"}),
    # Any words (reporting.py).
    "words": frozenset(),
}


@dataclass(frozen=True)
class Question:
    """A sent text that invites an answer."""

    id: int
    number: str
    expects: str
    person: Person | None
    #: What it is about: 'departure:7', 'check:12'.
    cause: str = ""
    asked_at: datetime | None = None

    def invites(self, answer: str) -> bool:
        return answer in INVITED.get(self.expects, ())


def newest_open(number: str, now: datetime) -> Question | None:
    """The newest question to this number, if nobody answered it yet.

    A text whose handing over is still in doubt counts too: an answer to it is the best proof that it came.
    """
    since = {"since": now - OPEN_FOR, "choice_since": now - CHOICE_OPEN_FOR}
    row = db.session.execute(_NEWEST_OPEN, {"number": number} | since).first()
    if row is None:
        return None
    person = db.session.get(Person, row.person_id) if row.person_id else None
    return Question(row.id, number, row.expects, person, row.cause, row.asked_at)


_asked_at = sa.func.coalesce(Message.sent_at, Message.handed_at)
#: Which of several agencies is meant, and what a report asks by itself: a day later an answer is about something else.
_lapses = sa.or_(
    Message.cause.startswith("check:"), sa.and_(Message.cause.startswith("report:"), Message.expects != "words")
)
_still_theirs = sa.exists().where(
    Phone.person_id == Message.person_id, Phone.number == Message.number, Phone.removed_at.is_(None)
)
_NEWEST_OPEN = (
    sa.select(Message.id, Message.expects, Message.person_id, Message.cause, _asked_at.label("asked_at"))
    # Written out in the statement: SQLite then knows that the index of questions holds them all.
    .where(Message.number == sa.bindparam("number"), Message.expects != sa.literal("", literal_execute=True))
    .where(Message.expects != CALL, Message.answered_at.is_(None))
    .where(sa.or_(Message.sent_at.is_not(None), Message.state.in_(("sending", "unknown"))))
    .where(_asked_at >= sa.bindparam("since"))
    .where(sa.or_(sa.not_(_lapses), _asked_at >= sa.bindparam("choice_since")))
    # Whoever has the number now answers nothing that was asked of somebody before them.
    .where(sa.or_(Message.person_id.is_(None), _still_theirs))
    .order_by(_asked_at.desc(), Message.id.desc())
    .limit(1)
)


def bind(question: Question, answer: str, now: datetime) -> bool:
    """Give the question its answer, once. False if another text was first."""
    statement = (
        sa.update(Message)
        .where(Message.id == question.id, Message.answered_at.is_(None))
        .values(answered_at=now, answer=answer)
        .execution_options(synchronize_session="fetch")
    )
    return db.session.execute(statement).rowcount == 1  # type: ignore[attr-defined]  # the result of an UPDATE
