"""What texts cost may change while they wait: the budget is asked before they go, and what was spent is booked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from sms.outbox import Taken
from tests.broadcasts.making import again, allow, approved, work
from tests.broadcasts.test_sending import claim, reserved, states_of
from tests.people import HOME, NEIGHBOUR, SINCE, Cast
from tests.warnings.crowd import MORNING, willing
from webapp.broadcasts import acts, committed, forecast, progress, sending
from webapp.broadcasts.model import Broadcast, BroadcastEvent, SmsBudget
from webapp.db import db
from webapp.outbox import holding, routing
from webapp.outbox.model import Message
from webapp.outbox.store import SqlStore
from webapp.people.model import Person
from webapp.routes.model import Route

LATER = MORNING + timedelta(seconds=11)
CHEAP, DEAR = 50, 1500


def bring_phone(price: int = CHEAP) -> None:
    """A route that carries everything, as long as it works."""
    facts: dict[str, Any] = {"code": "hp1", "name": "HP kantor", "kind": "android", "rank": 1, "price_rupiah": price}
    db.session.add(Route(**facts, per_minute=10, enabled=True, created_at=SINCE, updated_at=SINCE))
    db.session.commit()


def it_breaks() -> None:
    db.session.execute(sa.update(Route).values(enabled=False))
    db.session.commit()
    routing.look_after_routes(MORNING)


def limit_is(rupiah: int) -> None:
    db.session.execute(sa.update(SmsBudget).values(limit_rupiah=rupiah))
    db.session.commit()


def exactly_covered(cast: Cast) -> Broadcast:
    broadcast = approved(cast)
    limit_is(forecast.read(broadcast.forecast).rupiah)
    return work(broadcast)


def send(price: int, limit: int = 1000) -> int:
    """Hand over what is due, each text for so much."""
    db.session.rollback()
    store = SqlStore(db.engine, gateway="told", owner="w", lease=60, price_rupiah=price)
    handed = store.claim_due(limit, MORNING).handovers
    store.settle([Taken(one.id, f"p{one.id}", 1, None) for one in handed], MORNING)
    return len(handed)


def events(broadcast: Broadcast, kind: str) -> int:
    its = (BroadcastEvent.broadcast_id == broadcast.id, BroadcastEvent.kind == kind)
    return db.session.scalar(sa.select(sa.func.count()).select_from(BroadcastEvent).where(*its)) or 0


def test_what_it_comes_to_is_the_forecast_from_the_first_text_to_the_last(app: Flask, cast: Cast) -> None:
    willing(cast, 5)
    words = "Desmigratif: {n}, " + "kabar " * 23 + "{hp}"  # one segment or two, as the name is short or long
    for number, person in enumerate(db.session.scalars(sa.select(Person).where(Person.name.like("Warga%")))):
        person.name = "Sri" if number % 2 else "Sriwahyuningsih"
    db.session.commit()
    broadcast = approved(cast, bodies={"id": words})
    foretold = forecast.read(broadcast.forecast)
    limit_is(foretold.rupiah)
    assert committed.rupiah_of(broadcast) == foretold.rupiah
    broadcast = work(broadcast)
    now = LATER
    while send(350, 1):
        broadcast, now = work(broadcast, now), now + timedelta(seconds=11)
        assert committed.rupiah_of(broadcast) <= foretold.rupiah
        assert broadcast.pause_reason == ""
    assert broadcast.state == "done"


def test_before_a_dearer_route_takes_over_the_budget_is_asked(app: Flask, cast: Cast) -> None:
    willing(cast, 20)
    bring_phone()
    broadcast = exactly_covered(cast)
    it_breaks()
    broadcast = work(broadcast, LATER)
    assert (broadcast.state, broadcast.pause_reason, set(states_of(broadcast))) == ("paused", "budget", {"withdrawn"})
    assert claim(LATER) == 0
    allow(cast, "33.01")
    acts.resume(acts.locked(broadcast), cast.coordinator, LATER)
    db.session.commit()
    broadcast = work(broadcast, LATER)
    assert broadcast.state == "sending"
    assert reserved("33.01") == forecast.read(broadcast.forecast).segments * 350
    assert claim(LATER) > 0


def test_resumed_without_money_not_one_text_goes_out(app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(holding, "PORTION", 4)
    willing(cast, 20)
    bring_phone()
    broadcast = exactly_covered(cast)
    it_breaks()
    broadcast = work(broadcast, LATER)
    for _ in range(3):
        acts.resume(acts.locked(again(broadcast)), cast.coordinator, LATER)
        db.session.commit()
        assert claim(LATER) == 0
        while sending.go_on(LATER):
            assert claim(LATER) == 0
        broadcast = again(broadcast)
        assert (broadcast.state, broadcast.pause_reason) == ("paused", "budget")


def test_what_was_spent_beyond_the_forecast_is_booked(app: Flask, cast: Cast) -> None:
    willing(cast, 10)
    broadcast = work(approved(cast))
    number = send(DEAR)
    broadcast = work(broadcast, LATER)
    assert (broadcast.state, reserved("33.01"), broadcast.reserved_rupiah) == ("done", number * DEAR, number * DEAR)


def test_what_the_limit_does_not_hold_is_said(app: Flask, cast: Cast) -> None:
    """Prices that nobody foretold: the provider's own."""
    willing(cast, 10)
    broadcast = exactly_covered(cast)
    limit = reserved("33.01")
    send(DEAR)
    broadcast = work(broadcast, LATER)
    acts.cancel(acts.locked(broadcast), cast.coordinator, "over", LATER)
    db.session.commit()
    broadcast = work(broadcast, LATER + timedelta(hours=1))
    assert (reserved("33.01"), broadcast.reserved_rupiah) == (limit, limit)
    assert progress.count(broadcast).rupiah > limit
    assert events(broadcast, "overspent") == 1


def test_what_was_taken_and_arrived_nowhere_is_paid_for(app: Flask, cast: Cast) -> None:
    willing(cast, 10)
    broadcast = work(approved(cast))
    number = send(350)
    its = Message.cause == broadcast.cause
    db.session.execute(sa.update(Message).where(its).values(state="failed", reason="unreachable", sent_at=None))
    db.session.commit()
    broadcast = work(broadcast, LATER)
    assert (broadcast.state, reserved("33.01")) == ("done", number * 350)


def test_halted_while_texts_are_made_it_is_counted_once_more(app: Flask, cast: Cast) -> None:
    """Begun, halted before its texts were made: days later many more would get it."""
    willing(cast, 3)
    willing(cast, 60, NEIGHBOUR)
    willing(cast, 1)  # the greatest id is counted
    broadcast = approved(cast)
    assert sending.begin_one(MORNING)
    acts.pause(acts.locked(again(broadcast)), cast.coordinator, "look", MORNING)
    db.session.commit()
    db.session.execute(sa.update(Person).where(Person.area_code == NEIGHBOUR).values(area_code=HOME))
    db.session.commit()
    acts.resume(acts.locked(again(broadcast)), cast.coordinator, MORNING)
    db.session.commit()
    broadcast = work(broadcast, LATER)
    assert (broadcast.state, broadcast.pause_reason, states_of(broadcast)) == ("paused", "grown", {})
    acts.resume(acts.locked(again(broadcast)), cast.province, LATER)
    db.session.commit()
    broadcast = work(broadcast, LATER)
    assert broadcast.state == "sending"
    assert states_of(broadcast)["queued"] == forecast.read(broadcast.forecast).recipients >= 64
    assert reserved("33.01") == states_of(broadcast)["queued"] * 350
