"""What would stand against a broadcast is told while it is written, and whom to ask; not only once it is stored."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.broadcasts.making import BODY, again, allow, approved, draft, work
from tests.broadcasts.test_composing_count import HTMX, count, words_of
from tests.broadcasts.test_lists import STRANGER, bring
from tests.people import REGENCY, Cast
from tests.warnings.conftest import Browser
from tests.warnings.crowd import willing
from webapp import clock
from webapp.broadcasts import acts, budget, forecast, timing
from webapp.db import db
from webapp.people.model import Phone

WHO = "Say who speaks: the word Desmigratif has to be in it."
WHERE = "Say where to answer: {hp}, a number to call, or that one may reply."


@pytest.mark.parametrize(
    ("body", "lacking"),
    [
        ("Besok jam 9 ada job fair", f"Still lacking: {WHO} {WHERE}"),
        ("Desmigratif: besok ada job fair", f"Still lacking: {WHERE}"),
        ("Besok ada job fair. Tanya {hp}", f"Still lacking: {WHO}"),
    ],
)
def test_what_the_words_still_lack_is_told_as_one_types(
    app: Flask, cast: Cast, browser: Browser, body: str, lacking: str
) -> None:
    def part(body: str) -> str:
        return browser("ratna").post("/broadcasts/measure?language=id", data={"body_id": body}, headers=HTMX).text

    assert re.search(rf"{re.escape(lacking)} \d+ letters", words_of(part(body)))
    assert "field-error" not in part(body)
    assert "Still lacking" not in part(BODY)
    # Of a language in which nothing is written nothing lacks.
    assert "Still lacking" not in part("")


def test_what_the_budget_does_not_cover_is_told_as_one_types(app: Flask, cast: Cast, browser: Browser) -> None:
    month = timing.month_of(clock.now())
    assert "No budget is set for your area in that month, so it cannot be sent." in count(browser)
    allow(cast, REGENCY, 100, month)
    told = count(browser)
    assert "It costs more than is left of the budget of that month: Rp100." in told
    assert "over the budget" in told
    assert "Ask: Bambang Irawan (Jawa Tengah)." in told
    # While nothing is written it costs nothing.
    assert "budget" not in count(browser, body_id="")
    allow(cast, REGENCY, 100_000, month)
    told = count(browser)
    assert "Left of the budget of that month: Rp100,000." in told
    assert "over the budget" not in told


def test_the_budget_is_that_of_the_month_in_which_it_goes(app: Flask, cast: Cast, browser: Browser) -> None:
    now = clock.now()
    allow(cast, REGENCY, 100_000, timing.month_of(now))
    next_month = timing.month_of(now) + timedelta(days=33)
    later = {"when": "later", "send_on": next_month.isoformat(), "send_at": "09:00"}
    assert "No budget is set for your area in that month" in count(browser, **later)


def test_whom_to_ask_for_money_is_named(app: Flask, cast: Cast, browser: Browser) -> None:
    ask = "Ask: Bambang Irawan (Jawa Tengah)."
    page = words_of(browser("ratna").get(f"/broadcasts/{draft(cast, now=clock.now()).id}").text)
    assert ask in page
    assert ask in words_of(browser("ratna").get("/broadcasts/budgets").text)
    assert "Ask:" not in words_of(browser("dewi").get("/broadcasts/budgets").text)
    # Nobody is sent to themselves.
    broadcast = draft(cast, now=clock.now())
    assert "Ask:" not in words_of(browser("bambang").get(f"/broadcasts/{broadcast.id}").text)


def test_money_is_asked_for_where_somebody_can_give_it(app: Flask, cast: Cast) -> None:
    def names(area_code: str) -> list[str]:
        return [one.username for one in budget.setters(area_code)]

    assert names("33.01") == ["bambang"]
    assert names("33") == ["dewi"]
    assert names("ID") == ["dewi"]
    cast.account("bambang").password_hash = ""
    db.session.flush()
    # Whoever was invited and never came cannot be asked.
    assert names("33.01") == ["dewi"]


def test_an_empty_cell_of_a_list_is_told_before_it_leaves_a_gap(app: Flask, cast: Cast, browser: Browser) -> None:
    one = bring(cast, f"{STRANGER};Rini;Las;Balai", "081299990002;Wati;;Balai", "081299990003;Ani;;")
    bodies = {"id": "Desmigratif: {n}, pelatihan {kelas} di {tempat}. Tanya {hp}"}
    broadcast = draft(cast, areas=["33.01"], recipients="listed", list_id=one.id, bodies=bodies, now=clock.now())
    assert forecast.read(broadcast.forecast).empty == {"kelas": 2, "tempat": 1}
    page = words_of(browser("bambang").get(f"/broadcasts/{broadcast.id}").text)
    for told in ("2 people have nothing under {kelas} in the list", "1 person has nothing under {tempat} in the list"):
        assert told in page
        assert told in count(browser, list_id=str(one.id), recipients="listed", areas=[], body_id=bodies["id"])
    unused = draft(cast, areas=["33.01"], recipients="listed", list_id=one.id, bodies={"id": BODY}, now=clock.now())
    assert forecast.read(unused.forecast).empty == {}


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ("Desmigratif: besok ada bursa kerja. Tanya {hp}", "besok"),
        ("Desmigratif: Hari ini bazar. Tanya {hp}", "Hari ini"),
        ("Desmigratif: Sabtu 5 Des bazar. Tanya {hp}", ""),
        ("Desmigratif: rapat di Lusaka. Tanya {hp}", ""),
    ],
)
def test_a_day_that_moves_is_told_as_one_types(app: Flask, cast: Cast, browser: Browser, body: str, word: str) -> None:
    part = browser("ratna").post("/broadcasts/measure?language=id", data={"body_id": body}, headers=HTMX).text
    assert ("is another day for whoever reads it later" in part) == bool(word)
    assert not word or f"“{word}” is another day" in words_of(part)


def test_where_no_name_can_stand_it_is_told_why(app: Flask, cast: Cast, browser: Browser) -> None:
    one = bring(cast, f"{STRANGER};;Las;Balai", "081299990002;Wati;Las;Balai")
    broadcast = draft(cast, areas=["33.01"], recipients="listed", list_id=one.id, bodies={"id": BODY}, now=clock.now())
    page = words_of(browser("ratna").get(f"/broadcasts/{broadcast.id}").text)
    assert page.count("without a name, for others read this phone too or none is known") == 1
    assert "See the list" in page


def test_what_was_refused_still_says_for_how_many_and_how_much_it_was(app: Flask, cast: Cast, browser: Browser) -> None:
    now = clock.now()
    broadcast = draft(cast, now=now)
    acts.hand_over(broadcast, cast.coordinator, now)
    acts.reject(broadcast, cast.province, "cost", now)
    db.session.commit()
    page = words_of(browser("ratna").get(f"/broadcasts/{broadcast.id}").text)
    assert "It would have gone to 1 person, for Rp350." in page


def test_how_many_notices_a_day_are_allowed_is_told_with_those_who_had_enough(
    app: Flask, cast: Cast, browser: Browser
) -> None:
    allowed = "Nobody gets more than 2 notices a day, whichever office sends them."
    assert allowed not in count(browser)
    for more in ("satu", "dua"):
        work(approved(cast, now=clock.now(), bodies={"id": f"{BODY} {more}"}), clock.now())
    assert allowed in count(browser)


def test_what_is_withheld_from_a_phone_that_others_read_is_no_gap_of_the_list(
    app: Flask, cast: Cast, browser: Browser
) -> None:
    (person_id,) = willing(cast, 1)
    phone = db.session.scalars(sa.select(Phone).where(Phone.person_id == person_id)).one()
    phone.reader = "family"
    db.session.commit()
    one = bring(cast, f"{STRANGER};Rini;Las;Balai", f"{phone.number};Wati;Las;Balai")
    bodies = {"id": "Desmigratif: {n}, pelatihan {kelas} di {tempat}. Tanya {hp}"}
    broadcast = draft(cast, areas=["33.01"], recipients="listed", list_id=one.id, bodies=bodies, now=clock.now())
    found = forecast.read(broadcast.forecast)
    assert (found.empty, found.withheld, found.recipients) == ({}, 1, 2)
    page = words_of(browser("ratna").get(f"/broadcasts/{broadcast.id}").text)
    assert "Others read the phone of 1 person too" in page
    assert "Fill the list" not in page


def test_columns_of_the_list_are_known_as_one_types(app: Flask, cast: Cast, browser: Browser) -> None:
    one = bring(cast, f"{STRANGER};Rini;Las;Balai")

    def part(**data: str) -> str:
        address = "/broadcasts/measure?language=id"
        body = "Desmigratif: pelatihan {kelas}. Tanya {hp}"
        return words_of(browser("ratna").post(address, data={"body_id": body} | data, headers=HTMX).text)

    assert "is not known" not in part(list_id=str(one.id))
    assert "{kelas} is not known" in part()
    assert "{kelass} is not known. Possible: {n}, {desa}, {hp}, {kelas}" in part(
        list_id=str(one.id), body_id="Desmigratif: pelatihan {kelass}. Tanya {hp}"
    )


def test_why_it_may_not_be_approved_stands_on_the_page_that_says_so(app: Flask, cast: Cast, browser: Browser) -> None:
    """Between handing over and approving its people have got enough from others."""
    now = clock.now()
    waiting = draft(cast, now=now)
    acts.hand_over(waiting, cast.coordinator, now)
    db.session.commit()
    for more in ("satu", "dua"):
        work(approved(cast, now=now, bodies={"id": f"{BODY} {more}"}), now)
    page = browser("bambang").post(
        f"/broadcasts/{waiting.id}/approval",
        data={"version": str(again(waiting).version), "people": "1"},
        follow_redirects=True,
    )
    said = words_of(page.text)
    assert "It may not be sent yet. The page says why." in said
    assert "Nobody of those who are meant can be texted." in said
    assert "1 person gets enough notices on that day." in said
    assert "Approve and send" not in said


def test_what_was_counted_of_other_words_is_not_told(app: Flask, cast: Cast, browser: Browser) -> None:
    now = clock.now()
    broadcast = draft(cast, now=now)
    broadcast.version += 1
    acts.cancel(broadcast, cast.coordinator, "mistake", now)
    db.session.commit()
    assert "It would have gone to" not in words_of(browser("ratna").get(f"/broadcasts/{broadcast.id}").text)
