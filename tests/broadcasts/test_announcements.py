"""Notices on the web: who is told of them on Hari ini, until when, and what is passed on."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.broadcasts.making import again, approved, draft
from tests.people import HOME, NEIGHBOUR, PROVINCE, REGENCY, Cast
from tests.warnings.conftest import Browser
from webapp import clock
from webapp.accounts.model import AuditEntry
from webapp.broadcasts import acts, news, queries
from webapp.broadcasts.announcing import without_name
from webapp.broadcasts.model import Broadcast
from webapp.db import db

TITLE = "Bursa kerja di balai desa"


def published(cast: Cast, *, state: str = "sending", days_ago: float = 0, **facts: object) -> Broadcast:
    """One that went out, by now or some days ago."""
    at = clock.now() - timedelta(days=days_ago)
    chosen = {"title": TITLE, "now": at, **facts}
    broadcast = approved(cast, **chosen)  # type: ignore[arg-type]  # facts of one test
    broadcast.state, broadcast.expand_until = state, 1
    db.session.commit()
    return broadcast


def unread(cast: Cast, who: str) -> list[str]:
    db.session.rollback()
    return [broadcast.title for broadcast in news.news_for(cast.account(who), clock.now()).unread]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("Desmigratif: {n}, bursa kerja", "Desmigratif: bursa kerja"),
        ("{n}, ada bursa kerja", "ada bursa kerja"),
        ("Halo {n}, besok ke balai desa", "Halo, besok ke balai desa"),
        ("Desmigratif. {n} diundang. Salam {n}", "Desmigratif. diundang. Salam"),
        ("Desmigratif: tanpa nama", "Desmigratif: tanpa nama"),
    ],
)
def test_the_name_is_left_out_with_its_comma(body: str, words: str) -> None:
    assert without_name(body) == words


def test_hari_ini_tells_of_it_until_it_is_opened(cast: Cast, browser: Browser) -> None:
    broadcast = published(cast)
    siti = browser("siti")
    assert TITLE in siti.get("/").text
    address = f"/announcements/{broadcast.id}"
    assert f'href="{address}"' in siti.get("/").text
    assert siti.get(address).status_code == 200
    assert TITLE not in siti.get("/").text


def test_its_page_has_the_values_of_the_village_and_nobodys_name(cast: Cast, browser: Browser) -> None:
    broadcast = published(cast, useful_until=clock.now().date() + timedelta(days=9))
    page = browser("siti").get(f"/announcements/{broadcast.id}").text
    assert "Desmigratif: bursa kerja di Bajing hari Sabtu" in page
    assert "{n}" not in page
    assert "{hp}" not in page
    assert "Berlaku sampai" in page
    assert broadcast.code in page


def test_what_is_passed_on_never_holds_an_officers_own_number(
    cast: Cast, browser: Browser, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the village's phones are told the facilitator's own, because the programme has no number."""
    monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], sms_reply_number=""))
    broadcast = published(cast)
    page = browser("siti").get(f"/announcements/{broadcast.id}").text
    passed_on = page.partition('id="group-text"')[2].partition("</textarea>")[0]
    own = "081300000001"
    assert own in page
    assert "bursa kerja di Bajing" in passed_on
    assert own not in passed_on


def test_only_those_of_its_areas_are_told_and_may_open_it(cast: Cast, browser: Browser) -> None:
    broadcast = published(cast)
    assert unread(cast, "siti") == [TITLE]
    assert unread(cast, "joko") == []
    for stranger in ("joko", "hartono"):
        assert browser(stranger).get(f"/announcements/{broadcast.id}").status_code == 404


def test_coordinators_below_are_told_and_the_office_is_not(cast: Cast, browser: Browser) -> None:
    broadcast = published(cast, by="bambang", second="dewi", areas=(REGENCY,))
    assert broadcast.area_code == PROVINCE
    assert unread(cast, "ratna") == [TITLE]
    assert unread(cast, "siti") == unread(cast, "joko") == [TITLE]
    assert unread(cast, "bambang") == unread(cast, "dewi") == unread(cast, "agus") == unread(cast, "hartono") == []
    assert browser("bambang").get(f"/announcements/{broadcast.id}").status_code == 200


@pytest.mark.parametrize("state", ["draft", "waiting", "rejected", "scheduled", "paused", "cancelled"])
def test_what_does_not_go_out_is_not_told(cast: Cast, state: str) -> None:
    published(cast, state=state)
    assert unread(cast, "siti") == []


