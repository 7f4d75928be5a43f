"""Which officers a step of the table means, and the text that calls them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from webapp.accounts.model import COORDINATOR, FACILITATOR, Account
from webapp.areas.codes import NATION
from webapp.areas.model import VILLAGE, Area
from webapp.cases import escalation
from webapp.cases.model import REPORT, TAKEN_ON, Case, EscalationStep
from webapp.db import db
from webapp.outbox.alerts import alert

#: Nobody has answered; somebody answered long ago and the case is still open; an urgent report.
CALL, REMINDER, REPORTED = "ACASE", "ACASE2", "ACASE3"
LONGEST_PLACE = 14


def steps_of(kind: str) -> list[escalation.Step]:
    """The lines of the table for this kind of case, in order."""
    rows = db.session.scalars(
        sa.select(EscalationStep).where(EscalationStep.kind == kind).order_by(EscalationStep.step)
    )
    return [escalation.Step(row.step, row.after_minutes, tuple(row.audience.split())) for row in rows]


def tell(case: Case, step: escalation.Step, now: datetime) -> int:
    """Queue a text to each officer of the step. Returns how many officers with a phone that are."""
    officers = {officer.id: officer for audience in step.audience for officer in officers_of(case, audience)}
    code = REMINDER if case.acknowledged_at is not None else REPORTED if case.kind == REPORT else CALL
    place = db.session.get_one(Area, case.area_code).name if case.area_code != NATION else "nomor baru"
    values = {"k": case.reference, "desa": place[:LONGEST_PLACE]}
    key = f"{case.cause}:{TAKEN_ON if case.acknowledged_at else step.number}:{case.opened_at:%Y%m%d%H%M%S}"
    alert(officers.values(), code, values, key=key, cause=case.cause, now=now)
    return len(officers)


def officers_of(case: Case, audience: str) -> Sequence[Account]:
    """Those of the audience who have a phone; where there is none, of the next office above."""
    for office in escalation.offices(audience, case.area_code):
        is_village = office.count(".") == VILLAGE - 1
        if is_village and case.bypass_village:
            continue
        role = FACILITATOR if is_village else COORDINATOR
        query = sa.select(Account).where(
            Account.area_code == office, Account.role == role, Account.closed_at.is_(None), Account.phone.is_not(None)
        )
        if found := db.session.scalars(query.order_by(Account.id)).all():
            return found
    return []
