"""What can happen to a warning. Each act locks it, looks at its state again, and says who did it. None commits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from webapp.accounts import audit
from webapp.accounts.model import COORDINATOR, Account
from webapp.areas.codes import parent_of, widest
from webapp.db import db, insert
from webapp.outbox import alerts, queue
from webapp.warnings import states
from webapp.warnings.levels import CORRECTION, LEVELS, WITHDRAWAL
from webapp.warnings.model import CODE_LENGTHS, SUBJECT, SafetyWarning, WarningArea, WarningEvent, new_code
from webapp.warnings.states import MoveNotAllowed, may_move

#: The text that asks a second officer to look at an urgent warning.
APPROVAL_ASKED = "AWRN"
MOST_ALERTED = 10


@dataclass(frozen=True)
class Draft:
    """What a coordinator chose. Nothing in it is a word of a report."""

    text_code: str
    values: dict[str, str]
    areas: Sequence[str]
    stages: Sequence[str]
    destinations: Sequence[str] = ()
    urgent: bool = False
    reason: str = ""
    place_code: str | None = None
    report_id: int | None = None
    licence: str = ""
    said_status: str = ""
    decision_number: str = ""
    legal_basis: str = ""
    notice_source: str = ""
    notice_on: date | None = None
    notice_link: str = ""


class VersionChanged(Exception):
    """It was changed since it was read."""


def draft(account: Account, chosen: Draft, now: datetime, *, corrects: SafetyWarning | None = None) -> SafetyWarning:
    row: dict[str, Any] = {
        **_columns(chosen),
        "state": states.DRAFT,
        "version": 1,
        "area_code": account.area_code,
        "corrects_id": corrects.id if corrects else None,
        "reports": 0,
        "sources": 0,
        "expanded_to": 0,
        "drafted_by_id": account.id,
        "created_at": now,
        "updated_at": now,
    }
    warning = db.session.get_one(SafetyWarning, _store(row))
    _set_areas(warning, chosen.areas)
    _note(warning, "drafted", account, now)
    audit.changed("created", SUBJECT, warning.id, warning.area_code)
    return warning


def change(warning: SafetyWarning, account: Account, chosen: Draft, now: datetime) -> None:
    """Other words or another audience, as long as it is a draft."""
    if warning.state != states.DRAFT:
        raise MoveNotAllowed(warning.state, states.DRAFT)
    for name, value in _columns(chosen).items():
        setattr(warning, name, value)
    _set_areas(warning, chosen.areas)
    warning.version += 1
    warning.updated_at = now
    _note(warning, "changed", account, now)


def hand_over(warning: SafetyWarning, account: Account, url: str, now: datetime) -> None:
    """To a second officer, who is called by SMS if it is urgent."""
    _move(warning, states.WAITING, "handed_over", account, now)
    if warning.urgent:
        values = {"k": warning.code, "url": url}
        key = f"warning-approval:{warning.id}:{warning.version}"
        cause = f"warning-approval:{warning.id}"
        alerts.alert(_seconds_of(warning), APPROVAL_ASKED, values, key=key, cause=cause, now=now)


def give_back(warning: SafetyWarning, account: Account, reason: str, now: datetime) -> None:
    """To its drafter, who may change it."""
    _move(warning, states.DRAFT, "given_back", account, now, reason)


def approve(warning: SafetyWarning, account: Account, recipients: int, cost_rupiah: int, now: datetime) -> None:
    """From now on the worker makes its texts."""
    warning.approved_by_id, warning.approved_at = account.id, now
    warning.recipients, warning.cost_rupiah = recipients, cost_rupiah
    _move(warning, states.APPROVED, "approved", account, now)


def begin(warning: SafetyWarning, now: datetime) -> None:
    _move(warning, states.SENDING, "", None, now)


def finish(warning: SafetyWarning, now: datetime) -> None:
    """All its texts have gone, or will not."""
    if warning.state == states.SENDING:
        warning.ended_at = now
        _move(warning, states.DONE, "finished", None, now)


def stop(warning: SafetyWarning, account: Account, reason: str, now: datetime) -> int:
    """Throw a draft away, or take back what waits. Returns how many texts were taken back."""
    return _end(warning, states.CANCELLED, "stopped", account, now, reason)


def correct(warning: SafetyWarning, account: Account, chosen: Draft, now: datetime) -> SafetyWarning:
    """It was wrong: nothing more of it goes out from now on, and whoever got it is told by a warning of its own."""
    if not may_be_corrected(warning):
        raise MoveNotAllowed(warning.state, states.WITHDRAWN)
    _end(warning, states.WITHDRAWN, "withdrawn", account, now, "")
    return draft(account, chosen, now, corrects=warning)


def may_be_corrected(warning: SafetyWarning) -> bool:
    """It holds or was stopped half-way; or it was taken back, and every correction of it was thrown away."""
    if warning.state != states.WITHDRAWN:
        return may_move(warning.state, states.WITHDRAWN)
    others = sa.select(SafetyWarning.id).where(
        SafetyWarning.corrects_id == warning.id, SafetyWarning.state != states.CANCELLED
    )
    return db.session.scalar(others.limit(1)) is None


def locked(warning: SafetyWarning, version: int | None = None) -> SafetyWarning:
    """The same, as it is now, and nobody else's until this commits. Raises VersionChanged."""
    query = sa.select(SafetyWarning).where(SafetyWarning.id == warning.id)
    query = query.with_for_update(of=SafetyWarning).execution_options(populate_existing=True)
    found = db.session.scalars(query).one()
    if version is not None and found.version != version:
        raise VersionChanged
    return found


