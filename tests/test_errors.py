"""What the database refuses is said in words, and nothing of it is stored."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.conftest import new_client
from tests.people import HOME, SINCE, Cast
from webapp.accounts import access
from webapp.accounts.model import Account
from webapp.db import db


@pytest.mark.settings
@pytest.mark.parametrize(("change", "status"), [({"username": "siti"}, 409), ({"name": None}, 400)])
def test_a_row_that_the_database_refuses_is_said_in_words(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch, change: dict[str, str | None], status: int
) -> None:
    """Taken already, or incomplete: no form let it through on purpose, and nothing of it is stored."""
    monkeypatch.setitem(access.RULES, "refused", access.PUBLIC)

    @app.post("/refused")
    def refused() -> str:
        cast.stranger.name = "Changed meanwhile"
        row = {"username": "new", "name": "New", "role": "facilitator", "area_code": HOME, "created_at": SINCE}
        db.session.add(Account(**(row | change)))
        db.session.flush()
        return ""

    answer = new_client(app).post("/refused")
    assert answer.status_code == status
    assert "<h1>" in answer.text
    assert cast.stranger.name == "Joko Susilo"
