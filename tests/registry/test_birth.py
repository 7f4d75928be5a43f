"""A date of birth in three boxes: what is understood, what is asked back, and what stands in the boxes again."""

from __future__ import annotations

from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, scoped_session

from tests.people import Cast
from tests.registry.forms import newest, register


@pytest.mark.parametrize(
    ("typed", "born", "year"),
    [
        (["17", "3", "1996"], date(1996, 3, 17), 1996),
        ([" 1 ", "12", "1996 "], date(1996, 12, 1), 1996),
        (["", "", "1996"], None, 1996),
        ("1996-03-17", date(1996, 3, 17), 1996),
    ],
)
def test_a_date_or_the_year_alone_is_stored(
    facilitator: FlaskClient,
    db_session: scoped_session[Session],
    typed: list[str] | str,
    born: date | None,
    year: int,
) -> None:
    assert register(facilitator, birth_date=typed, nik="").status_code == 303
    person = newest(db_session)
    assert (person.birth_date, person.birth_year) == (born, year)


def test_what_was_typed_stands_in_the_boxes_again(facilitator: FlaskClient) -> None:
    page = register(facilitator, birth_date=["31", "2", "1996"])
    assert page.status_code == 422
    assert "Tanggal ini tidak ada." in page.text
    for part in ('value="31"', '<option value="2" selected>Februari', 'value="1996"'):
        assert part in page.text


def test_the_form_shows_what_is_stored(facilitator: FlaskClient, cast: Cast) -> None:
    person = cast.migrant
    assert person.birth_date == date(1994, 5, 17)
    page = facilitator.get(f"/people/{person.id}/edit").text
    for part in ('value="17"', '<option value="5" selected>Mei', 'value="1994"'):
        assert part in page


def test_a_stored_year_stays_a_year(facilitator: FlaskClient, db_session: scoped_session[Session], cast: Cast) -> None:
    register(facilitator, birth_date=["", "", "1996"], nik="")
    person = newest(db_session)
    page = facilitator.get(f"/people/{person.id}/edit").text
    assert 'value="1996"' in page
    form = {
        "name": person.name,
        "sex": "f",
        "birth_date": ["", "", "1996"],
        "language": "id",
        "version": person.version,
    }
    assert facilitator.post(f"/people/{person.id}", data=form).status_code == 303
    db_session.expire_all()
    assert (newest(db_session).birth_date, newest(db_session).birth_year) == (None, 1996)


def test_an_age_that_contradicts_the_year_is_asked_about(facilitator: FlaskClient, cast: Cast) -> None:
    """A minor is never texted, so the year that stands in the form must not win silently."""
    person = cast.migrant
    form = {"name": person.name, "sex": "f", "birth_date": ["", "", "1990"], "age": "16", "version": person.version}
    answer = facilitator.post(f"/people/{person.id}", data=form)
    assert answer.status_code == 422
    assert "tidak cocok" in answer.text
    assert register(facilitator, birth_date=["", "", "1990"], age="16", nik="").status_code == 422