@pytest.mark.parametrize("state", ["approved", "sending", "done"])
def test_what_goes_out_is_told(cast: Cast, state: str) -> None:
    published(cast, state=state)
    assert unread(cast, "siti") == [TITLE]


def test_what_is_taken_back_says_so_and_nothing_else(cast: Cast, browser: Browser) -> None:
    broadcast = published(cast, state="cancelled")
    page = browser("siti").get(f"/announcements/{broadcast.id}").text
    assert "Do not pass it on any more" in page
    assert "hari Sabtu" not in page
    broadcast = again(broadcast)
    broadcast.expand_until = 0
    db.session.commit()
    # Nothing of it ever went out.
    assert browser("siti").get(f"/announcements/{broadcast.id}").status_code == 404


def test_after_fourteen_days_it_is_old(cast: Cast) -> None:
    published(cast, days_ago=13.9)
    assert unread(cast, "siti") == [TITLE]
    db.session.execute(db.update(Broadcast).values(starts_at=clock.now() - timedelta(days=14.1)))
    db.session.commit()
    assert unread(cast, "siti") == []


def test_after_its_last_useful_day_it_is_not_told(cast: Cast) -> None:
    broadcast = published(cast)
    for days, told in ((1, [TITLE]), (-2, [])):
        again(broadcast).useful_until = clock.now().date() + timedelta(days=days)
        db.session.commit()
        assert unread(cast, "siti") == told


def test_one_that_is_not_announced_is_not_on_the_web(cast: Cast, browser: Browser) -> None:
    broadcast = published(cast, announced=False)
    assert unread(cast, "siti") == []
    assert browser("siti").get(f"/announcements/{broadcast.id}").status_code == 404


def test_a_coordinators_morning_tells_what_waits_and_what_is_paused(cast: Cast, browser: Browser) -> None:
    now = clock.now()
    broadcast = draft(cast, title=TITLE, now=now)
    acts.hand_over(broadcast, cast.coordinator, now)
    db.session.commit()
    assert f"{broadcast.code} waits for your approval." in browser("bambang").get("/").text
    assert f"{broadcast.code} waits" not in browser("ratna").get("/").text
    again(broadcast).state, broadcast.pause_reason = "paused", "look"
    db.session.commit()
    assert f"{broadcast.code} is paused: Somebody wants to look again" in browser("ratna").get("/").text
    assert f"{broadcast.code} is paused" not in browser("hartono").get("/").text
    assert f"{broadcast.code} is paused" not in browser("siti").get("/").text


def test_two_villages_each_read_their_own_name(cast: Cast, browser: Browser) -> None:
    broadcast = published(cast, areas=(HOME, NEIGHBOUR))
    assert "bursa kerja di Buntu" in browser("joko").get(f"/announcements/{broadcast.id}").text
    assert "bursa kerja di Bajing" in browser("siti").get(f"/announcements/{broadcast.id}").text


def told(cast: Cast, who: str, later: timedelta = timedelta()) -> list[str]:
    """What became of one's own."""
    db.session.rollback()
    return [one.kind for one in news.news_for(cast.account(who), clock.now() + later).mine]


def test_its_drafter_is_told_why_it_was_given_back_until_it_is_changed(cast: Cast, browser: Browser) -> None:
    broadcast = draft(cast, title=TITLE, now=clock.now())
    acts.hand_over(broadcast, cast.coordinator, clock.now())
    acts.give_back(broadcast, cast.province, "cost", clock.now())
    db.session.commit()
    assert f"{broadcast.code} was given back: It costs too much" in browser("ratna").get("/").text
    assert told(cast, "ratna", timedelta(days=30)) == ["given_back"]
    assert told(cast, "bambang") == []
    page = browser("ratna").get(f"/broadcasts/{broadcast.id}").text
    assert "Given back by " in page
    assert page.index("It costs too much") < page.index("What it comes to")
    acts.hand_over(again(broadcast), cast.coordinator, clock.now())
    db.session.commit()
    assert told(cast, "ratna") == []
    assert "Given back by " not in browser("ratna").get(f"/broadcasts/{broadcast.id}").text
    assert f"Handed over by {cast.coordinator.name}." in browser("bambang").get(f"/broadcasts/{broadcast.id}").text


