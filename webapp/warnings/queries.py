"""Reads of warnings: who sees which, what is new, what became of one, which quote a status that has changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from flask import abort
from sqlalchemy.orm import joinedload, selectinload

from sms.states import DELIVERED, EXPIRED, FAILED, QUEUED, SENDING, SENT, SUPPRESSED, UNKNOWN, WITHDRAWN
from webapp import clock
from webapp.accounts import audit
from webapp.accounts.access import current_account, visible
from webapp.accounts.model import COORDINATOR, Account, AuditEntry
from webapp.agencies.licence import standing
from webapp.agencies.model import Agency
from webapp.areas.codes import areas_above, within
from webapp.areas.load import WIB
from webapp.conversations.model import Incoming
from webapp.db import db
from webapp.outbox.model import Message
from webapp.warnings import quoted, states
from webapp.warnings.levels import COMPANY, may_approve
from webapp.warnings.model import SUBJECT, SafetyWarning, WarningArea, WarningEvent
from webapp.warnings.states import CANCELLED

PAGE = 25
#: *Hari ini* tells of a warning for so long, until it is read.
NEWS_FOR = timedelta(days=14)
MOST_NEWS = 5
#: Texts of one warning, and replies to it, that a page counts at most.
MOST_TEXTS, MOST_REPLIES = 50_000, 1_000
#: What comes from a recipient after the text and within so long of its approval is taken for a reply.
REPLIES_WITHIN = timedelta(days=10)
#: Of so many of the newest that quote a status it is looked whether it still holds.
MOST_QUOTING = 200
LEADING = (QUEUED, SENDING, UNKNOWN, SENT, DELIVERED, FAILED, SUPPRESSED, EXPIRED, WITHDRAWN)
#: It has, or may have, reached its phone.
GONE = (SENDING, UNKNOWN, SENT, DELIVERED)
#: States whose reasons are told.
TOLD_WHY = (FAILED, SUPPRESSED, EXPIRED)


@dataclass(frozen=True)
class News:
    """What an officer has not read yet, what waits for their approval, and what has to be corrected."""

    unread: Sequence[SafetyWarning]
    waiting: Sequence[SafetyWarning]
    stale: Sequence[SafetyWarning] = ()

    def __bool__(self) -> bool:
        return bool(self.unread or self.waiting or self.stale)


@dataclass(frozen=True)
class Results:
    """What became of the texts of a warning: state → how many, reason → how many, replies."""

    states: dict[str, int]
    reasons: dict[str, int]
    replies: int
    is_capped: bool


def mine_to_see() -> sa.ColumnElement[bool]:
    """Coordinators see those of offices in their area, and like everybody else what went out to their area."""
    sent_here = sa.and_(SafetyWarning.approved_at.is_not(None), goes_to(current_account.area_code))
    if current_account.role != COORDINATOR:
        return sent_here
    return sa.or_(visible(SafetyWarning.area_code), sent_here)


def goes_to(area_code: str) -> sa.ColumnElement[bool]:
    """Is this area, or a part of it, among those that it goes to?"""
    touched = sa.or_(WarningArea.area_code.in_(areas_above(area_code)), within(WarningArea.area_code, area_code))
    return SafetyWarning.id.in_(sa.select(WarningArea.warning_id).where(touched))


def get(warning_id: int) -> SafetyWarning:
    """This warning; 404 for whoever may not see it. The audit log says who read it."""
    query = sa.select(SafetyWarning).where(SafetyWarning.id == warning_id, mine_to_see()).options(*_whole())
    warning = db.session.scalar(query) or abort(404)
    audit.seen(SUBJECT, warning.id, warning.area_code)
    return warning


def of_my_office(warning_id: int) -> SafetyWarning:
    """To act on: a warning of an office of the reader's area; else 404."""
    query = sa.select(SafetyWarning).where(SafetyWarning.id == warning_id, visible(SafetyWarning.area_code))
    return db.session.scalar(query.options(*_whole())) or abort(404)


def my_draft(warning_id: int) -> SafetyWarning:
    """To change: only its drafter does, so that nobody approves what they have written themselves."""
    warning = of_my_office(warning_id)
    if warning.drafted_by_id != current_account.id or warning.corrects_id is not None:
        abort(404)
    return warning


def page(before: int | None) -> tuple[Sequence[SafetyWarning], int | None]:
    """The newest below this id, and the id before which the next page begins, if there is one."""
    query = sa.select(SafetyWarning).where(mine_to_see()).order_by(SafetyWarning.id.desc()).limit(PAGE + 1)
    if before is not None:
        query = query.where(SafetyWarning.id < before)
    found = db.session.scalars(query.options(*_whole())).all()
    return found[:PAGE], found[PAGE - 1].id if len(found) > PAGE else None


def events(warning_id: int) -> Sequence[WarningEvent]:
    query = sa.select(WarningEvent).where(WarningEvent.warning_id == warning_id).order_by(WarningEvent.id)
    return db.session.scalars(query.options(joinedload(WarningEvent.account)).limit(100)).all()


def corrections(warning_id: int) -> Sequence[SafetyWarning]:
    """Those that take this one back, as far as the reader may know of them."""
    query = sa.select(SafetyWarning).where(SafetyWarning.corrects_id == warning_id, mine_to_see())
    return db.session.scalars(query.order_by(SafetyWarning.id).limit(PAGE)).all()


