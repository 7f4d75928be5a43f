"""Ticking a paper: with a script the line stays under the finger, without one the page comes anew."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest
from flask.testing import FlaskClient

from tests.conftest import Login
from tests.editing import carried, opened
from tests.people import Cast
from webapp import clock
from webapp.db import db
from webapp.departures import acts
from webapp.departures.model import Departure, Paper

HTMX = {"HX-Request": "true"}
KEY = "11111111-2222-4333-8444-555555555555"


@pytest.fixture
def facilitator(client: FlaskClient, cast: Cast, login: Login) -> FlaskClient:
    login(client, cast.facilitator)
    return client


@pytest.fixture
def visa(cast: Cast) -> str:
    """Where the visa of a departure in the far future is ticked."""
    now = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
    leaves = date(clock.now().year + 1, 12, 20)
    made = acts.record(cast.migrant, cast.facilitator, now, destination_code="TW", scheme="p3mi", planned_on=leaves)
    db.session.commit()
    return f"/departures/{made.id}/papers/visa"


def there() -> list[str]:
    db.session.expire_all()
    return [paper.item_code for paper in db.session.query(Paper)]


def ticked(client: FlaskClient, path: str, **more: str) -> str:
    day = clock.day_of(clock.now(), "Asia/Jakarta").isoformat()
    answer = client.post(path, data={"done_on": day} | more, headers=HTMX)
    assert answer.status_code == 200
    return answer.text


def test_the_line_stays_and_what_depends_on_it_follows(facilitator: FlaskClient, visa: str) -> None:
    missing = int(re.findall(r"(\d+) masih kurang", facilitator.get(visa.partition("/papers")[0]).text)[0])
    part = ticked(facilitator, visa)
    assert "<html" not in part
    assert part.lstrip().startswith('<li id="paper-visa" class="is-done"')
    assert f"{missing - 1} masih kurang" in part
    assert len(re.findall('hx-swap-oob="true"', part)) == 3, "badge, sentence and plan"
    assert there() == ["visa"]


def test_it_is_taken_back_in_the_same_place(facilitator: FlaskClient, visa: str) -> None:
    part = ticked(facilitator, visa)
    assert f'hx-post="{visa}/removal"' in part
    part = facilitator.post(f"{visa}/removal", data=carried(part), headers=HTMX).text
    assert 'id="paper-visa" class="is-missing"' in part
    assert there() == []


def test_it_is_not_taken_back_in_place_once_more_was_written(facilitator: FlaskClient, visa: str) -> None:
    path = visa.replace("visa", "passport")
    undo = carried(ticked(facilitator, path))
    form = {"done_on": "2026-01-05", "number": "C1234567", "expires_on": "2031-01-05"}
    facilitator.post(path, data=form | opened(facilitator, path))
    answer = facilitator.post(f"{path}/removal", data=undo, headers=HTMX)
    assert answer.headers["HX-Redirect"] == f"{path}/removal"
    assert "C•••••67" in facilitator.get(f"{path}/removal").text
    assert passport() == (date(2026, 1, 5), "C•••••67", date(2031, 1, 5))


def test_without_a_script_the_page_comes_anew(facilitator: FlaskClient, visa: str) -> None:
    day = clock.day_of(clock.now(), "Asia/Jakarta").isoformat()
    answer = facilitator.post(visa, data={"done_on": day})
    assert (answer.status_code, answer.location) == (303, visa.replace("/papers/", "#paper-"))


def test_a_repeat_of_the_tick_is_led_to_the_page(facilitator: FlaskClient, visa: str) -> None:
    ticked(facilitator, visa, client_id=KEY)
    day = clock.day_of(clock.now(), "Asia/Jakarta").isoformat()
    again = facilitator.post(visa, data={"done_on": day, "client_id": KEY}, headers=HTMX)
    assert again.headers["HX-Redirect"] == visa.replace("/papers/", "#paper-")


def test_a_tick_that_does_not_fit_opens_its_page(facilitator: FlaskClient, visa: str) -> None:
    answer = facilitator.post(visa, data={"done_on": "2031-01-01"}, headers=HTMX)
    assert answer.headers["HX-Redirect"] == visa
    assert there() == []


def passport() -> tuple[date, str, date | None]:
    db.session.expire_all()
    paper = db.session.query(Paper).one()
    return paper.done_on, paper.number_masked, paper.expires_on


def test_a_tap_on_an_old_page_takes_nothing_from_a_paper_that_is_there(facilitator: FlaskClient, visa: str) -> None:
    """Another officer has written the number and expiry since, and the text before it ends is planned from them."""
    path, today = visa.replace("visa", "passport"), clock.day_of(clock.now(), "Asia/Jakarta")
    page = facilitator.get(path.partition("/papers")[0]).text
    assert 'name="one_tap"' in page
    form = {"done_on": "2026-01-05", "number": "C1234567", "expires_on": "2031-01-05"}
    assert facilitator.post(path, data=form).status_code == 303
    written = passport()
    assert written == (date(2026, 1, 5), "C•••••67", date(2031, 1, 5))
    assert 'id="paper-passport" class="is-done"' in ticked(facilitator, path, one_tap="y")
    assert facilitator.post(path, data={"done_on": today.isoformat(), "one_tap": "y"}).status_code == 303
    assert passport() == written
    older_still = facilitator.post(path, data={"done_on": today.isoformat()}, headers=HTMX)
    assert older_still.headers["HX-Redirect"] == path
    assert passport() == written


def test_only_an_emptied_expiry_is_taken_away(facilitator: FlaskClient, visa: str) -> None:
    path = visa.replace("visa", "passport")
    form = {"done_on": "2026-01-05", "number": "C1234567", "expires_on": "2031-01-05"}
    facilitator.post(path, data=form)
    facilitator.post(path, data=form | {"number": "", "expires_on": ""} | opened(facilitator, path))
    assert passport() == (date(2026, 1, 5), "C•••••67", None), "the number is only replaced, as its page says"


PAST = {"destination_code": "TW", "scheme": "p3mi", "planned_on": "2026-01-05"}


def test_a_day_that_has_passed_is_asked_about(facilitator: FlaskClient, cast: Cast) -> None:
    path = f"/people/{cast.migrant.id}/departures"
    asked = facilitator.post(path, data=PAST)
    assert asked.status_code == 422
    assert 'name="has_left"' in asked.text
    assert db.session.query(Departure).count() == 0
    assert facilitator.post(path, data=PAST | {"has_left": "y"}).status_code == 303
    made = db.session.query(Departure).one()
    assert (made.departed_on, cast.migrant.stage) == (date(2026, 1, 5), "departed")


SINCE = datetime(2025, 12, 2, 3, 0, tzinfo=UTC)


def entered(cast: Cast) -> Departure:
    """The departure of PAST, as the page stores it, while its day was still to come."""
    words = dict.fromkeys(("sector", "job", "agency", "employer", "port"), "")
    facts = {**words, "destination_code": "TW", "scheme": "p3mi", "planned_on": date(2026, 1, 5)}
    made = acts.record(cast.migrant, cast.facilitator, SINCE, **facts)
    db.session.commit()
    return made


def test_a_day_that_passed_since_it_was_entered_may_stay(facilitator: FlaskClient, cast: Cast) -> None:
    made = entered(cast)
    form = PAST | {"agency": "PT Maju", "version": str(made.version)}
    assert facilitator.post(f"/departures/{made.id}", data=form).status_code == 303
    moved = facilitator.post(f"/departures/{made.id}", data=form | {"planned_on": "2026-01-06", "version": "2"})
    assert moved.status_code == 422
    assert db.session.get_one(Departure, made.id).departed_on is None
    assert 'name="has_left"' in facilitator.get(f"/departures/{made.id}/edit").text
    left = form | {"has_left": "y", "version": "2"}
    assert facilitator.post(f"/departures/{made.id}", data=left).status_code == 303
    assert db.session.get_one(Departure, made.id, populate_existing=True).departed_on == date(2026, 1, 5)


def test_who_left_on_another_day_than_planned_is_not_asked_again(facilitator: FlaskClient, cast: Cast) -> None:
    made = entered(cast)
    acts.leave(made, cast.facilitator, SINCE, date(2026, 1, 7))
    db.session.commit()
    assert 'name="has_left"' not in facilitator.get(f"/departures/{made.id}/edit").text
    form = PAST | {"contract_end": "2028-01-05", "version": str(made.version)}
    assert facilitator.post(f"/departures/{made.id}", data=form).status_code == 303
    again = form | {"planned_on": "2026-01-06", "has_left": "y", "version": str(made.version + 1)}
    refused = facilitator.post(f"/departures/{made.id}", data=again)
    assert refused.status_code == 422
    assert "7 Jan 2026" in refused.text
    assert db.session.get_one(Departure, made.id, populate_existing=True).departed_on == date(2026, 1, 7)


def test_a_departure_entered_again_is_noted_as_left(facilitator: FlaskClient, cast: Cast) -> None:
    made = entered(cast)
    path = f"/people/{cast.migrant.id}/departures"
    assert facilitator.post(path, data=PAST | {"has_left": "y"}).status_code == 303
    assert db.session.query(Departure).one().departed_on == date(2026, 1, 5)
    assert facilitator.post(path, data=PAST | {"has_left": "y"}).status_code == 303, "once more is the same"
    made = db.session.get_one(Departure, made.id, populate_existing=True)
    made.departed_on = date(2026, 1, 7)
    db.session.commit()
    assert facilitator.post(path, data=PAST | {"has_left": "y"}).status_code == 422


def test_nobody_leaves_by_a_departure_that_is_cancelled(facilitator: FlaskClient, cast: Cast) -> None:
    made = entered(cast)
    acts.cancel(made, cast.facilitator, SINCE, "ragu")
    db.session.commit()
    refused = facilitator.post(
        f"/departures/{made.id}", data=PAST | {"planned_on": "2026-01-06", "has_left": "y", "version": "2"}
    )
    assert refused.status_code == 422
    assert "Lanjutkan" in refused.text
    assert db.session.get_one(Departure, made.id, populate_existing=True).planned_on == date(2026, 1, 5)


@pytest.mark.parametrize(
    ("code", "number", "unusual"),
    [
        ("passport", "C1234567", False),
        ("passport", "c 123-4567", False),
        ("passport", "123", True),
        ("bpjs", "12345678901", False),
        ("bpjs", "1234", True),
        ("passport", "", False),
    ],
)
def test_an_unusual_number_is_stored_and_asked_to_be_compared(
    facilitator: FlaskClient, visa: str, code: str, number: str, unusual: bool
) -> None:
    path = visa.replace("visa", code)
    assert facilitator.post(path, data={"done_on": "2026-11-01", "number": number}).status_code == 303
    page = facilitator.get(path.partition("/papers")[0]).text
    assert ("tampak tidak biasa" in page) is unusual
    assert there() == [code]


def test_a_tap_on_an_old_page_offers_no_quick_way_to_delete_what_another_stored(
    facilitator: FlaskClient, cast: Cast, visa: str
) -> None:
    path = visa.replace("visa", "passport")
    form = {"done_on": "2026-11-01", "number": "B1234567", "expires_on": "2030-01-01"}
    assert facilitator.post(path, data=form).status_code == 303
    assert "/removal" not in ticked(facilitator, path, one_tap="y")


def test_after_leaving_nothing_is_urgent_any_more(facilitator: FlaskClient, visa: str) -> None:
    """What was not noted can still be; but nobody is told to hurry with a paper of somebody who has gone."""
    page = visa.partition("/papers")[0]
    departure = db.session.query(Departure).one()
    departure.planned_on = departure.departed_on = clock.day_of(clock.now(), "Asia/Jakarta")
    db.session.commit()
    shown = facilitator.get(page).text
    assert "tidak tercatat." in shown
    assert "is-late" not in shown
    assert "Urus secepatnya" not in shown
    assert f'action="{visa}"' in shown
