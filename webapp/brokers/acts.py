"""What coordinators do with a report. Every act is attributed and dated as a step of the report. None commits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from webapp.accounts import audit
from webapp.accounts.model import Account
from webapp.brokers import queries
from webapp.brokers.model import SUBJECT, BrokerReport
from webapp.brokers.signals import report_changed
from webapp.brokers.states import RECEIVED, REFERRED, TRIAGE, VERIFYING, may_move


def take_on(report: BrokerReport, account: Account, now: datetime, reason: str = "") -> None:
    """This coordinator verifies it from now on, and alone learns who reports it in confidence.

    So it is with the reports that were merged into it: they are one case.
    """
    before = report.verifier_id
    for one in (report, *queries.merged_into(report)):
        one.verifier_id, one.updated_at = account.id, now
    queries.add_step(report, "taken", account.id, now, before=before, reason=reason)
    audit.changed("changed", SUBJECT, report.id, report.area_code, detail="report_verifier")
    if report.state == RECEIVED:
        move(report, TRIAGE, account, now)
    else:
        report_changed.send(report, now=now)


def move(report: BrokerReport, to: str, account: Account, now: datetime, reason: str = "", **facts: Any) -> None:
    """The next state, as the table of moves allows. `facts`: by which document an office confirmed it."""
    if not may_move(report.state, to):
        raise ValueError(f"no move leads from {report.state} to {to}")
    queries.add_step(report, "moved", account.id, now, **{"from": report.state, "to": to, "reason": reason, **facts})
    report.state, report.updated_at = to, now
    audit.changed("moved", SUBJECT, report.id, report.area_code, detail="report_state")
    report_changed.send(report, now=now)


def to_referred(report: BrokerReport, account: Account, now: datetime) -> None:
    """A letter goes out. In danger one does not wait for the verification to begin: both moves are noted."""
    if report.state == TRIAGE:
        move(report, VERIFYING, account, now)
    if report.state == VERIFYING:
        move(report, REFERRED, account, now)


def check(report: BrokerReport, code: str, answer: str, note: str, account: Account, now: datetime) -> None:
    """One question of the checklist was answered; the newest answer holds."""
    queries.add_step(report, "checked", account.id, now, check=code, answer=answer, note=note)
    report.updated_at = now
    audit.changed("noted", SUBJECT, report.id, report.area_code, detail="report_check")


def complete(report: BrokerReport, facts: Mapping[str, str], account: Account, now: datetime) -> None:
    """What the words tell of the accused stands in its fields now; which ones changed is a step."""
    changed = [name for name, value in facts.items() if getattr(report, name) != value]
    if not changed:
        return
    for name in changed:
        setattr(report, name, facts[name])
    queries.add_step(report, "completed", account.id, now, fields=changed)
    report.updated_at = now
    audit.changed("changed", SUBJECT, report.id, report.area_code, detail="report_details")
    report_changed.send(report, now=now)


def reveal(report: BrokerReport, account: Account, now: datetime) -> None:
    """Somebody is about to learn who reports it. Whether they may was asked before (seeing.py).

    The writer learns nothing new, and her name among the steps would tell others whose report it is.
    """
    if report.account_id != account.id:
        queries.add_step(report, "revealed", account.id, now)
    audit.changed("revealed", SUBJECT, report.id, report.area_code)
