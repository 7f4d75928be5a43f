"""Who reports brokers in these tests."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import Login, new_client
from tests.people import Cast


@pytest.fixture
def facilitator(client: FlaskClient, cast: Cast, login: Login) -> FlaskClient:
    login(client, cast.facilitator)
    return client


@pytest.fixture
def coordinator(app: Flask, cast: Cast, login: Login) -> FlaskClient:
    """Of the regency."""
    browser = new_client(app)
    login(browser, cast.coordinator)
    return browser


@pytest.fixture
def province(app: Flask, cast: Cast, login: Login) -> FlaskClient:
    browser = new_client(app)
    login(browser, cast.province)
    return browser
