"""A change of a rule: by a second officer, once, and what waits follows it while what was sent stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.people import Cast
from webapp.accounts.model import Account
from webapp.db import db
from webapp.departures import acts, rule_acts, rule_queries, upkeep
from webapp.departures.model import Departure, ReminderRule
from webapp.departures.rule_model import RuleProposal
from webapp.outbox.model import Message

NOW = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
LEAVES = date(2026, 12, 20)


@pytest.fixture
def departure(cast: Cast) -> Departure:
    made = acts.record(cast.migrant, cast.facilitator, NOW, destination_code="TW", scheme="p3mi", planned_on=LEAVES)
    db.session.commit()
    return made


def proposal(cast: Cast, code: str = "R7", **values: Any) -> RuleProposal:
    rule = rule_queries.get(code)
    made = rule_acts.propose(rule, replace(rule_acts.values_of(rule), **values), cast.nation, NOW)
    db.session.commit()
    return made


def approved(cast: Cast, code: str = "R7", **values: Any) -> None:
    rule_acts.approve(proposal(cast, code, **values), cast.administrator, NOW)
    db.session.commit()


def planned(rule: str) -> list[tuple[str, str, datetime]]:
    query = sa.select(Message.key, Message.state, Message.due_at).where(Message.key.contains(f":{rule}:"))
    return [(key, state, due_at) for key, state, due_at in db.session.execute(query)]


def replanned() -> None:
    """What the worker does until nothing is due."""
    while upkeep.plan_due(NOW):
        pass


@pytest.mark.usefixtures("departure")
def test_a_changed_offset_moves_a_waiting_text_exactly_once(cast: Cast) -> None:
    [(key, state, due_at)] = planned("R7")
    approved(cast, offset_days=-10)
    assert planned("R7") == [(key, state, due_at)]
    replanned()
    assert planned("R7") == [(key, "queued", due_at - timedelta(days=3))]
    replanned()
    assert planned("R7") == [(key, "queued", due_at - timedelta(days=3))]


@pytest.mark.usefixtures("departure")
@pytest.mark.parametrize("state", ["sending", "unknown", "sent", "delivered"])
def test_what_was_sent_is_never_sent_again(cast: Cast, state: str) -> None:
    message = db.session.scalars(sa.select(Message).where(Message.key.contains(":R7:"))).one()
    message.state, message.sent_at = state, NOW
    db.session.commit()
    before = planned("R7")
    approved(cast, offset_days=-20, hour=15)
    replanned()
    assert planned("R7") == before


@pytest.mark.usefixtures("departure")
def test_a_rule_that_is_switched_off_and_on_again_plans_one_text(cast: Cast) -> None:
    [(key, _state, due_at)] = planned("R7")
    approved(cast, active=False)
    replanned()
    assert planned("R7") == [(key, "withdrawn", due_at)]
    approved(cast, active=True)
    replanned()
    assert planned("R7") == [(key, "queued", due_at)]


def test_every_version_is_kept_with_who_and_when(cast: Cast) -> None:
    approved(cast, hour=15)
    approved(cast, offset_days=-8)
    third, second, first = rule_queries.versions("R7")
    assert [(v.version, v.values["hour"], v.values["offset_days"]) for v in (first, second, third)] == [
        (1, 9, -7),
        (2, 15, -7),
        (3, 15, -8),
    ]
    assert (first.proposed_by, first.approved_by) == (None, None)
    assert (third.proposed_by, third.approved_by, third.at) == (cast.nation, cast.administrator, NOW)
    assert rule_queries.get("R7").version == 3


def test_nobody_approves_their_own(cast: Cast) -> None:
    made = proposal(cast, hour=15)
    with pytest.raises(rule_acts.OwnProposal):
        rule_acts.approve(made, cast.nation, NOW)
    db.session.rollback()
    assert rule_queries.get("R7").hour == 9


def test_one_change_of_a_rule_waits_at_a_time(cast: Cast) -> None:
    proposal(cast, hour=15)
    with pytest.raises(rule_acts.TooLate):
        proposal(cast, hour=16)
    db.session.rollback()
    proposal(cast, "R8", hour=16)


def test_what_was_refused_or_taken_back_cannot_be_approved(cast: Cast) -> None:
    for account, state in ((cast.administrator, "refused"), (cast.nation, "withdrawn")):
        made = proposal(cast, hour=15)
        rule_acts.refuse(made, account, NOW)
        db.session.commit()
        assert made.state == state
        with pytest.raises(rule_acts.TooLate):
            rule_acts.approve(made, cast.administrator, NOW)
        db.session.rollback()
    assert rule_queries.get("R7").version == 1


def test_a_proposal_of_an_older_version_changes_nothing(cast: Cast) -> None:
    made = proposal(cast, hour=15)
    db.session.execute(sa.update(ReminderRule).where(ReminderRule.code == "R7").values(version=2, hour=11))
    db.session.commit()
    with pytest.raises(rule_acts.TooLate):
        rule_acts.approve(made, cast.administrator, NOW)
    db.session.rollback()
    assert (rule_queries.get("R7").hour, made.state) == (11, "waiting")


def test_of_two_who_approve_at_once_one_wins(app: Flask, cast: Cast) -> None:
    proposal_id = proposal(cast, hour=15).id
    ids = [cast.administrator.id, cast.province.id]  # who may is for the pages to say
    db.session.rollback()
    outcomes: list[str] = []
    together = Barrier(2)

    def decide(account_id: int) -> None:
        with app.app_context():
            made = db.session.get_one(RuleProposal, proposal_id)
            account = db.session.get_one(Account, account_id)
            db.session.commit()
            together.wait(20)
            try:
                rule_acts.approve(made, account, NOW)
                db.session.commit()
                outcomes.append("won")
            except rule_acts.TooLate:
                db.session.rollback()
                outcomes.append("late")
            db.session.remove()

    threads = [Thread(target=decide, args=(account_id,)) for account_id in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(outcomes) == ["late", "won"]
    assert rule_queries.get("R7").version == 2
    assert len(rule_queries.versions("R7")) == 2


def test_who_left_long_ago_is_not_planned_anew(cast: Cast) -> None:
    days = {"long ago": date(2024, 1, 10), "late": date(2026, 11, 6), "soon": LEAVES}
    ids = {
        when: acts.record(cast.migrant, cast.facilitator, NOW, destination_code="TW", scheme="p3mi", planned_on=day).id
        for when, day in days.items()
    }
    db.session.execute(sa.update(Departure).values(plan_due_at=None))
    db.session.commit()
    approved(cast, hour=15)
    due = set(db.session.scalars(sa.select(Departure.id).where(Departure.plan_due_at <= NOW)))
    assert due == {ids["late"], ids["soon"]}


def test_a_question_that_is_repeated_until_a_long_contract_ends_is_planned_anew(cast: Cast) -> None:
    facts = {"destination_code": "TW", "scheme": "p3mi", "contract_end": date(2027, 3, 1)}
    made = acts.record(cast.migrant, cast.facilitator, NOW, planned_on=date(2022, 3, 1), **facts)
    made.plan_due_at = None
    db.session.commit()
    approved(cast, hour=15)
    assert rule_queries.plans_waiting(NOW) == 0
    approved(cast, "P3", hour=15)
    assert rule_queries.plans_waiting(NOW) == 1


@pytest.mark.parametrize("code", ["P3", "P4", "P5", "P6"])
def test_a_rule_of_each_day_can_be_changed(cast: Cast, code: str) -> None:
    approved(cast, code, hour=11)
    assert rule_queries.get(code).version == 2


def test_plans_are_counted_while_they_wait(cast: Cast, departure: Departure) -> None:
    assert rule_queries.plans_waiting(NOW) == 0
    approved(cast, hour=15)
    assert rule_queries.plans_waiting(NOW) == 1
    replanned()
    assert rule_queries.plans_waiting(NOW) == 0
