"""What can happen to a reminder rule: a change is proposed, and a second officer approves or refuses it. None commits.

A change may text many thousand people, so nobody approves their own. Of two who decide at once one wins. The plans
that follow from it are made anew by the worker (upkeep.py), so the request stays short.
"""

from __future__ import annotations

from dataclasses import fields
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from webapp.accounts import audit
from webapp.accounts.model import ADMINISTRATOR, COORDINATOR, Account
from webapp.areas.codes import NATION
from webapp.areas.load import WIB
from webapp.clock import day_of
from webapp.db import db, insert
from webapp.departures import upkeep
from webapp.departures.model import ReminderRule
from webapp.departures.rule_check import RuleValues
from webapp.departures.rule_model import (
    APPROVED,
    REFUSED,
    SUBJECT,
    WAITING,
    WITHDRAWN,
    ReminderRuleVersion,
    RuleProposal,
)
from webapp.departures.rule_reach import reached

NAMES = tuple(field.name for field in fields(RuleValues))
#: Columns that hold several codes with commas between.
LISTS = ("stages", "schemes", "destinations", "missing_any")


class TooLate(Exception):
    """It was decided already, or rule or proposal is not the one that was read any more."""


class OwnProposal(Exception):
    """Nobody approves their own."""


def may_change(account: Account) -> bool:
    """The one place that says who proposes and approves: administrators, and coordinators of the nation."""
    return account.role == ADMINISTRATOR or (account.role == COORDINATOR and account.area_code == NATION)


def values_of(rule: ReminderRule) -> RuleValues:
    """As it holds now."""
    return values_from({name: getattr(rule, name) for name in NAMES})


def values_from(stored: dict[str, Any]) -> RuleValues:
    """From columns, or from what a version or proposal keeps."""
    lists = {name: tuple(filter(None, stored[name].split(","))) for name in LISTS}
    as_of = stored["as_of"]
    day = date.fromisoformat(as_of) if isinstance(as_of, str) else as_of
    return RuleValues(**{**{name: stored[name] for name in NAMES}, **lists, "as_of": day})


def columns_of(values: RuleValues) -> dict[str, Any]:
    """As the table of rules holds them."""
    own = {name: getattr(values, name) for name in NAMES}
    return own | {name: ",".join(own[name]) for name in LISTS}


def propose(rule: ReminderRule, values: RuleValues, account: Account, now: datetime) -> RuleProposal:
    """Let a second officer decide about it. Raises TooLate if another change of this rule waits already."""
    row = {
        "rule_code": rule.code,
        "base_version": rule.version,
        "values": _kept(values),
        "state": WAITING,
        "proposed_by_id": account.id,
        "proposed_at": now,
    }
    where = {"index_elements": ["rule_code"], "index_where": sa.text("state = 'waiting'")}
    added = insert(RuleProposal).values(row).on_conflict_do_nothing(**where).returning(RuleProposal.id)
    proposal_id = db.session.scalar(added)
    if proposal_id is None:
        raise TooLate
    audit.changed("handed_over", SUBJECT, proposal_id, NATION, detail=rule.code)
    return db.session.get_one(RuleProposal, proposal_id)


def approve(proposal: RuleProposal, account: Account, now: datetime) -> None:
    """Let it hold, keep how the rule was, and have plans made anew. Raises OwnProposal, TooLate.

    After TooLate the caller undoes what was begun.
    """
    if proposal.proposed_by_id == account.id:
        raise OwnProposal
    _decide(proposal, APPROVED, account, now)
    rule = db.session.get_one(ReminderRule, proposal.rule_code, populate_existing=True)
    before, after = values_of(rule), values_from(proposal.values)
    base = proposal.base_version
    query = sa.update(ReminderRule).where(ReminderRule.code == rule.code, ReminderRule.version == base)
    result: Any = db.session.execute(query.values(**columns_of(after), version=base + 1))
    if result.rowcount != 1:
        raise TooLate
    _keep_first(rule.code, base, before, now)
    version = {"proposed_by_id": proposal.proposed_by_id, "approved_by_id": account.id, "at": now}
    db.session.add(ReminderRuleVersion(rule_code=rule.code, version=base + 1, values=_kept(after), **version))
    audit.changed("approved", SUBJECT, proposal.id, NATION, detail=rule.code)
    today = day_of(now, WIB)
    upkeep.outdate(now, sa.or_(*reached(before, today), *reached(after, today)))


def refuse(proposal: RuleProposal, account: Account, now: datetime) -> None:
    """The rule stays as it is. Whoever proposed it takes it back so. Raises TooLate."""
    own = proposal.proposed_by_id == account.id
    _decide(proposal, WITHDRAWN if own else REFUSED, account, now)
    audit.changed("withdrawn" if own else "given_back", SUBJECT, proposal.id, NATION, detail=proposal.rule_code)


def _decide(proposal: RuleProposal, state: str, account: Account, now: datetime) -> None:
    """The database decides who was first: whoever comes second finds nothing that waits."""
    query = sa.update(RuleProposal).where(RuleProposal.id == proposal.id, RuleProposal.state == WAITING)
    if state == APPROVED:
        query = query.where(RuleProposal.proposed_by_id != account.id)
    decided = query.values(state=state, decided_by_id=account.id, decided_at=now)
    result: Any = db.session.execute(decided.execution_options(synchronize_session=False))
    if result.rowcount != 1:
        raise TooLate
    db.session.refresh(proposal)


def _keep_first(code: str, version: int, values: RuleValues, now: datetime) -> None:
    """How the rule was shipped, before its first change here; later versions are kept already."""
    row = {"rule_code": code, "version": version, "values": _kept(values), "at": now}
    db.session.execute(insert(ReminderRuleVersion).values(row).on_conflict_do_nothing())


def _kept(values: RuleValues) -> dict[str, Any]:
    """As versions and proposals keep them: JSON has no days."""
    return columns_of(values) | {"as_of": values.as_of.isoformat()}
