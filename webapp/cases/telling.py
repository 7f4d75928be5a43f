"""Which officers a step of the table means, and the text that calls them."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from webapp.accounts.model import ADMINISTRATOR, COORDINATOR, FACILITATOR, Account
from webapp.areas.codes import NATION
from webapp.areas.model import VILLAGE, Area
from webapp.cases import escalation
from webapp.cases.model import REPORT, TAKEN_ON, Case, EscalationStep
from webapp.db import db
from webapp.outbox.alerts import alert
from webapp.outbox.model import Message
from webapp.people.number_state import NumberState

log = logging.getLogger(__name__)
#: Nobody has answered; somebody answered long ago and the case is still open; an urgent report.
CALL, REMINDER, REPORTED = "ACASE", "ACASE2", "ACASE3"
#: Somebody whose case was taken on calls again.
CALLED_AGAIN = "ACASE4"
#: Seconds; and of one office no more are called.
AGAIN_EVERY, MOST_OF_AN_OFFICE = 300, 20
LONGEST_PLACE = 14


def steps_of(kind: str) -> list[escalation.Step]:
    """The lines of the table for this kind of case, in order."""
    rows = db.session.scalars(
        sa.select(EscalationStep).where(EscalationStep.kind == kind).order_by(EscalationStep.step)
    )
    return [escalation.Step(row.step, row.after_minutes, _audiences(row)) for row in rows]


def _audiences(row: EscalationStep) -> tuple[str, ...]:
    """A slip in the table must not keep a call for help from being heard: who is meant by nothing is the regency."""
    named = row.audience.split()
    known = tuple(name for name in named if name in escalation.AUDIENCES)
    if len(known) < len(named):
        log.error("the table of minutes names an unknown audience", extra={"step": row.code})
    return known or (escalation.REGENCY,)


def tell(case: Case, step: escalation.Step, now: datetime) -> int:
    """Queue a text to each officer of the step. Returns how many officers who can be reached that are."""
    officers = {officer.id: officer for audience in step.audience for officer in officers_of(case, audience)}
    key = f"{case.cause}:{TAKEN_ON if case.acknowledged_at else step.number}:{case.opened_at:%Y%m%d%H%M%S}"
    if _called_since_taken_on(case):
        key += f":{case.called_at:%Y%m%d%H%M%S}"
    alert(officers.values(), _code(case), _values(case), key=key, cause=case.cause, now=now)
    return len(officers)


def tell_holder(case: Case, now: datetime) -> bool:
    """Whoever takes care of the case is told of another call, once in any five minutes. Can they be reached?"""
    holder = db.session.scalar(_reachable().where(Account.id == case.acknowledged_by_id))
    if holder is None:
        return False
    since = now - timedelta(seconds=AGAIN_EVERY)
    told = sa.exists().where(
        Message.cause == case.cause,
        Message.text_code == CALLED_AGAIN,
        Message.number == holder.phone,
        Message.created_at > since,
    )
    # Whoever calls has been locked (acts.open_case), so no two calls are looked at together.
    if not db.session.scalar(sa.select(told)):
        key = f"{case.cause}:again:{now:%Y%m%d%H%M%S}"
        alert([holder], CALLED_AGAIN, _values(case), key=key, cause=case.cause, now=now)
    return True


def _code(case: Case) -> str:
    if case.acknowledged_at is not None:
        return CALLED_AGAIN if _called_since_taken_on(case) else REMINDER
    return REPORTED if case.kind == REPORT else CALL


def _called_since_taken_on(case: Case) -> bool:
    return case.acknowledged_at is not None and case.called_at > case.acknowledged_at


def _values(case: Case) -> dict[str, str]:
    place = db.session.get_one(Area, case.area_code).name if case.area_code != NATION else "nomor baru"
    return {"k": case.reference, "desa": place[:LONGEST_PLACE]}


def officers_of(case: Case, audience: str) -> Sequence[Account]:
    """Those of the audience who can be reached; where there is none, of the next office above.

    Of the nation, if it has nobody yet, the administrators: they see no case, but know whom to wake.
    """
    for office in escalation.offices(audience, case.area_code):
        is_village = office.count(".") == VILLAGE - 1
        if is_village and case.bypass_village:
            continue
        if found := _of_office(office, FACILITATOR if is_village else COORDINATOR):
            return found
    return _of_office(NATION, ADMINISTRATOR)


def _of_office(office: str, role: str) -> Sequence[Account]:
    query = _reachable().where(Account.area_code == office, Account.role == role)
    return db.session.scalars(query.order_by(Account.id).limit(MOST_OF_AN_OFFICE)).all()


def _reachable() -> sa.Select[tuple[Account]]:
    """Open accounts with a phone that an SMS can reach: no STOP, no 'wrong person', no dead number."""
    silent = (NumberState.stopped_at, NumberState.wrong_person_at, NumberState.invalid_at)
    return (
        sa.select(Account)
        .outerjoin(NumberState, NumberState.number == Account.phone)
        .where(Account.closed_at.is_(None), Account.phone.is_not(None), *(said.is_(None) for said in silent))
    )
