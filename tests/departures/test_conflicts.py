"""Two officers change the same departure, paper or day: both values side by side, and the timeline keeps both."""

from __future__ import annotations

from datetime import date
from threading import Barrier, Thread
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.conftest import Login, new_client
from tests.editing import carried, opened
from tests.people import Cast
from webapp import clock
from webapp.db import db
from webapp.departures import acts
from webapp.departures.model import Departure, Paper
from webapp.people.model import Event

FORM = {"destination_code": "TW", "scheme": "p3mi", "planned_on": "2027-12-20"}


@pytest.fixture
def siti(client: FlaskClient, cast: Cast, login: Login) -> FlaskClient:
    login(client, cast.facilitator)
    return client


@pytest.fixture
def ratna(app: Flask, cast: Cast, login: Login) -> FlaskClient:
    client = new_client(app)
    login(client, cast.coordinator)
    return client


@pytest.fixture
def path(cast: Cast) -> str:
    words = dict.fromkeys(("sector", "job", "agency", "employer", "port"), "")
    facts = {**words, "destination_code": "TW", "scheme": "p3mi", "planned_on": date(2027, 12, 20)}
    departure = acts.record(cast.migrant, cast.facilitator, clock.now(), **facts)
    db.session.commit()
    return f"/departures/{departure.id}"


def departure() -> Departure:
    db.session.expire_all()
    return db.session.query(Departure).one()


def paper() -> tuple[date, str, date | None]:
    db.session.expire_all()
    found = db.session.query(Paper).one()
    return found.done_on, found.whole_number, found.expires_on


def asked(answer: TestResponse) -> dict[str, Any]:
    assert answer.status_code == 422, answer.text
    return carried(answer.text)


def timeline(client: FlaskClient, cast: Cast) -> str:
    return client.get(f"/people/{cast.migrant.id}").text


def test_different_fields_both_survive(siti: FlaskClient, ratna: FlaskClient, path: str) -> None:
    mine, theirs = (FORM | opened(client, f"{path}/edit") for client in (siti, ratna))
    assert ratna.post(path, data=theirs | {"planned_on": "2027-12-24", "agency": "PT Contoh"}).status_code == 303
    assert siti.post(path, data=mine | {"port": "Juanda"}).status_code == 303
    stored = departure()
    assert (stored.planned_on, stored.agency, stored.port) == (date(2027, 12, 24), "PT Contoh", "Juanda")


@pytest.mark.parametrize(
    ("choice", "kept", "words"), [("stored", date(2027, 12, 24), "24 Des 2027"), ("mine", None, "November 2027")]
)
def test_day_and_month_are_one_question(
    siti: FlaskClient, ratna: FlaskClient, cast: Cast, path: str, choice: str, kept: date | None, words: str
) -> None:
    mine, theirs = (FORM | opened(client, f"{path}/edit") for client in (siti, ratna))
    ratna.post(path, data=theirs | {"planned_on": "2027-12-24"})
    sent = mine | {"planned_on": "", "planned_month": "2027-11", "port": "Juanda"}
    page = siti.post(path, data=sent)
    assert asked(page)["asked"] == ["planned_on"]
    assert "Juanda" in page.text
    assert departure().port == ""
    assert siti.post(path, data=sent | asked(page) | {"keep-planned_on": choice}).status_code == 303
    assert (departure().planned_on, departure().port) == (kept, "Juanda")
    told = "Tanggal berangkat: “24 Des 2027” (Ratna Dewi) dan “November 2027” (Siti Aminah). Dipakai: "
    assert f"{told}“{words}”" in timeline(siti, cast)
    siti.post("/language", data={"language": "en"})
    assert "Two different entries for Day of departure: “24 Dec 2027” (Ratna Dewi)" in timeline(siti, cast)


def test_a_third_change_asks_once_more(siti: FlaskClient, ratna: FlaskClient, path: str) -> None:
    mine = FORM | opened(siti, f"{path}/edit")
    ratna.post(path, data=FORM | opened(ratna, f"{path}/edit") | {"destination_code": "HK"})
    first = asked(siti.post(path, data=mine | {"destination_code": "MY"}))
    ratna.post(path, data=FORM | opened(ratna, f"{path}/edit") | {"destination_code": "TW"})
    again = siti.post(path, data=mine | first | {"destination_code": "MY", "keep-destination_code": "mine"})
    assert asked(again)["asked"] == ["destination_code"]
    assert departure().destination_code == "TW"
    decided = mine | asked(again) | {"destination_code": "MY", "keep-destination_code": "mine"}
    assert siti.post(path, data=decided).status_code == 303
    assert departure().destination_code == "MY"


