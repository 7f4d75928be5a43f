"""Numbers that help: who sees them, how they are called, and when a page warns."""

from __future__ import annotations

import csv
import re
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from tests.conftest import Login
from tests.people import Cast
from tests.plans import statements
from webapp import moments
from webapp.db import db
from webapp.departures.model import Destination
from webapp.helplines import seeds
from webapp.helplines.model import Helpline
from webapp.helplines.verification import NO_NUMBER, OLD, UNVERIFIED, VERIFIED, state_of

TODAY = date(2026, 11, 3)


@pytest.fixture
def reader(client: FlaskClient, cast: Cast, login: Login) -> FlaskClient:
    cast.facilitator.language = "en"
    login(client, cast.facilitator)
    return client


def helpline(code: str) -> Helpline:
    return db.session.scalars(sa.select(Helpline).where(Helpline.code == code)).one()


def row_of(page: str, name: str) -> str:
    """The piece of the page about the first number of this name."""
    return page.partition(f"<strong>{name}</strong>")[2].partition("</li>")[0]


@pytest.mark.parametrize(
    ("number", "days", "expected"),
    [("110", None, UNVERIFIED), ("110", 0, VERIFIED), ("110", 180, VERIFIED), ("110", 181, OLD), ("", 0, NO_NUMBER)],
)
def test_how_far_a_number_can_be_trusted(number: str, days: int | None, expected: str) -> None:
    verified_on = None if days is None else TODAY - timedelta(days=days)
    assert state_of(number, verified_on, TODAY) == expected


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("who", ["facilitator", "coordinator", "administrator"])
def test_everybody_can_call_every_number(client: FlaskClient, cast: Cast, login: Login, who: str) -> None:
    """Also an administrator, to whom numbers of people are masked: these are public."""
    login(client, getattr(cast, who))
    assert 'href="/helplines"' in client.get("/more").text
    page = client.get("/helplines").text
    for link in ("tel:110", "tel:08001000", "tel:+622129244800", "tel:08118080141", "sms:1708", "tel:+85252422240"):
        assert f'href="{link}"' in page
    with_number = db.session.scalars(sa.select(Helpline.number).where(Helpline.number != "")).all()
    assert len(re.findall(r'href="(?:tel|sms):', page)) == len(with_number)


def test_indonesia_comes_first_then_each_country_by_its_name(reader: FlaskClient) -> None:
    db.session.get_one(Destination, "MY").name_en = "Malaya"
    helpline("my").position = 1
    db.session.add(Helpline(code="zz", position=999, name="A", country="ZZ", words_id="", words_en="", source="tests"))
    titles = re.findall(r"<h2[^>]*>([^<]+)</h2>", reader.get("/helplines").text)
    assert titles[:4] == ["In Indonesia", "Malaya", "Hong Kong", "Taiwan"]
    assert titles[-1] == "ZZ"
    assert len(titles) == len(set(titles))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_page_warns_of_what_nobody_verified_lately(reader: FlaskClient) -> None:
    today = moments.today()
    for code, days in (("police", 0), ("sapa", 181)):
        helpline(code).verified_on, helpline(code).verified_by = today - timedelta(days=days), "Ratna <Dewi>"
    page = reader.get("/helplines").text
    assert "badge" not in row_of(page, "Polisi")
    assert "by Ratna &lt;Dewi&gt;" in row_of(page, "Polisi")
    assert "Verified long ago" in row_of(page, "SAPA 129")
    assert "Not verified yet" in row_of(page, "LPSK")
    assert "No number yet" in row_of(page, "KBRI Singapura")
    assert "href" not in row_of(page, "KBRI Singapura")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_words_are_in_the_language_of_the_page(reader: FlaskClient, cast: Cast) -> None:
    assert "Violence against women" in reader.get("/helplines").text
    cast.facilitator.language = "id"
    assert "Kekerasan terhadap perempuan" in reader.get("/helplines").text


def test_loading_again_adds_what_is_missing_and_changes_nothing(reader: FlaskClient) -> None:
    shipped = len(db.session.scalars(sa.select(Helpline)).all())
    helpline("police").number = "112"
    db.session.delete(helpline("hk"))
    db.session.commit()
    assert seeds.load() == 1
    db.session.commit()
    assert seeds.load() == 0
    assert helpline("police").number == "112"
    assert len(db.session.scalars(sa.select(Helpline)).all()) == shipped


def test_what_is_shipped_fits_and_claims_no_verification_without_a_day() -> None:
    with seeds.SHIPPED.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    lengths = {column.name: getattr(column.type, "length", None) for column in Helpline.__table__.columns}
    for row in rows:
        assert None not in row.values()
        assert not [name for name, value in row.items() if lengths[name] and len(value) > lengths[name]]
        assert row["kind"] in ("phone", "whatsapp", "sms")
        assert bool(row["verified_on"]) == bool(row["verified_by"])
    assert len({row["position"] for row in rows}) == len({row["code"] for row in rows}) == len(rows)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_without_numbers_it_says_who_loads_them(reader: FlaskClient) -> None:
    db.session.execute(sa.delete(Helpline))
    assert "No numbers have been loaded yet" in reader.get("/helplines").text


def test_the_page_asks_a_fixed_number_of_questions(reader: FlaskClient) -> None:
    reader.get("/helplines")
    with statements() as sent:
        assert reader.get("/helplines").status_code == 200
    assert len([s for s, _ in sent if "helplines" in s]) == 1
    assert len(sent) <= 5, "\n".join(statement for statement, _ in sent)
