"""One phone gets a warning once; what its texts cost, and where to answer, by routes."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.people import HOME, NEIGHBOUR, Cast
from tests.routes_.making import make_route
from tests.warnings.crowd import MORNING, approved, willing
from tests.warnings.test_sending import send, texts_of
from webapp.db import db
from webapp.people.model import Phone
from webapp.warnings import audience, presenter, ready, sending

SHARED = "+6285799990000"


def share(people: list[int]) -> None:
    db.session.execute(sa.update(Phone).where(Phone.person_id.in_(people)).values(number=SHARED))
    db.session.commit()


@pytest.mark.parametrize("portion", [1, 2000])
def test_one_phone_gets_one_text(app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch, portion: int) -> None:
    people = willing(cast, 4)
    share(people[1:3])
    warning = approved(cast, areas=[HOME])
    found = audience.count(warning, MORNING)
    monkeypatch.setattr(sending, "PORTION", portion)
    texts = texts_of(send(warning))
    numbers = [text.number for text in texts]
    assert len(numbers) == len(set(numbers)) == found.recipients
    assert [text.person_id for text in texts if text.number == SHARED] == [people[1]]
    assert found.left_out["same_phone"] == 1


def test_another_warning_is_news_again(app: Flask, cast: Cast) -> None:
    people = willing(cast, 2)
    share(people)
    first, second = approved(cast, areas=[HOME]), approved(cast, areas=[HOME])
    assert [text.number for text in texts_of(send(first))].count(SHARED) == 1
    assert [text.number for text in texts_of(send(second))].count(SHARED) == 1


def test_a_text_costs_what_its_route_costs(app: Flask, cast: Cast) -> None:
    willing(cast, 2)
    willing(cast, 3, NEIGHBOUR)
    make_route("murah", price_rupiah=25, areas=NEIGHBOUR, purposes="notice")
    db.session.commit()
    found = audience.count(approved(cast, areas=["33.01.06"]), MORNING)
    assert found.routes["murah"] >= 3
    here = found.recipients - found.routes["murah"]
    assert presenter.cost_of(found.routes) == found.routes["murah"] * 25 + here * 350


@pytest.mark.settings(sms_reply_number="081234567890")
@pytest.mark.parametrize(("areas", "number"), [("33.01", "081377770000"), ("33.02", "081234567890")])
def test_a_poster_names_the_number_that_hears_the_whole_area_of_the_office(
    app: Flask, cast: Cast, areas: str, number: str
) -> None:
    make_route("modem", reply_number="+6281377770000", areas=areas)
    warning = approved(cast, areas=[HOME])
    assert warning.area_code == "33.01"
    assert f"SMS LAPOR atau BANTU ke {number}." in ready.for_groups(warning)
    assert ready.public_number(warning) == number
    code = ready.code_to_write(warning)
    assert code is not None
    assert code["address"] == f"sms:+62{number[1:]}?body=LAPOR"
