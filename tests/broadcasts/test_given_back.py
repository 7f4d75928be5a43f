"""A cancelled broadcast never goes out, also if a phone or a provider gives back hours later what it had taken."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from flask import Flask

from sms.gateways import GivenBack
from sms.outbox import NotTaken, Taken
from tests.broadcasts.making import approved, work
from tests.broadcasts.test_sending import states_of, texts_of
from tests.outbox.conftest import store_of
from tests.people import Cast
from tests.warnings.crowd import MORNING, willing
from webapp.broadcasts import acts
from webapp.broadcasts.model import Broadcast
from webapp.db import db

LATER = MORNING + timedelta(minutes=30)


def cancel(cast: Cast, broadcast: Broadcast) -> None:
    acts.cancel(acts.locked(broadcast), cast.coordinator, "mistake", MORNING)
    db.session.commit()
    work(broadcast, MORNING)
    work(broadcast, LATER)


def goes_out(now: datetime) -> int:
    db.session.rollback()
    return len(store_of("worker-2").claim_due(100, now).handovers)


def test_what_a_phone_gives_back_after_the_cancellation_stays_here(app: Flask, cast: Cast) -> None:
    willing(cast, 2)
    broadcast = work(approved(cast))
    store = store_of("worker-1")
    db.session.rollback()
    handed = store.claim_due(100, MORNING).handovers
    store.settle([Taken(one.id, f"p{one.id}", 1, 350) for one in handed], MORNING)
    cancel(cast, broadcast)
    db.session.rollback()
    assert store.take_back([GivenBack(one.outgoing.reference, f"p{one.id}") for one in handed], LATER) == len(handed)
    assert goes_out(LATER) == 0
    work(broadcast, LATER + timedelta(hours=1))
    assert set(states_of(broadcast)) == {"withdrawn"}
    (expires,) = {text.expires_at for text in texts_of(broadcast)}
    assert expires is not None
    assert work(broadcast, expires).look_at is None
    assert goes_out(expires) == 0


def test_what_a_provider_did_not_take_stays_here_however_late_it_says_so(app: Flask, cast: Cast) -> None:
    willing(cast, 2)
    broadcast = work(approved(cast))
    store = store_of("worker-1", lease=0.001)
    db.session.rollback()
    assert store.claim_due(100, MORNING).handovers
    time.sleep(0.05)
    store.mark_cut_off(0, MORNING)
    cancel(cast, broadcast)
    db.session.rollback()
    doubts = store.claim_doubts(100, LATER)
    assert doubts
    store.settle([NotTaken(doubt.id) for doubt in doubts], LATER)
    assert goes_out(LATER) == 0
    work(broadcast, LATER + timedelta(hours=1))
    assert set(states_of(broadcast)) == {"withdrawn"}
