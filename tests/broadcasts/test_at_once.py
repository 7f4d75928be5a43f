"""Two at the same moment: officers who decide, broadcasts that share a budget, workers that make and claim texts."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from threading import Event, Lock

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.at_once import at_once
from tests.broadcasts.making import again, allow, approved, draft, work
from tests.outbox.conftest import store_of
from tests.people import REGENCY, Cast
from tests.warnings.crowd import MORNING, willing
from webapp.accounts.model import Account
from webapp.broadcasts import acts, expanding, forecast, sending
from webapp.broadcasts.budget import BudgetExceeded
from webapp.broadcasts.model import Broadcast, BroadcastEvent, SmsBudget
from webapp.broadcasts.states import MoveNotAllowed
from webapp.callbacks import numbers
from webapp.db import db
from webapp.outbox import holding
from webapp.outbox.model import Hold, Message

#: A refusal, or 'done', of each who tried.
Outcomes = list[str]
Act = Callable[[Broadcast, Account], None]
PRICE = 350


def by(username: str, broadcast: Broadcast, act: Act, outcomes: Outcomes, version: int | None = None) -> Callable:
    """This officer does it as the page does: lock, look, act, commit."""
    broadcast_id = broadcast.id

    def do() -> None:
        account = db.session.scalars(sa.select(Account).where(Account.username == username)).one()
        try:
            act(acts.locked(db.session.get_one(Broadcast, broadcast_id), version), account)
            db.session.commit()
        except (acts.VersionChanged, MoveNotAllowed, BudgetExceeded) as error:
            db.session.rollback()
            outcomes.append(type(error).__name__)
        else:
            outcomes.append("done")

    return do


def approve(broadcast: Broadcast, account: Account) -> None:
    acts.approve(broadcast, account, expanding.zones(), MORNING)


def pause(broadcast: Broadcast, account: Account) -> None:
    acts.pause(broadcast, account, "look", MORNING)


def cancel(broadcast: Broadcast, account: Account) -> None:
    acts.cancel(broadcast, account, "mistake", MORNING)


def handed_over(cast: Cast, words: str = "bursa kerja") -> Broadcast:
    broadcast = draft(cast, bodies={"id": f"Desmigratif: {words}. Tanya {{hp}}"})
    acts.hand_over(broadcast, broadcast.drafted_by, MORNING)
    db.session.commit()
    return broadcast


def cost_of(broadcast: Broadcast) -> int:
    return forecast.read(broadcast.forecast).rupiah


def budget() -> SmsBudget:
    db.session.expire_all()
    return db.session.scalars(sa.select(SmsBudget).where(SmsBudget.area_code == REGENCY)).one()


def texts_of(broadcast: Broadcast) -> list[Message]:
    db.session.expire_all()
    return list(db.session.scalars(sa.select(Message).where(Message.cause == broadcast.cause)))


def states_of(broadcast: Broadcast) -> set[str]:
    return {text.state for text in texts_of(broadcast)}


def events(broadcast: Broadcast, kind: str) -> int:
    chosen = (BroadcastEvent.broadcast_id == broadcast.id, BroadcastEvent.kind == kind)
    return db.session.scalar(sa.select(sa.func.count()).select_from(BroadcastEvent).where(*chosen)) or 0


def work_on() -> None:
    while sending.go_on(MORNING):
        pass


@pytest.fixture
def small_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    for where, name in ((expanding, "PORTION"), (expanding, "PORTION_OF_SQLITE"), (holding, "PORTION")):
        monkeypatch.setattr(where, name, 3)


def test_of_two_officers_who_approve_one_does(app: Flask, cast: Cast) -> None:
    willing(cast, 3)
    broadcast = handed_over(cast)
    allow(cast, REGENCY)
    outcomes: Outcomes = []
    ways = [by(who, broadcast, approve, outcomes, broadcast.version) for who in ("bambang", "dewi")]
    at_once(app, *ways)
    assert sorted(outcomes) == ["VersionChanged", "done"]
    broadcast = again(broadcast)
    assert events(broadcast, "approved") == 1
    assert budget().reserved_rupiah == broadcast.reserved_rupiah == cost_of(broadcast) > 0


def test_approved_and_cancelled_at_once_it_is_cancelled_and_costs_nothing(app: Flask, cast: Cast) -> None:
    willing(cast, 3)
    broadcast = handed_over(cast)
    allow(cast, REGENCY)
    outcomes: Outcomes = []
    at_once(app, by("bambang", broadcast, approve, outcomes), by("ratna", broadcast, cancel, outcomes))
    assert sorted(outcomes) in (["MoveNotAllowed", "done"], ["done", "done"])
    broadcast = work(broadcast)
    assert (broadcast.state, broadcast.reserved_rupiah, budget().reserved_rupiah) == ("cancelled", 0, 0)
    assert texts_of(broadcast) == []
    assert db.session.scalars(sa.select(Hold)).all() == []


def test_paused_and_cancelled_at_once_it_is_cancelled(app: Flask, cast: Cast, small_portions: None) -> None:
    willing(cast, 10)
    broadcast = work(approved(cast))
    outcomes: Outcomes = []
    at_once(app, by("bambang", broadcast, pause, outcomes), by("ratna", broadcast, cancel, outcomes), work_on)
    assert outcomes.count("done") in (1, 2)
    broadcast = work(broadcast)
    assert (broadcast.state, states_of(broadcast)) == ("cancelled", {"withdrawn"})
    assert {text.reason for text in texts_of(broadcast)} == {"no_longer_planned"}
    assert budget().reserved_rupiah == 0
    assert work(broadcast, MORNING + timedelta(days=3)).look_at is None
    assert db.session.scalars(sa.select(Hold)).all() == []


def test_paused_and_resumed_while_texts_are_made_it_makes_all(app: Flask, cast: Cast, small_portions: None) -> None:
    willing(cast, 20)
    broadcast = approved(cast)
    outcomes: Outcomes = []

    def resume(it: Broadcast, account: Account) -> None:
        acts.resume(it, account, MORNING)

    turns = [by("bambang", broadcast, act, outcomes) for act in (pause, resume) * 3]
    at_once(app, lambda: [turn() for turn in turns] and None, work_on, work_on)
    if again(broadcast).state == "paused":
        by("bambang", broadcast, resume, outcomes)()
    broadcast = work(broadcast)
    assert states_of(broadcast) == {"queued"}
    assert len(texts_of(broadcast)) * PRICE == cost_of(broadcast) == budget().reserved_rupiah


@pytest.mark.parametrize(("broadcasts", "covered"), [(2, 1), (8, 3)])
def test_the_budget_is_never_exceeded(app: Flask, cast: Cast, broadcasts: int, covered: int) -> None:
    willing(cast, 3)
    waiting = [handed_over(cast, f"bursa kerja {n}") for n in range(broadcasts)]
    (cost,) = {cost_of(broadcast) for broadcast in waiting}
    limit = cost * covered + cost - 1
    allow(cast, REGENCY, limit)
    outcomes: Outcomes = []
    at_once(app, *(by("bambang", broadcast, approve, outcomes) for broadcast in waiting))
    assert Counter(outcomes) == {"done": covered, "BudgetExceeded": broadcasts - covered}
    assert budget().reserved_rupiah == covered * cost <= limit
    kept = Counter(again(broadcast).state for broadcast in waiting)
    assert kept == {"approved": covered, "waiting": broadcasts - covered}
    assert sum(again(broadcast).reserved_rupiah for broadcast in waiting) == covered * cost


class Claims:
    """Workers that claim one after the other until nothing is left. Each claim: when it began, and what it got."""

    def __init__(self, limit: int, begun_after: int) -> None:
        self._limit, self._begun_after = limit, begun_after
        self._lock, self._over = Lock(), Event()
        #: So many texts are claimed: now something may happen to the others.
        self.under_way = Event()
        self.made: list[tuple[float, list[int]]] = []

    def worker(self, name: str) -> Callable[[], None]:
        def go_on() -> None:
            store = store_of(name)
            while True:
                was_over, began = self._over.is_set(), time.monotonic()
                got = [handover.id for handover in store.claim_due(self._limit, MORNING).handovers]
                with self._lock:
                    self.made.append((began, got))
                    if len(self.all()) >= self._begun_after:
                        self.under_way.set()
                if was_over and not got:
                    return
                # So long it takes to hand them over. Without it SQLite's other writers would hardly have a turn.
                self._over.wait(0.02)

        return go_on

    def when_under_way(self, act: Callable[[], None], moment: list[float]) -> Callable[[], None]:
        """Does it, and notes when it was committed."""

        def do() -> None:
            assert self.under_way.wait(20)
            try:
                act()
                moment.append(time.monotonic())
            finally:
                self._over.set()

        return do

    def all(self) -> list[int]:
        return [one for _, got in self.made for one in got]

    def begun_after(self, moment: float) -> Iterator[int]:
        return (one for began, got in self.made if began > moment for one in got)


def workers_of(claims: Claims) -> list[Callable[[], None]]:
    return [claims.worker(f"worker-{n}") for n in range(3)]


def test_cancelled_while_workers_claim_nothing_is_claimed_after_it(app: Flask, cast: Cast) -> None:
    willing(cast, 120)
    broadcast = work(approved(cast))
    outcomes: Outcomes = []
    moment: list[float] = []
    claims = Claims(limit=2, begun_after=30)
    stop = claims.when_under_way(by("ratna", broadcast, cancel, outcomes), moment)
    at_once(
        app,
        *workers_of(claims),
        stop,
    )
    assert outcomes == ["done"]
    assert list(claims.begun_after(moment[0])) == []
    assert len(claims.all()) == len(set(claims.all())) < 120
    broadcast = work(broadcast)
    found = {text.id: text.state for text in texts_of(broadcast)}
    assert {one for one, state in found.items() if state == "sending"} == set(claims.all())
    assert set(found.values()) == {"sending", "withdrawn"}


def test_after_a_stop_while_texts_are_claimed_nothing_goes_to_that_number(app: Flask, cast: Cast) -> None:
    ids = willing(cast, 60)
    broadcasts = [
        work(approved(cast, bodies={"id": f"Desmigratif: {words}. Tanya {{hp}}"})) for words in ("satu", "dua")
    ]
    stopped = {text.number for text in texts_of(broadcasts[1]) if text.person_id in ids[20:40]}
    moment: list[float] = []
    claims = Claims(limit=2, begun_after=25)

    def say_stop() -> None:
        for number in sorted(stopped):
            numbers.heard(numbers.sender(number), MORNING)
            numbers.stop(number, MORNING)
        db.session.commit()

    at_once(app, *workers_of(claims), claims.when_under_way(say_stop, moment))
    texts = [text for broadcast in broadcasts for text in texts_of(broadcast)]
    theirs = {text.id: text.state for text in texts if text.number in stopped}
    assert len(theirs) == 40
    assert theirs.keys().isdisjoint(claims.begun_after(moment[0]))
    assert len(claims.all()) == len(set(claims.all()))
    assert set(theirs.values()) <= {"sending", "withdrawn", "suppressed"}
    assert {one for one, state in theirs.items() if state == "sending"} == theirs.keys() & set(claims.all())
    assert {text.state for text in texts if text.number not in stopped} == {"sending"}


def test_several_workers_make_each_text_once(app: Flask, cast: Cast, small_portions: None) -> None:
    people = willing(cast, 40)
    broadcasts = [
        approved(cast, bodies={"id": f"Desmigratif: {words}. Tanya {{hp}}"}, emergency=words == "banjir", reason="port")
        for words in ("satu", "dua", "banjir")
    ]
    at_once(app, work_on, work_on, work_on)
    for broadcast in map(work, broadcasts):
        got = Counter(text.person_id for text in texts_of(broadcast))
        assert set(got.values()) == {1}
        assert set(people) <= got.keys()
        assert len(got) == forecast.read(broadcast.forecast).recipients
        assert (broadcast.state, broadcast.expanded_at) == ("sending", MORNING)


def test_nobody_gets_more_notices_a_day_from_two_that_are_made_at_once(
    app: Flask, cast: Cast, small_portions: None
) -> None:
    people = willing(cast, 20)
    work(approved(cast, bodies={"id": "Desmigratif: satu. Tanya {hp}"}))
    both = [approved(cast, bodies={"id": f"Desmigratif: {words}. Tanya {{hp}}"}) for words in ("dua", "tiga")]
    assert all(forecast.read(one.forecast).recipients >= 20 for one in both)
    at_once(app, work_on, work_on)
    work_on()
    got = Counter(db.session.scalars(sa.select(Message.person_id).where(Message.purpose == "notice")))
    assert {got[person_id] for person_id in people} == {2}


def test_texts_that_nobody_knows_of_do_not_go_after_all_long_after_a_cancel(app: Flask, cast: Cast) -> None:
    """Of a route that is away a provider can be asked only hours later whether it has a text."""
    willing(cast, 4)
    broadcast = work(approved(cast))
    store = store_of("worker-1")
    db.session.rollback()
    (handover,) = store.claim_due(1, MORNING).handovers
    in_doubt = sa.update(Message).where(Message.id == handover.id).values(state="unknown", lease_owner=None)
    db.session.execute(in_doubt)
    cancel(acts.locked(broadcast), cast.coordinator)
    db.session.commit()
    work(broadcast)
    hours_later = MORNING + timedelta(hours=2)
    work(broadcast, hours_later)
    came_back = sa.update(Message).where(Message.id == handover.id).values(state="queued", reason="surely_not_taken")
    db.session.execute(came_back)
    db.session.commit()
    assert not store.claim_due(10, hours_later).handovers
    broadcast = work(broadcast, hours_later + timedelta(hours=1))
    assert (states_of(broadcast), budget().reserved_rupiah) == ({"withdrawn"}, 0)
    assert work(broadcast, MORNING + timedelta(days=3)).look_at is None
    assert db.session.scalars(sa.select(Hold)).all() == []
