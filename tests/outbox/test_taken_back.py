"""A gateway had a text and gives it back, untouched: it never went."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from sms.gateways import GivenBack, Receipt
from sms.outbox import Taken
from tests.outbox.conftest import Write, stored
from tests.outbox.crowd import MORNING
from webapp import clock
from webapp.db import db
from webapp.outbox.model import Message
from webapp.outbox.store import SqlStore
from webapp.routes.model import RouteState

SOON = timedelta(minutes=1)


class TestTakenBack:
    """The gateway had a text and gives it back: it never went."""

    GIVEN = "G1"

    def taken(self, write: Write, store: SqlStore, **columns: object) -> Message:
        key = write(expects="yes_no", **columns)
        store.claim_due(10, MORNING)
        store.settle([Taken(stored(key).id, self.GIVEN)], MORNING)
        return stored(key)

    def test_it_waits_again_and_the_route_rests(self, write: Write, store: SqlStore) -> None:
        message = self.taken(write, store, expires_at=MORNING + timedelta(hours=3))
        given = [GivenBack(message.reference, self.GIVEN)]
        self.an_hour_passes()
        assert store.take_back(given, MORNING + SOON) == 1
        again = stored(message.key)
        assert (again.state, again.reason, again.sent_at, again.provider_id) == (
            "queued",
            "surely_not_taken",
            None,
            None,
        )
        assert db.session.get_one(RouteState, "told").pause_reason == "unreachable"
        db.session.rollback()
        store.claim_due(10, MORNING)
        store.settle([Taken(message.id, "G2")], MORNING)
        assert store.take_back(given, MORNING + SOON) == 0, "a repeat, after it was taken anew"
        assert (stored(message.key).state, stored(message.key).provider_id) == ("sent", "G2")

    @staticmethod
    def an_hour_passes() -> None:
        db.session.execute(sa.update(Message).values(handed_at=clock.real_now() - timedelta(hours=1)))
        db.session.commit()

    def test_what_its_hours_cut_short_says_nothing_against_the_route(self, write: Write, store: SqlStore) -> None:
        message = self.taken(write, store)
        assert store.take_back([GivenBack(message.reference, self.GIVEN)], MORNING + SOON) == 1
        assert db.session.get(RouteState, "told") is None

    def test_it_fails_if_its_time_is_over(self, write: Write, store: SqlStore) -> None:
        message = self.taken(write, store, expires_at=MORNING + SOON)
        store.take_back([GivenBack(message.reference, self.GIVEN)], MORNING + SOON)
        assert (stored(message.key).state, stored(message.key).error_code) == ("failed", "expired")

    def test_it_fails_if_it_was_tried_too_often(self, write: Write, store: SqlStore) -> None:
        message = self.taken(write, store)
        db.session.execute(sa.update(Message).values(attempts=8))
        db.session.commit()
        store.take_back([GivenBack(message.reference, self.GIVEN)], MORNING + SOON)
        assert (stored(message.key).state, stored(message.key).reason) == ("failed", "gave_up")

    def test_what_is_known_to_have_gone_stays_gone(self, write: Write, store: SqlStore) -> None:
        message = self.taken(write, store)
        store.receive([Receipt(message.reference, self.GIVEN, "delivered")], MORNING)
        assert store.take_back([GivenBack(message.reference, self.GIVEN)], MORNING + SOON) == 0
        assert stored(message.key).state == "delivered"
