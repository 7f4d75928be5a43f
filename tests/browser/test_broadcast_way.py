"""The whole way of a broadcast, by the hands of two officers: from its audience to what became of it.

The officer of the regency reads English pages here, that of the province and the facilitator Indonesian ones.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.browsing import DESK, PHONE, Open

#: Texts are made and counted by the worker, which looks every few seconds.
WORKER_MS = 90_000
WAYS: dict[str, dict[str, Any]] = {
    "on a phone": {"viewport": PHONE},
    "at a desk": {"viewport": DESK},
    "without a script": {"viewport": PHONE, "java_script_enabled": False},
}


@pytest.mark.parametrize("way", WAYS)
def test_from_an_audience_to_its_result(open_page: Open, way: str) -> None:
    ratna, bambang = open_page("ratna", **WAYS[way]), open_page("bambang", **WAYS[way])
    allow(bambang)
    write(ratna, f"Pelabuhan ditutup ({way})")
    expect(ratna.locator("main")).to_contain_text("people")
    ratna.get_by_role("button", name="Hand over for approval").click()
    expect(ratna.locator("main")).to_contain_text("Somebody else has to approve it.")

    bambang.goto(ratna.url)
    expect(bambang.locator(".bubble").first).to_contain_text("pelabuhan ditutup")
    bambang.locator("form[action$='/approval'] button").click()
    expect(bambang.locator("#course")).to_be_visible()

    until_sent(ratna, has_script=way != "without a script")
    expect(ratna.locator("#course")).to_contain_text("100%")
    with ratna.expect_download() as download:
        ratna.locator("#course-csv").click()
    assert download.value.suggested_filename.endswith(".csv")
    siti = open_page("siti", **WAYS[way])
    siti.goto("/")
    siti.locator("a.row", has_text=f"Pelabuhan ditutup ({way})").click()
    assert "pelabuhan ditutup" in siti.locator("textarea").input_value()


def allow(page: Page) -> None:
    page.goto("/broadcasts/budgets?area=33.01")
    page.fill("[name=rupiah]", "5.000.000")
    page.locator("form[action='/broadcasts/budgets'] button[type=submit]").click()
    expect(page.locator("main")).to_contain_text("Rp5.000.000")


def write(page: Page, title: str) -> None:
    """An emergency, which goes out whatever the hour and needs a second officer."""
    page.goto("/broadcasts/new")
    page.fill("[name=title]", title)
    page.check("[name=areas] >> nth=0")
    page.fill("#body_id", f"Desmigratif: {{n}}, pelabuhan ditutup sampai besok. Jangan berangkat dulu. {title} {{hp}}")
    page.locator("summary", has_text="It cannot wait for the morning").click()
    page.check("[name=emergency]")
    page.select_option("[name=reason]", "port")
    page.get_by_role("button", name="Store draft").click()
    expect(page.locator("h1")).to_contain_text(title)


def until_sent(page: Page, *, has_script: bool) -> None:
    """The page looks by itself; without a script its reader does."""
    badge = page.locator(".lead .badge", has_text=re.compile(r"^\s*Sent\s*$"))
    page.reload()
    if has_script:
        badge.wait_for(timeout=WORKER_MS)
        return
    for _ in range(WORKER_MS // 3_000):
        if badge.count():
            return
        page.wait_for_timeout(3_000)
        page.reload()
    expect(badge).to_be_visible()
