"""What is left of the numbers that reported: a week after a text has ended, neither side of it keeps one."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from sms.states import QUEUED, SENDING, UNKNOWN
from webapp.conversations.model import Incoming, IncomingRepeat
from webapp.db import db
from webapp.outbox.model import Message
from webapp.people.model import FamilyContact, NumberState, Phone

#: As long as a question stays open (questions.OPEN_FOR): afterwards no answer needs the number.
KEPT = timedelta(days=7)
#: Still needs its number. Not 'state IN' of the others, or SQLite would rather look by the index of states.
UNDER_WAY = (QUEUED, SENDING, UNKNOWN)
#: In one round of the worker.
ROUND = 500
#: Stands for a number that is gone. Written out in the statement, so that the partial indexes are used.
GONE = sa.literal("", literal_execute=True)
#: In place of the provider's id of a text, which tells nothing any more.
_OF_NOTHING = sa.literal("forgotten:") + sa.cast(Incoming.id, sa.String)


def forget(now: datetime) -> int:
    """The worker's chore. Returns how many texts lost their number; commits."""
    before = now - KEPT
    incoming = sa.and_(Incoming.private, Incoming.number != GONE, Incoming.received_at < before)
    ended = sa.and_(Message.state.not_in(UNDER_WAY), Message.updated_at < before)
    outgoing = sa.and_(Message.private, Message.number != GONE, ended)
    came = db.session.execute(sa.select(Incoming.id, Incoming.number).where(incoming).limit(ROUND)).all()
    went = db.session.execute(sa.select(Message.id, Message.number).where(outgoing).limit(ROUND)).all()
    if came or went:
        _empty(Incoming, [row.id for row in came], body="", number="", repeat_hash=None, provider_id=_OF_NOTHING)
        # Some gateways make their ids of number, time and words: whoever has the id can try out numbers.
        db.session.execute(sa.delete(IncomingRepeat).where(IncomingRepeat.incoming_id.in_([row.id for row in came])))
        _empty(Message, [row.id for row in went], body="", number="", values={}, phone_id=None)
        _forget_states({row.number for row in [*came, *went]}, before)
    db.session.commit()
    return len(came) + len(went)


def _empty(table: type[Incoming] | type[Message], ids: list[int], **values: object) -> None:
    statement = sa.update(table).where(table.id.in_(ids)).values(values)
    db.session.execute(statement.execution_options(synchronize_session=False))


def _forget_states(numbers: set[str], before: datetime) -> None:
    """That such a number was heard of at all, unless somebody registered has it, or it said something that holds."""
    holds = [NumberState.stopped_at, NumberState.wrong_person_at, NumberState.invalid_at, NumberState.doubted_at]
    statement = sa.delete(NumberState).where(
        NumberState.number.in_(numbers),
        NumberState.heard_at < before,
        *(column.is_(None) for column in holds),
        ~sa.exists().where(Phone.number == NumberState.number),
        ~sa.exists().where(FamilyContact.number == NumberState.number),
    )
    db.session.execute(statement.execution_options(synchronize_session=False))
