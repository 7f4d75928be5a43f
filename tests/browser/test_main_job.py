"""The main job on a phone of 360 × 640: registered, reminded on the day, answered, read, replied to, stopped.

Once with JavaScript and once without, in one browser each, with the real web server and the real SMS worker.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask_babel import force_locale
from playwright.sync_api import Browser, Page

from sms.gateways.simulator import Behaviour
from tests.browser.browsing import fill_birth, listen, new_context, submit, watched
from tests.browser.scene import DAY
from tests.browser.server import Server, demonstration, running
from tests.databases import SqliteDatabases
from tests.people import PASSWORD
from webapp import clock
from webapp.departures.sections import EVENT_LABELS
from webapp.outbox import reasons
from webapp.outbox.gateway import current_gateway

pytestmark = pytest.mark.browser

#: How long a text may take from being due to standing on the phone, in seconds, on a busy machine.
SECONDS = 20
QUESTION = "Pak, tiket saya kapan keluar?"
REPLY = "Tiket keluar hari Jumat. Saya antar ke rumah."


@dataclass(frozen=True)
class Migrant:
    """Who is registered, how the facilitator types her numbers, and how pages show the first."""

    name: str
    born: str
    typed: str
    shown: str
    relative: str


WITH_SCRIPT = Migrant("Wening Lestari", "1995-03-14", "081270001111", "0812-7000-1111", "0812 7000 1112")
WITHOUT_SCRIPT = Migrant("Rukmini", "1991-11-02", "+62 813.8000.2222", "0813-8000-2222", "62813 8000 2223")


@pytest.fixture(scope="module")
def journey(sqlite_databases: SqliteDatabases) -> Iterator[Server]:
    """A programme of its own, because these tests move its clock."""
    url = sqlite_databases.fresh()
    with demonstration(url).app_context():
        clock.move_to(DAY)
        current_gateway().behave(Behaviour(delay_seconds=0.1))
    with running(url) as server:
        yield server


@pytest.fixture
def phone(browser: Browser, journey: Server, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The facilitator's browser; the parameter says whether it runs scripts."""
    with watched(journey) as complaints:
        context = new_context(browser, journey.address, java_script_enabled=request.param)
        page = context.new_page()
        listen(page, complaints)
        yield page
        context.close()


@pytest.mark.parametrize(
    ("phone", "migrant"),
    [(True, WITH_SCRIPT), (False, WITHOUT_SCRIPT)],
    indirect=["phone"],
    ids=["script", "no-script"],
)
def test_main_job(phone: Page, migrant: Migrant, journey: Server) -> None:
    log_in(phone)
    today = demonstrated_day(phone)
    person = register(phone, migrant)
    departure = enter_departure(phone, person, today + timedelta(days=10))
    tick_first_papers(phone)
    look_at_plan(phone, migrant, today)
    see_late_reminder_arrive(phone, migrant)
    be_reminded(phone, migrant, today)
    find_answer_in_timeline(phone, person, journey)
    write_from_phone(phone, migrant, QUESTION)
    reply_from_inbox(phone, QUESTION, REPLY)
    wait_for_text(phone, migrant, REPLY)
    answer(phone, "STOP")
    wait_for_text(phone, migrant, "SMS Desmigratif ke nomor ini berhenti")
    see_that_nothing_is_planned(phone, departure, journey)


def log_in(page: Page) -> None:
    page.goto("/")
    assert "/login" in page.url
    page.fill("[name=username]", "siti")
    page.fill("[name=password]", PASSWORD)
    submit(page, "/login")
    assert page.url.endswith("/"), "logging in leads to Hari ini"


def demonstrated_day(page: Page) -> date:
    return date.fromisoformat(page.locator(".demo-banner time").get_attribute("datetime") or "")


def register(page: Page, migrant: Migrant) -> str:
    """Who, phone, family and consent. Returns the path of the person's page."""
    page.locator(".tabs a[href='/people']").click()
    page.locator("a[href='/people/new']").first.click()
    page.fill("[name=name]", migrant.name)
    page.check("[name=sex][value=f]")
    fill_birth(page, migrant.born)
    page.fill("[name=phone]", migrant.typed)
    page.check("[name=reader][value=self]")
    page.fill("[name=contact_name]", "Suparjo")
    page.select_option("[name=contact_relation]", "spouse")
    page.fill("[name=contact_number]", migrant.relative)
    page.check("[name=consent_data][value=yes]")
    page.check("[name=consent_sms][value=yes]")
    submit(page, "/people")
    assert page.locator("h1").inner_text() == migrant.name
    return path_of(page)


def enter_departure(page: Page, person: str, planned_on: date) -> str:
    page.locator(f"a[href='{person}/departures/new']").click()
    page.select_option("[name=destination_code]", "HK")
    page.select_option("[name=scheme]", "p3mi")
    page.fill("[name=planned_on]", planned_on.isoformat())
    submit(page, "/departures")
    return path_of(page)


