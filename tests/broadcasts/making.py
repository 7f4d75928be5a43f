"""Broadcasts as the tests need them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from tests.people import HOME, Cast
from tests.warnings.crowd import MORNING
from webapp.audiences.criteria import Criteria
from webapp.broadcasts import acts, budget, expanding, meaning, sending, timing
from webapp.broadcasts.model import MIGRANTS, Broadcast
from webapp.db import db

BODY = "Desmigratif: {n}, bursa kerja di {desa} hari Sabtu pukul 9. Bawa KTP. Tanya kami: {hp}"
PLENTY = 1_000_000_000


def draft(
    cast: Cast,
    *,
    areas: Sequence[str] = (HOME,),
    bodies: Mapping[str, str] | None = None,
    by: str = "ratna",
    now: datetime = MORNING,
    asked: Mapping[str, Any] | None = None,
    **more: Any,
) -> Broadcast:
    """A counted draft of this account, by default to all migrants of Bajing who can be reached."""
    facts: dict[str, Any] = {"title": "Bursa kerja", "recipients": MIGRANTS, **more}
    criteria = Criteria(areas=tuple(areas), **(asked or {}))
    chosen = acts.Draft(criteria=criteria, bodies=bodies or {"id": BODY}, **facts)
    broadcast = acts.draft(cast.account(by), chosen, now)
    meaning.count(broadcast, now)
    db.session.commit()
    return broadcast


def allow(cast: Cast, area_code: str, rupiah: int = PLENTY, month: date | None = None) -> None:
    """A budget for this area, set by the nation."""
    budget.set_limit(area_code, month or timing.month_of(MORNING), rupiah, cast.nation, MORNING)
    db.session.commit()


def approved(cast: Cast, *, now: datetime = MORNING, second: str = "bambang", **facts: Any) -> Broadcast:
    """Handed over and approved by a second officer, with money enough."""
    broadcast = draft(cast, now=now, **facts)
    drafter = broadcast.drafted_by
    begins = timing.starts_at(expanding.zones(), broadcast.send_on, broadcast.send_minute, now)
    allow(cast, broadcast.area_code, month=timing.month_of(begins))
    acts.hand_over(broadcast, drafter, now)
    acts.approve(broadcast, cast.account(second), expanding.zones(), now)
    db.session.commit()
    return broadcast


def work(broadcast: Broadcast, now: datetime = MORNING) -> Broadcast:
    """Let the worker do all that is to be done at this moment."""
    while sending.go_on(now):
        pass
    return again(broadcast)


def again(broadcast: Broadcast) -> Broadcast:
    db.session.expire_all()
    return db.session.get_one(Broadcast, broadcast.id)
