"""New words of a stock text, to the moment they go out: on a phone and on a desk, with a script and without."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.browsing import DESK, PHONE, Open, submit

pytestmark = pytest.mark.browser

TYPED = "Desmigratif: {n}, paspor habis {d}. Ganti di Perwakilan RI… Bantuan RI {rw}. Tanya {hp}"
OFFERED = TYPED.replace("…", "...")


@pytest.mark.parametrize(
    ("with_script", "size", "ending"), [(True, PHONE, ""), (False, DESK, " ya")], ids=["phone", "desk-no-script"]
)
def test_words_are_counted_mended_proposed_and_approved(
    open_page: Open, with_script: bool, size: dict[str, int], ending: str
) -> None:
    how: dict[str, Any] = {"java_script_enabled": with_script, "viewport": size}
    writer, second = open_page("dewi", **how), open_page("agus", **how)
    writer.goto("/texts/P5/id/edit")
    writer.fill("#body", TYPED + ending)
    if not with_script:
        submit(writer, "/preview")
    assert writer.inner_text("#count mark") == "…"
    with writer.expect_navigation():
        writer.click("#count a.button")
    assert writer.input_value("#body") == OFFERED + ending
    submit(writer, "/preview")
    submit(writer, "/proposal")
    assert writer.locator(".flash.is-ok").count() == 1
    second.goto("/texts")
    with second.expect_navigation():
        second.click("a[href='/texts/P5/id/proposal']")
    second.check("[name=read]")
    submit(second, "/approval")
    assert OFFERED + ending in second.inner_text("#in-id + p + p")
