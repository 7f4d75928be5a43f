"""A phone or modem that falls silent rests, those who can look at it are told once, and it is open when it is heard."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from sms.gateways import Heartbeat
from tests.outbox.conftest import Write
from tests.outbox.conftest import write as write  # a fixture
from tests.outbox.crowd import MORNING
from tests.people import HOME, REGENCY, Cast
from tests.routes_.making import make_route
from tests.routes_.test_routing import route_of, settle_down
from tests.sms.test_text import stock_texts
from webapp import clock
from webapp.db import db
from webapp.outbox import ears
from webapp.outbox.model import Message, Worker
from webapp.outbox.silence import look_for_silence, rest_without_worker
from webapp.routes import states
from webapp.routes.model import Route, RouteState
from webapp.routes.queries import forget_receivers, receiving
from webapp.routes.rest import is_silent


def heard(code: str, minutes_ago: int) -> datetime:
    at = clock.real_now() - timedelta(minutes=minutes_ago)
    states.hear(db.session, code, at)
    db.session.commit()
    return at


def look() -> int:
    found = look_for_silence(clock.now())
    db.session.expire_all()
    return found


def told() -> list[str]:
    """Who gets the alarm, by number."""
    query = sa.select(Message).where(Message.text_code == "AROUTE").order_by(Message.number)
    return [message.number for message in db.session.scalars(query)]


@pytest.fixture
def phone(cast: Cast) -> Route:
    make_route("second", rank=9)
    return make_route("hp-kroya", name="HP Kroya", areas=HOME, silent_after=15, rank=1)


def test_it_rests_and_its_texts_and_the_alarm_go_by_another(write: Write, phone: Route, cast: Cast) -> None:
    key = write()
    heard("hp-kroya", minutes_ago=16)
    assert look() == 1
    assert db.session.get_one(RouteState, "hp-kroya").pause_reason == "silent"
    assert route_of(key) == "second"
    assert told() == [cast.coordinator.phone, cast.administrator.phone]
    assert set(db.session.scalars(sa.select(Message.route).where(Message.text_code == "AROUTE"))) == {"second"}
    values = db.session.scalars(sa.select(Message).where(Message.text_code == "AROUTE")).first().values
    assert values["a"] == "HP Kroya"


def test_one_silence_is_told_once(phone: Route, cast: Cast) -> None:
    heard("hp-kroya", minutes_ago=16)
    assert [look() for _ in range(3)] == [1, 0, 0]
    assert len(told()) == 2


def test_when_it_is_heard_it_is_open_and_the_next_silence_is_told_again(write: Write, phone: Route, cast: Cast) -> None:
    key = write()
    heard("hp-kroya", minutes_ago=16)
    look()
    heard("hp-kroya", minutes_ago=0)
    settle_down()
    assert route_of(key) == "hp-kroya"
    assert look() == 0
    db.session.execute(sa.update(RouteState).values(heard_at=clock.real_now() - timedelta(minutes=20)))
    db.session.commit()
    assert look() == 1
    assert len(told()) == 4


def test_a_sign_of_life_ends_no_other_rest(phone: Route, cast: Cast) -> None:
    states.rest_by_hand(db.session, "hp-kroya", "Kartu SIM diganti")
    heard("hp-kroya", minutes_ago=0)
    assert db.session.get_one(RouteState, "hp-kroya").pause_reason == "by_hand"


def test_who_rests_by_hand_is_not_missed(phone: Route, cast: Cast) -> None:
    states.rest_by_hand(db.session, "hp-kroya", "Kartu SIM diganti")
    heard("hp-kroya", minutes_ago=60)
    assert look() == 0
    assert told() == []


def test_a_route_that_was_never_heard_is_given_its_time_from_the_beginning(cast: Cast) -> None:
    now = clock.real_now()
    make_route("baru", silent_after=15, updated_at=now - timedelta(minutes=14))
    make_route("lama", silent_after=15, updated_at=now - timedelta(minutes=16))
    assert look() == 1
    assert db.session.get_one(RouteState, "lama").pause_reason == "silent"


def test_one_that_is_switched_on_again_is_given_its_time_too(phone: Route, cast: Cast) -> None:
    heard("hp-kroya", minutes_ago=60 * 24)
    phone.updated_at = clock.real_now() - timedelta(minutes=14)
    db.session.commit()
    assert look() == 0
    phone.updated_at = clock.real_now() - timedelta(minutes=16)
    db.session.commit()
    assert look() == 1


def test_nobody_is_told_to_answer_to_a_silent_phone(app: Flask, phone: Route, cast: Cast) -> None:
    phone.reply_number = "+6281200000001"
    make_route("kantor", rank=5, reply_number="+6281200000002")
    assert receiving(HOME) == "+6281200000001"
    heard("hp-kroya", minutes_ago=16)
    look()
    forget_receivers()
    assert receiving(HOME) == "+6281200000002"
    heard("hp-kroya", minutes_ago=0)
    forget_receivers()
    assert receiving(HOME) == "+6281200000001"


def test_while_its_own_worker_is_not_there_others_take_its_texts(write: Write, cast: Cast) -> None:
    make_route("jauh", rank=1, own_worker=True)
    make_route("second", rank=2)
    key = write(purpose="alarm")
    assert route_of(key) == "jauh"
    now = clock.real_now()
    worker = Worker(id="w", gateway="jauh", started_at=now, beat_at=now)
    db.session.add(worker)
    db.session.commit()
    assert rest_without_worker(MORNING) == 0
    worker.beat_at = now - timedelta(seconds=40)
    db.session.commit()
    assert rest_without_worker(MORNING) == 1
    assert route_of(key) == "second"
    assert db.session.get_one(RouteState, "jauh").pause_reason == "no_worker"
    assert db.session.get(RouteState, "second") is None


def test_one_that_gives_no_signs_is_never_silent(cast: Cast) -> None:
    make_route("twilio-1", silent_after=None)
    heard("twilio-1", minutes_ago=9000)
    assert look() == 0


def test_whatever_the_worker_is_told_is_a_sign_of_life(phone: Route, app: Flask) -> None:
    ears.hear("hp-kroya", [Heartbeat()])
    assert clock.real_now() - db.session.get_one(RouteState, "hp-kroya").heard_at < timedelta(seconds=10)


def test_of_a_village_the_regency_is_told_and_of_the_nation_its_office(cast: Cast) -> None:
    make_route("kabupaten", areas=REGENCY, silent_after=1)
    make_route("nasional", silent_after=1)
    look()
    by_key = sa.select(Message.number).where(Message.key.like("route:nasional:%")).order_by(Message.number)
    assert list(db.session.scalars(by_key)) == [cast.nation.phone, cast.administrator.phone]


def test_silence_begins_after_its_minutes() -> None:
    assert not is_silent(MORNING, 15, MORNING + timedelta(minutes=15))
    assert is_silent(MORNING, 15, MORNING + timedelta(minutes=15, seconds=1))
    assert not is_silent(MORNING, None, MORNING + timedelta(days=99))


def test_the_text_exists() -> None:
    assert ("AROUTE", "id") in {(code, language) for code, language, _ in stock_texts()}
