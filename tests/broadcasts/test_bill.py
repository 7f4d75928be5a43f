"""The forecast is the bill: what the networks took, segment by segment and route by route, costs what was foretold."""

from __future__ import annotations

import time
from collections import Counter
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from sms.gateways.simulator import UNDELIVERED, Behaviour, Simulator
from sms.handover import Limits
from sms.text import segments
from tests.broadcasts.making import BODY, approved, work
from tests.people import HOME, NEIGHBOUR, OTHER_VILLAGE, REGENCY, Cast
from tests.routes_.making import make_route, network_of
from tests.warnings.crowd import MORNING, gather
from webapp import clock
from webapp.broadcasts import forecast, progress
from webapp.broadcasts.forecast import Forecast
from webapp.broadcasts.model import Broadcast, SmsBudget
from webapp.db import db
from webapp.outbox import worker
from webapp.outbox.gateway import current_gateway
from webapp.outbox.model import Message

#: Quick in everything, so that a test need not wait.
QUICK = Limits(batch=40, lease=60, provider=5, repair=0.1, beat=0.1, idle=0.05, poll=0.1, ask_after=0.05)
PRICE, PRICE_OF_MODEM = 350, 200
DAY = MORNING + timedelta(hours=3)
#: At the end of one and of two segments: a name or a longer place more, and one segment more.
SHORT = BODY + " Acara gratis, untuk semua warga desa. Sampai jumpa di balai desa!"
LONG = (
    BODY
    + " "
    + "Acara ini gratis dan terbuka untuk semua warga yang ingin bekerja di luar negeri. " * 2
    + "Salam. " * 8
)
HEART = BODY + " ❤"
WORDS = {"two languages": {"id": SHORT, "jv": LONG}, "other letters": {"id": LONG, "su": HEART}}
DAYS = {
    "a good day": {},
    "answers are lost": {"drop_answer_percent": 30},
    "some arrive nowhere": {"fail_percent": 30, "failure": UNDELIVERED},
}


@pytest.fixture(autouse=True)
def by_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """By now it is day in Saudi Arabia too. And the test's own process keeps its ears."""
    begun = time.monotonic()
    monkeypatch.setattr(clock, "now", lambda: DAY + timedelta(seconds=time.monotonic() - begun))
    monkeypatch.setattr(worker, "stop_on_signals", lambda *_: None)


def networks(app: Flask, **behaviour: object) -> dict[str, tuple[Simulator, int]]:
    """The gateway of the settings and a modem for some numbers: each with its price of a segment."""
    make_route("modem", prefixes="+628542", price_rupiah=PRICE_OF_MODEM)
    ours = current_gateway()
    assert isinstance(ours, Simulator)
    ours.behave(Behaviour(**{"delay_seconds": 0.0, **behaviour}))
    return {"": (ours, PRICE), "modem": (network_of("modem", **behaviour), PRICE_OF_MODEM)}


def send_all(cause: str) -> None:
    give_up_at = time.monotonic() + 30
    while under_way(cause):
        assert time.monotonic() < give_up_at
        worker.work(current_gateway(), QUICK, PRICE, once=True, crew=worker.crew_of(QUICK))


def under_way(cause: str) -> bool:
    moving = sa.select(Message.id).where(Message.cause == cause, Message.state.in_(progress.MOVING)).limit(1)
    db.session.rollback()
    found = db.session.scalar(moving)
    db.session.rollback()
    return found is not None


def lengths(found: Forecast) -> Counter[int]:
    told: Counter[int] = Counter()
    for counts in found.languages.values():
        told.update({int(length): people for length, people in counts.items()})
    return told


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("words", WORDS)
def test_the_forecast_is_the_bill(app: Flask, cast: Cast, words: str, day: str) -> None:
    gather(cast, 60, 41), gather(cast, 60, 42)
    billing = networks(app, **DAYS[day])
    broadcast = work(approved(cast, areas=[HOME, NEIGHBOUR, OTHER_VILLAGE], bodies=WORDS[words]))
    broadcast_id, found = broadcast.id, forecast.read(broadcast.forecast)
    send_all(broadcast.cause)
    broadcast = ended(broadcast_id)
    bill = {code: [segments(body) for _, _, body in network.handed_over()] for code, (network, _) in billing.items()}
    assert {code: (len(each), sum(each)) for code, each in bill.items()} == {
        code: (share.texts, share.segments) for code, share in found.routes.items()
    }
    assert Counter(bill[""] + bill["modem"]) == lengths(found)
    assert len(lengths(found)) > 1
    rupiah = sum(sum(bill[code]) * price for code, (_, price) in billing.items())
    prices = sa.select(sa.func.sum(Message.price_rupiah)).where(Message.cause == broadcast.cause)
    budget = sa.select(SmsBudget.reserved_rupiah).where(SmsBudget.area_code == REGENCY)
    assert rupiah == found.rupiah == db.session.scalar(prices) == db.session.scalar(budget) == broadcast.reserved_rupiah


def ended(broadcast_id: int) -> Broadcast:
    broadcast = work(db.session.get_one(Broadcast, broadcast_id), clock.now() + timedelta(minutes=1))
    assert broadcast.state == "done"
    return broadcast
