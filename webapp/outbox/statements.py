"""The statements by which store.py moves texts. Each states in its condition from where it may move (sms/states.py).

Made once for a worker: what is fixed for it (its name, its gateway) is part of them.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple, cast

import sqlalchemy as sa

from sms.handover import Limits
from sms.states import EXPIRED, FACTS, FAILED, MOVES, QUEUED, SENDING, SENT, UNKNOWN, sources
from webapp.outbox import checks, receipts, ties
from webapp.outbox.model import Hold, Message
from webapp.outbox.rows import Rows
from webapp.people.model import Phone

message, phone = cast(sa.Table, Message.__table__), cast(sa.Table, Phone.__table__)
Moment = message.c.due_at.type
NOW, UNTIL = sa.bindparam("now", type_=Moment), sa.bindparam("until", type_=Moment)
#: The database's own clock, by which leases run.
MOMENT = sa.bindparam("moment", type_=Moment)
KEY = message.c.id == sa.bindparam("text_id", type_=message.c.id.type)
IDS = message.c.id.in_(sa.bindparam("ids", expanding=True))

database_clock = sa.select(sa.func.clock_timestamp(type_=Moment))


class Due(NamedTuple):
    """A row of `due`. Named tuples, for a worker reads every field of every row."""

    id: int
    reference: str
    number: str
    text_code: str
    values: str  # as JSON
    body: str
    language: str
    zone: str
    attempts: int
    expires_at: datetime | None
    at_any_hour: bool
    safe_from: int
    safe_until: int
    #: What stands against it; '' if nothing does.
    obstacle: str
    #: Its words may not name the recipient.
    others_read: bool


def due(route: str) -> sa.Select[Any]:
    """Due texts of one route and priority, the longest-waiting first, locked."""
    columns = (
        message.c.id,
        message.c.reference,
        message.c.number,
        message.c.text_code,
        sa.cast(message.c["values"], sa.Text).label("values"),
        message.c.body,
        message.c.language,
        message.c.zone,
        message.c.attempts,
        message.c.expires_at,
        checks.at_any_hour().label("at_any_hour"),
        checks.safe_from().label("safe_from"),
        checks.safe_until().label("safe_until"),
        checks.obstacle().label("obstacle"),
        checks.others_read().label("others_read"),
    )
    return (
        sa.select(*columns)
        .select_from(checks.joined())
        .where(
            message.c.state == sa.literal_column(f"'{QUEUED}'"),  # literal: so that the partial index is used
            message.c.route == route,
            message.c.priority == sa.bindparam("priority", type_=sa.SmallInteger),
            message.c.due_at <= NOW,
            ~is_held(),
        )
        .order_by(message.c.due_at)
        .limit(sa.bindparam("limit", type_=sa.Integer))
        .with_for_update(of=message, skip_locked=True)
    )


def is_held() -> sa.ColumnElement[bool]:
    """Is its cause held? Hardly any ever is: the table is small, and looked at by its key."""
    return sa.exists().where(Hold.cause == message.c.cause).correlate(message)


def claims(dialect: str) -> Rows:
    columns = {"id": message.c.id.type, "body": sa.Text(), "segments": sa.Integer(), "version": sa.Integer()}
    return Rows(dialect, **columns)


def claim(rows: Rows, gateway: str, owner: str, price_rupiah: int) -> sa.Update:
    """Lease texts, with the words that will be handed over. They are locked since `due`, so they still wait."""
    assert SENDING in MOVES[QUEUED]
    return (
        sa.update(message)
        .where(message.c.id == rows.c.id)
        .values(
            state=SENDING,
            reason="",
            body=rows.c.body,
            segments=rows.c.segments,
            text_version=rows.c.version,
            price_rupiah=rows.c.segments * price_rupiah,
            attempts=message.c.attempts + 1,
            gateway=gateway,
            lease_owner=owner,
            lease_until=UNTIL,
            # By a clock that no demonstration moves: the provider is asked about it from then.
            handed_at=MOMENT,
            updated_at=NOW,
        )
    )


def end() -> sa.Update:
    """A text that may not go: suppressed, expired or failed, and why."""
    return (
        sa.update(message)
        .where(KEY, message.c.state == QUEUED)
        .values(state=sa.bindparam("to", type_=sa.String), reason=sa.bindparam("why", type_=sa.String), updated_at=NOW)
    )


def put_off() -> sa.Update:
    """To the next permitted hour, or nowhere if it would be too late by then."""
    later = sa.bindparam("later", type_=Moment)
    too_late = message.c.expires_at <= later
    return (
        sa.update(message)
        .where(KEY, message.c.state == QUEUED)
        .values(
            state=sa.case((too_late, EXPIRED), else_=QUEUED),
            reason=sa.case((too_late, checks.OUT_OF_TIME), else_="quiet_hours"),
            due_at=later,
            updated_at=NOW,
        )
    )


def taken(dialect: str) -> Rows:
    return Rows(dialect, id=message.c.id.type, provider_id=sa.String(64), segments=sa.Integer(), price=sa.Integer())


def take(rows: Rows) -> sa.Update:
    """The provider took them: a fact, so no lease is asked for."""
    return (
        receipts.fact(SENT)
        .where(message.c.id == rows.c.id)
        .values(
            provider_id=sa.func.coalesce(message.c.provider_id, rows.c.provider_id),
            segments=sa.func.coalesce(rows.c.segments, message.c.segments),
            price_rupiah=sa.func.coalesce(rows.c.price, message.c.price_rupiah),
        )
    )


def know() -> dict[str, sa.Update]:
    """Facts learnt by asking, by state."""
    key = message.c.id == sa.bindparam("fact_key", type_=message.c.id.type)
    return {state: receipts.fact(state).where(key) for state in FACTS}


def cut_off() -> sa.Update:
    """Leases that ran out: nobody knows whether the provider was called."""
    return (
        sa.update(message)
        .where(message.c.state == sa.literal_column(f"'{SENDING}'"), message.c.lease_until < MOMENT)
        .values(**ties.in_doubt("cut_off"), lease_owner=None, lease_until=UNTIL, updated_at=NOW)
    )


def doubts(gateway: str) -> sa.Select[Any]:
    """Unknown texts of this gateway whose time to ask has come."""
    columns = (message.c.id, message.c.reference, message.c.number, message.c.body, message.c.attempts)
    return (
        sa.select(*columns, message.c.handed_at)
        .where(
            message.c.state == sa.literal_column(f"'{UNKNOWN}'"),
            message.c.gateway == gateway,
            message.c.lease_until <= MOMENT,
        )
        .order_by(message.c.lease_until)
        .limit(sa.bindparam("limit", type_=sa.Integer))
        .with_for_update(skip_locked=True)
    )


def ask(owner: str) -> sa.Update:
    return sa.update(message).where(IDS).values(lease_owner=owner, lease_until=UNTIL)


def other_ids(gateway: str) -> sa.Select[Any]:
    """(number, provider id) of what is known to have been taken for these numbers.

    Through the people who have them: messages have no index by number.
    """
    return (
        sa.select(message.c.number, message.c.provider_id)
        .join(phone, sa.and_(phone.c.person_id == message.c.person_id, phone.c.number == message.c.number))
        .where(
            phone.c.number.in_(sa.bindparam("numbers", expanding=True)),
            message.c.provider_id.is_not(None),
            message.c.gateway == gateway,
        )
    )


def retry(owner: str) -> sa.Update:
    later, code = sa.bindparam("later", type_=Moment), sa.bindparam("code", type_=sa.String)
    values = {"reason": "not_taken", "error_code": code, "due_at": later}
    return _decision(QUEUED, owner).where(KEY).values(values)


def fail(owner: str) -> sa.Update:
    why, code = sa.bindparam("why", type_=sa.String), sa.bindparam("code", type_=sa.String)
    return _decision(FAILED, owner).where(KEY).values(reason=why, error_code=code)


def release(owner: str) -> sa.Update:
    """Given back untouched: the attempt was none."""
    return _decision(QUEUED, owner).where(IDS).values(attempts=message.c.attempts - 1)


def requeue(owner: str) -> sa.Update:
    """The provider does not have it: it was cut off before, and waits again."""
    return _decision(QUEUED, owner).where(IDS).values(reason="surely_not_taken")


def doubt(owner: str) -> sa.Update:
    """Ask later."""
    why = sa.bindparam("why", type_=sa.String)
    return _decision(UNKNOWN, owner).where(KEY).values(**ties.in_doubt(why), lease_until=UNTIL)


def take_back(gateway: str) -> sa.Update:
    """The provider gave it back untouched: it waits again, unless its time is over or it was tried too often.

    Only of the one taking that is meant: what was taken again meanwhile has another id.
    """
    too_late, too_often = message.c.expires_at <= NOW, message.c.attempts >= Limits().attempts
    values: dict[str, Any] = {
        "state": sa.case((sa.or_(too_late, too_often), FAILED), else_=QUEUED),
        "reason": sa.case((too_late, "not_delivered"), (too_often, "gave_up"), else_="surely_not_taken"),
        "error_code": sa.case((too_late, checks.OUT_OF_TIME), else_=""),
        **dict.fromkeys(("provider_id", "sent_at", "lease_owner", "lease_until")),
        "updated_at": NOW,
    }
    reference = message.c.reference == sa.bindparam("reference_of_it", type_=sa.String)
    taken_so = message.c.provider_id == sa.bindparam("its_id", type_=sa.String)
    return (
        sa.update(message).where(message.c.state == SENT, message.c.gateway == gateway, reference, taken_so)
    ).values(values)


def _decision(to_state: str, owner: str) -> sa.Update:
    """Only who has the lease decides; with that the lease ends.

    The states are literals: a list of parameters cannot be executed for many texts at once.
    """
    leased: list[sa.ColumnElement[str]] = [
        sa.literal_column(f"'{state}'") for state in sources(to_state) if state in (SENDING, UNKNOWN)
    ]
    return (
        sa.update(message)
        .where(message.c.state.in_(leased), message.c.lease_owner == owner)
        .values(state=to_state, reason="", lease_owner=None, lease_until=None, updated_at=NOW)
    )
