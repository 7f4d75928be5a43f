"""Who reports brokers in these tests."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.conftest import Login
from tests.people import Cast


@pytest.fixture
def facilitator(client: FlaskClient, cast: Cast, login: Login) -> FlaskClient:
    login(client, cast.facilitator)
    return client
