"""Reads of reports: one of them, to look at or to act on; what was done about it; whose it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import abort
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from webapp.accounts import audit
from webapp.accounts.access import current_account, visible
from webapp.brokers.model import SUBJECT, BrokerReferral, BrokerReport, BrokerStep
from webapp.brokers.seeing import mine_to_see as mine_to_see
from webapp.db import db
from webapp.errors import Words
from webapp.people.model import Person

#: More steps than this of one report stand on no page; the newest do.
MOST_STEPS = 100
#: More reports of one case are named nowhere.
MOST_MERGED = 50
NOT_TAKEN_ON = _l("You have not taken this report on")


def may_see(report_id: int) -> bool:
    """For the photos of a report."""
    query = sa.select(sa.exists().where(BrokerReport.id == report_id, mine_to_see()))
    return bool(db.session.scalar(query))


def get(report_id: int) -> BrokerReport:
    """This report; 404 for whoever may not see it. The audit log says who saw it."""
    query = (
        sa.select(BrokerReport)
        .where(BrokerReport.id == report_id, mine_to_see())
        .options(joinedload(BrokerReport.account), joinedload(BrokerReport.area), joinedload(BrokerReport.verifier))
    )
    report = db.session.scalar(query) or abort(404)
    audit.seen(SUBJECT, report.id, report.area_code)
    return report


def to_change(report_id: int) -> BrokerReport:
    """The same, locked: of two coordinators at once the second sees what the first has stored."""
    report = get(report_id)
    db.session.refresh(report, with_for_update={"of": BrokerReport, "key_share": True})
    db.session.expire(report, ["verifier"])
    return report


def in_hand(report: BrokerReport) -> BrokerReport:
    """A report that the account of this request verifies and that goes on; 409 in words for any other."""
    if report.merged_into_id is not None:
        abort(409, Words(gettext("This report goes on in another"), _goes_on()))
    return verified_by_me(report)


def verified_by_me(report: BrokerReport) -> BrokerReport:
    """A report that the account of this request verifies, also as a part of another; 409 in words for any other."""
    if report.verifier_id != current_account.id:
        abort(409, Words(NOT_TAKEN_ON, _verified_by(report)))
    return report


def _goes_on() -> str:
    return gettext("It was merged with another report of the same event. Open that one. Nothing was stored.")


def _verified_by(report: BrokerReport) -> str:
    if report.verifier is None:
        return gettext("Open the report and take it on first. Nothing was stored.")
    return gettext(
        "%(name)s verifies it. Speak with each other, or take it over with a reason. Nothing was stored.",
        name=report.verifier.name,
    )


def person_of(report: BrokerReport) -> Person | None:
    """Whom it is about, if that is somebody whom the reader may see by now."""
    if report.person_id is None:
        return None
    person = db.session.scalar(sa.select(Person).where(Person.id == report.person_id, visible(Person.area_code)))
    if person is not None:
        audit.seen("person", person.id, person.area_code)
    return person


def add_step(report: BrokerReport, kind: str, account_id: int | None, now: datetime, **facts: Any) -> BrokerStep:
    """Say on the report what was done. Never commits."""
    step = BrokerStep(report_id=report.id, kind=kind, facts=facts, account_id=account_id, at=now)
    db.session.add(step)
    return step


def steps_of(report: BrokerReport) -> Sequence[BrokerStep]:
    """What was done about it, the newest first."""
    query = sa.select(BrokerStep).where(BrokerStep.report_id == report.id).order_by(BrokerStep.id.desc())
    return db.session.scalars(query.options(joinedload(BrokerStep.account)).limit(MOST_STEPS)).all()


def checks_of(report: BrokerReport) -> dict[str, BrokerStep]:
    """Code of each question that was answered → the newest answer."""
    query = sa.select(BrokerStep).where(BrokerStep.report_id == report.id, BrokerStep.kind == "checked")
    answers = db.session.scalars(query.options(joinedload(BrokerStep.account)).order_by(BrokerStep.id))
    return {str(step.facts["check"]): step for step in answers}


def confirmation_of(report_id: int) -> dict[str, Any] | None:
    """Office, number and day of the document by which an office confirmed it; None if none did, or no more.

    For whoever wants to name somebody: without it nothing may be said of an individual.
    """
    query = sa.select(BrokerStep.facts).where(BrokerStep.report_id == report_id, BrokerStep.kind == "moved")
    for facts in db.session.scalars(query.order_by(BrokerStep.id.desc())):
        if facts["to"] != "closed":
            return facts.get("confirmed")
    return None


def merged_into(report: BrokerReport) -> Sequence[BrokerReport]:
    """The reports that go on in this one, oldest first. Whoever shows them asks who may see them."""
    query = sa.select(BrokerReport).where(BrokerReport.merged_into_id == report.id).order_by(BrokerReport.id)
    return db.session.scalars(query.limit(MOST_MERGED)).all()


def case_of(report: BrokerReport) -> list[BrokerReport]:
    """All reports of the same event: the one that goes on, and those merged into it. Each was told by somebody."""
    first = report if report.merged_into_id is None else db.session.get_one(BrokerReport, report.merged_into_id)
    return [first, *merged_into(first)]


def seen_of(ids: Sequence[int]) -> Sequence[BrokerReport]:
    """Those of these that the account of this request may see."""
    query = sa.select(BrokerReport).where(BrokerReport.id.in_(ids), mine_to_see()).order_by(BrokerReport.id)
    return db.session.scalars(query.options(joinedload(BrokerReport.area))).all() if ids else []


def referrals_of(report: BrokerReport) -> Sequence[BrokerReferral]:
    query = sa.select(BrokerReferral).where(BrokerReferral.report_id == report.id).order_by(BrokerReferral.id)
    return db.session.scalars(query.options(joinedload(BrokerReferral.account))).all()