def tick_first_papers(page: Page) -> None:
    for done in (1, 2):
        code = ("informed", "registered")[done - 1]
        page.locator(f"form[action$='/papers/{code}'] [type=submit]").click()
        page.locator(f"#paper-{code}.is-done").wait_for(state="attached")
        assert page.locator("#papers .is-done").count() == done


def look_at_plan(page: Page, migrant: Migrant, today: date) -> None:
    """Each text that will go out, with its day and its words."""
    planned = page.locator("#plan > .plan").first.locator(".plan-line")
    days = [text[:10] for text in planned.locator("time").evaluate_all("all => all.map(t => t.dateTime)")]
    for days_ahead in (3, 7, 9):
        assert (today + timedelta(days=days_ahead)).isoformat() in days
    words = planned.locator(".plan-words").all_inner_texts()
    assert any(text.startswith(f"Desmigratif: {migrant.name.split()[0]}, besok jadi berangkat?") for text in words)


def see_late_reminder_arrive(page: Page, migrant: Migrant) -> None:
    """The reminder of 14 days before is late and still useful: it leaves at once, on the day of registration."""
    wait_for_text(page, migrant, "OPP (orientasi) & E-PMI")


def be_reminded(page: Page, migrant: Migrant, today: date) -> None:
    """A week before, and the day before, which asks; YA is thanked for."""
    move_to(page, today + timedelta(days=3))
    wait_for_text(page, migrant, "Tinggalkan salinan paspor")
    move_to(page, today + timedelta(days=9))
    wait_for_text(page, migrant, "besok jadi berangkat?")
    answer(page, "YA")
    wait_for_text(page, migrant, "jawaban dicatat. Selamat jalan!")


def move_to(page: Page, day: date) -> None:
    page.goto("/simulator")
    form = page.locator("form[action$='/simulator/day']:has(input[type=date])")
    form.locator("input[type=date]").fill(day.isoformat())
    with page.expect_navigation():
        form.locator("[type=submit]").click()
    assert demonstrated_day(page) == day


def wait_for_text(page: Page, migrant: Migrant, words: str) -> None:
    """Open this migrant's simulated phone, and wait until the text stands on it."""
    arrived = page.locator(".bubble.is-in", has_text=words)
    until = time.monotonic() + SECONDS
    while not (open_handset(page, migrant) and arrived.count()):
        assert time.monotonic() < until, f"{words!r} did not arrive at {page.url}"
        time.sleep(0.25)
    assert arrived.count() == 1, f"{words!r} arrived twice"


def open_handset(page: Page, migrant: Migrant) -> bool:
    """The simulated phone of this migrant, and nobody else's; False while no text has reached it."""
    page.goto("/simulator")
    row = page.locator("#phones a", has_text=migrant.shown)
    if not row.count():
        return False
    row.click()
    page.wait_for_url("**/simulator/phones/*")
    assert migrant.shown in page.locator("#phone-title").inner_text()
    return True


def answer(page: Page, word: str) -> None:
    """Tap one of the quick answers on the handset that is open."""
    with page.expect_navigation():
        page.locator(f"button[name=body][value={word}]").click()
    assert page.locator(".bubble.is-out").last.inner_text().startswith(word)


def write_from_phone(page: Page, migrant: Migrant, words: str) -> None:
    assert open_handset(page, migrant)
    page.fill("textarea[name=body]", words)
    with page.expect_navigation():
        page.locator("form:has(textarea[name=body]) [type=submit]").click()


def find_answer_in_timeline(page: Page, person: str, journey: Server) -> None:
    page.goto(person)
    timeline = page.locator("#timeline .timeline").inner_text()
    assert in_indonesian(journey, lambda: EVENT_LABELS["answered"]({"question": "R9", "answer": "yes"})) in timeline
    assert page.locator("#timeline q").get_by_text("YA", exact=True).count() == 1


def reply_from_inbox(page: Page, question: str, reply: str) -> None:
    """The text waits on Hari ini and in the inbox; answering it takes it from both."""
    page.goto("/")
    assert question[:20] in page.locator("main").inner_text()
    page.goto("/inbox")
    page.locator("main .row", has_text=question).click()
    page.wait_for_url("**/inbox/*")
    page.fill("textarea[name=body]", reply)
    submit(page, "/replies")
    assert reply in page.locator("#thread .is-out").last.inner_text()
    page.goto("/inbox")
    assert page.locator("main .row", has_text=question).count() == 0


def see_that_nothing_is_planned(page: Page, departure: str, journey: Server) -> None:
    page.goto(departure)
    stopped = in_indonesian(journey, lambda: reasons.sentence("stopped"))
    assert stopped in page.locator("#plan .notice").inner_text(), "no text is planned any more, and why"


def in_indonesian(journey: Server, words: Callable[[], Any]) -> str:
    """What a page says in Indonesian, whichever words the catalogue has for it."""
    with demonstration(journey.database_url).app_context(), force_locale("id"):
        return str(words())


def path_of(page: Page) -> str:
    return urlsplit(page.url).path
