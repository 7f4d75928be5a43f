"""Reads of the editor of rules: rules with what waits of them, their history, what they may name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from flask import abort
from sqlalchemy.orm import joinedload

from webapp.db import db
from webapp.departures.choices import SCHEMES
from webapp.departures.model import ChecklistItem, Departure, Destination, ReminderRule
from webapp.departures.rule_check import Known
from webapp.departures.rule_model import WAITING, ReminderRuleVersion, RuleProposal
from webapp.outbox.model import Text
from webapp.outbox.texts import FALLBACK

#: So much of the history of a rule is shown.
HISTORY = 50
#: More plans that wait to be made anew are not counted.
MOST_COUNTED = 1000


def rules() -> Sequence[ReminderRule]:
    """Those to migrants; a few dozen at the most."""
    query = sa.select(ReminderRule).where(ReminderRule.audience == "migrant")
    return db.session.scalars(query.order_by(ReminderRule.anchor, ReminderRule.offset_days, ReminderRule.code)).all()


def get(code: str) -> ReminderRule:
    """404 if there is none."""
    query = sa.select(ReminderRule).where(ReminderRule.code == code, ReminderRule.audience == "migrant")
    return db.session.scalars(query).first() or abort(404)


def waiting() -> dict[str, RuleProposal]:
    """Code of a rule → the change of it that waits for a second officer."""
    query = sa.select(RuleProposal).where(sa.text("state = 'waiting'")).options(joinedload(RuleProposal.proposed_by))
    return {proposal.rule_code: proposal for proposal in db.session.scalars(query)}


def waiting_of(code: str) -> RuleProposal | None:
    query = sa.select(RuleProposal).where(RuleProposal.rule_code == code, RuleProposal.state == WAITING)
    return db.session.scalars(query).first()


def versions(code: str) -> Sequence[ReminderRuleVersion]:
    """The newest first."""
    people = joinedload(ReminderRuleVersion.proposed_by), joinedload(ReminderRuleVersion.approved_by)
    query = sa.select(ReminderRuleVersion).where(ReminderRuleVersion.rule_code == code).options(*people)
    return db.session.scalars(query.order_by(ReminderRuleVersion.version.desc()).limit(HISTORY)).all()


def turned_down(code: str) -> Sequence[RuleProposal]:
    """Changes that never held, the newest first."""
    people = joinedload(RuleProposal.proposed_by), joinedload(RuleProposal.decided_by)
    query = sa.select(RuleProposal).where(
        RuleProposal.rule_code == code, RuleProposal.state.in_(("refused", "withdrawn"))
    )
    return db.session.scalars(query.options(*people).order_by(RuleProposal.id.desc()).limit(HISTORY)).all()


def bodies(codes: Sequence[str]) -> dict[str, str]:
    """Code of a text → its words in Indonesian, as they are sent now."""
    query = sa.select(Text.code, Text.body).where(Text.code.in_(codes), Text.language == FALLBACK, Text.enabled)
    return dict(db.session.execute(query.order_by(Text.version)).tuples().all())


def destinations() -> dict[str, str]:
    """Code → name, by name."""
    found = {row.code: row.name for row in db.session.scalars(sa.select(Destination))}
    return dict(sorted(found.items(), key=lambda item: item[1]))


def papers() -> dict[str, str]:
    """Code → name of the items of the checklist, in its order."""
    query = sa.select(ChecklistItem).where(ChecklistItem.active).order_by(ChecklistItem.position)
    return {row.code: row.name for row in db.session.scalars(query)}


def known() -> Known:
    """What a rule may name."""
    texts = sa.select(Text.code).where(Text.language == FALLBACK, Text.enabled).distinct()
    return Known(SCHEMES.keys(), destinations().keys(), papers().keys(), set(db.session.scalars(texts)))


def plans_waiting(now: datetime) -> int:
    """How many departures wait for the worker to plan them anew, up to MOST_COUNTED + 1."""
    due = sa.select(Departure.id).where(Departure.plan_due_at <= now).limit(MOST_COUNTED + 1).subquery()
    return db.session.scalar(sa.select(sa.func.count()).select_from(due)) or 0
