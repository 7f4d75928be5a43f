"""The table of a broadcast's texts says what its state says, before the worker has come to each text."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa

from tests.broadcasts.making import again, approved, work
from tests.broadcasts.test_following import sending, settle
from tests.people import WITA_VILLAGE, Cast
from tests.warnings.crowd import MORNING, gather, willing
from webapp.broadcasts import acts, progress, words
from webapp.broadcasts.course import course_of
from webapp.broadcasts.describing import duration
from webapp.broadcasts.model import Broadcast
from webapp.db import db
from webapp.outbox.model import Message


def told(broadcast: Broadcast) -> dict[str, int]:
    """State → number, as its page tells it."""
    states = {str(label): state for state, label in words.PROGRESS.items()}
    return {states[str(label)]: number for label, number in course_of(again(broadcast), MORNING).states}


def test_from_the_moment_of_a_pause_on_its_texts_are_held_and_after_it_they_wait(cast: Cast) -> None:
    broadcast = sending(cast)
    settle(broadcast, "sent", 5, sent_at=MORNING)
    settle(broadcast, "withdrawn", 2, reason="person_gone")
    progress.note(broadcast, MORNING)
    waiting = told(broadcast)
    assert waiting["queued"] > 3
    assert waiting["withdrawn"] == 2
    acts.pause(acts.locked(broadcast), cast.coordinator, "look", MORNING)
    db.session.commit()
    held = {"halted" if state == "queued" else state: number for state, number in waiting.items()}
    assert told(broadcast) == held
    # The worker takes them out of the queue: it is the same.
    assert told(work(broadcast)) == held
    acts.resume(acts.locked(again(broadcast)), cast.coordinator, MORNING)
    db.session.commit()
    assert told(broadcast) == waiting
    assert told(work(broadcast)) == waiting


def test_spread_over_hours_it_takes_no_less_however_fast_the_last_ones_went(cast: Cast) -> None:
    gather(cast, 60, seed=5, stage="prospect", birth_year=1990)
    broadcast = work(approved(cast, areas=("33.01",), spread_hours=4))
    settle(broadcast, "sent", 5, sent_at=MORNING)
    now = MORNING + timedelta(minutes=1)
    progress.note(broadcast, now)
    last = max(text.due_at for text in db.session.scalars(waiting_of(broadcast)))
    assert last > MORNING + timedelta(hours=3)
    found = course_of(broadcast, now)
    assert found.left == duration(round((last - now).total_seconds()))
    # Its pace says nothing of that.
    assert found.rate is None


def test_by_whatever_clock_they_arrive_the_pace_tells_how_long_those_take_that_are_due(cast: Cast) -> None:
    """At nine in Lombok it is eight in Jakarta: all are due, and nothing waits for its hour."""
    willing(cast, 20, WITA_VILLAGE)
    broadcast = approved(
        cast, areas=(WITA_VILLAGE,), by="dewi", second="agus", send_on=date(2026, 11, 25), send_minute=9 * 60
    )
    nine = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)
    broadcast = work(broadcast, nine)
    assert {text.due_at for text in db.session.scalars(waiting_of(broadcast))} == {nine}
    settle(broadcast, "sent", 10, sent_at=nine)
    now = nine + timedelta(minutes=1)
    progress.note(broadcast, now)
    found = course_of(broadcast, now)
    assert found.rate == 10
    assert found.left == duration(60)


def waiting_of(broadcast: Broadcast) -> sa.Select[tuple[Message]]:
    return sa.select(Message).where(Message.cause == broadcast.cause, Message.state == "queued")
