"""Logging in and registering without a mouse or a finger: every stop can be seen, and an error leads to itself."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.browsing import DESK, Open
from tests.people import PASSWORD

pytestmark = pytest.mark.browser

MOST_STOPS = 60
#: The outline of what has the focus, or of the row around a radio button or tick box; its place on the screen.
FOCUSED = """() => {
  const e = document.activeElement;
  const outlined = [e, e.closest("label")].some(x => {
    const style = x && getComputedStyle(x);
    return style && style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  });
  const box = e.getBoundingClientRect();
  const tabs = document.querySelector(".tabs");
  const below = tabs && !tabs.contains(e) && getComputedStyle(tabs).position === "fixed"
    ? tabs.getBoundingClientRect().top : innerHeight;
  return {name: e.name || e.id || e.textContent.trim(), kind: e.type || e.localName, outlined,
          onScreen: box.width > 0 && box.left >= 0 && box.bottom > 0 && box.top < below};
}"""


def focused(page: Page) -> dict[str, object]:
    return page.evaluate(FOCUSED)


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the field, button or link of this name has the focus. Each stop must be visible."""
    passed = []
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        here = focused(page)
        assert here["outlined"], f"no visible focus on {here}"
        assert here["onScreen"], f"the focus is off the screen on {here}"
        if here["name"] == name:
            return
        passed.append(here["name"])
    raise AssertionError(f"{name} is not reached; passed {passed}")


def type_into(page: Page, name: str, text: str) -> None:
    tab_to(page, name)
    page.keyboard.type(text)


def press_enter(page: Page) -> int:
    """Send the form from where the focus is. Returns the status of the page that follows."""
    with page.expect_navigation() as navigation:
        page.keyboard.press("Enter")
    return navigation.value.status


def register_by_keyboard(page: Page) -> int:
    type_into(page, "name", "Lestari Ningsih")
    tab_to(page, "sex")
    page.keyboard.press("Space")
    tab_to(page, "birth_date")  # the day, which may stay empty
    tab_to(page, "birth_date")  # the month
    type_into(page, "birth_date", "1996")
    type_into(page, "phone", "0812-9000-111")
    tab_to(page, "reader")
    page.keyboard.press("Space")
    tab_to(page, "consent_data")
    page.keyboard.press("Space")
    return press_enter(page)


def test_log_in_by_keyboard(open_page: Open) -> None:
    page = open_page()
    page.goto("/login")
    type_into(page, "username", "siti")
    type_into(page, "password", PASSWORD)
    assert press_enter(page) == 200
    assert page.url.endswith("/")


def test_first_stop_leads_to_the_content(open_page: Open) -> None:
    page = open_page("siti", viewport=DESK)
    page.goto("/people")
    page.keyboard.press("Tab")
    assert focused(page)["outlined"]
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_register_by_keyboard(open_page: Open) -> None:
    page = open_page("siti")
    page.goto("/people/new")
    assert register_by_keyboard(page) == 200
    assert page.get_by_role("heading", level=1).inner_text() == "Lestari Ningsih"


def test_wrong_password_is_said_and_the_name_kept(open_page: Open) -> None:
    page = open_page()
    page.goto("/login")
    type_into(page, "username", "joko")
    type_into(page, "password", "not-the-password")
    assert press_enter(page) == 422
    assert page.evaluate("document.activeElement.className") == "error-summary"
    assert page.input_value("[name=username]") == "joko"
    assert page.input_value("[name=password]") == ""


def test_after_an_error_the_summary_leads_to_the_field_and_all_is_kept(open_page: Open) -> None:
    page = open_page("siti")
    page.goto("/people/new")
    page.evaluate("document.querySelector('form[action$=\"/people\"][method=post]').noValidate = true")
    type_into(page, "name", "Rini Astuti")
    type_into(page, "birth_date", "31")
    type_into(page, "phone", "12")
    type_into(page, "contact_name", "Suparno")
    assert press_enter(page) == 422
    assert page.evaluate("document.activeElement.className") == "error-summary"
    assert page.input_value("[name=name]") == "Rini Astuti"
    assert page.input_value("[name=phone]") == "12"
    assert page.input_value("[name=contact_name]") == "Suparno"
    wrong = page.locator("[name=phone]")
    assert wrong.get_attribute("aria-invalid") == "true"
    assert page.locator(f"#{wrong.get_attribute('aria-describedby').split()[-1]}").inner_text().strip()
    follow_summary_to(page, "phone")
    page.keyboard.press("Tab")
    assert focused(page)["name"] == "reader"


def follow_summary_to(page: Page, field_id: str) -> None:
    """Tab through the summary to the link of this field, and press Enter on it."""
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.getAttribute('href')") == f"#{field_id}":
            page.keyboard.press("Enter")
            assert page.evaluate("document.activeElement.id") == field_id
            return
    raise AssertionError(f"the summary does not lead to {field_id}")