def test_its_drafter_is_told_for_some_days_that_it_was_refused(cast: Cast, browser: Browser) -> None:
    broadcast = draft(cast, title=TITLE, now=clock.now())
    acts.hand_over(broadcast, cast.coordinator, clock.now())
    acts.reject(broadcast, cast.province, "harmful", clock.now())
    db.session.commit()
    assert f"{broadcast.code} was refused: It could do harm" in browser("ratna").get("/").text
    assert "Refused by " in browser("ratna").get(f"/broadcasts/{broadcast.id}").text
    assert told(cast, "ratna", news.TOLD_FOR + timedelta(hours=1)) == []


def test_its_drafter_is_told_that_it_was_sent(cast: Cast, browser: Browser) -> None:
    broadcast = published(cast)
    acts.finish(broadcast, clock.now())
    db.session.commit()
    assert f"{broadcast.code} was sent." in browser("ratna").get("/").text
    assert told(cast, "ratna") == ["finished"]


def test_a_notice_is_shared_by_a_link_that_only_a_tap_opens(cast: Cast, browser: Browser) -> None:
    broadcast = published(cast)
    page = browser("siti").get(f"/announcements/{broadcast.id}").text
    assert 'href="https://wa.me/?text=Desmigratif%3A%20bursa%20kerja' in page
    assert "<dl" not in page
    assert "wa.me" not in browser("siti").get("/").text


def test_what_was_read_is_found_again(cast: Cast, browser: Browser) -> None:
    broadcast = published(cast, useful_until=clock.now().date() + timedelta(days=9))
    row = f'href="/announcements/{broadcast.id}"'
    for who in ("siti", "ratna", "dewi"):
        assert row in browser(who).get("/announcements").text, who
    browser("siti").get(f"/announcements/{broadcast.id}")
    assert row not in browser("siti").get("/").text
    page = browser("siti").get("/announcements").text
    assert row in page
    assert "of use until" in page
    assert 'href="/announcements"' in browser("siti").get("/more").text
    for stranger in ("joko", "hartono"):
        assert "No notices yet" in browser(stranger).get("/announcements").text


@pytest.mark.parametrize("state", ["draft", "waiting", "rejected", "scheduled", "paused", "cancelled"])
def test_the_list_holds_only_what_goes_out(cast: Cast, browser: Browser, state: str) -> None:
    published(cast, state=state)
    assert "No notices yet" in browser("siti").get("/announcements").text


