"""What can happen to a broadcast. Each act locks it, looks at its state again, and says who did it. None commits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from webapp.accounts import audit
from webapp.accounts.model import Account
from webapp.areas.codes import widest
from webapp.audiences.criteria import Criteria
from webapp.broadcasts import budget, forecast, publishing, states, timing
from webapp.broadcasts.model import (
    CODE_LENGTHS,
    SUBJECT,
    Broadcast,
    BroadcastArea,
    BroadcastEvent,
    BroadcastText,
    new_code,
)
from webapp.broadcasts.states import GROWN, MoveNotAllowed, may_move
from webapp.db import db, insert
from webapp.outbox import holding


@dataclass(frozen=True)
class Draft:
    """What a coordinator chose and wrote. `bodies`: language → words."""

    title: str
    recipients: str
    criteria: Criteria
    bodies: Mapping[str, str]
    emergency: bool = False
    reason: str = ""
    announced: bool = True
    send_on: date | None = None
    send_minute: int = 0
    spread_hours: int = 0
    useful_until: date | None = None
    copied_from_id: int | None = None
    list_id: int | None = None
    confirmed_by: str = ""


class VersionChanged(Exception):
    """It was changed since it was read."""


class NotCounted(Exception):
    """Nobody knows yet what it will come to: the worker is still counting, or it was changed since."""


def draft(account: Account, chosen: Draft, now: datetime) -> Broadcast:
    row: dict[str, Any] = {
        **_columns(chosen),
        **{"state": states.DRAFT, "version": 1, "area_code": account.area_code, "drafted_by_id": account.id},
        **{"copied_from_id": chosen.copied_from_id, "forecast": {}, "forecast_version": 0, "reserved_rupiah": 0},
        **{"expanded_to": 0, "expand_until": 0, "pause_reason": "", "created_at": now, "updated_at": now},
    }
    broadcast = db.session.get_one(Broadcast, _store(row))
    _set_parts(broadcast, chosen)
    _note(broadcast, "drafted", account, now)
    audit.changed("created", SUBJECT, broadcast.id, broadcast.area_code)
    return broadcast


def change(broadcast: Broadcast, account: Account, chosen: Draft, now: datetime) -> None:
    """Other words, people or hours, as long as it is a draft."""
    if broadcast.state != states.DRAFT:
        raise MoveNotAllowed(broadcast.state, states.DRAFT)
    for name, value in _columns(chosen).items():
        setattr(broadcast, name, value)
    _set_parts(broadcast, chosen)
    broadcast.version += 1
    broadcast.updated_at = now
    _note(broadcast, "changed", account, now)


def counted(broadcast: Broadcast, found: forecast.Forecast, now: datetime) -> None:
    """What it will come to, as it stands now. No new version: nothing of it has changed."""
    broadcast.forecast, broadcast.forecast_at = found.stored(), now
    broadcast.forecast_version = broadcast.version


def hand_over(broadcast: Broadcast, account: Account, now: datetime) -> None:
    """To a second officer, with what it comes to."""
    _require_count(broadcast)
    _move(broadcast, states.WAITING, "handed_over", account, now)


def give_back(broadcast: Broadcast, account: Account, reason: str, now: datetime, note: str = "") -> None:
    """To its drafter, who may change it. `note`: what the officer adds to the reason."""
    _move(broadcast, states.DRAFT, "given_back", account, now, reason, note)


def reject(broadcast: Broadcast, account: Account, reason: str, now: datetime, note: str = "") -> None:
    """It is not sent, and not changed either."""
    broadcast.ended_at = now
    _move(broadcast, states.REJECTED, "rejected", account, now, reason, note)


def approve(broadcast: Broadcast, account: Account, zones: Sequence[str], now: datetime) -> None:
    """By a second officer, or by its drafter where none is needed. Puts its cost aside; the worker does the rest.

    `zones`: of all who may get it. Raises budget.BudgetExceeded, NotCounted.
    """
    found = _require_count(broadcast)
    broadcast.starts_at = timing.starts_at(zones, broadcast.send_on, broadcast.send_minute, now)
    budget.reserve(broadcast, found.rupiah, timing.month_of(broadcast.starts_at))
    broadcast.approved_by_id, broadcast.approved_at = account.id, now
    broadcast.approved_count = found.recipients
    broadcast.look_at = broadcast.starts_at
    publishing.publish(broadcast, now)
    to = states.APPROVED if broadcast.starts_at <= now else states.SCHEDULED
    _move(broadcast, to, "approved", account, now)


def begin(broadcast: Broadcast, until: int, now: datetime) -> None:
    """Its texts are made from now on, for people up to this id; or the rest of them."""
    broadcast.expand_until, broadcast.look_at = until, now
    _move(broadcast, states.SENDING, "begun", None, now)
    holding.release(broadcast.cause)


def pause(broadcast: Broadcast, account: Account | None, reason: str, now: datetime) -> None:
    """Nothing more of it goes out from the commit on, until it is resumed. `account` None: the programme halts it."""
    _move(broadcast, states.PAUSED, "paused", account, now, reason)
    broadcast.pause_reason, broadcast.look_at = reason, now
    holding.hold(broadcast.cause)


def resume(broadcast: Broadcast, account: Account, now: datetime) -> None:
    """From where it stood. Whatever has lost its meaning meanwhile expires.

    Its texts stay held until the worker has asked the budget whether it covers what they cost now.
    """
    if broadcast.pause_reason == GROWN:
        broadcast.approved_count = forecast.read(broadcast.forecast).recipients
    if not broadcast.expand_until and broadcast.starts_at is not None:
        # It begins only now: its days count from here.
        broadcast.starts_at = max(broadcast.starts_at, now)
    # While texts are still to be made it begins as any other one does: it is counted once more, its money put aside.
    to = states.SCHEDULED if broadcast.expanded_at is None else states.SENDING
    _move(broadcast, to, "resumed", account, now)
    broadcast.pause_reason, broadcast.look_at = "", now


def overspent(broadcast: Broadcast, now: datetime) -> None:
    """It has cost more than the budget could hold. Said once."""
    its = (BroadcastEvent.broadcast_id == broadcast.id, BroadcastEvent.kind == "overspent")
    if db.session.scalar(sa.select(BroadcastEvent.id).where(*its).limit(1)) is None:
        _note(broadcast, "overspent", None, now)


def cancel(broadcast: Broadcast, account: Account, reason: str, now: datetime) -> None:
    """Throw a draft away, or take back what has not gone; the worker does that by portions."""
    was_approved = broadcast.approved_at is not None
    _move(broadcast, states.CANCELLED, "cancelled", account, now, reason)
    broadcast.ended_at = now
    if was_approved:
        holding.hold(broadcast.cause)
        broadcast.look_at = now


def finish(broadcast: Broadcast, now: datetime) -> None:
    """All its texts have gone, or will not."""
    broadcast.ended_at = now
    _move(broadcast, states.DONE, "finished", None, now)


def locked(broadcast: Broadcast, version: int | None = None) -> Broadcast:
    """The same, as it is now, and nobody else's until this commits. Raises VersionChanged."""
    query = sa.select(Broadcast).where(Broadcast.id == broadcast.id)
    query = query.with_for_update(of=Broadcast).execution_options(populate_existing=True)
    found = db.session.scalars(query).one()
    if version is not None and found.version != version:
        raise VersionChanged
    return found


