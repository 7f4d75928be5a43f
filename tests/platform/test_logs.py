"""Logs are JSON lines without anybody's data."""

from __future__ import annotations

import json
import logging
import sys

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from tests import people
from webapp import logs
from webapp.db import db
from webapp.people.model import Phone

SECRETS = (people.PASSWORD, "Sri Wahyuni", "sri wahyuni", "81234567801", "3301064557940001", "rahasia")


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> object:
    """Everything logged in the test, as it would be written."""
    caplog.set_level("INFO")
    return lambda: [json.loads(logs.JsonLines().format(record)) for record in caplog.records]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_request_is_one_line_without_its_address(client: FlaskClient, cast: people.Cast, lines) -> None:
    client.post("/login", data={"username": "siti", "password": people.PASSWORD})
    client.get(f"/people/{cast.migrant.id}?q=Sri+Wahyuni&phone=081234567801")
    client.get("/nowhere/rahasia?q=Sri+Wahyuni")
    written = lines()
    assert not [secret for secret in SECRETS if secret in json.dumps(written)]
    requests = [line for line in written if line["logger"] == "webapp.requests"]
    assert requests[0]["route"] == "/login"
    assert requests[-2]["route"] == "/people/<int:person_id>"
    assert requests[-2]["account"] == cast.facilitator.id
    assert requests[-1] == requests[-1] | {"method": "GET", "route": None, "status": 404}
    assert requests[-1]["ms"] >= 0


@pytest.mark.settings(log_level="INFO")
def test_an_exception_of_the_database_keeps_its_values_to_itself(app: Flask, cast: people.Cast) -> None:
    phone = cast.migrant.phones[0]
    again = Phone(person_id=phone.person_id, number=phone.number, reader="self", added_at=people.SINCE)
    db.session.add(again)
    try:
        db.session.flush()
    except sa.exc.IntegrityError:
        record = logging.LogRecord("x", logging.ERROR, "f", 1, "could not store", (), sys.exc_info())
    db.session.rollback()
    line = logs.JsonLines().format(record)
    assert "81234567801" not in line
    told = json.loads(line)["error"]
    assert told["type"] == "sqlalchemy.exc.IntegrityError"
    assert told["code"] in ("23505", "SQLITE_CONSTRAINT_UNIQUE")
    assert "execute" in told["where"][-1]


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("from +6281234567801", "from [number]"),
        ("0812-3456-7801 called", "[number] called"),
        ("NIK 3301064557940001", "NIK [number]"),
        ("GET /people?q=sri%20wahyuni", "GET /people?[query]"),
        ("message 1234567 sent in 20 ms", "message 1234567 sent in 20 ms"),
    ],
)
def test_numbers_and_queries_are_blanked(text: str, clean: str) -> None:
    assert logs.cleaned(text) == clean


def test_a_chain_of_causes_is_told_without_words() -> None:
    try:
        try:
            raise ValueError("Sri Wahyuni")
        except ValueError as inner:
            raise RuntimeError("081234567801") from inner
    except RuntimeError as error:
        told = logs.describe(error)
    assert told["type"] == "builtins.RuntimeError"
    assert told["cause"]["type"] == "builtins.ValueError"
    assert not [secret for secret in SECRETS if secret in json.dumps(told)]
