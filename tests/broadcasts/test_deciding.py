"""Who may let a broadcast out, and that they decide on what they read."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Flask

from tests.broadcasts.making import again, allow, approved, draft, work
from tests.people import HOME, NEIGHBOUR, REGENCY, Cast
from tests.warnings.conftest import Browser
from tests.warnings.crowd import MORNING, willing
from webapp import clock
from webapp.broadcasts import acts, ready
from webapp.broadcasts.model import Broadcast
from webapp.broadcasts.timing import OFFICE_ZONE, month_of
from webapp.db import db


def send(browser: Browser, who: str, broadcast: Broadcast, act: str, **form: Any) -> int:
    facts = {"version": str(broadcast.version), "people": "1", **form}
    return browser(who).post(f"/broadcasts/{broadcast.id}/{act}", data=facts).status_code


def ready_to_go(cast: Cast, **facts: Any) -> Broadcast:
    """Drafted today, as the pages tell time, with money enough."""
    now = clock.now()
    allow(cast, REGENCY, month=month_of(now))
    return draft(cast, now=now, **facts)


def test_a_small_one_is_let_out_by_its_drafter_alone(app: Flask, cast: Cast, browser: Browser) -> None:
    broadcast = ready_to_go(cast)
    assert send(browser, "ratna", broadcast, "approval") == 303
    assert again(broadcast).state == "approved"


def test_parts_of_a_great_one_are_not_small(app: Flask, cast: Cast, browser: Browser) -> None:
    willing(cast, 40), willing(cast, 40, NEIGHBOUR)
    one, other = ready_to_go(cast), ready_to_go(cast, areas=[NEIGHBOUR], bodies={"id": "Desmigratif: lain. {hp}"})
    send(browser, "ratna", one, "approval", people="60")
    assert again(one).state == "approved"
    assert ready.preview_of(again(other), clock.now()).needs_second
    send(browser, "ratna", other, "approval", people="60")
    assert again(other).state == "draft"


def test_whoever_drafts_a_great_one_hands_it_over_and_another_approves(
    app: Flask, cast: Cast, browser: Browser
) -> None:
    willing(cast, 60)
    broadcast = ready_to_go(cast)
    send(browser, "ratna", broadcast, "approval", people="70")
    assert again(broadcast).state == "draft"
    send(browser, "ratna", again(broadcast), "submission", people="70")
    assert again(broadcast).state == "waiting"
    send(browser, "ratna", again(broadcast), "approval", people="70")
    assert again(broadcast).state == "waiting"
    assert send(browser, "hartono", again(broadcast), "approval", people="70") == 404
    send(browser, "bambang", again(broadcast), "approval", people="70")
    assert again(broadcast).state == "approved"


def test_an_emergency_is_never_let_out_alone(app: Flask, cast: Cast, browser: Browser) -> None:
    broadcast = ready_to_go(cast, emergency=True, reason="port")
    send(browser, "ratna", broadcast, "approval")
    assert again(broadcast).state == "draft"


def test_whoever_approves_has_read_for_how_many_it_is(app: Flask, cast: Cast, browser: Browser) -> None:
    willing(cast, 60)
    broadcast = ready_to_go(cast)
    acts.hand_over(broadcast, cast.coordinator, clock.now())
    db.session.commit()
    willing(cast, 90, NEIGHBOUR)
    for row in broadcast.areas:
        row.area_code = REGENCY
    db.session.commit()
    answer = browser("bambang").post(
        f"/broadcasts/{broadcast.id}/approval",
        data={"version": str(broadcast.version), "people": "61"},
        follow_redirects=True,
    )
    assert "Many more people would get it than the page said" in answer.text
    assert again(broadcast).state == "waiting"
    assert "Approve and send to 151 people" in answer.text
    send(browser, "bambang", again(broadcast), "approval", people="151")
    assert again(broadcast).state == "approved"


def test_an_hour_that_has_passed_is_chosen_anew(app: Flask, cast: Cast) -> None:
    now = clock.now()
    today = clock.day_of(now, OFFICE_ZONE)
    broadcast = ready_to_go(cast, send_on=today - timedelta(days=1), send_minute=540)
    assert "hour_passed" in ready.preview_of(broadcast, now).obstacles
    assert (
        "hour_passed"
        not in ready.preview_of(ready_to_go(cast, send_on=today + timedelta(days=1), send_minute=540), now).obstacles
    )


def test_what_another_officer_halted_its_drafter_does_not_let_go_on(app: Flask, cast: Cast, browser: Browser) -> None:
    willing(cast, 3)
    broadcast = work(approved(cast, areas=[HOME]))
    send(browser, "bambang", broadcast, "pause", why="look")
    assert again(broadcast).state == "paused"
    assert send(browser, "ratna", again(broadcast), "resumption", people="9") == 403
    assert send(browser, "bambang", again(broadcast), "resumption", people="9") == 303
    assert again(broadcast).state == "sending"
    send(browser, "ratna", again(broadcast), "pause", why="look")
    assert send(browser, "ratna", again(broadcast), "resumption", people="9") == 303


def test_the_same_words_are_sent_twice_only_if_that_is_meant(app: Flask, cast: Cast, browser: Browser) -> None:
    one, other = ready_to_go(cast), ready_to_go(cast)
    send(browser, "ratna", one, "approval")
    send(browser, "ratna", other, "approval")
    assert again(other).state == "draft"
    send(browser, "ratna", again(other), "approval", again="y")
    assert again(other).state == "approved"


def test_it_is_no_money_of_the_next_day(app: Flask, cast: Cast) -> None:
    """MORNING is another day than the pages' today: what was let out then does not count."""
    willing(cast, 40)
    old = approved(cast)
    old.approved_by_id = old.drafted_by_id
    db.session.commit()
    assert not ready.preview_of(ready_to_go(cast), MORNING + timedelta(days=30)).needs_second


def test_whoever_gives_it_back_says_what_exactly(app: Flask, cast: Cast, browser: Browser) -> None:
    willing(cast, 60)
    broadcast = ready_to_go(cast)
    send(browser, "ratna", broadcast, "submission", people="70")
    long = browser("bambang").post(f"/broadcasts/{broadcast.id}/return", data={"why": "text", "note": "x" * 201})
    assert long.status_code == 422
    assert "At most 200 letters." in long.text
    assert 'href="#give-back-note"' in long.text
    assert 'id="give-back-note"' in long.text
    send(browser, "bambang", again(broadcast), "return", why="text", note="Jam berapa  mulainya? 100% <b>")
    assert again(broadcast).state == "draft"
    why = "The words are not clear: Jam berapa mulainya? 100% &lt;b&gt;"
    assert f"Given back by {cast.province.name}: {why}" in browser("ratna").get(f"/broadcasts/{broadcast.id}").text
    assert f"{broadcast.code} was given back: {why}" in browser("ratna").get("/").text


def test_a_reason_alone_is_enough(app: Flask, cast: Cast, browser: Browser) -> None:
    willing(cast, 60)
    broadcast = ready_to_go(cast)
    send(browser, "ratna", broadcast, "submission", people="70")
    answer = browser("bambang").post(f"/broadcasts/{broadcast.id}/rejection", data={"why": ""})
    assert answer.status_code == 422
    assert 'href="#reject-why-0"' in answer.text
    assert 'id="reject-why-0"' in answer.text
    assert send(browser, "bambang", again(broadcast), "rejection", why="told") == 303
    page = browser("ratna").get(f"/broadcasts/{broadcast.id}").text
    assert f"Refused by {cast.province.name}: People know it already</p>" in page
