"""What can happen to an urgent case. Acts never commit."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from webapp.accounts import audit
from webapp.accounts.invitations import ALPHABET
from webapp.accounts.model import Account
from webapp.cases import escalation, telling
from webapp.cases.model import HELP, SAFE_WORD, SUBJECT, TAKEN_ON, Case, CaseEvent
from webapp.db import db, insert
from webapp.outbox import queue
from webapp.people.model import Person

#: 'B' for bantuan. Letters and digits after it at each attempt.
REFERENCE, REFERENCE_LENGTHS = "B-", (4, 4, 4, 5, 6, 9)
#: Whoever calls again so long after a case was taken on is told of to everybody anew.
FORGOTTEN_AFTER = timedelta(hours=6)
#: Whoever calls again when the table is at its end and nobody has answered: everybody is told anew, not oftener.
TOLD_ANEW_AFTER = timedelta(minutes=30)
#: After another call whoever took the case on notes something within this time, or the regency is told.
NOTED_WITHIN = timedelta(minutes=60)
#: Events that say that officers were looked for.
TELLINGS = ("alerted", "nobody")


def open_case(
    *,
    key: str,
    kind: str,
    area_code: str,
    now: datetime,
    person: Person | None = None,
    number: str = "",
    incoming_id: int | None = None,
    report_id: int | None = None,
    bypass_village: bool = False,
) -> Case:
    """Open an urgent case and tell the first officers, or add the call to the open case of the same caller.

    `key` names the cause: the same cause opens one case, however often it is told. The caller has locked the person,
    or the number, so that two calls at once are one after the other.
    """
    if (same := db.session.scalar(sa.select(Case).where(Case.key == key))) is not None:
        return same
    known = _open_case_of(person, number)
    # Somebody may close it at this very moment: then it is a new one.
    if known is not None and call_again(known, kind, incoming_id, now):
        return known
    case = _store(
        {
            "key": key,
            "kind": kind,
            "area_code": area_code,
            "person_id": person.id if person else None,
            "number": number,
            "incoming_id": incoming_id,
            "report_id": report_id,
            "bypass_village": bypass_village,
            "opened_at": now,
            "called_at": now,
            "outcome": "",
            "step": -1,
        }
    )
    _note(case, "opened", {}, None, now)
    audit.changed("opened", SUBJECT, case.id, case.area_code)
    climb(case, now)
    return case


def climb(case: Case, now: datetime) -> bool:
    """Take the next step of the table, if nobody else took it. An audience without a phone is passed over at once.

    One conditional UPDATE decides, so of two workers only one tells. Returns whether this one did.
    """
    steps = telling.steps_of(case.kind)
    taken = escalation.following(steps, case.step)
    if taken is None or not _claim_step(case, steps, taken, now):
        return False
    told = telling.tell(case, taken, now)
    _note(
        case,
        "alerted" if told else "nobody",
        {"step": taken.number, "told": told, "to": list(taken.audience)},
        None,
        now,
    )
    if not told:
        climb(case, now)
    return True


def take_on(case: Case, account: Account, now: datetime) -> bool:
    """This officer takes care of it: nobody else is called. False if somebody had taken it on already."""
    (reminder,) = telling.steps_of(TAKEN_ON)[:1] or (None,)
    statement = sa.update(Case).where(Case.id == case.id, Case.acknowledged_at.is_(None), Case.closed_at.is_(None))
    values = {
        "acknowledged_at": now,
        "acknowledged_by_id": account.id,
        "next_step_at": escalation.due_at(reminder, now),
    }
    if not _changed(statement.values(values)):
        return False
    queue.withdraw(cause=case.cause, reason="taken_on", now=now)
    _note(case, "taken_on", {}, account, now)
    audit.changed("taken_on", SUBJECT, case.id, case.area_code)
    return True


def note(case: Case, words: str, account: Account, now: datetime) -> None:
    """What was tried or learnt. Whoever notes something takes care of it."""
    if not take_on(case, account, now):
        # A call that came since is being looked after: nobody else need be told before the usual time.
        onward = escalation.due_at(next(iter(telling.steps_of(TAKEN_ON)), None), now)
        _changed(sa.update(Case).where(Case.id == case.id, Case.closed_at.is_(None)).values(next_step_at=onward))
    _note(case, "noted", {"words": words}, account, now)
    audit.changed("noted", SUBJECT, case.id, case.area_code)


def close(case: Case, outcome: str, account: Account, now: datetime) -> bool:
    """It is over, and this came of it. False if somebody had closed it already; what this one wrote is noted then."""
    statement = sa.update(Case).where(Case.id == case.id, Case.closed_at.is_(None))
    closing = {"closed_at": now, "closed_by_id": account.id, "outcome": outcome, "next_step_at": None}
    first = _changed(statement.values(closing))
    if first:
        queue.withdraw(cause=case.cause, reason="taken_on", now=now)
    _note(case, "closed" if first else "noted", {"words": outcome}, account, now)
    audit.changed("closed" if first else "noted", SUBJECT, case.id, case.area_code)
    return first


def remind(case: Case, now: datetime) -> bool:
    """Taken on long ago, and not closed: the regency is told once more, once."""
    statement = sa.update(Case).where(
        Case.id == case.id, Case.next_step_at == case.next_step_at, Case.acknowledged_at.is_not(None)
    )
    if not _changed(statement.where(Case.closed_at.is_(None)).values(next_step_at=None)):
        return False
    for step in telling.steps_of(TAKEN_ON)[:1]:
        told = telling.tell(case, step, now)
        _note(case, "alerted", {"step": TAKEN_ON, "told": told, "to": list(step.audience)}, None, now)
    return True


def open_cases_of(texts: sa.Select[tuple[int]]) -> Sequence[Case]:
    """The open cases that one of these texts, given by their ids, called for."""
    query = sa.select(Case).where(Case.incoming_id.in_(texts), Case.closed_at.is_(None)).order_by(Case.id)
    return db.session.scalars(query).all()


def _open_case_of(person: Person | None, number: str) -> Case | None:
    """What somebody calls about again before anybody has closed it."""
    if person is not None:
        same = Case.person_id == person.id
    elif number:
        same = sa.and_(Case.number == number, Case.person_id.is_(None))
    else:
        return None
    return db.session.scalars(sa.select(Case).where(same, Case.closed_at.is_(None)).order_by(Case.id)).first()


def call_again(case: Case, kind: str, incoming_id: int | None, now: datetime) -> bool:
    """Another call of the same caller. False if the case was closed meanwhile.

    A safe word is more than BANTU: others may be reading along. Everybody is told anew if it comes now, or if the case
    was taken on hours ago, or if nobody is left to be told; whoever took it on is told at once otherwise.
    """
    again: dict[str, Any] = {"called_at": now}
    is_graver = kind == SAFE_WORD and case.kind == HELP
    if is_graver:
        again["kind"] = SAFE_WORD
    elif incoming_id is not None and kind == HELP:
        # A private text stands in no conversation, so it is none to be led to.
        again["incoming_id"] = incoming_id
    anew = is_graver or _is_forgotten(case, now) or _is_exhausted(case, now)
    if anew:
        again |= {"acknowledged_at": None, "acknowledged_by_id": None, "step": -1, "opened_at": now}
    if not _changed(sa.update(Case).where(Case.id == case.id, Case.closed_at.is_(None)).values(again)):
        return False
    db.session.refresh(case)
    _note(case, "called_again", {}, None, now)
    if anew:
        climb(case, now)
    elif case.acknowledged_at is not None:
        _tell_holder(case, now)
    return True


def _is_forgotten(case: Case, now: datetime) -> bool:
    return case.acknowledged_at is not None and now - case.acknowledged_at > FORGOTTEN_AFTER


def _is_exhausted(case: Case, now: datetime) -> bool:
    """Nobody has answered, the table is at its end, and the last telling is a while ago."""
    if case.acknowledged_at is not None or case.next_step_at is not None:
        return False
    told_at = db.session.scalar(
        sa.select(sa.func.max(CaseEvent.at)).where(CaseEvent.case_id == case.id, CaseEvent.kind.in_(TELLINGS))
    )
    return told_at is None or now - told_at > TOLD_ANEW_AFTER


def _tell_holder(case: Case, now: datetime) -> None:
    """Whoever takes care of it hears of the new call; if nothing is noted then, the regency is told."""
    if telling.tell_holder(case, now):
        _note(case, "alerted", {"step": TAKEN_ON, "told": 1, "to": ["holder"]}, None, now)
    soon = now + NOTED_WITHIN
    if case.next_step_at is None or case.next_step_at > soon:
        _changed(sa.update(Case).where(Case.id == case.id, Case.closed_at.is_(None)).values(next_step_at=soon))


def _claim_step(case: Case, steps: Sequence[escalation.Step], taken: escalation.Step, now: datetime) -> bool:
    onward = escalation.due_at(escalation.following(steps, taken.number), case.opened_at)
    unanswered = (Case.acknowledged_at.is_(None), Case.closed_at.is_(None))
    statement = sa.update(Case).where(Case.id == case.id, Case.step == case.step, *unanswered)
    claimed = _changed(statement.values(step=taken.number, next_step_at=onward))
    db.session.refresh(case)
    return claimed


def _changed(statement: sa.Update) -> bool:
    result = db.session.execute(statement.execution_options(synchronize_session=False))
    db.session.expire_all()
    return result.rowcount == 1  # type: ignore[attr-defined]  # the result of an UPDATE


def _note(case: Case, kind: str, facts: dict[str, Any], account: Account | None, now: datetime) -> None:
    account_id = account.id if account else None
    db.session.add(CaseEvent(case_id=case.id, kind=kind, facts=facts, account_id=account_id, at=now))


def _store(row: dict[str, Any]) -> Case:
    """The unique index decides whether a reference is free, not a look beforehand."""
    for length in REFERENCE_LENGTHS:
        reference = REFERENCE + "".join(secrets.choice(ALPHABET) for _ in range(length))
        statement = insert(Case).values(**row, reference=reference).on_conflict_do_nothing(index_elements=["reference"])
        case_id: int | None = db.session.scalar(statement.returning(Case.id))
        if case_id is not None:
            return db.session.get_one(Case, case_id)
    raise RuntimeError("no reference is free")
