"""What an area may spend on broadcasts in a month. Money is put aside before anything goes out. None commits.

It is one UPDATE whose condition is the limit, so two broadcasts that are approved at once cannot both take the last of
it; and the table has the same limit as a constraint. Without a budget nothing may be spent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from webapp.accounts import audit
from webapp.accounts.model import COORDINATOR, Account
from webapp.areas.codes import areas_above
from webapp.broadcasts.model import Broadcast, SmsBudget
from webapp.broadcasts.states import RESERVING
from webapp.db import db, insert

#: The name of a budget in the audit log.
SUBJECT = "sms_budget"
#: So many who can be asked are named.
MOST_SETTERS = 3


class BudgetExceeded(Exception):
    """It would cost more than is left. `left` in rupiah; None: there is no budget for this month."""

    def __init__(self, left: int | None) -> None:
        super().__init__(f"left: {left}")
        self.left = left


class LimitTooLow(ValueError):
    """More than the new limit is spent or put aside already."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Of an area in a month, in rupiah. `limit` None: nobody has set one."""

    limit: int | None
    reserved: int = 0

    @property
    def left(self) -> int:
        return (self.limit or 0) - self.reserved

    def covers(self, rupiah: int) -> bool:
        return rupiah <= 0 or (self.limit is not None and rupiah <= self.left)


def standing(area_code: str, month: date) -> Standing:
    found = db.session.execute(
        sa.select(SmsBudget.limit_rupiah, SmsBudget.reserved_rupiah).where(*_of(area_code, month))
    ).first()
    return Standing(*found) if found else Standing(None)


def standings(area_codes: Sequence[str], month: date) -> dict[str, Standing]:
    """Of those that have a budget."""
    query = sa.select(SmsBudget.area_code, SmsBudget.limit_rupiah, SmsBudget.reserved_rupiah)
    rows = db.session.execute(query.where(SmsBudget.area_code.in_(area_codes), SmsBudget.month == month))
    return {code: Standing(limit, reserved) for code, limit, reserved in rows}


def setters(area_code: str) -> Sequence[Account]:
    """Who sets the budget of this area: some coordinators of the nearest wider area that has any. Nobody is above the
    nation, so its own do."""
    for wider in areas_above(area_code)[1:] or [area_code]:
        # Whoever was invited and never came cannot be asked.
        is_there = (Account.closed_at.is_(None), Account.password_hash != "")
        its = (Account.area_code == wider, Account.role == COORDINATOR, *is_there)
        query = sa.select(Account).where(*its).options(joinedload(Account.area))
        if found := db.session.scalars(query.order_by(Account.name).limit(MOST_SETTERS)).all():
            return found
    return []


def open_before(area_code: str, month: date) -> list[date]:
    """Earlier months that still pay for broadcasts of this area which have not ended."""
    its = (Broadcast.area_code == area_code, Broadcast.state.in_(RESERVING), Broadcast.budget_month < month)
    return list(db.session.scalars(sa.select(Broadcast.budget_month).where(*its).distinct().order_by("budget_month")))


def reserve(broadcast: Broadcast, rupiah: int, month: date) -> None:
    """Make what is put aside for this broadcast be so much. Raises BudgetExceeded and then changes nothing."""
    is_another = broadcast.budget_month not in (None, month)
    more = rupiah if is_another else rupiah - broadcast.reserved_rupiah
    if more and not _add(broadcast.area_code, month, more):
        found = standing(broadcast.area_code, month)
        raise BudgetExceeded(None if found.limit is None else found.left)
    if is_another:
        give_back(broadcast)
    broadcast.reserved_rupiah, broadcast.budget_month = rupiah, month
    db.session.flush()


def give_back(broadcast: Broadcast, spent: int = 0) -> int:
    """It has ended, and this is what it cost: the rest is free for others. Returns what does not fit in (`book`)."""
    if broadcast.budget_month is not None and spent < broadcast.reserved_rupiah:
        _add(broadcast.area_code, broadcast.budget_month, spent - broadcast.reserved_rupiah)
        broadcast.reserved_rupiah = spent
    db.session.flush()
    return book(broadcast, spent)


def book(broadcast: Broadcast, spent: int) -> int:
    """What it has cost beyond what was put aside is written down too, as far as the limit goes. Returns what is beyond
    the limit, in rupiah."""
    more = spent - broadcast.reserved_rupiah
    if more <= 0 or broadcast.budget_month is None:
        return 0
    of_it = sa.select(SmsBudget.limit_rupiah - SmsBudget.reserved_rupiah)
    left = db.session.scalar(of_it.where(*_of(broadcast.area_code, broadcast.budget_month)).with_for_update())
    booked = min(more, max(0, left or 0))
    _add(broadcast.area_code, broadcast.budget_month, booked)
    broadcast.reserved_rupiah += booked
    db.session.flush()
    return more - booked


def set_limit(area_code: str, month: date, rupiah: int, account: Account, now: datetime) -> None:
    """Raises LimitTooLow."""
    row = {"area_code": area_code, "month": month, "limit_rupiah": rupiah, "reserved_rupiah": 0}
    statement = insert(SmsBudget).values(**row, set_by_id=account.id, updated_at=now)
    changed = {"limit_rupiah": rupiah, "set_by_id": account.id, "updated_at": now}
    fits = SmsBudget.reserved_rupiah <= rupiah
    statement = statement.on_conflict_do_update(index_elements=["area_code", "month"], set_=changed, where=fits)
    if db.session.scalar(statement.returning(SmsBudget.limit_rupiah)) is None:
        raise LimitTooLow
    audit.changed("changed", SUBJECT, None, area_code, detail=month.isoformat()[:7])


def _add(area_code: str, month: date, rupiah: int) -> bool:
    """Less is always given back; more only as far as the limit goes."""
    fits = sa.true() if rupiah <= 0 else SmsBudget.reserved_rupiah + rupiah <= SmsBudget.limit_rupiah
    statement = (
        sa.update(SmsBudget)
        .where(*_of(area_code, month), fits)
        .values(reserved_rupiah=SmsBudget.reserved_rupiah + rupiah)
        .execution_options(synchronize_session=False)
        .returning(SmsBudget.reserved_rupiah)
    )
    return db.session.execute(statement).first() is not None


def _of(area_code: str, month: date) -> tuple[sa.ColumnElement[bool], ...]:
    return SmsBudget.area_code == area_code, SmsBudget.month == month
