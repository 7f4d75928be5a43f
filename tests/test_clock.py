"""The clock of a demonstration."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import Login
from tests.people import Cast
from webapp import clock

pytestmark = pytest.mark.settings(demo=True)


def test_it_moves_to_the_afternoon_of_a_day(app: Flask) -> None:
    clock.move_to(date(2027, 3, 5))
    assert abs(clock.now() - datetime(2027, 3, 5, 9, 30, tzinfo=UTC)).total_seconds() < 5


def test_a_form_can_be_stored_when_the_clock_must_be_read_anew(
    app: Flask, client: FlaskClient, cast: Cast, login: Login
) -> None:
    """The form's own transaction may hold SQLite's only write lock by then."""
    login(client, cast.facilitator)
    app.extensions.pop("demo_clock", None)
    form = {"words": "Sudah ditelepon", "client_id": "0123456789abcdef"}
    response = client.post(f"/people/{cast.migrant.id}/notes", data=form)
    assert response.status_code == 303