def forecast_of(broadcast: Broadcast) -> forecast.Forecast | None:
    """What it comes to as it stands; None if that is not counted."""
    if broadcast.forecast_version != broadcast.version:
        return None
    return forecast.read(broadcast.forecast)


def _require_count(broadcast: Broadcast) -> forecast.Forecast:
    found = forecast_of(broadcast)
    if found is None:
        raise NotCounted
    return found


def _move(
    broadcast: Broadcast,
    to: str,
    kind: str,
    account: Account | None,
    now: datetime,
    reason: str = "",
    note: str = "",
) -> None:
    if not may_move(broadcast.state, to):
        raise MoveNotAllowed(broadcast.state, to)
    is_counted = broadcast.forecast_version == broadcast.version
    broadcast.state = to
    broadcast.version += 1
    if is_counted:
        # A step on its way changes neither words nor people.
        broadcast.forecast_version = broadcast.version
    broadcast.updated_at = now
    _note(broadcast, kind, account, now, reason, note)
    if account is not None:
        audit.changed(kind, SUBJECT, broadcast.id, broadcast.area_code)


def _note(
    broadcast: Broadcast, kind: str, account: Account | None, now: datetime, reason: str = "", note: str = ""
) -> None:
    account_id = account.id if account else None
    why = {"kind": kind, "reason": reason, "note": note}
    db.session.add(BroadcastEvent(broadcast_id=broadcast.id, **why, account_id=account_id, at=now))


def _columns(chosen: Draft) -> dict[str, Any]:
    names = ("title", "recipients", "emergency", "reason", "announced", "send_on", "send_minute", "spread_hours")
    row = {name: getattr(chosen, name) for name in (*names, "useful_until", "list_id", "confirmed_by")}
    asked = {name: value for name, value in chosen.criteria.stored().items() if name != "areas"}
    return row | {"asked": asked, "words_hash": publishing.words_hash(chosen.bodies)}


def _set_parts(broadcast: Broadcast, chosen: Draft) -> None:
    """Areas and words, kept where they stay the same."""
    wanted = set(widest(chosen.criteria.areas))
    kept = [row for row in broadcast.areas if row.area_code in wanted]
    new = wanted - {row.area_code for row in kept}
    broadcast.areas = [*kept, *(BroadcastArea(area_code=code) for code in sorted(new))]
    before = {text.language: text for text in broadcast.texts}
    for language, body in chosen.bodies.items():
        if language in before:
            before[language].body = body
    written = [
        before.get(language) or BroadcastText(language=language, body=body) for language, body in chosen.bodies.items()
    ]
    broadcast.texts = written
    db.session.flush()


def _store(row: dict[str, Any]) -> int:
    """The unique index decides whether a code is free, not a look beforehand."""
    for length in CODE_LENGTHS:
        values = {**row, "code": new_code(length)}
        statement = insert(Broadcast).values(values).on_conflict_do_nothing(index_elements=["code"])
        broadcast_id: int | None = db.session.scalar(statement.returning(Broadcast.id))
        if broadcast_id is not None:
            return broadcast_id
    raise RuntimeError("no code is free")