def is_correction(warning: SafetyWarning) -> bool:
    return warning.text_code in (CORRECTION, WITHDRAWAL)


def _end(warning: SafetyWarning, to: str, kind: str, account: Account, now: datetime, reason: str) -> int:
    _move(warning, to, kind, account, now, reason)
    warning.ended_at = now
    # What is being sent just now may come back to the queue.
    warning.look_at = now + timedelta(seconds=30) if warning.approved_at else None
    return queue.withdraw(cause=warning.cause, reason="no_longer_planned", now=now)


def _move(warning: SafetyWarning, to: str, kind: str, account: Account | None, now: datetime, reason: str = "") -> None:
    if not may_move(warning.state, to):
        raise MoveNotAllowed(warning.state, to)
    warning.state = to
    warning.version += 1
    warning.updated_at = now
    if kind:
        _note(warning, kind, account, now, reason)
    if account is not None:
        audit.changed(kind, SUBJECT, warning.id, warning.area_code)


def _note(warning: SafetyWarning, kind: str, account: Account | None, now: datetime, reason: str = "") -> None:
    account_id = account.id if account else None
    db.session.add(WarningEvent(warning_id=warning.id, kind=kind, reason=reason, account_id=account_id, at=now))


def _columns(chosen: Draft) -> dict[str, Any]:
    row = {field.name: getattr(chosen, field.name) for field in fields(chosen) if field.name != "areas"}
    row |= {"stages": list(chosen.stages), "destinations": list(chosen.destinations)}
    return row | {"level": LEVELS[chosen.text_code]}


def _set_areas(warning: SafetyWarning, codes: Sequence[str]) -> None:
    wanted = set(widest(codes))
    kept = [row for row in warning.areas if row.area_code in wanted]
    new = wanted - {row.area_code for row in kept}
    warning.areas = [*kept, *(WarningArea(area_code=code) for code in sorted(new))]
    db.session.flush()


def _store(row: dict[str, Any]) -> int:
    """The unique index decides whether a code is free, not a look beforehand."""
    for length in CODE_LENGTHS:
        values = {**row, "code": new_code(length)}
        statement = insert(SafetyWarning).values(values).on_conflict_do_nothing(index_elements=["code"])
        warning_id: int | None = db.session.scalar(statement.returning(SafetyWarning.id))
        if warning_id is not None:
            return warning_id
    raise RuntimeError("no code is free")


def _seconds_of(warning: SafetyWarning) -> list[Account]:
    """Coordinators of the same area and of those above, the nearest first."""
    codes, above = [warning.area_code], parent_of(warning.area_code)
    while above:
        codes.append(above)
        above = parent_of(above)
    query = sa.select(Account).where(
        Account.role == COORDINATOR,
        Account.area_code.in_(codes),
        Account.closed_at.is_(None),
        Account.phone.is_not(None),
        Account.id != warning.drafted_by_id,
    )
    found = db.session.scalars(query.order_by(sa.func.length(Account.area_code).desc(), Account.id))
    return list(found.fetchmany(MOST_ALERTED))
