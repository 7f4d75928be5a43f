"""Reads of reports: who sees which, one of them, a page of the list."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from flask import abort
from sqlalchemy.orm import joinedload

from webapp.accounts import audit
from webapp.accounts.access import current_account, visible
from webapp.accounts.model import FACILITATOR
from webapp.brokers.model import SUBJECT, BrokerReport
from webapp.db import db
from webapp.people.model import Person

PAGE = 25


def mine_to_see() -> sa.ColumnElement[bool]:
    """A facilitator sees the reports that she wrote, all others those of their area and below."""
    if current_account.role == FACILITATOR:
        return BrokerReport.account_id == current_account.id
    return visible(BrokerReport.area_code)


def may_see(report_id: int) -> bool:
    """For the photos of a report."""
    query = sa.select(sa.exists().where(BrokerReport.id == report_id, mine_to_see()))
    return bool(db.session.scalar(query))


def get(report_id: int) -> BrokerReport:
    """This report; 404 for whoever may not see it. The audit log says who saw it."""
    query = (
        sa.select(BrokerReport)
        .where(BrokerReport.id == report_id, mine_to_see())
        .options(joinedload(BrokerReport.account), joinedload(BrokerReport.area))
    )
    report = db.session.scalar(query) or abort(404)
    audit.seen(SUBJECT, report.id, report.area_code)
    return report


def page(before: int | None) -> tuple[Sequence[BrokerReport], int | None]:
    """The newest reports below this id, and the id before which the next page begins, if there is one."""
    query = sa.select(BrokerReport).where(mine_to_see()).order_by(BrokerReport.id.desc()).limit(PAGE + 1)
    if before is not None:
        query = query.where(BrokerReport.id < before)
    found = db.session.scalars(query.options(joinedload(BrokerReport.area))).all()
    return found[:PAGE], found[PAGE - 1].id if len(found) > PAGE else None


def person_of(report: BrokerReport) -> Person | None:
    """Whom it is about, if that is somebody whom the reader may see by now."""
    if report.person_id is None:
        return None
    person = db.session.scalar(sa.select(Person).where(Person.id == report.person_id, visible(Person.area_code)))
    if person is not None:
        audit.seen("person", person.id, person.area_code)
    return person
