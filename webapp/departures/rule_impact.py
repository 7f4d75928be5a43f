"""What a changed rule would do within the next 30 days: how many of its texts are planned as it is, and as it would be.

Real plans are made of both, without storing any, so consent, phones, papers and what was sent count as they do in
earnest. Only of so many departures, though: a page never plans a whole province.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from types import SimpleNamespace

import sqlalchemy as sa

from webapp.areas.load import WIB
from webapp.clock import day_of
from webapp.db import db
from webapp.departures import planning
from webapp.departures.model import Departure, ReminderRule
from webapp.departures.reminders import Reminder, Rule
from webapp.departures.rule_acts import columns_of, values_of
from webapp.departures.rule_check import RuleValues
from webapp.departures.rule_reach import reached

AHEAD = timedelta(days=30)
#: Departures of which plans are made.
MOST = 200


@dataclass(frozen=True, slots=True)
class Impact:
    """Texts of one rule within AHEAD; `moved`: those of both, at another hour or day."""

    before: int
    after: int
    moved: int
    departures: int
    #: There are more departures than were looked at.
    more: bool


def impact(rule: ReminderRule, after: RuleValues, now: datetime) -> Impact:
    """A few queries, whatever the size of the nation."""
    before = values_of(rule)
    ids = _concerned((before, after), day_of(now, WIB))
    departures = planning.load(ids[:MOST])
    facts = planning.load_facts(departures)
    old, new = _rule(rule, before), _rule(rule, after)
    others = [other for other in facts.rules if other.code != rule.code]
    found = [
        _texts(departures, replace(facts, rules=[*others, *([one] if active else [])]), rule.code, now)
        for one, active in ((old, before.active), (new, after.active))
    ]
    moved = sum(1 for key, due_at in found[1].items() if key in found[0] and found[0][key] != due_at)
    return Impact(len(found[0]), len(found[1]), moved, len(departures), len(ids) > MOST)


def _texts(departures: Sequence[Departure], facts: planning.Facts, code: str, now: datetime) -> dict[str, datetime]:
    """Key → moment of what this rule sends soon, and has not sent yet."""
    found: dict[str, datetime] = {}
    for departure in departures:
        sent = {(one.rule, one.occurrence, one.anchor_on) for one in facts.sent.get(departure.id, ())}
        for reminder in planning.plan_of(departure, facts, now):
            if reminder.rule.code == code and _goes_soon(reminder, sent, now):
                assert reminder.due_at is not None
                found[reminder.key(departure.id)] = reminder.due_at
    return found


def _goes_soon(reminder: Reminder, sent: set[tuple[str, int, date]], now: datetime) -> bool:
    if not reminder.will_be_sent or reminder.due_at is None or reminder.anchor_on is None:
        return False
    went = (reminder.rule.code, reminder.occurrence, reminder.anchor_on) in sent
    return not went and reminder.due_at <= now + AHEAD


def _rule(rule: ReminderRule, values: RuleValues) -> Rule:
    row = SimpleNamespace(**columns_of(values), sensitivity=rule.sensitivity)
    return planning.rule_of(rule.code, row)


def _concerned(both: Sequence[RuleValues], today: date) -> list[int]:
    """Ids of up to MOST + 1 departures for which one of the two has a day that is soon, or late and still useful."""
    alive = sa.select(Departure.id).where(Departure.state.in_(planning.ALIVE)).limit(MOST + 1)
    found: set[int] = set()
    for values in both:
        for condition in reached(values, today, AHEAD):
            found.update(db.session.scalars(alive.where(condition)))
    return sorted(found)
