"""One text for each recipient, once, by their own clock; halted and taken back at once, whatever waits."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.broadcasts.making import BODY, again, allow, approved, draft, work
from tests.outbox.conftest import store_of
from tests.people import HOME, NEIGHBOUR, SINCE, WITA_VILLAGE, Cast
from tests.warnings.crowd import MORNING, willing
from webapp.broadcasts import acts, budget, expanding, forecast, sending, timing
from webapp.broadcasts.model import Broadcast, SmsBudget
from webapp.broadcasts.states import MoveNotAllowed
from webapp.db import db
from webapp.outbox import holding, queue
from webapp.outbox.model import Hold, Message, Text
from webapp.people.model import NumberState, Person, Phone


class Killed(BaseException):
    """Nothing that the worker could catch."""


def texts_of(broadcast: Broadcast) -> list[Message]:
    db.session.expire_all()
    return list(db.session.scalars(sa.select(Message).where(Message.cause == broadcast.cause).order_by(Message.id)))


def states_of(broadcast: Broadcast) -> Counter[str]:
    return Counter(text.state for text in texts_of(broadcast))


def claim(now: Any = MORNING, limit: int = 1000) -> int:
    db.session.rollback()
    return len(store_of("worker-1").claim_due(limit, now).handovers)


def reserved(area_code: str) -> int:
    return db.session.scalar(sa.select(SmsBudget.reserved_rupiah).where(SmsBudget.area_code == area_code)) or 0


def test_what_a_text_looks_like(app: Flask, cast: Cast) -> None:
    (person_id,) = willing(cast, 1)
    broadcast = work(approved(cast))
    text = next(text for text in texts_of(broadcast) if text.person_id == person_id)
    assert (text.key, text.text_code) == (f"broadcast:{broadcast.id}:{person_id}", broadcast.code)
    assert (text.purpose, text.priority, text.sensitivity, text.state) == ("notice", 9, "public", "queued")
    assert text.values == {"n": "warga", "desa": "Bajing", "hp": "081300000001"}
    assert (text.due_at, text.expires_at) == (MORNING, MORNING + timedelta(days=3))
    assert claim() == len(texts_of(broadcast))
    (said,) = {text.body for text in texts_of(broadcast) if text.person_id == person_id}
    assert said == "Desmigratif: warga, bursa kerja di Bajing hari Sabtu pukul 9. Bawa KTP. Tanya kami: 081300000001"
    assert {text.text_version for text in texts_of(broadcast)} == {1}


def test_a_name_stands_on_ones_own_phone_alone(app: Flask, cast: Cast) -> None:
    """On a phone that others read it would tell who is registered with the programme."""
    ids = willing(cast, 2)
    for phone in db.session.scalars(sa.select(Phone).where(Phone.person_id == ids[0])):
        phone.reader, phone.confirmed_at = "family", None
    db.session.commit()
    broadcast = work(approved(cast))
    claim()
    bodies = {text.person_id: text.body for text in texts_of(broadcast)}
    assert bodies[ids[0]].startswith("Desmigratif: bursa kerja")
    assert bodies[ids[1]].startswith("Desmigratif: warga, bursa kerja")


def test_families_get_it_on_the_phone_that_they_read(app: Flask, cast: Cast) -> None:
    own, shared = willing(cast, 2)
    number = "+6285700009999"
    db.session.add(Phone(person_id=shared, number=number, reader="family", added_at=SINCE))
    db.session.commit()
    broadcast = work(approved(cast, recipients="families"))
    assert [(text.person_id, text.number) for text in texts_of(broadcast)] == [(shared, number)]
    assert forecast.read(again(broadcast).forecast).left_out["no_phone"] >= 1
    assert own not in {text.person_id for text in texts_of(broadcast)}


def test_facilitators_get_it_and_reminders_go_before_it(app: Flask, cast: Cast) -> None:
    db.session.add(NumberState(number="+6281300000002", stopped_at=MORNING))
    db.session.commit()
    broadcast = work(approved(cast, areas=["33.01"], recipients="facilitators"))
    assert forecast.read(broadcast.forecast).left_out == {"stopped": 1}
    (text,) = texts_of(broadcast)
    assert (text.number, text.person_id, text.purpose, text.priority) == ("+6281300000001", None, "account", 9)
    assert claim() == 1
    (said,) = (text.body for text in texts_of(broadcast))
    assert said.startswith("Desmigratif: Siti, bursa kerja di Bajing")
    # Not to ask themselves: whoever drafted it.
    assert said.endswith("Tanya kami: 081300000003")


def test_each_clock_strikes_for_itself(app: Flask, cast: Cast) -> None:
    willing(cast, 1), willing(cast, 1, WITA_VILLAGE)
    day = date(2026, 11, 27)
    broadcast = approved(cast, areas=["ID"], send_on=day, send_minute=9 * 60)
    assert (broadcast.state, work(broadcast).expanded_at) == ("scheduled", None)
    assert broadcast.starts_at is not None
    broadcast = work(broadcast, broadcast.starts_at)
    assert broadcast.state == "sending"
    hours = {text.zone: text.due_at for text in texts_of(broadcast)}
    assert hours["Asia/Jakarta"] - hours["Asia/Makassar"] == timedelta(hours=1)
    assert hours["Asia/Makassar"].isoformat() == "2026-11-27T01:00:00+00:00"


def test_spread_texts_fall_due_one_step_after_the_other(app: Flask, cast: Cast) -> None:
    willing(cast, 30)
    broadcast = work(approved(cast, spread_hours=1))
    due = Counter(text.due_at for text in texts_of(broadcast))
    assert set(due) <= {MORNING + timing.STEP * step for step in range(12)}
    assert max(due.values()) <= 3


def test_two_with_one_phone_get_one_text_also_from_two_portions(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = willing(cast, 6)
    first = db.session.scalars(sa.select(Phone).where(Phone.person_id == ids[0])).one()
    db.session.scalars(sa.select(Phone).where(Phone.person_id == ids[5])).one().number = first.number
    db.session.commit()
    monkeypatch.setattr(expanding, "PORTION", 2)
    monkeypatch.setattr(expanding, "PORTION_OF_SQLITE", 2)
    broadcast = work(approved(cast))
    assert Counter(text.number for text in texts_of(broadcast))[first.number] == 1
    assert len(texts_of(broadcast)) == forecast.read(broadcast.forecast).recipients


def test_nobody_gets_a_third_notice_on_a_day_but_an_emergency(app: Flask, cast: Cast) -> None:
    willing(cast, 3)
    for words in ("satu", "dua"):
        work(approved(cast, bodies={"id": f"Desmigratif: {words}. Tanya {{hp}}"}))
    third = approved(cast, bodies={"id": "Desmigratif: tiga. Tanya {hp}"})
    assert forecast.read(third.forecast).recipients == 0
    assert forecast.read(third.forecast).left_out["had_enough"] >= 3
    urgent = work(approved(cast, emergency=True, reason="port", bodies={"id": "Desmigratif: banjir. Tanya {hp}"}))
    assert len(texts_of(urgent)) >= 3
    assert {(text.purpose, text.priority) for text in texts_of(urgent)} == {("alarm", 5)}
    tomorrow = approved(cast, send_on=date(2026, 11, 25), send_minute=600, bodies={"id": "Desmigratif: besok. {hp}"})
    assert forecast.read(tomorrow.forecast).recipients >= 3


def test_paused_it_stops_at_once_and_goes_on_where_it_stood(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing of it is claimed from the commit on: also before the worker has taken one text out of the queue."""
    monkeypatch.setattr(holding, "PORTION", 4)
    willing(cast, 10)
    broadcast = work(approved(cast))
    number = len(texts_of(broadcast))
    assert claim(limit=3) == 3
    acts.pause(acts.locked(broadcast), cast.coordinator, "look", MORNING)
    db.session.commit()
    assert claim() == 0
    work(broadcast)
    assert states_of(broadcast) == {"sending": 3, "withdrawn": number - 3}
    later = MORNING + timedelta(minutes=5)
    acts.resume(acts.locked(broadcast), cast.coordinator, later)
    db.session.commit()
    work(broadcast, later)
    assert states_of(broadcast) == {"sending": 3, "queued": number - 3}
    assert claim(later) == number - 3


