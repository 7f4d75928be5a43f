"""Which departures a rule can still send something for, as conditions that each use the index of one day.

Whoever left years ago is not planned anew because of a text for those who leave next month.
"""

from __future__ import annotations

from datetime import date, timedelta

import sqlalchemy as sa

from webapp.departures.model import Departure, Paper
from webapp.departures.reminders import REPEAT_UNTIL_DAYS
from webapp.departures.rule_check import RuleValues

#: Days: zones lie on both sides of Jakarta's, and a late text may still leave in the evening.
MARGIN = 2


def reached(rule: RuleValues, today: date, ahead: timedelta | None = None) -> list[sa.ColumnElement[bool]]:
    """One of these holds for each departure of which a text of this rule can still go out; `ahead`: so soon."""
    first = today - timedelta(days=rule.offset_days + rule.useful_days + MARGIN)
    if rule.repeat_days:
        first -= timedelta(days=REPEAT_UNTIL_DAYS)
    last = today + ahead - timedelta(days=rule.offset_days) if ahead is not None else date.max
    if rule.anchor == "departure":
        # A repeated question goes on until the contract ends, however long that is.
        goes_on = [Departure.contract_end >= today - timedelta(days=MARGIN)] if rule.repeat_days else []
        return [Departure.planned_on.between(first, last), Departure.departed_on.between(first, last), *goes_on]
    if rule.anchor == "contract_end":
        return [Departure.contract_end.between(first, last)]
    if rule.anchor == "return":
        return [Departure.returned_on.between(first, last)]
    ends = sa.select(Paper.departure_id).where(Paper.item_code == "passport", Paper.expires_on.between(first, last))
    return [Departure.id.in_(ends)]
