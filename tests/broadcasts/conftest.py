"""Who reads and sends broadcasts in these tests."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import Login, new_client
from tests.people import Cast

Browser = Callable[[str], FlaskClient]


@pytest.fixture
def browser(app: Flask, cast: Cast, login: Login) -> Browser:
    """`browser("ratna")`: her logged-in browser, with pages in English."""
    known: dict[str, FlaskClient] = {}

    def of(username: str) -> FlaskClient:
        if username not in known:
            account = cast.account(username)
            account.language = "en"
            known[username] = new_client(app)
            login(known[username], account)
        return known[username]

    return of
