"""Reports that come by SMS (LAPOR): stored at once, completed text by text. Nothing here commits.

Who wrote is kept sealed, and found again by the keyed hash of the number alone. No row of a report leads to a
registered person: whoever reports from a known phone is no more known than whoever does not.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from webapp.accounts import audit
from webapp.brokers.danger import Danger, danger_in
from webapp.brokers.model import ANONYMOUS, CONFIDENTIAL, SMS, SUBJECT, BrokerReport, BrokerStep, ReturnAddress
from webapp.brokers.signals import danger_told, report_changed
from webapp.brokers.urgency import NO_THREAT, THREAT, VIOLENCE
from webapp.cases.model import Case
from webapp.db import db
from webapp.outbox import queue
from webapp.sealing import fingerprint, fingerprints, seal

LONGEST_WORDS = 2000
#: Kind of the step that asks a reporter something (asking.py).
ASKED = "asked"
#: A number that writes again is remembered anew for so long.
REMEMBERED_FOR = timedelta(days=180)
#: What comes from the same number within this time belongs to the report.
TOLD_WITHIN = timedelta(hours=24)
#: Reports that one number can begin within that time; what comes then is added to the newest.
MOST_REPORTS = 5
#: Stands before what was told later.
LATER = "\n[tambahan] "
_SEVERITY = (NO_THREAT, THREAT, VIOLENCE)


def receive(number: str, words: str, now: datetime, *, area_code: str, reporter_kind: str) -> BrokerReport:
    """Store what this number (E.164) tells. Whatever else is asked later, this much is kept.

    Confidential until the reporter chooses: the verifying coordinator alone may learn the number.
    """
    danger = danger_in(words)
    return BrokerReport.record(
        account=None,
        person=None,
        now=now,
        area_code=area_code,
        channel=SMS,
        reporter_kind=reporter_kind,
        naming=CONFIDENTIAL,
        reporter_contact=number,
        return_address_id=_address_of(number, now),
        words=words[:LONGEST_WORDS],
        threat=danger.threat,
        child_involved=danger.child,
        modus=[],
        may_forward=[],
    )


def is_remembered(number: str) -> bool:
    """Did this number ever report, and is it not forgotten? Of most senders this is all that need be asked."""
    return db.session.scalar(_IS_REMEMBERED, {"hashes": fingerprints(number)}) is not None


_IS_REMEMBERED = (
    sa.select(ReturnAddress.id).where(ReturnAddress.number_hash.in_(sa.bindparam("hashes", expanding=True))).limit(1)
)


def newest_of(number: str) -> BrokerReport | None:
    """The newest report of this number whose address is not forgotten."""
    query = _of(number).order_by(BrokerReport.id.desc()).limit(1)
    return db.session.scalar(query)


def still_told(number: str, now: datetime) -> BrokerReport | None:
    """The report that another text of this number belongs to, if it began within a day."""
    report = newest_of(number)
    return report if report is not None and report.received_at > now - TOLD_WITHIN else None


def has_told_enough(number: str, now: datetime) -> bool:
    """Did this number begin so many reports within a day that another one is rather more of the same?"""
    recent = _of(number).where(BrokerReport.received_at > now - TOLD_WITHIN).limit(MOST_REPORTS)
    return len(db.session.scalars(recent).all()) >= MOST_REPORTS


def add_words(report: BrokerReport, words: str, now: datetime) -> None:
    """Something told later. Where the words of the report are full, it becomes a step: nothing is lost."""
    longer = report.words + LATER + words
    if len(longer) <= LONGEST_WORDS:
        report.words = longer
    else:
        db.session.add(BrokerStep(report_id=report.id, kind="noted", facts={"note": words}, account_id=None, at=now))
    heed(report, words, now)


def heed(report: BrokerReport, words: str, now: datetime) -> None:
    """Words that came later, wherever they are kept: what they tell of danger is marked, and calls officers."""
    danger = danger_in(words)
    report.child_involved = report.child_involved or danger.child
    report.threat = max(report.threat, danger.threat, key=_SEVERITY.index)
    _changed(report, now)
    if danger != Danger():
        danger_told.send(report, now=now)


def cry(report: BrokerReport, now: datetime) -> Case:
    """Whoever reports calls for help. Returns the open case that officers are called to."""
    report.urgent = True
    _changed(report, now)
    danger_told.send(report, now=now)
    main = report.merged_into_id or report.id
    query = sa.select(Case).where(Case.report_id.in_((report.id, main)), Case.closed_at.is_(None))
    return db.session.scalars(query.order_by(Case.id.desc()).limit(1)).one()


def say_whether_safe(report: BrokerReport, *, safe: bool, now: datetime) -> None:
    """A question that has not left yet is not asked of somebody for whom it is not safe."""
    report.safe_to_call = safe
    if not safe:
        asked = sa.select(BrokerStep.id).where(BrokerStep.report_id == report.id, BrokerStep.kind == ASKED)
        keys = [f"ask:{step_id}" for step_id in db.session.scalars(asked)]
        queue.withdraw(keys=keys, reason="no_longer_planned", now=now)
    _changed(report, now)


def say_whether_threatened(report: BrokerReport, *, threatened: bool, now: datetime) -> None:
    """TIDAK takes nothing back of what the words themselves tell."""
    if threatened:
        report.threat = max(report.threat, THREAT, key=_SEVERITY.index)
    _changed(report, now)


def choose_naming(report: BrokerReport, naming: str, now: datetime) -> None:
    """Who may learn the number. Of an anonymous one it is erased at once; what stays is the way to ask back."""
    report.naming = naming
    if naming == ANONYMOUS:
        report.contact_encrypted = None
    _changed(report, now)


def forget_expired(now: datetime) -> int:
    """The worker's chore: numbers whose time is over go, also their hashes. Returns how many; commits.

    The row itself stays: reports of one source are still counted as one.
    """
    over = sa.and_(ReturnAddress.number_encrypted.is_not(None), ReturnAddress.expires_at <= now)
    nameless = sa.literal("forgotten:") + sa.cast(ReturnAddress.id, sa.String)
    statement = sa.update(ReturnAddress).where(over).values(number_encrypted=None, number_hash=nameless)
    forgotten: int = db.session.execute(statement.execution_options(synchronize_session=False)).rowcount  # type: ignore[attr-defined]  # the result of an UPDATE
    db.session.commit()
    return forgotten


def address_where(number: str) -> sa.ColumnElement[bool]:
    """The condition that a return address is of this number, whichever key hashed it."""
    return ReturnAddress.number_hash.in_(fingerprints(number))


def _of(number: str) -> sa.Select[tuple[BrokerReport]]:
    joined = sa.select(BrokerReport).join(ReturnAddress, ReturnAddress.id == BrokerReport.return_address_id)
    return joined.where(address_where(number))


def _address_of(number: str, now: datetime) -> int:
    """Texts of one number are understood one after the other (numbers.heard), so nobody stores it meanwhile."""
    address = db.session.scalar(sa.select(ReturnAddress).where(address_where(number)).limit(1))
    if address is None:
        address = ReturnAddress(number_hash=fingerprint(number), number_encrypted=seal(number), created_at=now)
        db.session.add(address)
    address.expires_at = now + REMEMBERED_FOR
    db.session.flush()
    return address.id


def _changed(report: BrokerReport, now: datetime) -> None:
    report.updated_at = now
    # Somebody may have marked it by hand: that is never undone here.
    report.urgent = report.urgent or report.threat != NO_THREAT or report.child_involved
    if report.urgent and report.merged_into_id is not None:
        # The case is that of the report that goes on, which lists show.
        db.session.get_one(BrokerReport, report.merged_into_id).urgent = True
    db.session.flush()
    audit.changed("changed", SUBJECT, report.id, report.area_code)
    report_changed.send(report, now=now)
