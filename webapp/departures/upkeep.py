"""Plans that nobody touches are made anew all the same: by the worker, a few at a time, at least once a day.

A plan also follows from what is no act on its departure: who the village's officer is, which number migrants
answer to, the rules themselves, a birthday (nobody under 18 is texted), a phone that has been silent too long.
"""

from __future__ import annotations

import logging
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import selectinload

from webapp import clock
from webapp.accounts.model import Account
from webapp.db import db
from webapp.departures import planning
from webapp.departures.model import Departure
from webapp.people.model import Person
from webapp.people.signals import person_reviewed

log = logging.getLogger(__name__)
#: So many in one round of the worker's chores, in one transaction.
BATCH = 200


def plan_due(now: datetime) -> int:
    """A chore: plan anew what is due for it. Commits. Returns how many departures that were.

    Locks people before departures, as every act does; what somebody is changing just now is left to them.
    """
    due = (
        sa.select(Departure.id)
        .join(Person, Person.id == Departure.person_id)
        .where(Departure.plan_due_at <= now)
        .order_by(Departure.plan_due_at)
        .limit(BATCH)
        .with_for_update(of=Person, skip_locked=True, key_share=True)
    )
    ids = list(db.session.scalars(due))
    if not ids:
        db.session.rollback()
        return 0
    try:
        _review(ids, now)
        db.session.commit()
    except OperationalError:
        raise
    except Exception:
        db.session.rollback()
        for departure_id in ids:
            _plan_alone(departure_id, now)
    return len(ids)


def _review(departure_ids: list[int], now: datetime) -> None:
    planning.replan(departure_ids, now)
    people = sa.select(Person).where(
        Person.id.in_(sa.select(Departure.person_id).where(Departure.id.in_(departure_ids)))
    )
    for person in db.session.scalars(people.options(selectinload(Person.phones))):
        person_reviewed.send(person, now=now)


def _plan_alone(departure_id: int, now: datetime) -> None:
    """After a fault in a batch: the one departure that cannot be planned must not keep the others back."""
    try:
        _review([departure_id], now)
    except Exception:
        db.session.rollback()
        log.exception("a departure cannot be planned", extra={"departure": departure_id})
        later = sa.update(Departure).where(Departure.id == departure_id)
        db.session.execute(later.values(plan_due_at=now + planning.GOOD_FOR))
    db.session.commit()


def outdate(now: datetime, *which: sa.ColumnElement[bool]) -> int:
    """Let the worker plan these departures anew (all that can still have texts, if none are named).

    Locked in the order of their ids, as plans are, so that this and a plan never wait for each other in a circle.
    """
    alive = sa.select(Departure.id).where(Departure.state.in_(planning.ALIVE), *which).order_by(Departure.id)
    locked = alive.with_for_update(key_share=True)
    query = sa.update(Departure).where(Departure.id.in_(locked)).values(plan_due_at=now)
    result = db.session.execute(query, execution_options={"synchronize_session": False})
    return result.rowcount  # type: ignore[attr-defined]  # an UPDATE has a rowcount


def outdate_village(officer: Account) -> None:
    """Texts name the officer of the village and their phone."""
    outdate(clock.now(), Departure.area_code == officer.area_code)
