"""Two at the same moment: workers that make the texts of one warning, officers who approve it, one who stops it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.at_once import at_once
from tests.people import HOME, Cast
from tests.warnings.crowd import MORNING, again, approved, draft, willing
from webapp.accounts.model import Account
from webapp.db import db
from webapp.outbox.model import Message
from webapp.warnings import acts, sending
from webapp.warnings.model import SafetyWarning, WarningEvent
from webapp.warnings.states import MoveNotAllowed


def work() -> None:
    while sending.go_on(MORNING):
        pass


def states_of(warning: SafetyWarning) -> dict[str, int]:
    query = sa.select(Message.state, sa.func.count()).where(Message.cause == warning.cause).group_by(Message.state)
    return dict(db.session.execute(query).tuples().all())


def test_several_workers_make_each_text_once(app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    people = willing(cast, 40)
    monkeypatch.setattr(sending, "PORTION", 4)
    warnings = [approved(cast, areas=[HOME]) for _ in range(3)]
    at_once(app, work, work, work)
    work()
    for warning in warnings:
        warning = again(warning)
        got = db.session.scalars(sa.select(Message.person_id).where(Message.cause == warning.cause)).all()
        assert sorted(set(got)) == sorted(got)
        assert set(people) <= set(got)
        assert warning.expanded_at is not None


def test_of_two_officers_who_approve_one_does(app: Flask, cast: Cast) -> None:
    warning = draft(cast)
    warning_id, version = warning.id, warning.version
    refused: list[Exception] = []

    def approve(username: str) -> Callable[[], None]:
        def act() -> None:
            account = db.session.scalars(sa.select(Account).where(Account.username == username)).one()
            try:
                it = acts.locked(db.session.get_one(SafetyWarning, warning_id), version)
                acts.approve(it, account, 1, 350, MORNING)
                db.session.commit()
            except (acts.VersionChanged, MoveNotAllowed) as error:
                refused.append(error)

        return act

    at_once(app, approve("ratna"), approve("bambang"))
    assert len(refused) == 1
    assert db.session.scalar(sa.select(sa.func.count()).where(WarningEvent.kind == "approved")) == 1


def test_nothing_waits_after_a_stop_that_came_while_texts_were_made(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    willing(cast, 40)
    monkeypatch.setattr(sending, "PORTION", 2)
    warning = approved(cast, areas=[HOME])
    warning_id = warning.id

    def stop() -> None:
        account = db.session.scalars(sa.select(Account).where(Account.username == "ratna")).one()
        it = acts.locked(db.session.get_one(SafetyWarning, warning_id))
        acts.stop(it, account, "mistake", MORNING)
        db.session.commit()

    at_once(app, work, stop)
    work()
    warning = again(warning)
    assert warning.state == "cancelled"
    assert set(states_of(warning)) <= {"withdrawn"}
