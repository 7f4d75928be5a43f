"""How a facilitator writes on a phone, in few words."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.browser.browsing import fill_birth
from tests.browser.offline.phone import Phone

SUBMIT = "main form[method=post]:has(.button.is-primary) .button.is-primary"


def fill_registration(page: Page, name: str) -> None:
    page.fill("[name=name]", name)
    page.check("[name=sex][value=f]")
    fill_birth(page, "1995-03-02")
    page.check("[name=consent_data][value=yes]")


def register(phone: Phone, name: str) -> None:
    page = phone.open("/people/new")
    fill_registration(page, name)
    send(page)


def send(page: Page) -> None:
    """Press the main button, and wait for the page that follows."""
    with page.expect_navigation():
        page.locator(SUBMIT).first.click()


def note(phone: Phone, person_id: int, words: str) -> None:
    page = phone.open(f"/people/{person_id}")
    page.fill("#words", words)
    with page.expect_navigation():
        page.click("form[action$='/notes'] button")
