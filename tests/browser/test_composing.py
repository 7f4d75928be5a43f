"""A broadcast is put together on a phone: the count follows as one types, and without a script by its button."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.browsing import Open

COSTLY = "Desmigratif: Ibu {n}, “bursa kerja” hari Sabtu – bawa KTP, tanya {hp}"
PLAIN = 'Desmigratif: Ibu {n}, "bursa kerja" hari Sabtu - bawa KTP, tanya {hp}'


def begin(page: Page) -> None:
    page.goto("/broadcasts/new")
    page.fill("[name=title]", "Bursa kerja")


def cut_off(open_page: Open) -> Page:
    """The form, counted and measured; then the signal goes, and more is typed."""
    page = open_page("ratna")
    begin(page)
    page.get_by_label("All of Kabupaten Cilacap").check()
    page.fill("#body_id", PLAIN)
    page.locator("#count", has_text="1 text each").wait_for()
    page.context.set_offline(True)
    page.fill("#body_id", PLAIN + " Gratis.")
    return page


def test_the_count_follows_what_is_ticked_and_typed(open_page: Open) -> None:
    page = open_page("ratna")
    begin(page)
    page.locator("[name=place]").press_sequentially("bunt")
    page.locator("label", has_text="Buntu, Kroya").wait_for()
    page.check("[name=areas] >> nth=0")
    page.locator("#count-line a", has_text="people").wait_for()
    page.fill("#body_id", COSTLY)
    page.locator(".letter", has_text="–").wait_for()
    page.locator("#count", has_text="2 texts each").wait_for()
    page.locator("[name=use]").click()
    expect(page.locator(".letter")).to_have_count(0)
    assert page.input_value("#body_id") == PLAIN
    page.locator("#count", has_text="1 text each").wait_for()
    page.locator("summary", has=page.locator("#chosen-stages")).click()
    page.check("[name=stages] >> nth=0")
    page.locator("#chosen-stages", has_text="Prospect").wait_for()
    assert page.input_value("[name=title]") == "Bursa kerja"


def test_without_a_script_its_buttons_do_the_same(open_page: Open) -> None:
    page = open_page("ratna", java_script_enabled=False)
    begin(page)
    page.fill("[name=place]", "bunt")
    page.click("[formaction^='/broadcasts/places']")
    page.get_by_label("Buntu, Kroya").check()
    page.fill("#body_id", COSTLY)
    page.get_by_role("button", name="Count").click()
    expect(page.locator("#count .count-people").first).to_be_visible()
    page.get_by_label("All of Kabupaten Cilacap").check()
    page.get_by_role("button", name="Count").click()
    expect(page.locator("#count")).to_contain_text("are meant get it")
    page.get_by_role("button", name="Use these words").click()
    expect(page.locator("#body_id")).to_have_value(PLAIN)
    expect(page.locator("[name=title]")).to_have_value("Bursa kerja")
    expect(page.get_by_label("Buntu, Kroya")).to_be_checked()


def test_without_a_signal_nothing_old_stands_beside_new_words(open_page: Open) -> None:
    page = cut_off(open_page)
    said = "No signal: number and cost are not counted anew."
    for place in ("#count", "#measure-id", "#count-line"):
        expect(page.locator(place)).to_have_text(said)
    page.get_by_role("button", name="Store draft").click()
    expect(page.locator("#compose .flash")).to_contain_text("nothing has been stored yet")
    assert page.input_value("#body_id") == PLAIN + " Gratis."
    page.context.set_offline(False)
    page.get_by_role("button", name="Store draft").click()
    page.wait_for_url(re.compile(r"/broadcasts/\d+$"))


def test_what_was_typed_is_there_again_on_the_way_back(open_page: Open) -> None:
    page = open_page("ratna")
    begin(page)
    page.fill("#body_id", PLAIN)
    page.goto("/broadcasts")
    page.go_back()
    expect(page.locator("#body_id")).to_have_value(PLAIN)
    expect(page.locator("[name=title]")).to_have_value("Bursa kerja")


def test_words_that_are_mended_are_not_called_wrong_any_more(open_page: Open) -> None:
    page = open_page("ratna")
    begin(page)
    page.fill("#body_id", "Halo {nama}")
    page.locator("#measure-id .field-error", has_text="{nama} is not known").wait_for()
    page.get_by_role("button", name="Store draft").click()
    expect(page.locator("#body_id-error")).to_contain_text("{nama} is not known")
    page.fill("#body_id", PLAIN)
    expect(page.locator("#words-id .field-error")).to_have_count(0)
    expect(page.locator("#words-id .has-error")).to_have_count(0)


def test_day_and_hour_are_asked_of_who_does_not_send_at_once(open_page: Open) -> None:
    page = open_page("ratna")
    begin(page)
    day = page.locator("[name=send_on]")
    expect(day).to_be_hidden()
    page.get_by_label("On a day, at an hour").check()
    expect(day).to_be_visible()
    page.get_by_label("As soon as it is approved").check()
    expect(day).to_be_hidden()
    # Half a day that nobody sees keeps nothing back.
    page.get_by_label("On a day, at an hour").check()
    day.focus()
    page.keyboard.type("12")
    page.get_by_label("As soon as it is approved").check()
    assert page.evaluate("document.getElementById('compose').checkValidity()")
    # What is wrong must be seen.
    page.get_by_label("On a day, at an hour").check()
    day.fill("")
    page.get_by_role("button", name="Store draft").click()
    expect(page.locator(".error-summary")).to_be_visible()
    expect(day).to_be_visible()
    page = open_page("ratna", java_script_enabled=False)
    begin(page)
    expect(page.locator("[name=send_on]")).to_be_visible()


def test_on_the_way_back_no_other_area_is_ticked(open_page: Open) -> None:
    """Browsers put ticks back by their place in the form, and a search has changed the places."""
    page = open_page("ratna")
    begin(page)
    page.fill("[name=place]", "baj")
    page.get_by_label("Bajing, Kroya").check()
    page.fill("#body_id", PLAIN)
    page.locator("#count", has_text="1 text each").wait_for()
    page.get_by_role("link", name="Have a list of your own?").click()
    page.wait_for_url("**/broadcasts/lists")
    page.go_back()
    page.wait_for_url("**/broadcasts/new")
    ticked = page.evaluate("[...document.querySelectorAll('[name=areas]:checked')].map(one => one.value)")
    assert ticked in ([], ["33.01.06.2010"])


def test_when_the_signal_is_back_it_is_counted_anew(open_page: Open) -> None:
    page = cut_off(open_page)
    expect(page.locator("#count")).to_have_text("No signal: number and cost are not counted anew.")
    page.context.set_offline(False)
    expect(page.locator("#count")).to_contain_text("1 text each")
    expect(page.locator("#measure-id")).to_contain_text("letters left")
