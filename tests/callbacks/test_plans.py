"""What comes in is understood without reading a table from end to end."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.people import Cast
from tests.plans import plan, reads_whole_table, statements
from webapp import clock
from webapp.brokers import by_text
from webapp.callbacks import forgetting, intake

pytestmark = pytest.mark.own_database

SRI = "+6281234567801"


def test_an_answer_finds_its_question_by_an_index(app: Flask, cast: Cast) -> None:
    with statements() as sent:
        intake.receive("simulator", "in-1", SRI, "YA", clock.now())
    plans = [plan(s, p) for s, p in sent if s.startswith("SELECT") and "FROM messages" in s]
    assert plans
    assert not any(reads_whole_table(how, "messages") for how in plans), plans


@pytest.mark.parametrize("words", ["LAPOR Pak Darto minta uang", "halo bu", "1"])
def test_whose_report_a_text_belongs_to_is_found_by_an_index(app: Flask, cast: Cast, words: str) -> None:
    with statements() as sent:
        intake.receive("simulator", "in-1", SRI, words, clock.now())
    tables = ("messages", "incoming", "broker_reports", "broker_steps", "return_addresses")
    plans = [plan(s, p) for s, p in sent if s.startswith("SELECT") and any(f"FROM {name}" in s for name in tables)]
    assert plans
    assert [how for how in plans if any(reads_whole_table(how, name) for name in tables)] == []


def test_what_is_to_be_forgotten_is_found_by_an_index(app: Flask, cast: Cast) -> None:
    with statements() as sent:
        forgetting.forget(clock.now())
        by_text.forget_expired(clock.now())
    plans = [plan(s, p) for s, p in sent]
    indexes = ("ix_incoming_private", "ix_messages_private", "ix_return_addresses_kept")
    assert [name for name in indexes if not any(name in how for how in plans)] == [], plans