def news_for(account: Account, now: datetime) -> News:
    """What *Hari ini* tells this account: warnings to its area that it has not opened, those to approve or correct."""
    since = now - NEWS_FOR
    query = (
        sa.select(SafetyWarning)
        .where(
            SafetyWarning.approved_at > since,
            SafetyWarning.state.in_(states.HOLDS),
            goes_to(account.area_code),
            ~_was_read_by(account),
        )
        .order_by(SafetyWarning.id.desc())
        .limit(MOST_NEWS)
    )
    waiting = sa.select(SafetyWarning).where(
        SafetyWarning.state == states.WAITING, within(SafetyWarning.area_code, account.area_code)
    )
    found = db.session.scalars(waiting.order_by(SafetyWarning.id).limit(PAGE).options(*_whole())).all()
    mine = [warning for warning in found if approves(account, warning)]
    return News(db.session.scalars(query.options(*_whole())).all(), mine, _stale_of(account, now))


def approves(account: Account, warning: SafetyWarning) -> bool:
    return may_approve(account, warning.level, drafter_id=warning.drafted_by_id, office=warning.area_code)


def _was_read_by(account: Account) -> sa.ColumnElement[bool]:
    """The audit log knows who has seen what."""
    return sa.exists().where(
        AuditEntry.subject == SUBJECT,
        AuditEntry.subject_id == SafetyWarning.id,
        AuditEntry.account_id == account.id,
        AuditEntry.act.in_(("seen", "approved")),
    )


def results(warning: SafetyWarning) -> Results:
    """Through the index of causes, and no further than MOST_TEXTS."""
    its = sa.select(Message.state, Message.reason, Message.person_id, Message.sent_at)
    some = its.where(Message.cause == warning.cause).limit(MOST_TEXTS + 1).subquery()
    groups = sa.select(some.c.state, some.c.reason, sa.func.count()).group_by(some.c.state, some.c.reason)
    by_state: dict[str, int] = {}
    by_reason: dict[str, int] = {}
    for state, reason, number in db.session.execute(groups):
        by_state[state] = by_state.get(state, 0) + number
        if state in TOLD_WHY and reason:
            by_reason[reason] = by_reason.get(reason, 0) + number
    in_order = {state: by_state[state] for state in LEADING if state in by_state}
    return Results(in_order, by_reason, _replies(warning, some), sum(by_state.values()) > MOST_TEXTS)


def _replies(warning: SafetyWarning, texts: sa.Subquery) -> int:
    """What came from recipients in the days after. Nothing of somebody who reports and must not be known."""
    assert warning.approved_at is not None
    until = warning.approved_at + REPLIES_WITHIN
    answered = (
        sa.select(Incoming.id)
        .join(texts, texts.c.person_id == Incoming.person_id)
        .where(Incoming.received_at > texts.c.sent_at, Incoming.received_at < until, ~Incoming.private)
        .limit(MOST_REPLIES + 1)
    )
    return db.session.scalar(sa.select(sa.func.count()).select_from(answered.subquery())) or 0


def stale(today: date, limit: int = MOST_QUOTING) -> list[tuple[SafetyWarning, str]]:
    """Warnings that say of a company what the list does not say today, with its status; '' if the list has it no more.

    Another company with that licence is said wrongly too; a newer list that says the same is not. Of the offices of
    the reader, the newest first. What was corrected already is none of them; what was stopped when people had it is.
    """
    query = (
        sa.select(SafetyWarning, Agency)
        .outerjoin(Agency, Agency.licence == SafetyWarning.licence)
        .where(
            SafetyWarning.level == COMPANY,
            sa.or_(
                SafetyWarning.state.in_(states.HOLDS), sa.and_(SafetyWarning.state == CANCELLED, _somebody_has_it())
            ),
            visible(SafetyWarning.area_code),
        )
        .order_by(SafetyWarning.id.desc())
        .limit(limit)
    )
    found = []
    for warning, agency in db.session.execute(query.options(*_whole())).tuples():
        status = standing(agency.status, agency.expires_on, today) if agency else ""
        if status != warning.said_status or (agency and not quoted.names(warning, agency)):
            found.append((warning, status))
    return found


def _stale_of(account: Account, now: datetime) -> list[SafetyWarning]:
    """The first of those that an office has to correct."""
    if account.role != COORDINATOR:
        return []
    return [warning for warning, _ in stale(clock.day_of(now, WIB))][:MOST_NEWS]


def _somebody_has_it() -> sa.ColumnElement[bool]:
    """Through the index of causes (model.cause_of)."""
    cause = sa.literal("warning:") + sa.cast(SafetyWarning.id, sa.String)
    return sa.exists().where(Message.cause == cause, Message.state.in_(GONE))


def _whole() -> Sequence[sa.orm.interfaces.LoaderOption]:
    return (
        joinedload(SafetyWarning.place),
        joinedload(SafetyWarning.drafted_by),
        joinedload(SafetyWarning.approved_by),
        joinedload(SafetyWarning.corrects),
        selectinload(SafetyWarning.areas).joinedload(WarningArea.area),
    )
