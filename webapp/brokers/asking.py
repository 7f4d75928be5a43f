"""Asking a reporter back by SMS without learning the number. Nothing here commits.

The number is opened only to see whether it may be texted, and to queue the question; no page and no list reads it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from sms.hours import FROM_HOUR, UNTIL_HOUR, next_allowed
from sms.text import plain
from webapp.accounts import audit
from webapp.accounts.model import Account
from webapp.areas.codes import NATION
from webapp.areas.load import WIB
from webapp.brokers.by_text import ASKED, address_where, heed
from webapp.brokers.model import SUBJECT, BrokerReport, BrokerStep, ReturnAddress
from webapp.db import db
from webapp.outbox import queue
from webapp.outbox.checks import AWAKE_FOR, PRIORITIES, REPLY
from webapp.people.model import EMPLOYER, NumberState, Phone
from webapp.people.reach import has_safe_hours, safe_hours
from webapp.sealing import SealError, unseal

ANSWERED = "answered"
#: What the question expects: any words (callbacks/reporting.py).
WORDS = "words"
#: Texts of the reporter answer the question for so long.
ANSWERED_WITHIN = timedelta(days=14)
#: So long after the first answer more of it may come.
ANSWER_GOES_ON = timedelta(hours=24)
#: A question that could not leave by then is not asked any more.
GOOD_FOR = timedelta(days=2)
MOST_SHOWN = 40
#: Why nobody may be asked.
NO_ADDRESS, NOT_SAFE, STOPPED = "no_address", "not_safe", "stopped"
WRONG_PERSON, NOT_TO_BE_TEXTED = "wrong_person", "do_not_text"


def why_not(report: BrokerReport, now: datetime) -> str:
    """Why this reporter cannot be asked now; '' if it can be done.

    Whoever said that it is not safe is never asked. Outbox/checks.py says the same of the rest when the text leaves.
    """
    number = _number(report, now)
    if number is None:
        return NO_ADDRESS
    state = db.session.get(NumberState, number) or NumberState(number=number)
    for said, why in ((state.stopped_at, STOPPED), (state.wrong_person_at, WRONG_PERSON)):
        if said is not None and (state.heard_at is None or state.heard_at <= said):
            return why
    if any(phone.reader == EMPLOYER or phone.do_not_text for phone in _phones(number)):
        return NOT_TO_BE_TEXTED
    return NOT_SAFE if report.safe_to_call is False else ""


def ask(report: BrokerReport, words: str, account: Account, now: datetime) -> datetime:
    """Queue a question to whoever reported. Returns when it leaves. Raises ValueError if `why_not` has a reason."""
    number = _number(report, now)
    if number is None or why_not(report, now):
        raise ValueError("this reporter cannot be asked")
    step = BrokerStep(report_id=report.id, kind=ASKED, facts={"note": words}, account_id=account.id, at=now)
    db.session.add(step)
    db.session.flush()
    leaves_at = _leaves_at(number, now)
    text = _addressed_to(number) | {"key": f"ask:{step.id}", "cause": f"report:{report.id}", "expects": WORDS}
    text |= {"body": text_of(report, words), "due_at": leaves_at, "expires_at": leaves_at + GOOD_FOR}
    queue.enqueue_many([text], now)
    report.updated_at = now
    audit.changed(ASKED, SUBJECT, report.id, report.area_code)
    return leaves_at


def text_of(report: BrokerReport, words: str) -> str:
    """What arrives: who asks and about which report, which only the reporter knows by its word."""
    return plain(f"Desmigratif, kode {report.word or report.reference}: {words}")


def awaited(number: str, now: datetime) -> tuple[BrokerReport, datetime] | None:
    """The report about which this number was asked last, and when.

    None if that is too long ago, or was answered some time ago: what is written then is about something else.
    """
    answer = aliased(BrokerStep)
    answered_at = (
        sa.select(sa.func.min(answer.at))
        .where(answer.report_id == BrokerStep.report_id, answer.kind == ANSWERED, answer.id > BrokerStep.id)
        .correlate(BrokerStep)
        .scalar_subquery()
    )
    query = (
        sa.select(BrokerReport, BrokerStep.at, answered_at)
        .join(ReturnAddress, ReturnAddress.id == BrokerReport.return_address_id)
        .join(BrokerStep, BrokerStep.report_id == BrokerReport.id)
        .where(address_where(number), BrokerStep.kind == ASKED, BrokerStep.at > now - ANSWERED_WITHIN)
        .order_by(BrokerStep.id.desc())
        .limit(1)
    )
    row = db.session.execute(query).first()
    if row is None or (row[2] is not None and row[2] <= now - ANSWER_GOES_ON):
        return None
    return row[0], row[1]


def answered(report: BrokerReport, words: str, now: datetime) -> None:
    """What the reporter wrote back."""
    db.session.add(BrokerStep(report_id=report.id, kind=ANSWERED, facts={"note": words}, account_id=None, at=now))
    audit.changed(ANSWERED, SUBJECT, report.id, report.area_code)
    heed(report, words, now)


def asked_so_far(report: BrokerReport) -> list[Any]:
    """Questions and answers, the oldest first."""
    query = (
        sa.select(BrokerStep)
        .where(BrokerStep.report_id == report.id, BrokerStep.kind.in_((ASKED, ANSWERED)))
        .order_by(BrokerStep.id.desc())
        .limit(MOST_SHOWN)
    )
    return list(db.session.scalars(query))[::-1]


def _number(report: BrokerReport, now: datetime) -> str | None:
    """Of the return address, while it is kept; None too if its key is gone."""
    address = db.session.get(ReturnAddress, report.return_address_id) if report.return_address_id else None
    if address is None or address.number_encrypted is None or address.expires_at <= now:
        return None
    try:
        return unseal(address.number_encrypted)
    except SealError:
        return None


def _phones(number: str) -> list[Phone]:
    """Of everybody who has this number, first with hours that were chosen."""
    query = sa.select(Phone).where(Phone.number == number, Phone.removed_at.is_(None)).order_by(Phone.id.desc())
    return sorted(db.session.scalars(query.limit(20)), key=lambda phone: not has_safe_hours(phone))


def _addressed_to(number: str) -> dict[str, Any]:
    """Columns of a text that belongs to nobody. By the phone its chosen hours are asked for again when it leaves."""
    phones = _phones(number)
    who = {"number": number, "phone_id": phones[0].id if phones else None, "area_code": NATION, "zone": WIB}
    return who | {"private": True, "purpose": REPLY, "priority": PRIORITIES[REPLY]}


def _leaves_at(number: str, now: datetime) -> datetime:
    """As an officer's answer: at once only to whoever wrote just now and chose no hours (conversations/answering)."""
    phones = _phones(number)
    chosen = bool(phones) and has_safe_hours(phones[0])
    state = db.session.get(NumberState, number)
    if not chosen and state is not None and _is_awake(state, now):
        return now
    begin, end = safe_hours(phones[0]) if phones else (FROM_HOUR, UNTIL_HOUR)
    return next_allowed(now, WIB, from_hour=begin, until_hour=end)


def _is_awake(state: NumberState, now: datetime) -> bool:
    return state.heard_at is not None and now - state.heard_at <= AWAKE_FOR
