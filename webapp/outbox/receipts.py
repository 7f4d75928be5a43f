"""What providers tell: facts that only ever move a text forward, in any order and any number of times."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from sms.gateways import Receipt
from sms.states import DELIVERED, FACTS, FAILED, RANKS
from webapp.outbox.model import Message
from webapp.people.model import NumberState

message, number_state = cast(sa.Table, Message.__table__), cast(sa.Table, NumberState.__table__)
Moment = message.c.updated_at.type
Executor = Any  # a Connection or a Session


def apply(executor: Executor, gateway: str, receipts: Sequence[Receipt], now: datetime) -> int:
    """Take receipts of this gateway. Returns how many said something new. The caller commits.

    A receipt that carries our reference finds its text even before the provider's id of it is stored.
    """
    news = 0
    for receipt in receipts:
        finder = PROVIDER_ID if receipt.reference is None else REFERENCE
        facts = {
            "fact_key": receipt.reference or receipt.provider_id,
            "fact_gateway": gateway,
            "fact_provider_id": receipt.provider_id,
            "fact_code": receipt.code,
            "now": now,
        }
        moved = executor.execute(_statements[finder, receipt.status], facts).rowcount
        news += moved
        # A failure that is told again says nothing of a number that may have proved alive since.
        if moved and receipt.flag_number and receipt.status == FAILED:
            flag_numbers(executor, _finders[finder].params(facts), now)
    return news


def rank(state: sa.ColumnElement[str]) -> sa.ColumnElement[int]:
    return sa.case(RANKS, value=state)


def fact(state: str) -> sa.Update:
    """Move a text to `state` if that says more than what is known. Add what finds the text.

    Parameters: now, fact_gateway, fact_provider_id, fact_code. The lease is void: nothing is left to decide.

    Two gateways may have had a text: a first one that did not take it as far as anybody knew, and the one that was
    given it then. That it failed counts only from the one that has it now; that it went, from any of them. Whose it
    is does not change once it has gone.
    """
    now = sa.bindparam("now", type_=Moment)
    values: dict[str, Any] = {
        "state": state,
        "reason": "not_delivered" if state == FAILED else "",
        "error_code": sa.bindparam("fact_code", type_=sa.String) if state == FAILED else "",
        "gateway": sa.case((rank(message.c.state) > 0, message.c.gateway), else_=_gateway),
        "provider_id": sa.func.coalesce(message.c.provider_id, sa.bindparam("fact_provider_id", type_=sa.String)),
        "sent_at": sa.func.coalesce(message.c.sent_at, now),
        "lease_owner": None,
        "lease_until": None,
        "updated_at": now,
    }
    if state == DELIVERED:
        values["delivered_at"] = now
    counts = [rank(message.c.state) < RANKS[state], *([_of_gateway] if state == FAILED else [])]
    return sa.update(message).where(*counts).values(values)


def flag_numbers(executor: Executor, which: sa.ColumnElement[bool], now: datetime) -> None:
    """The provider says that the numbers of these texts do not exist: nothing is sent there any more."""
    dialect = executor.get_bind().dialect if hasattr(executor, "get_bind") else executor.dialect
    insert = (sqlite if dialect.name == "sqlite" else postgresql).insert(number_state)
    numbers = sa.select(message.c.number, sa.literal(now, Moment)).where(which).distinct()
    executor.execute(
        insert.from_select(["number", "invalid_at"], numbers).on_conflict_do_update(
            index_elements=["number"],
            set_={"invalid_at": insert.excluded.invalid_at},
            where=number_state.c.invalid_at.is_(None),
        )
    )


REFERENCE, PROVIDER_ID = "reference", "provider_id"
_key = sa.bindparam("fact_key", type_=sa.String)
_gateway = sa.bindparam("fact_gateway", type_=sa.String)
_of_gateway = message.c.gateway == _gateway
_finders = {REFERENCE: message.c.reference == _key, PROVIDER_ID: sa.and_(_of_gateway, message.c.provider_id == _key)}
_statements = {(name, state): fact(state).where(which) for name, which in _finders.items() for state in FACTS}
