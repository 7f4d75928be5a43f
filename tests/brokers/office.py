"""Reports and coordinators, as the tests of verification need them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from webapp import clock
from webapp.accounts.model import Account
from webapp.brokers import acts
from webapp.brokers.model import BrokerReport, BrokerStep
from webapp.db import db

CONTACT = "Bu Karti 0813 0000 0000"


def told(account: Account, *, words: str = "Pak Darto meminta uang muka.", **facts: Any) -> BrokerReport:
    """A report that this account wrote down."""
    usual = {"threat": "none", "child_involved": False, "reporter_kind": "neighbour", "modus": [], "may_forward": []}
    facts = usual | {"reporter_contact": CONTACT} | facts
    person = facts.pop("person", None)
    report = BrokerReport.record(account=account, person=person, now=clock.now(), words=words, **facts)
    db.session.commit()
    return report


def taken(report: BrokerReport, account: Account, state: str = "triage") -> BrokerReport:
    """A report that this coordinator verifies, as far as `state`."""
    acts.take_on(report, account, clock.now())
    for step in {"triage": (), "verifying": ("verifying",), "referred": ("verifying", "referred")}[state]:
        acts.move(report, step, account, clock.now())
    db.session.commit()
    return report


def again(report: BrokerReport) -> BrokerReport:
    """As it is stored by now."""
    report_id = report.id
    db.session.rollback()
    return db.session.get_one(BrokerReport, report_id)


def steps(report: BrokerReport) -> list[tuple[str, int | None]]:
    """Kind of each step and whose it is, in order."""
    db.session.rollback()
    query = sa.select(BrokerStep.kind, BrokerStep.account_id).where(BrokerStep.report_id == report.id)
    return list(db.session.execute(query.order_by(BrokerStep.id)).tuples())


def move(client: FlaskClient, report: BrokerReport, to: str, **fields: str) -> TestResponse:
    data = {"from_state": report.state, "to": to} | fields
    return client.post(f"/broker-reports/{report.id}/moves", data=data)