def test_what_is_paused_keeps_no_other_text_back(app: Flask, cast: Cast) -> None:
    willing(cast, 5)
    one, other = (
        work(approved(cast, bodies={"id": f"Desmigratif: {words}. Tanya {{hp}}"})) for words in ("satu", "dua")
    )
    acts.pause(acts.locked(one), cast.coordinator, "look", MORNING)
    db.session.commit()
    claim()
    assert (set(states_of(one)), set(states_of(other))) == ({"queued"}, {"sending"})


def test_whoever_said_stop_meanwhile_gets_nothing_when_it_goes_on(app: Flask, cast: Cast) -> None:
    (person_id,) = willing(cast, 1)
    broadcast = work(approved(cast))
    acts.pause(acts.locked(broadcast), cast.coordinator, "look", MORNING)
    db.session.commit()
    work(broadcast)
    number = next(text.number for text in texts_of(broadcast) if text.person_id == person_id)
    db.session.add(NumberState(number=number, stopped_at=MORNING))
    queue.withdraw_to(number, reason="stopped", now=MORNING)
    acts.resume(acts.locked(broadcast), cast.coordinator, MORNING)
    db.session.commit()
    work(broadcast)
    claim()
    (text,) = (text for text in texts_of(broadcast) if text.person_id == person_id)
    assert (text.state, text.reason) == ("suppressed", "stopped")


