"""Which route carries a text: the rule in Python, and the same as one CASE in SQL."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from webapp.db import db
from webapp.outbox.checks import PRIORITIES
from webapp.outbox.model import Message
from webapp.outbox.rows import Rows
from webapp.routes.choice import PURPOSES, URGENT, Choice, chosen, chosen_in_sql, parts, signature

message = Message.__table__
AREAS = ("ID", "33", "33.01", "33.01.06.2010", "33.01.06.2014", "33.010", "35.02.09.2004", "52")
NUMBERS = ("+6281112345678", "+6281234567801", "+6285512345678", "+85251234567", "+886912345678", "KP2MI")
some = st.sampled_from
choices = st.builds(
    Choice,
    code=some(["a", "b", "modem-cilacap", "kantor"]),
    purposes=st.lists(some(PURPOSES), unique=True, max_size=3).map(tuple),
    prefixes=st.lists(some(["+62", "+62811", "+62812", "+62855", "+852", "+886"]), unique=True, max_size=2).map(tuple),
    areas=st.lists(some(AREAS), unique=True, max_size=2).map(tuple),
    rank=st.integers(0, 3),
)
sets_of_routes = st.lists(choices, max_size=4, unique_by=lambda choice: choice.code)
texts = st.lists(st.tuples(some(PURPOSES), some(NUMBERS), some(AREAS)), min_size=1, max_size=20)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(routes=sets_of_routes, of=texts)
def test_sql_chooses_as_python_does(app: Flask, routes: list[Choice], of: list[tuple[str, str, str]]) -> None:
    columns = {name: message.c[name].type for name in ("id", "purpose", "number", "area_code")}
    table = Rows(db.engine.dialect.name, **columns)
    case = chosen_in_sql(routes, table.c.purpose, table.c.number, table.c.area_code)
    query = sa.select(case).select_from(table.table).order_by(table.c.id)
    found = db.session.execute(query, table.filled((n, *text) for n, text in enumerate(of))).scalars().all()
    assert found == [chosen(routes, *text) for text in of]


def test_what_fits_comes_first_then_the_rank() -> None:
    cheap = Choice("cheap", purposes=("notice",), rank=1)
    local = Choice("local", prefixes=("+62812",), areas=("33.01",), rank=2)
    rest = Choice("rest", rank=9)
    routes = [rest, local, cheap]
    assert chosen(routes, "notice", "+6281234567801", "33.01.06.2010") == "cheap"
    assert chosen(routes, "reply", "+6281234567801", "33.01.06.2010") == "local"
    assert chosen(routes, "reply", "+6281234567801", "33.02.06.2010") == "rest"
    assert chosen([local, cheap], "reply", "+85251234567", "33.01") == "", "the route of the settings"


def test_of_two_with_one_rank_the_code_decides() -> None:
    assert chosen([Choice("b"), Choice("a")], "reply", "+62812", "33") == "a"


def test_one_that_has_to_prove_itself_takes_nothing_urgent() -> None:
    assert not set(Choice("a").on_trial().purposes) & set(URGENT)
    assert Choice("a", purposes=("reply", "notice")).on_trial().purposes == ("notice",)
    assert Choice("a", purposes=("reply",)).on_trial().purposes == ("reply",), "else it would never be tried"


def test_the_signature_is_that_of_the_set() -> None:
    a, b = Choice("a", rank=1), Choice("b", rank=2)
    assert signature([a, b]) == signature([b, a]) != signature([a])
    assert signature([]) == ""


def test_purposes_are_those_of_the_outbox() -> None:
    assert set(PURPOSES) == set(PRIORITIES)


@pytest.mark.parametrize(("listed", "found"), [("", ()), (" +62811 , +62812,", ("+62811", "+62812"))])
def test_lists_are_read_kindly(listed: str, found: tuple[str, ...]) -> None:
    assert parts(listed) == found
