"""What comes in is understood without reading a table from end to end."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.people import Cast
from tests.plans import plan, reads_whole_table, statements
from webapp import clock
from webapp.callbacks import intake

pytestmark = pytest.mark.own_database

SRI = "+6281234567801"


def test_an_answer_finds_its_question_by_an_index(app: Flask, cast: Cast) -> None:
    with statements() as sent:
        intake.receive("simulator", "in-1", SRI, "YA", clock.now())
    plans = [plan(s, p) for s, p in sent if s.startswith("SELECT") and "FROM messages" in s]
    assert plans
    assert not any(reads_whole_table(how, "messages") for how in plans), plans