def test_what_both_wrote_must_go_together(siti: FlaskClient, ratna: FlaskClient, path: str) -> None:
    mine, theirs = (FORM | opened(client, f"{path}/edit") for client in (siti, ratna))
    ratna.post(path, data=theirs | {"contract_start": "2028-06-01"})
    page = siti.post(path, data=mine | {"contract_end": "2028-05-01"})
    assert page.status_code == 422
    assert 'value="2028-06-01"' in page.text
    assert departure().contract_end is None


def test_whoever_says_that_somebody_left_says_the_day(siti: FlaskClient, ratna: FlaskClient, path: str) -> None:
    db.session.query(Departure).update({"planned_on": date(2026, 1, 5)})
    db.session.commit()
    mine, theirs = (FORM | opened(client, f"{path}/edit") for client in (siti, ratna))
    assert ratna.post(path, data=theirs).status_code == 303
    left = mine | {"planned_on": "2026-01-05", "has_left": "y"}
    page = siti.post(path, data=left)
    assert asked(page)["asked"] == ["planned_on"]
    contrary = siti.post(path, data=left | asked(page) | {"keep-planned_on": "stored"})
    assert contrary.status_code == 422
    assert "Hapus centang ini" in contrary.text
    assert siti.post(path, data=left | asked(page) | {"keep-planned_on": "mine"}).status_code == 303
    assert (departure().planned_on, departure().departed_on) == (date(2026, 1, 5), date(2026, 1, 5))


PAPER = {"done_on": "2026-01-05", "number": "B1234567", "expires_on": "2031-01-05"}


@pytest.mark.parametrize(("choice", "day", "number"), [("stored", 5, "B1234567"), ("mine", 7, "C7654321")])
def test_a_paper_that_two_tick_is_asked(
    siti: FlaskClient, ratna: FlaskClient, cast: Cast, path: str, choice: str, day: int, number: str
) -> None:
    passport = f"{path}/papers/passport"
    mine, theirs = opened(siti, passport), opened(ratna, passport)
    assert ratna.post(passport, data=PAPER | theirs).status_code == 303
    sent = PAPER | mine | {"done_on": "2026-01-07", "number": "c 765 4321"}
    page = siti.post(passport, data=sent)
    assert asked(page)["asked"] == ["done_on", "number"]
    assert "B•••••67" in page.text
    assert "C•••••21" in page.text
    assert "B1234567" not in page.text
    keep = {"keep-done_on": choice, "keep-number": choice}
    assert siti.post(passport, data=sent | asked(page) | keep).status_code == 303
    assert paper() == (date(2026, 1, day), number, date(2031, 1, 5))
    shown = timeline(siti, cast)
    assert "Paspor" in shown
    assert "Nomor: “B•••••67” (Ratna Dewi) dan “C•••••21” (Siti Aminah)" in shown
    assert not any(
        "1234567" in str(facts) or "7654321" in str(facts) for facts in db.session.scalars(sa.select(Event.facts))
    )


def test_a_paper_that_is_missing_again_is_asked(siti: FlaskClient, ratna: FlaskClient, path: str) -> None:
    passport = f"{path}/papers/passport"
    siti.post(passport, data=PAPER | opened(siti, passport))
    mine = opened(siti, passport)
    ratna.post(f"{passport}/removal", data=opened(ratna, f"{passport}/removal"))
    sent = PAPER | mine | {"number": "", "expires_on": "2032-01-05"}
    page = siti.post(passport, data=sent)
    assert asked(page)["asked"] == ["done_on"]
    assert siti.post(passport, data=sent | asked(page) | {"keep-done_on": "stored"}).status_code == 303
    assert db.session.query(Paper).count() == 0
    assert siti.post(passport, data=sent | asked(page) | {"keep-done_on": "mine"}).status_code == 303
    assert paper() == (date(2026, 1, 5), "", date(2032, 1, 5))


