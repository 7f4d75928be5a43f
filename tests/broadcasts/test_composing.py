"""From an empty form to a stored draft: the happy way, each bad input, and what only one's own area may choose."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.broadcasts.making import BODY, approved, draft
from tests.people import HOME, NEIGHBOUR, OTHER_VILLAGE, REGENCY, Cast
from tests.warnings.conftest import Browser
from tests.warnings.crowd import MORNING
from webapp import clock
from webapp.broadcasts import acts
from webapp.broadcasts.model import Broadcast, SavedAudience
from webapp.broadcasts.timing import OFFICE_ZONE
from webapp.db import db
from webapp.outbox.model import Message

FORM: dict[str, Any] = {
    "title": "Bursa kerja",
    "recipients": "migrants",
    "areas": [HOME],
    "body_id": BODY,
    "when": "now",
    "announced": "y",
}


def all_drafts() -> list[Broadcast]:
    db.session.expire_all()
    return list(db.session.scalars(sa.select(Broadcast).order_by(Broadcast.id)))


def day(ahead: int) -> str:
    return (clock.day_of(clock.real_now(), OFFICE_ZONE) + timedelta(days=ahead)).isoformat()


def ticked(page: str) -> set[str]:
    """Areas that are ticked on a page."""
    boxes = re.findall(r"<input[^>]*name=\"areas\"[^>]*>", page)
    return {re.search(r'value="([^"]*)"', box)[1] for box in boxes if "checked" in box}  # type: ignore[index]  # fails the test if None


def test_a_filled_form_becomes_a_counted_draft(app: Flask, cast: Cast, browser: Browser) -> None:
    asked = {"stages": ["prospect"], "sex": "f", "age_from": "20", "destinations": ["TW"], "leaves_from": day(0)}
    later = {"when": "later", "send_on": day(3), "send_at": "09:30", "spread_hours": "4", "useful_until": day(9)}
    answer = browser("ratna").post(
        "/broadcasts", data=FORM | asked | later | {"body_jv": BODY + " Matur nuwun.", "confirmed_by": "Balai Bahasa"}
    )
    (stored,) = all_drafts()
    assert (answer.status_code, answer.location) == (303, f"/broadcasts/{stored.id}")
    assert (stored.title, stored.state, stored.area_code, stored.drafted_by.username) == (
        "Bursa kerja", "draft", REGENCY, "ratna",
    )  # fmt: skip
    assert stored.criteria.stored() == asked | {"areas": [HOME], "age_from": 20}
    assert set(stored.bodies) == {"id", "jv"}
    assert (str(stored.send_on), stored.send_minute, stored.spread_hours) == (day(3), 9 * 60 + 30, 4)
    assert stored.announced
    assert acts.forecast_of(stored) is not None
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Message)) == 0
    assert browser("ratna").get(f"/broadcasts/{stored.id}").status_code == 200


def test_a_form_that_comes_twice_is_stored_once(app: Flask, cast: Cast, browser: Browser) -> None:
    form = FORM | {"client_id": "0f0e1d2c-0000-4000-8000-0000000000aa"}
    # Counting meanwhile does not use up the key of the form.
    assert browser("ratna").post("/broadcasts/count", data=form).status_code == 200
    first = browser("ratna").post("/broadcasts", data=form)
    again = browser("ratna").post("/broadcasts", data=form)
    assert first.location == again.location
    assert len(all_drafts()) == 1


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "no title": ({"title": " "}, "Give it a name."),
    "no area": ({"areas": []}, "Choose an area."),
    "an area of another regency": ({"areas": [HOME, OTHER_VILLAGE]}, "Choose only areas inside your own."),
    "the nation": ({"areas": ["ID"]}, "Choose only areas inside your own."),
    "nobody": ({"recipients": "everybody"}, "Choose one of those that are offered."),
    "a stage that is none": ({"stages": ["deceased"]}, "Choose one of those that are offered."),
    "a child": ({"age_from": "17"}, "From 18 to 99 years."),
    "ages that are turned": ({"age_from": "40", "age_until": "30"}, "It ends before it begins."),
    "days that are turned": ({"leaves_from": "2027-02-01", "leaves_until": "2027-01-01"}, "It ends before it begins."),
    "a day that is none": ({"leaves_from": "2026-02-31"}, "There is no such day."),
    "a country that is none": ({"destinations": ["QQ"]}, "Choose one of those that are offered."),
    "no words": ({"body_id": "  "}, "Write the words."),
    "a value that is none": ({"body_id": BODY + " {nik}"}, "{nik} is not known. Possible: {n}, {desa}, {hp}."),
    "a brace": ({"body_id": BODY + " {"}, "A { stands alone."),
    "five texts": ({"body_id": BODY + " kata" * 103}, "Too long: at most four texts."),
    "too many letters": ({"body_id": BODY + "x" * 612}, "At most 612 letters."),
    "nobody who speaks": ({"body_id": "Halo, tanya {hp}"}, "Say who speaks"),
    "no answer": ({"body_id": "Desmigratif: halo"}, "Say where to answer"),
    "bad words of another language": ({"body_su": "Halo {hp}"}, "Say who speaks"),
    "no day": ({"when": "later", "send_at": "09:00"}, "Say on which day."),
    "yesterday": ({"when": "later", "send_on": day(-1), "send_at": "09:00"}, "This day is over."),
    "far away": ({"when": "later", "send_on": day(61), "send_at": "09:00"}, "At most 60 days ahead."),
    "no hour": ({"when": "later", "send_on": day(2)}, "Say at which hour."),
    "at night": ({"when": "later", "send_on": day(2), "send_at": "20:00"}, "From 8.00 to 19.59."),
    "a passed hour": (
        {"when": "later", "send_on": day(0), "send_at": "00:00", "emergency": "y", "reason": "port"},
        "This hour has passed.",
    ),
    "two days of spreading": ({"spread_hours": "48"}, "From 0 to 24 hours."),
    "over before it begins": (
        {"when": "later", "send_on": day(5), "send_at": "09:00", "useful_until": day(4)},
        "It would be over before it begins.",
    ),
    "an emergency without a reason": ({"emergency": "y"}, "Say why it is an emergency."),
}


@pytest.mark.parametrize("what", WRONG)
def test_it_refuses(app: Flask, cast: Cast, browser: Browser, what: str) -> None:
    wrong, said = WRONG[what]
    answer = browser("ratna").post("/broadcasts", data=FORM | wrong)
    assert answer.status_code == 422
    assert "Please correct this first" in answer.text
    assert said in answer.text
    assert all_drafts() == []


def test_an_emergency_may_go_at_night(app: Flask, cast: Cast, browser: Browser) -> None:
    night = {"when": "later", "send_on": day(2), "send_at": "23:15", "emergency": "y", "reason": "port"}
    assert browser("ratna").post("/broadcasts", data=FORM | night).status_code == 303
    (stored,) = all_drafts()
    assert (stored.send_minute, stored.reason) == (23 * 60 + 15, "port")


def test_of_facilitators_only_the_areas_are_asked(app: Flask, cast: Cast, browser: Browser) -> None:
    form = FORM | {"recipients": "facilitators", "stages": ["prospect"], "missing": ["passport"]}
    assert browser("ratna").post("/broadcasts", data=form).status_code == 303
    (stored,) = all_drafts()
    assert stored.asked == {}
    assert acts.forecast_of(stored).recipients == 1  # type: ignore[union-attr]  # fails the test if None


def test_only_its_drafter_changes_a_draft(app: Flask, cast: Cast, browser: Browser) -> None:
    stored = draft(cast)
    address = f"/broadcasts/{stored.id}/edit"
    page = browser("ratna").get(address)
    assert "Bursa kerja" in page.text
    assert ticked(page.text) == {HOME}
    changed = FORM | {"title": "Bursa besar", "areas": [NEIGHBOUR], "version": "1"}
    for other in ("bambang", "hartono", "dewi"):
        assert browser(other).get(address).status_code == 404
        assert browser(other).post(address, data=changed).status_code == 404
    assert browser("ratna").post(address, data=changed).status_code == 303
    (now,) = all_drafts()
    assert (now.title, now.version, [row.area_code for row in now.areas]) == ("Bursa besar", 2, [NEIGHBOUR])
    assert acts.forecast_of(now) is not None


def test_a_draft_that_was_changed_meanwhile_is_not_overwritten(app: Flask, cast: Cast, browser: Browser) -> None:
    stored = draft(cast)
    address = f"/broadcasts/{stored.id}/edit"
    assert browser("ratna").post(address, data=FORM | {"title": "A", "version": "1"}).status_code == 303
    answer = browser("ratna").post(address, data=FORM | {"title": "B", "version": "1"}, follow_redirects=True)
    assert answer.status_code == 422
    assert "changed meanwhile" in answer.text
    assert 'value="B"' in answer.text
    assert all_drafts()[0].title == "A"


def test_what_is_approved_is_not_changed(app: Flask, cast: Cast, browser: Browser) -> None:
    stored = approved(cast, now=MORNING)
    address = f"/broadcasts/{stored.id}/edit"
    assert browser("ratna").get(address).status_code == 303
    assert browser("ratna").post(address, data=FORM | {"version": str(stored.version)}).status_code == 303
    assert all_drafts()[0].state == "approved"


def test_a_copy_keeps_words_and_people_but_no_day(app: Flask, cast: Cast, browser: Browser) -> None:
    cause = draft(cast, by="bambang", areas=[HOME, OTHER_VILLAGE], asked={"sex": "f"}, send_on=MORNING.date())
    cause.state, cause.approved_at = "done", MORNING
    db.session.commit()
    page = browser("ratna").get(f"/broadcasts/new?copy={cause.id}").text
    assert "1 area is not yours and was left out." in page
    assert "bursa kerja di {desa}" in page
    assert 'name="send_on" type="date" value=""' in page
    assert OTHER_VILLAGE not in page
    assert browser("ratna").post("/broadcasts", data=FORM | {"copied_from": str(cause.id)}).status_code == 303
    assert all_drafts()[1].copied_from_id == cause.id


def test_what_one_may_not_see_is_not_copied(app: Flask, cast: Cast, browser: Browser) -> None:
    other = draft(cast, by="hartono", areas=[OTHER_VILLAGE])
    for asked in (other.id, 999, "x", -1):
        assert browser("ratna").get(f"/broadcasts/new?copy={asked}").status_code == 404
    answer = browser("ratna").post("/broadcasts", data=FORM | {"copied_from": str(other.id)})
    assert answer.status_code == 404
    assert len(all_drafts()) == 1


def test_areas_of_the_address_are_ticked_but_not_others_ones(app: Flask, cast: Cast, browser: Browser) -> None:
    page = browser("ratna").get(f"/broadcasts/new?area={HOME}&area={OTHER_VILLAGE}&area={'.' * 300}").text
    assert ticked(page) == {HOME}
    assert "Bajing, Kroya" in page
    assert OTHER_VILLAGE not in page


def test_a_village_is_found_by_its_name(app: Flask, cast: Cast, browser: Browser) -> None:
    part = browser("ratna").post("/broadcasts/places", data={"place": "bunt"}, headers={"HX-Request": "true"}).text
    assert "Buntu, Kroya" in part
    assert "<html" not in part
    nothing = browser("ratna").post("/broadcasts/places", data={"place": "kradenan"}).text
    assert "Nothing is called so in your area." in nothing
    assert "<h1>" in nothing
    assert "Please correct this first" not in nothing


def test_an_audience_is_saved_once_by_name_and_used_below(app: Flask, cast: Cast, browser: Browser) -> None:
    form = FORM | {"audience_name": "Ke Taiwan", "destinations": ["TW"], "title": "", "body_id": "belum"}
    page = browser("ratna").post("/broadcasts/audiences", data=form)
    assert page.status_code == 200
    assert "The audience is saved." in page.text
    assert "belum" in page.text
    (found,) = db.session.scalars(sa.select(SavedAudience))
    assert (found.name, found.area_code) == ("Ke Taiwan", REGENCY)
    assert found.asked == {"areas": [HOME], "destinations": ["TW"]}
    again = browser("ratna").post("/broadcasts/audiences", data=form)
    assert again.status_code == 422
    assert "an audience with this name" in again.text
    used = browser("ratna").get(f"/broadcasts/new?audience={found.id}").text
    assert "Bajing, Kroya" in used
    assert "Begin with a saved audience" in used
    # The province is above the regency, and another regency is beside it.
    assert browser("bambang").get(f"/broadcasts/new?audience={found.id}").status_code == 404
    assert browser("hartono").get(f"/broadcasts/new?audience={found.id}").status_code == 404


def test_an_audience_from_above_loses_the_areas_of_others(app: Flask, cast: Cast, browser: Browser) -> None:
    form = {"audience_name": "Jawa", "areas": [HOME, OTHER_VILLAGE, "35"]}
    assert browser("dewi").post("/broadcasts/audiences", data=FORM | form).status_code == 200
    (found,) = db.session.scalars(sa.select(SavedAudience))
    page = browser("ratna").get(f"/broadcasts/new?audience={found.id}").text
    assert "2 areas are not yours and were left out." in page
    for other in ("ratna", "hartono"):
        assert browser(other).post(f"/broadcasts/audiences/{found.id}/removal").status_code == 404
    assert browser("dewi").post(f"/broadcasts/audiences/{found.id}/removal").status_code == 303
    assert db.session.scalar(sa.select(sa.func.count()).select_from(SavedAudience)) == 0


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"audience_name": ""}, "Give the audience a name."),
        ({"audience_name": "x" * 61}, "At most 60 letters."),
        ({"areas": []}, "Choose an area."),
        ({"areas": [OTHER_VILLAGE]}, "Choose only areas inside your own."),
    ],
)
def test_no_audience_is_saved(app: Flask, cast: Cast, browser: Browser, wrong: dict[str, Any], said: str) -> None:
    answer = browser("ratna").post("/broadcasts/audiences", data=FORM | {"audience_name": "Ke Taiwan"} | wrong)
    assert answer.status_code == 422
    assert said in answer.text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(SavedAudience)) == 0


def test_the_list_leads_to_a_new_one(app: Flask, cast: Cast, browser: Browser) -> None:
    assert 'href="/broadcasts/new"' in browser("ratna").get("/broadcasts").text
    stored = draft(cast)
    assert 'href="/broadcasts/new"' in browser("ratna").get("/broadcasts").text
    page = browser("ratna").get(f"/broadcasts/{stored.id}").text
    assert f'href="/broadcasts/new?copy={stored.id}"' in page
    assert f'href="/broadcasts/{stored.id}/edit"' in page


@pytest.mark.parametrize("who", ["siti", "agus"])
def test_only_coordinators_put_broadcasts_together(app: Flask, cast: Cast, browser: Browser, who: str) -> None:
    assert browser(who).get("/broadcasts/new").status_code == 403
    assert browser(who).post("/broadcasts", data=FORM).status_code == 403
    assert browser(who).post("/broadcasts/count", data=FORM).status_code == 403
    assert all_drafts() == []