def test_cancelled_it_takes_back_what_waits_and_gives_back_the_money(app: Flask, cast: Cast) -> None:
    willing(cast, 10)
    broadcast = work(approved(cast))
    number = len(texts_of(broadcast))
    assert reserved("33.01") == number * 350
    claim(limit=4)
    acts.cancel(acts.locked(broadcast), cast.coordinator, "mistake", MORNING)
    db.session.commit()
    assert claim() == 0
    work(broadcast)
    assert states_of(broadcast) == {"sending": 4, "withdrawn": number - 4}
    assert again(broadcast).look_at is not None, "what is being sent may still come back"
    db.session.execute(sa.update(Message).where(Message.state == "sending").values(state="sent", sent_at=MORNING))
    db.session.commit()
    later = MORNING + timedelta(minutes=1)
    broadcast = work(broadcast, later)
    assert reserved("33.01") == 4 * 350
    assert db.session.get(Hold, broadcast.cause) is not None, "what was handed over may still be given back"
    (expires,) = {text.expires_at for text in texts_of(broadcast)}
    broadcast = work(broadcast, expires)
    assert (broadcast.look_at, reserved("33.01")) == (None, 4 * 350)
    assert db.session.get(Hold, broadcast.cause) is None
    with pytest.raises(MoveNotAllowed):
        acts.resume(broadcast, cast.coordinator, later)


def test_when_all_has_gone_it_is_done_and_keeps_what_it_cost(app: Flask, cast: Cast) -> None:
    willing(cast, 4)
    broadcast = work(approved(cast))
    number = len(texts_of(broadcast))
    claim()
    later = MORNING + timedelta(minutes=1)
    dead = texts_of(broadcast)[0].id
    db.session.execute(sa.update(Message).values(state="delivered", delivered_at=later, sent_at=MORNING))
    refused = {"state": "failed", "reason": "rejected", "sent_at": None, "delivered_at": None}
    db.session.execute(sa.update(Message).where(Message.id == dead).values(refused))
    db.session.commit()
    broadcast = work(broadcast, later)
    assert (broadcast.state, broadcast.ended_at) == ("done", later)
    assert reserved("33.01") == (number - 1) * 350


def test_without_a_budget_nothing_is_approved(app: Flask, cast: Cast) -> None:
    willing(cast, 3)
    broadcast = draft(cast)
    acts.hand_over(broadcast, cast.coordinator, MORNING)
    with pytest.raises(budget.BudgetExceeded) as refused:
        acts.approve(broadcast, cast.province, expanding.zones(), MORNING)
    assert refused.value.left is None
    db.session.rollback()
    allow(cast, "33.01", 2 * 350)
    broadcast = again(broadcast)
    acts.hand_over(broadcast, cast.coordinator, MORNING)
    with pytest.raises(budget.BudgetExceeded) as refused:
        acts.approve(broadcast, cast.province, expanding.zones(), MORNING)
    assert refused.value.left == 700


