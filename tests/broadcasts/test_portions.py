"""Texts are made in portions, whatever is repeated and wherever ids have holes; each with its own village's values."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.broadcasts.making import approved, work
from tests.people import HOME, NEIGHBOUR, Cast
from tests.warnings.crowd import MORNING, willing
from webapp.areas.model import Area
from webapp.broadcasts import expanding, forecast, meaning, villages
from webapp.broadcasts.model import Broadcast
from webapp.broadcasts.villages import ABROAD, Villages
from webapp.broadcasts.villages import HOME as AT_HOME
from webapp.db import db
from webapp.outbox.model import Message
from webapp.people.model import Consent, Person, Phone

PROVINCE = "33"


@pytest.fixture(autouse=True)
def small_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expanding, "PORTION", 3)
    monkeypatch.setattr(expanding, "PORTION_OF_SQLITE", 3)


def texts_of(broadcast: Broadcast) -> list[Message]:
    db.session.expire_all()
    return list(db.session.scalars(sa.select(Message).where(Message.cause == broadcast.cause)))


def test_what_is_there_already_is_left_as_it_is_and_the_rest_is_made(app: Flask, cast: Cast) -> None:
    willing(cast, 8)
    broadcast = work(approved(cast))
    before = {text.key: text.reference for text in texts_of(broadcast)}
    lost = sorted(before)[::2]
    db.session.execute(sa.delete(Message).where(Message.key.in_(lost)))
    broadcast.expanded_to, broadcast.expanded_at = 0, None
    db.session.commit()
    after = {text.key: text.reference for text in texts_of(work(broadcast))}
    assert after.keys() == before.keys()
    assert len(lost) > 3
    assert {key for key in after if after[key] != before[key]} == set(lost)


def test_ids_of_people_may_have_holes_wider_than_a_portion(app: Flask, cast: Cast) -> None:
    ids = willing(cast, 9)
    for column in (Consent.person_id, Phone.person_id, Person.id):
        db.session.execute(sa.delete(column.class_).where(column.in_(ids[1:8])))
    db.session.commit()
    broadcast = work(approved(cast, areas=(PROVINCE,), by="dewi", second="agus"))
    texts = Counter(text.person_id for text in texts_of(broadcast))
    assert {ids[0], ids[8]} <= texts.keys()
    assert set(texts.values()) == {1}
    assert broadcast.expanded_at is not None


def test_each_text_has_the_values_of_its_own_village(app: Flask, cast: Cast) -> None:
    willing(cast, 4)
    willing(cast, 4, NEIGHBOUR)
    broadcast = work(approved(cast, areas=(PROVINCE,), by="dewi", second="agus"))
    names = dict(
        db.session.execute(sa.select(Area.code, Area.name).where(Area.code.in_((HOME, NEIGHBOUR)))).tuples().all()
    )
    texts = texts_of(broadcast)
    assert Counter(text.area_code for text in texts if text.area_code in names).keys() == names.keys()
    assert all(text.values["desa"] == names[text.area_code] for text in texts if text.area_code in names)


def test_values_of_villages_are_of_one_broadcast_and_its_present_words(app: Flask, cast: Cast) -> None:
    willing(cast, 2)
    kept = Villages()
    one = approved(cast, bodies={"id": "Desmigratif: rapat di {desa}. Tanya {hp}"})
    other = approved(cast, bodies={"id": "Desmigratif: pasar di {desa}. Tanya 0811000111"})

    def values(broadcast: Broadcast) -> dict[str, str]:
        return kept.of((), broadcast, meaning.meant_by(broadcast, MORNING))[HOME][AT_HOME]

    assert values(one) == {"desa": "Bajing", "hp": "081300000001"}
    assert values(other) == {"desa": "Bajing"}
    other.version += 1
    db.session.get_one(Area, HOME).name = "Bajing Wetan"
    db.session.flush()
    assert values(other) == {"desa": "Bajing Wetan"}
    assert kept.of((), one, meaning.meant_by(one, MORNING))[HOME][ABROAD]["hp"] == "+6281300000001"


@pytest.mark.parametrize("times", [1, 2])
def test_who_moves_while_texts_are_made_is_asked_for_once_more(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    """Between the question for villages and the insert somebody comes to live in one of which nothing is known."""
    willing(cast, 2)
    broadcast, real, calls = approved(cast), villages._values_of, [0]

    def nothing_is_known_yet(*arguments: Any) -> Any:
        calls[0] += 1
        return {} if calls[0] <= times else real(*arguments)

    monkeypatch.setattr(villages, "_values_of", nothing_is_known_yet)
    broadcast = work(broadcast)
    if times > 1:
        assert (broadcast.state, broadcast.pause_reason, texts_of(broadcast)) == ("paused", "fault", [])
        return
    assert broadcast.state == "sending"
    assert broadcast.expanded_at is not None
    texts = texts_of(broadcast)
    assert len(texts) == forecast.read(broadcast.forecast).recipients > 1
    assert {text.values["desa"] for text in texts} == {"Bajing"}
