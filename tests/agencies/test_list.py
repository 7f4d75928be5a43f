"""The page of the list: what it shows, in which order, what a search finds, and how the database gets there."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import Login
from tests.people import Cast
from tests.plans import plan, reads_whole_table, statements
from webapp import moments
from webapp.agencies import acts, queries
from webapp.agencies.licence import EXPIRED, LICENSED, REVOKED, SUSPENDED, standing
from webapp.agencies.model import Agency
from webapp.agencies.reading import Listed
from webapp.db import db

AS_OF, SOURCE = date(2026, 11, 3), "Daftar <rekaan> untuk pengujian"


@pytest.fixture
def reader(client: FlaskClient, cast: Cast, login: Login) -> FlaskClient:
    cast.facilitator.language = "en"
    login(client, cast.facilitator)
    return client


def listed(name: str, licence: str, status: str = LICENSED, expires_on: date | None = None) -> Listed:
    return Listed(name, licence, "Cilacap", status, expires_on)


@pytest.fixture
def agencies(app: Flask) -> list[str]:
    """Twenty-three of them, in no order; their names in order."""
    names = [f"PT {('Maju', 'Élok & Jaya', 'MAJU-Raya')[n % 3]} Ke{n:02} (contoh)" for n in range(23)]
    acts.replace([listed(name, f"C/{n}") for n, name in enumerate(reversed(names))], SOURCE, AS_OF)
    db.session.commit()
    return list(db.session.scalars(sa.select(Agency.name).order_by(Agency.name_key)))


def names_on(page: str) -> list[str]:
    return [name.replace("&amp;", "&") for name in re.findall(r"<strong>(PT [^<]*)</strong>", page)]


@pytest.mark.parametrize(
    ("status", "days", "expected"),
    [
        (LICENSED, 1, LICENSED),
        (LICENSED, 0, LICENSED),
        (LICENSED, -1, EXPIRED),
        (LICENSED, None, LICENSED),
        (SUSPENDED, -1, SUSPENDED),
        (REVOKED, 900, REVOKED),
        (EXPIRED, 900, EXPIRED),
    ],
)
def test_what_a_licence_is_worth(status: str, days: int | None, expected: str) -> None:
    expires_on = None if days is None else AS_OF + timedelta(days=days)
    assert standing(status, expires_on, AS_OF) == expected


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_each_row_says_how_the_licence_stands_today(reader: FlaskClient) -> None:
    today = moments.today()
    rows = [
        listed("PT A", "1", LICENSED, today + timedelta(days=1)),
        listed("PT B", "2", LICENSED, today - timedelta(days=1)),
        listed("PT C", "3", SUSPENDED, today + timedelta(days=1)),
        listed("PT D", "4", REVOKED),
    ]
    acts.replace(rows, SOURCE, AS_OF)
    page = reader.get("/agencies").text
    badges = re.findall(r'badge is-(\w+)">([^<]+)<', page)
    assert badges == [("ok", "Licensed"), ("bad", "Licence expired"), ("warn", "Suspended"), ("bad", "Licence revoked")]
    assert page.count("was valid until") == 1
    assert len(re.findall(r">until ", page)) == 1


@pytest.mark.parametrize("who", ["facilitator", "coordinator", "administrator"])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_everybody_sees_list_source_and_day(
    client: FlaskClient, cast: Cast, login: Login, agencies: list[str], who: str
) -> None:
    login(client, getattr(cast, who))
    assert 'href="/agencies"' in client.get("/more").text
    page = client.get("/agencies").text
    assert names_on(page) == agencies
    assert "Daftar &lt;rekaan&gt; untuk pengujian" in page
    assert '<time datetime="2026-11-03">' in page
    assert "jangan bayar dulu, tanyakan kepada koordinator" in page or "do not pay, ask your coordinator" in page


def test_pages_follow_one_another_without_gap_or_repeat(
    reader: FlaskClient, agencies: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "PAGE", 7)
    for q, expected in (("", agencies), ("maju", [name for name in agencies if "maju" in name.lower()])):
        seen: list[str] = []
        path: str | None = f"/agencies?q={q}"
        while path:
            page = reader.get(path).text
            seen += names_on(page)
            onward = re.search(r'rel="next" href="([^"]+)"', page)
            path = onward[1].replace("&amp;", "&") if onward else None
        assert seen == expected


def test_the_row_where_a_page_ended_may_be_gone(reader: FlaskClient, agencies: list[str]) -> None:
    assert names_on(reader.get("/agencies?after=987654321").text) == agencies
    assert names_on(reader.get("/agencies?after=none").text) == agencies


@pytest.mark.usefixtures("agencies")
@pytest.mark.parametrize(
    ("q", "found"),
    [("ke07", 1), ("PT. MAJU", 15), ("raya maju", 7), ("elok", 8), ("ÉLOK", 8), ("aju ra", 7), ("ajura", 0)],
)
def test_any_part_of_a_name_finds(reader: FlaskClient, q: str, found: int) -> None:
    assert len(names_on(reader.get("/agencies", query_string={"q": q}).text)) == found


@pytest.mark.usefixtures("agencies")
@pytest.mark.parametrize("q", ["%", "_", "' OR 1=1", "\\", "…", "x" * 5000])
def test_what_is_no_part_of_a_name_finds_nothing(reader: FlaskClient, q: str) -> None:
    page = reader.get("/agencies", query_string={"q": q}).text
    assert names_on(page) == []
    assert "No agency found" in page
    assert "do not pay" in page


@pytest.mark.usefixtures("agencies")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_htmx_gets_the_rows_only(reader: FlaskClient) -> None:
    part = reader.get("/agencies?q=ke07", headers={"HX-Request": "true"}).text
    assert len(names_on(part)) == 1
    assert "<html" not in part


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_without_a_list_it_says_who_loads_it(reader: FlaskClient) -> None:
    page = reader.get("/agencies").text
    assert "No list has been loaded yet" in page
    assert "Whoever runs this installation" in page
    assert 'role="search"' not in page


@pytest.mark.usefixtures("agencies")
def test_the_list_is_read_in_the_order_of_its_index(reader: FlaskClient) -> None:
    after = db.session.scalar(sa.select(sa.func.min(Agency.id)))
    with statements() as sent:
        for path in ("/agencies", f"/agencies?after={after}"):
            assert reader.get(path).status_code == 200
    ordered = [(s, p) for s, p in sent if "ORDER BY agencies.name_key" in s]
    assert len(ordered) == 2
    for statement, parameters in ordered:
        how = plan(statement, parameters)
        assert not reads_whole_table(how, "agencies"), how
        assert "Sort" not in how, how
        assert "TEMP B-TREE" not in how, how


@pytest.mark.parametrize("path", ["/agencies", "/agencies?q=maju&after={id}"])
def test_a_page_asks_a_fixed_number_of_questions(reader: FlaskClient, agencies: list[str], path: str) -> None:
    path = path.format(id=db.session.scalar(sa.select(sa.func.min(Agency.id))))
    reader.get(path)
    with statements() as sent:
        assert reader.get(path).status_code == 200
    assert len([s for s, _ in sent if "agencies" in s]) == (3 if "after" in path else 2)
    assert len(sent) <= 7, "\n".join(statement for statement, _ in sent)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("maju ke00 contoh", "and licensed"),
        ("maju kee00 cantoh", "another name is another company"),
        ("antah berantah", "Not on our list"),
        ("jaya", "Several agencies"),
    ],
)
@pytest.mark.usefixtures("agencies")
def test_a_search_is_answered_as_a_migrant_would_be(reader: FlaskClient, asked: str, told: str) -> None:
    page = reader.get("/agencies", query_string={"q": asked}).text
    assert told in page
    assert told not in reader.get("/agencies").text