def test_a_tap_after_a_removal_asks_nothing(siti: FlaskClient, path: str) -> None:
    visa, tap = f"{path}/papers/visa", {"done_on": "2026-01-05", "one_tap": "y"}
    assert siti.post(visa, data=tap).status_code == 303
    assert siti.post(f"{visa}/removal", data=opened(siti, f"{visa}/removal")).status_code == 303
    assert siti.post(visa, data=tap).status_code == 303
    assert db.session.query(Paper).count() == 1


def test_a_removal_takes_nothing_that_was_written_since(siti: FlaskClient, ratna: FlaskClient, path: str) -> None:
    passport, visa = f"{path}/papers/passport", f"{path}/papers/visa"
    removal = f"{passport}/removal"
    siti.post(passport, data={"done_on": "2026-01-05", "one_tap": "y"})
    mine = opened(siti, removal)
    assert ratna.post(passport, data=PAPER | opened(ratna, passport)).status_code == 303
    page = siti.post(removal, data=mine)
    assert page.status_code == 422
    assert "Ratna Dewi" in page.text
    assert "B•••••67" in page.text
    assert paper() == (date(2026, 1, 5), "B1234567", date(2031, 1, 5))
    again = carried(page.text)
    assert siti.post(visa, data={"done_on": "2026-01-05", "one_tap": "y"}).status_code == 303, "another paper"
    assert siti.post(removal, data=again).status_code == 303, "it was looked at"
    assert db.session.query(Paper.item_code).all() == [("visa",)]


@pytest.mark.parametrize("version", [{}, {"version": "0"}, {"version": "99"}, {"version": "x"}])
def test_a_removal_that_says_not_what_it_has_seen_shows_it_first(
    siti: FlaskClient, path: str, version: dict[str, str]
) -> None:
    removal = f"{path}/papers/passport/removal"
    siti.post(f"{path}/papers/passport", data=PAPER)
    page = siti.post(removal, data=version)
    assert page.status_code == 422
    assert paper() == (date(2026, 1, 5), "B1234567", date(2031, 1, 5))
    assert siti.post(removal, data=carried(page.text)).status_code == 303
    assert siti.post(removal, data=version).status_code == 303, "it is missing already"


def test_a_day_of_leaving_that_two_correct_is_asked(
    siti: FlaskClient, ratna: FlaskClient, cast: Cast, path: str
) -> None:
    siti.post(f"{path}/leaving", data={"on_day": "2026-01-05"})
    correction = f"{path}/leaving/correction"
    mine, theirs = opened(siti, correction), opened(ratna, correction)
    assert ratna.post(correction, data=theirs | {"on_day": "2026-01-06"}).status_code == 303
    page = siti.post(correction, data=mine | {"on_day": "2026-01-07"})
    assert asked(page)["asked"] == ["on_day"]
    assert departure().departed_on == date(2026, 1, 6)
    decided = asked(page) | {"on_day": "2026-01-07", "keep-on_day": "mine"}
    assert siti.post(correction, data=decided).status_code == 303
    assert departure().departed_on == date(2026, 1, 7)
    assert "“6 Jan 2026” (Ratna Dewi) dan “7 Jan 2026” (Siti Aminah)" in timeline(siti, cast)


@pytest.mark.parametrize("what", ["departure", "paper"])
def test_of_two_at_the_same_moment_one_is_asked(
    app: Flask, siti: FlaskClient, ratna: FlaskClient, path: str, what: str
) -> None:
    page, action = (f"{path}/edit", path) if what == "departure" else (f"{path}/papers/passport",) * 2
    values = [FORM | {"port": "Juanda"}, FORM | {"port": "Soekarno-Hatta"}]
    if what == "paper":
        values = [PAPER, PAPER | {"done_on": "2026-01-07"}]
    forms = [value | opened(client, page) for client, value in zip((siti, ratna), values, strict=True)]
    start, answers = Barrier(2), []

    def send(client: FlaskClient, form: dict[str, Any]) -> None:
        with app.app_context():
            start.wait(10)
            answers.append(client.post(action, data=form).status_code)
            db.session.remove()

    both = [Thread(target=send, args=one) for one in zip((siti, ratna), forms, strict=True)]
    for one in both:
        one.start()
    for one in both:
        one.join(30)
    assert sorted(answers) == [303, 422]