def test_the_list_goes_on_below_its_last_row(cast: Cast, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    ids = [published(cast).id for _ in range(3)]
    first = browser("siti").get("/announcements").text
    assert [number for number in ids if f"/announcements/{number}" in first] == ids[1:]
    assert f"before={ids[1]}" in first
    second = browser("siti").get(f"/announcements?before={ids[1]}").text
    assert f"/announcements/{ids[0]}" in second
    assert "before=" not in second


def test_its_drafter_is_told_that_another_cancelled_it(cast: Cast, browser: Browser) -> None:
    broadcast = published(cast)
    acts.cancel(broadcast, cast.province, "over", clock.now())
    db.session.commit()
    assert f"{broadcast.code} was cancelled: It is not needed any more" in browser("ratna").get("/").text
    said = f"Cancelled by {cast.province.name}: It is not needed any more"
    assert said in browser("ratna").get(f"/broadcasts/{broadcast.id}").text
    assert told(cast, "ratna", news.TOLD_FOR + timedelta(hours=1)) == []


def test_what_was_read_of_ones_own_is_told_no_more(cast: Cast, browser: Browser) -> None:
    broadcast = published(cast)
    ratna = browser("ratna")
    ratna.get(f"/broadcasts/{broadcast.id}")
    db.session.execute(sa.update(AuditEntry).values(at=clock.now() - timedelta(hours=1)))
    acts.finish(broadcast, clock.now())
    db.session.commit()
    # What was read before it had gone is news all the same.
    assert told(cast, "ratna") == ["finished"]
    browser("bambang").get(f"/broadcasts/{broadcast.id}")
    assert told(cast, "ratna") == ["finished"]
    ratna.get(f"/broadcasts/{broadcast.id}")
    assert told(cast, "ratna") == []


def test_what_was_given_back_is_told_until_it_is_changed(cast: Cast, browser: Browser) -> None:
    broadcast = draft(cast, now=clock.now())
    acts.hand_over(broadcast, cast.coordinator, clock.now())
    acts.give_back(broadcast, cast.province, "text", clock.now(), "Pukul berapa?")
    db.session.commit()
    browser("ratna").get(f"/broadcasts/{broadcast.id}")
    assert told(cast, "ratna") == ["given_back"]
    # It stands beside what is mended, too.
    said = f"Given back by {cast.province.name}: The words are not clear: Pukul berapa?"
    assert said in browser("ratna").get(f"/broadcasts/{broadcast.id}/edit").text


def test_that_it_cost_too_much_hides_nothing_of_what_was_decided(cast: Cast, browser: Browser) -> None:
    broadcast = published(cast)
    acts.cancel(broadcast, cast.province, "over", clock.now())
    acts.overspent(broadcast, clock.now())
    db.session.commit()
    assert told(cast, "ratna") == ["cancelled"]
    assert f"Cancelled by {cast.province.name}: " in browser("ratna").get(f"/broadcasts/{broadcast.id}").text


def test_who_takes_their_own_back_is_not_told_that_somebody_gave_it_back(cast: Cast, browser: Browser) -> None:
    broadcast = draft(cast, now=clock.now())
    acts.hand_over(broadcast, cast.coordinator, clock.now())
    acts.give_back(broadcast, cast.coordinator, "later", clock.now())
    db.session.commit()
    assert told(cast, "ratna") == []
    assert "Given back by" not in browser("ratna").get(f"/broadcasts/{broadcast.id}").text


def test_notices_stand_in_the_order_in_which_they_were_told(cast: Cast, browser: Browser) -> None:
    early, late = published(cast).id, published(cast, days_ago=3).id
    assert early < late
    page = browser("siti").get("/announcements").text
    assert page.index(f"/announcements/{early}") < page.index(f"/announcements/{late}")
    assert f"/announcements/{early}" not in browser("siti").get(f"/announcements?before={early}").text
    assert f"/announcements/{late}" in browser("siti").get(f"/announcements?before={early}").text
    assert "No notices yet" in browser("siti").get(f"/announcements?before={late}").text


def test_what_is_over_is_not_passed_on_any_more(cast: Cast, browser: Browser) -> None:
    broadcast = published(cast, useful_until=clock.now().date() - timedelta(days=2))
    page = browser("siti").get(f"/announcements/{broadcast.id}").text
    assert "Its last useful day is over. Do not pass it on any more." in page
    assert "wa.me" not in page
    assert "group-text" not in page
    assert ">Over<" in browser("siti").get("/announcements").text


def test_no_more_than_some_of_what_waits_is_told_and_how_many_more(cast: Cast, browser: Browser) -> None:
    now = clock.now()
    for number in range(news.MOST_NEWS + 2):
        broadcast = draft(cast, title=f"Rapat {number}", now=now)
        acts.hand_over(broadcast, cast.coordinator, now)
    db.session.commit()
    page = browser("bambang").get("/").text
    assert page.count("waits for your approval.") == news.MOST_NEWS
    assert "2 more wait for your approval" in page


def test_whoever_approves_does_not_throw_away_what_another_wrote(cast: Cast, browser: Browser) -> None:
    now = clock.now()
    broadcast = draft(cast, now=now)
    page = browser("bambang").get(f"/broadcasts/{broadcast.id}").text
    assert f"It is with {cast.coordinator.name}, who can change it and hand it over." in page
    assert "Throw it away" not in page
    cancel = f"/broadcasts/{broadcast.id}/cancellation"
    assert browser("bambang").post(cancel, data={"why": "mistake"}).status_code == 403
    assert browser("ratna").post(cancel, data={"why": "mistake"}).status_code == 303


def test_who_cancels_their_own_needs_no_news_of_it(cast: Cast, browser: Browser) -> None:
    broadcast = published(cast)
    acts.cancel(broadcast, cast.coordinator, "over", clock.now())
    db.session.commit()
    assert told(cast, "ratna") == []


def test_who_paused_it_and_why_is_told_above_everything_else(cast: Cast, browser: Browser) -> None:
    broadcast = published(cast)
    acts.pause(broadcast, cast.province, "questions", clock.now())
    db.session.commit()
    why = "There are many questions; answer them first"
    assert f"{broadcast.code} is paused: {why}" in browser("ratna").get("/").text
    page = browser("ratna").get(f"/broadcasts/{broadcast.id}").text
    assert f"Paused by {cast.province.name}: {why}" in page
    assert "Whoever paused it lets it go on, or somebody who may approve it." in page
    acts.resume(broadcast, cast.province, clock.now())
    acts.pause(broadcast, None, "grown", clock.now())
    db.session.commit()
    page = browser("ratna").get(f"/broadcasts/{broadcast.id}").text
    assert "Somebody who may approve it lets it go on." in page
    assert "Whoever paused it" not in page
    assert "lets it go on." not in browser("bambang").get(f"/broadcasts/{broadcast.id}").text
