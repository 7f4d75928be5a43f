"""No broadcast keeps another one back: not by what is wrong with it, nor by how great it is."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.broadcasts.making import again, approved, draft, work
from tests.broadcasts.test_sending import texts_of
from tests.people import Cast
from tests.warnings.crowd import MORNING, willing
from webapp.broadcasts import acts, expanding, forecast, sending
from webapp.broadcasts.forecast import Forecast
from webapp.broadcasts.model import Broadcast
from webapp.db import db
from webapp.outbox import holding


def test_one_with_which_something_is_wrong_keeps_no_other_back(app: Flask, cast: Cast) -> None:
    willing(cast, 3)
    bad = approved(cast)
    bad.asked = {"gone": ["x"]}
    db.session.commit()
    good = approved(cast, bodies={"id": "Desmigratif: dua. Tanya {hp}"})
    good = work(good)
    bad = again(bad)
    assert (bad.state, bad.pause_reason, texts_of(bad)) == ("paused", "fault", [])
    assert good.state == "sending"
    assert len(texts_of(good)) >= 3


def test_a_draft_that_cannot_be_counted_is_not_tried_for_ever(app: Flask, cast: Cast) -> None:
    bad = draft(cast)
    bad.asked, bad.look_at = {"gone": ["x"]}, MORNING
    db.session.commit()
    bad = work(bad)
    assert (bad.state, bad.look_at) == ("draft", None)


def test_an_emergency_is_made_before_great_ones_are_taken_back_or_made(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    for where, name in ((expanding, "PORTION"), (expanding, "PORTION_OF_SQLITE"), (holding, "PORTION")):
        monkeypatch.setattr(where, name, 2)
    willing(cast, 20)
    cancelled = work(approved(cast))
    acts.cancel(acts.locked(cancelled), cast.coordinator, "mistake", MORNING)
    db.session.commit()
    great = approved(cast, bodies={"id": "Desmigratif: pasar. Tanya {hp}"})
    urgent = approved(cast, emergency=True, reason="port", bodies={"id": "Desmigratif: banjir. Tanya {hp}"})
    made: list[int] = []
    real: Callable[..., Any] = expanding.expand

    def expand(broadcast: Broadcast, *rest: Any) -> Any:
        made.append(broadcast.id)
        return real(broadcast, *rest)

    monkeypatch.setattr(expanding, "expand", expand)
    work(urgent)
    last = max(place for place, one in enumerate(made) if one == urgent.id)
    assert great.id not in made[:last]
    assert great.id in made


@pytest.mark.parametrize("what", ["what begins", "a draft"])
def test_while_it_is_counted_it_can_be_cancelled_at_once(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    willing(cast, 3)
    if what == "a draft":
        broadcast = draft(cast)
        broadcast.look_at = MORNING
        db.session.commit()
    else:
        broadcast = approved(cast)
    broadcast_id, account_id = broadcast.id, cast.coordinator.id
    db.session.rollback()
    real, cancelled = forecast.count, []

    def cancel() -> None:
        with app.app_context():
            account = db.session.get_one(type(cast.coordinator), account_id)
            acts.cancel(acts.locked(db.session.get_one(Broadcast, broadcast_id)), account, "mistake", MORNING)
            db.session.commit()
            cancelled.append(True)

    def count(*arguments: Any) -> Forecast:
        found = real(*arguments)
        officer = Thread(target=cancel)
        officer.start()
        officer.join(5)
        assert cancelled, "the officer waits for the count"
        return found

    monkeypatch.setattr(forecast, "count", count)
    sending.go_on(MORNING)
    broadcast = again(broadcast)
    assert (broadcast.state, texts_of(broadcast)) == ("cancelled", [])
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Broadcast)) == 1
