"""Putting texts into the outbox, and making what waits agree with a plan."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from sms.states import STATES
from tests.outbox.conftest import Write, stored
from tests.outbox.crowd import MORNING, VALUES
from tests.people import HOME, WITA_VILLAGE, Cast
from webapp.db import db
from webapp.outbox import queue, texts
from webapp.outbox.model import Message
from webapp.outbox.store import SqlStore

CAUSE, SOON, LATER = "departure:41", MORNING + timedelta(hours=1), MORNING + timedelta(days=1)


def wanted(cast: Cast, key: str, **columns: Any) -> dict[str, Any]:
    """A row as the planner of departures makes it."""
    sri = cast.migrant
    row = {"key": key, "purpose": "reminder", "person_id": sri.id, "phone_id": sri.phones[0].id, "due_at": LATER}
    row |= {"number": sri.phones[0].number, "area_code": HOME, "zone": "Asia/Jakarta", "text_code": "R1"}
    return row | {"values": VALUES, "stages": "prospect"} | columns


def states() -> dict[str, str]:
    return dict(db.session.execute(sa.select(Message.key, Message.state)).all())


class TestEnqueue:
    def test_a_key_exists_once_for_ever(self, write: Write, cast: Cast) -> None:
        key = write(text_code="R1")
        assert queue.enqueue(**wanted(cast, key, text_code="R2"), now=MORNING) is False
        assert stored(key).text_code == "R1"

    def test_it_belongs_to_the_transaction_of_its_cause(self, cast: Cast) -> None:
        assert queue.enqueue(**wanted(cast, "k"), now=MORNING) is True
        db.session.rollback()
        assert states() == {}

    def test_what_is_left_out_has_a_sensible_value(self, cast: Cast) -> None:
        queue.enqueue(
            key="k", purpose="notice", number="+62812", area_code=WITA_VILLAGE, body="Halo", due_at=SOON, now=MORNING
        )
        db.session.commit()
        message = stored("k")
        assert (message.zone, message.priority, message.language) == ("Asia/Makassar", 9, "id")
        assert (message.state, message.attempts, message.values) == ("queued", 0, {})
        assert (message.created_at, message.due_at) == (MORNING, SOON)

    def test_references_cannot_be_guessed(self, cast: Cast) -> None:
        queue.enqueue_many([wanted(cast, f"k{n}") for n in range(50)], MORNING)
        references = set(db.session.scalars(sa.select(Message.reference)))
        assert len(references) == 50
        assert {len(reference) for reference in references} == {32}

    def test_many_at_once_of_which_some_are_there(self, cast: Cast) -> None:
        assert queue.enqueue_many([wanted(cast, f"k{n}") for n in range(1500)], MORNING) == 1500
        assert queue.enqueue_many([wanted(cast, f"k{n}") for n in range(1499, 1502)], MORNING) == 2

    def test_braces_quotes_and_pictures_arrive_as_they_are(self, cast: Cast) -> None:
        odd = "{n} \"'\\ % 😀 $1 \u2028"
        queue.enqueue(**wanted(cast, "k", values={"n": odd}, body=odd), now=MORNING)
        db.session.commit()
        assert (stored("k").values, stored("k").body) == ({"n": odd}, odd)


class TestSync:
    def test_new_texts_wait(self, cast: Cast) -> None:
        queue.sync(CAUSE, [wanted(cast, "a"), wanted(cast, "b")], MORNING)
        assert states() == {"a": "queued", "b": "queued"}

    def test_what_is_not_wanted_any_more_is_withdrawn_with_a_reason(self, cast: Cast) -> None:
        queue.sync(CAUSE, [wanted(cast, "a"), wanted(cast, "b")], MORNING)
        queue.sync(CAUSE, [wanted(cast, "b")], MORNING, reason="moved")
        db.session.commit()
        assert states() == {"a": "withdrawn", "b": "queued"}
        assert stored("a").reason == "moved"

    def test_what_waits_is_brought_up_to_date(self, cast: Cast) -> None:
        queue.sync(CAUSE, [wanted(cast, "a")], MORNING)
        changed = wanted(cast, "a", text_code="KN", values={"n": "Sri"}, due_at=SOON, language="jv", zone="Asia/Tokyo")
        queue.sync(CAUSE, [changed], MORNING)
        db.session.commit()
        message = stored("a")
        assert (message.text_code, message.values, message.due_at) == ("KN", {"n": "Sri"}, SOON)
        assert (message.language, message.zone) == ("jv", "Asia/Tokyo")

    def test_a_date_that_moves_there_and_back_leaves_the_first_plan(self, cast: Cast) -> None:
        first = [wanted(cast, "a"), wanted(cast, "b", due_at=SOON)]
        queue.sync(CAUSE, first, MORNING)
        queue.sync(CAUSE, [wanted(cast, "c")], MORNING)
        queue.sync(CAUSE, first, MORNING)
        db.session.commit()
        assert states() == {"a": "queued", "b": "queued", "c": "withdrawn"}
        assert (stored("b").due_at, stored("b").reason, stored("b").attempts) == (SOON, "", 0)

    @pytest.mark.parametrize("wanted_again", [True, False])
    def test_only_what_was_never_handed_over_is_touched(self, cast: Cast, wanted_again: bool) -> None:
        rows = [wanted(cast, state) for state in STATES]
        queue.sync(CAUSE, rows, MORNING)
        for state in STATES:
            db.session.execute(sa.update(Message).where(Message.key == state).values(state=state))
        queue.sync(CAUSE, rows if wanted_again else [], MORNING)
        revived = {"queued", "withdrawn", "suppressed", "expired"} if wanted_again else set()
        expected = {state: "queued" if state in revived else state for state in STATES}
        assert states() == (expected if wanted_again else expected | {"queued": "withdrawn"})

    def test_a_text_that_is_being_retried_keeps_its_time(self, cast: Cast) -> None:
        queue.sync(CAUSE, [wanted(cast, "a", due_at=MORNING)], MORNING)
        db.session.execute(sa.update(Message).values(attempts=2, due_at=SOON, reason="not_taken"))
        queue.sync(CAUSE, [wanted(cast, "a", due_at=MORNING)], MORNING)
        db.session.commit()
        assert (stored("a").due_at, stored("a").attempts, stored("a").reason) == (SOON, 2, "not_taken")

    def test_causes_do_not_touch_each_other(self, cast: Cast) -> None:
        queue.sync_many({"x:1": [wanted(cast, "a")], "x:2": [wanted(cast, "b")], "x:3": []}, MORNING)
        queue.sync("x:1", [], MORNING)
        assert states() == {"a": "withdrawn", "b": "queued"}

    def test_what_the_session_has_loaded_is_read_anew(self, cast: Cast) -> None:
        queue.sync(CAUSE, [wanted(cast, "a")], MORNING)
        message = db.session.scalars(sa.select(Message)).one()
        queue.sync(CAUSE, [], MORNING)
        assert message.state == "withdrawn"


class TestWithdraw:
    def test_by_key_and_by_cause(self, cast: Cast) -> None:
        queue.sync(CAUSE, [wanted(cast, "a"), wanted(cast, "b"), wanted(cast, "c")], MORNING)
        assert queue.withdraw(keys=["a"], reason="moved", now=MORNING) == 1
        assert queue.withdraw(cause=CAUSE, reason="cancelled", now=MORNING) == 2
        assert set(states().values()) == {"withdrawn"}

    def test_stop_reaches_what_is_queued(self, write: Write, cast: Cast) -> None:
        key = write(due_at=LATER)
        assert queue.withdraw_to(cast.migrant.phones[0].number, reason="stopped", now=MORNING) == 1
        db.session.commit()
        assert (stored(key).state, stored(key).reason) == ("withdrawn", "stopped")

    def test_what_is_under_way_stays(self, write: Write, store: SqlStore, cast: Cast) -> None:
        key = write()
        store.claim_due(1, MORNING)
        assert queue.withdraw(keys=[key], reason="moved", now=MORNING) == 0
        db.session.commit()
        assert stored(key).state == "sending"


class TestWords:
    def test_a_waiting_text_says_what_it_would_say_now(self, cast: Cast) -> None:
        queue.sync(CAUSE, [wanted(cast, "a")], MORNING)
        message = db.session.scalars(sa.select(Message)).one()
        assert texts.words_of(message).startswith("Desmigratif: Sri, berangkat 1 Des.")

    def test_what_was_said_stays_known_when_the_text_changes(self, write: Write, store: SqlStore) -> None:
        key = write()
        words = store.claim_due(1, MORNING).handovers[0].outgoing.body
        db.session.add(texts.Text(code="R1", language="id", version=2, body="Lain", enabled=True, created_at=MORNING))
        db.session.commit()
        assert texts.words_of(stored(key)) == words

    def test_a_text_that_is_gone_has_no_words(self, cast: Cast) -> None:
        queue.sync(CAUSE, [wanted(cast, "a", text_code="XX"), wanted(cast, "b", values={})], MORNING)
        assert [texts.words_of(message) for message in db.session.scalars(sa.select(Message))] == ["", ""]

    def test_loading_the_shipped_texts_again_changes_nothing(self, cast: Cast) -> None:
        before = db.session.scalar(sa.select(sa.func.count()).select_from(texts.Text))
        texts.load()
        assert db.session.scalar(sa.select(sa.func.count()).select_from(texts.Text)) == before
