"""What a script adds on a page that stays: a tick under the finger, a count beneath what is typed."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page

from sms.text import segments
from tests.browser.browsing import Open
from tests.browser.server import Server, demonstration
from webapp import clock
from webapp.conversations.model import Incoming
from webapp.conversations.thread import LONGEST
from webapp.db import db
from webapp.people.model import Person

pytestmark = pytest.mark.browser
SLOW = """() => { const send = XMLHttpRequest.prototype.send;
  XMLHttpRequest.prototype.send = function (...all) { setTimeout(() => send.apply(this, all), 800); }; }"""


def test_taps_on_a_slow_network_tick_one_paper(open_page: Open, ids: dict[str, int]) -> None:
    page = open_page("siti")
    page.goto(f"/departures/{ids['leaving']}")
    page.evaluate(SLOW)
    first = page.locator(".checklist .is-missing, .checklist .is-late").first
    line, missing = first.get_attribute("id"), missing_in(page)
    box = first.locator(".tick").bounding_box()
    assert box is not None
    page.locator(f"#{line} .tick").scroll_into_view_if_needed()
    box = page.locator(f"#{line} .tick").bounding_box()
    assert box is not None
    for _ in range(4):
        page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        page.wait_for_timeout(400)
    page.wait_for_timeout(1500)
    assert page.locator(f"#{line}.is-done").count() == 1, "it stays where it was"
    assert missing_in(page) == missing - 1
    page.reload()
    assert missing_in(page) == missing - 1, "nothing else was ticked"
    page.goto(f"/departures/{ids['leaving']}/papers/{line.removeprefix('paper-')}/removal")
    with page.expect_navigation():
        page.locator("main form [type=submit]").click()
    assert missing_in(page) == missing


def missing_in(page: Page) -> int:
    return int(page.locator("#missing-words").inner_text().split()[0])


def test_with_the_keyboard_the_focus_stays_on_the_line(open_page: Open, ids: dict[str, int]) -> None:
    page = open_page("siti")
    page.goto(f"/departures/{ids['leaving']}")
    button = page.locator(".checklist .tick").first
    name = button.get_attribute("id")
    for word in ("is-done", "is-"):
        page.locator(f"#{name}").focus()
        with page.expect_response(lambda answer: answer.request.method == "POST"):
            page.keyboard.press("Enter")
        page.wait_for_selector(f"[id=paper-{(name or '').removeprefix('tick-')}][class^='{word}']")
        page.wait_for_timeout(200)
        assert page.evaluate("document.activeElement.id") == name


@pytest.mark.parametrize(
    "words",
    ["Baik", "a" * 138, "a" * 145, "{}" * 60, "a" * 60 + "ê", "Kumpul jam 9 di balai desa 😀", "a" * 300, "€" * 80],
)
def test_the_count_beneath_an_answer_is_that_of_the_bill(open_page: Open, ids: dict[str, int], words: str) -> None:
    page = open_page("siti")
    page.goto(f"/inbox/{ids['known_text']}")
    page.fill("[name=body]", words)
    count = page.locator("[data-count]")
    opening = count.get_attribute("data-opening") or ""
    said = {1: "1 SMS", 2: "2 SMS"}.get(segments(opening + words), "terlalu panjang")
    assert count.inner_text().endswith(said)


@pytest.fixture
def long_talk(server: Server) -> int:
    """More texts of one person than a page shows. The id of the newest."""
    with demonstration(server.database_url).app_context():
        person = db.session.scalars(sa.select(Person).where(Person.name == "Tumini")).one()
        texts = [
            Incoming(
                gateway="simulator", provider_id=f"talk-{n}", number=person.phones[0].number, body=f"kata {n}",
                received_at=clock.now() + timedelta(minutes=n), understood_at=clock.now(), command="text",
                person_id=person.id, area_code=person.area_code, for_human=False,
            )
            for n in range(LONGEST + 10)
        ]  # fmt: skip
        db.session.add_all(texts)
        db.session.commit()
        return texts[-1].id


def test_earlier_texts_come_above_and_stay_while_the_newest_are_looked_for(open_page: Open, long_talk: int) -> None:
    page = open_page("siti")
    page.clock.install()
    page.goto(f"/inbox/{long_talk}")
    assert page.locator(".bubble").count() == LONGEST
    page.locator("main nav.pager a[rel=prev]").click()
    page.get_by_text("kata 0", exact=True).wait_for()
    words = page.locator(".bubble p").all_inner_texts()
    assert words == [f"kata {n}" for n in range(LONGEST + 10)]
    assert page.locator("main nav.pager").count() == 0, "there is nothing earlier"
    with page.expect_response(lambda answer: "since=" in answer.url):
        page.clock.fast_forward(21_000)
    page.wait_for_timeout(300)
    assert page.locator(".bubble p").all_inner_texts() == words


def test_without_a_signal_a_tick_and_a_search_say_so(open_page: Open, ids: dict[str, int]) -> None:
    page = open_page("siti")
    page.goto(f"/departures/{ids['leaving']}")
    line = page.locator(".checklist .is-missing, .checklist .is-late").first
    page.context.set_offline(True)
    line.locator(".tick").click()
    line.locator(".flash.is-bad").wait_for()
    assert line.locator(".tick").is_enabled()
    page.context.set_offline(False)
    page.goto("/people")
    page.context.set_offline(True)
    page.fill("[name=q]", "sri")
    page.locator("#rows > .flash.is-bad").wait_for()
    page.context.set_offline(False)
    page.fill("[name=q]", "sri ")
    page.locator("#rows > .flash").wait_for(state="detached")
