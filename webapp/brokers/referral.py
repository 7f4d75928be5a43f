"""A report is handed to an office outside the programme by a letter, and the office's receipt is noted."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import sqlalchemy as sa
from flask import abort

from webapp.accounts import audit
from webapp.accounts.model import Account
from webapp.brokers import acts, queries
from webapp.brokers.model import NAMED, SUBJECT, BrokerReferral, BrokerReport
from webapp.brokers.states import REFERRED, TRIAGE, VERIFYING
from webapp.db import db

#: In these states a letter may go out: in danger already at the first look, and to a second office later.
MAY_REFER = (TRIAGE, VERIFYING, REFERRED)
#: 12 in Jakarta and 14 in Jayapura: the same day everywhere in Indonesia.
MIDDAY = time(5, tzinfo=UTC)


def refer(
    report: BrokerReport, account: Account, now: datetime, *, office: str, addressee: str, letter_number: str,
    note: str, without_consent: str,
) -> BrokerReferral:  # fmt: skip
    """Write the letter and move the report to `referred`. Never commits.

    `without_consent`: the legal duty or the danger for which it goes to an office that the reporter did not agree to.
    Raises ValueError if there is neither consent nor such a reason: nobody outside is told then.
    """
    if office not in report.may_forward and not without_consent:
        raise ValueError("the reporter did not agree to this office, and no reason was given")
    referral = BrokerReferral(
        report_id=report.id, office=office, addressee=addressee, letter_number=letter_number, note=note,
        account_id=account.id, at=now,
    )  # fmt: skip
    db.session.add(referral)
    db.session.flush()
    reason = "" if office in report.may_forward else without_consent
    facts = {"office": office, "addressee": addressee, "letter": letter_number, "without_consent": reason}
    queries.add_step(report, "referred", account.id, now, referral=referral.id, **facts)
    audit.changed("changed", SUBJECT, report.id, report.area_code, detail="report_referred")
    acts.to_referred(report, account, now)
    report.updated_at = now
    return referral


def get(report: BrokerReport, referral_id: int) -> BrokerReferral:
    """This letter of this report, which the reader may see; else 404."""
    query = sa.select(BrokerReferral).where(BrokerReferral.id == referral_id, BrokerReferral.report_id == report.id)
    return db.session.scalar(query) or abort(404)


def note_receipt(
    report: BrokerReport, referral: BrokerReferral, account: Account, now: datetime, *, received_by: str,
    receipt_number: str, on_day: date,
) -> bool:  # fmt: skip
    """Who took the letter, their number and the day. False if somebody had noted it already; the first stays."""
    db.session.refresh(referral, with_for_update={"of": BrokerReferral, "key_share": True})
    if referral.received_at is not None:
        return False
    referral.received_by, referral.receipt_number = received_by, receipt_number
    referral.received_at, referral.receipt_by_id = datetime.combine(on_day, MIDDAY), account.id
    queries.add_step(report, "receipted", account.id, now, referral=referral.id, number=receipt_number)
    audit.changed("changed", SUBJECT, report.id, report.area_code, detail="report_receipt")
    return True


def may_name_reporter(report: BrokerReport, office: str) -> bool:
    """Only if the reporter wants to be named, and agreed to this very office."""
    return report.naming == NAMED and office in report.may_forward
