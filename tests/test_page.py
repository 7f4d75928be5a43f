"""How a view ends: a page or its part, stored, or a form that did not fit."""

from __future__ import annotations

import pytest
from flask import Flask, g, get_flashed_messages
from flask_babel import lazy_gettext

from webapp.db import db
from webapp.page import go_to, local_path, page_or_part, row_id, stored, wants_part

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@on_sqlite
@pytest.mark.parametrize(
    ("headers", "part"),
    [
        ({}, False),
        ({"HX-Request": "true"}, True),
        ({"HX-Request": "true", "HX-Boosted": "true"}, False),
        ({"HX-Request": "true", "HX-History-Restore-Request": "true"}, False),
    ],
)
def test_only_htmx_that_asks_for_a_part_gets_one(app: Flask, headers: dict[str, str], part: bool) -> None:
    with app.test_request_context("/accounts", headers=headers):
        assert wants_part() is part
        context = {"accounts": [], "q": "", "roles": {}, "next_before": None}
        text = page_or_part("accounts/index.html", "accounts/_rows.html", **context).get_data(as_text=True)
        assert ("<!doctype" not in text) is part


@on_sqlite
def test_stored_goes_on_with_303_and_says_so(app: Flask) -> None:
    with app.test_request_context("/x", method="POST"):
        answer = stored("/people/1", lazy_gettext("Stored."))
        assert (answer.status_code, answer.location) == (303, "/people/1")
        assert len(get_flashed_messages()) == 1


@on_sqlite
def test_htmx_is_told_to_load_the_page(app: Flask) -> None:
    with app.test_request_context("/x", method="POST", headers={"HX-Request": "true"}):
        answer = go_to("/people/1")
        assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/people/1")


@on_sqlite
def test_stored_marks_the_form_before_it_commits(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[str] = []
    monkeypatch.setattr(db.session, "commit", lambda: steps.append("commit"))
    with app.test_request_context("/x", method="POST"):
        g.mark_submission = steps.append
        stored("/people/1")
    assert steps == ["/people/1", "commit"]


@pytest.mark.parametrize("text", ["", "0", "-1", "x", "1.0", "9223372036854775808", "9" * 5000, "²", "١", " 1"])
def test_what_is_no_id_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not an id"):
        row_id(text)


def test_ids_reach_as_far_as_databases() -> None:
    assert row_id("9223372036854775807") == 2**63 - 1


@pytest.mark.parametrize(
    "text",
    [None, "", "people", "//evil.example", "/\\evil.example", "https://evil.example", "/a\nb", "/" + "x" * 200],
)
def test_nobody_is_led_to_another_site(text: str | None) -> None:
    assert local_path(text, "/") == "/"


def test_a_path_of_ours_is_kept() -> None:
    assert local_path("/people/5?stage=ready", "/") == "/people/5?stage=ready"