def test_of_another_month_the_budget_is_another_one(app: Flask, cast: Cast) -> None:
    willing(cast, 3)
    allow(cast, "33.01")
    broadcast = draft(cast, send_on=date(2026, 12, 1), send_minute=600)
    acts.hand_over(broadcast, cast.coordinator, MORNING)
    with pytest.raises(budget.BudgetExceeded):
        acts.approve(broadcast, cast.province, expanding.zones(), MORNING)


def test_if_many_more_would_get_it_than_was_approved_it_halts(app: Flask, cast: Cast) -> None:
    willing(cast, 3)
    broadcast = approved(cast, send_on=date(2026, 11, 27), send_minute=540)
    willing(cast, 20, NEIGHBOUR)
    db.session.execute(sa.update(Person).where(Person.area_code == NEIGHBOUR).values(area_code=HOME))
    db.session.commit()
    assert broadcast.starts_at is not None
    begins = broadcast.starts_at
    broadcast = work(broadcast, begins)
    assert (broadcast.state, broadcast.pause_reason, texts_of(broadcast)) == ("paused", "grown", [])
    acts.resume(acts.locked(broadcast), cast.province, begins)
    db.session.commit()
    broadcast = work(broadcast, begins)
    assert broadcast.state == "sending"
    assert len(texts_of(broadcast)) == forecast.read(broadcast.forecast).recipients >= 23


def test_if_the_money_is_gone_when_it_begins_it_halts(app: Flask, cast: Cast) -> None:
    willing(cast, 3)
    broadcast = approved(cast, send_on=date(2026, 11, 27), send_minute=540)
    willing(cast, 2, NEIGHBOUR)
    db.session.execute(sa.update(Person).where(Person.area_code == NEIGHBOUR).values(area_code=HOME))
    limit = sa.update(SmsBudget).where(SmsBudget.area_code == "33.01")
    db.session.execute(limit.values(limit_rupiah=SmsBudget.reserved_rupiah))
    db.session.commit()
    assert broadcast.starts_at is not None
    broadcast = work(broadcast, broadcast.starts_at)
    assert (broadcast.state, broadcast.pause_reason) == ("paused", "budget")
    allow(cast, "33.01")
    acts.resume(acts.locked(broadcast), cast.coordinator, broadcast.starts_at or MORNING)
    db.session.commit()
    assert work(broadcast, broadcast.starts_at).state == "sending"


def test_the_words_are_published_once_as_a_text_of_their_own(app: Flask, cast: Cast) -> None:
    broadcast = approved(cast, bodies={"id": BODY, "jv": BODY})
    found = db.session.execute(sa.select(Text.language, Text.version).where(Text.code == broadcast.code)).all()
    assert sorted(map(tuple, found)) == [("id", 1), ("jv", 1)]


@pytest.mark.parametrize("moment", ["before the texts", "after the texts"])
def test_a_worker_that_dies_is_followed_by_another(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    ids = willing(cast, 9)
    monkeypatch.setattr(expanding, "PORTION", 3)
    monkeypatch.setattr(expanding, "PORTION_OF_SQLITE", 3)
    broadcast, real, calls = approved(cast), expanding.expand, [0]

    def dies(*arguments: Any) -> int:
        calls[0] += 1
        if calls[0] % 2:
            if moment == "after the texts":
                real(*arguments)
            raise Killed
        return real(*arguments)

    monkeypatch.setattr(expanding, "expand", dies)
    for _ in range(20):
        try:
            sending.go_on(MORNING)
        except Killed:
            db.session.rollback()
    monkeypatch.setattr(expanding, "expand", real)
    broadcast = work(broadcast)
    got = Counter(text.person_id for text in texts_of(broadcast))
    assert set(got.values()) == {1}
    assert set(ids) <= set(got)
