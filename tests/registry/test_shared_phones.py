"""'Only this person' opens a phone to personal texts, so nothing that is known may contradict it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, scoped_session

from tests.conftest import Login, new_client
from tests.editing import carried, opened
from tests.people import NEIGHBOUR, Cast
from tests.registry.forms import register
from webapp import clock
from webapp.accounts.model import AuditEntry
from webapp.db import db
from webapp.people.model import NumberState, Person, Phone


@pytest.fixture
def own(cast: Cast) -> Phone:
    return cast.migrant.phones[0]


def stored(phone_id: int) -> Phone:
    return db.session.get_one(Phone, phone_id, populate_existing=True)


def test_a_stale_form_does_not_text_a_phone_again(
    app: Flask, facilitator: FlaskClient, cast: Cast, login: Login, own: Phone
) -> None:
    path, office = f"/people/{cast.migrant.id}/phones/{own.id}", new_client(app)
    login(office, cast.coordinator)
    stale = opened(facilitator, path)
    hush = {"reader": "self", "do_not_text": "y"} | opened(office, path)
    assert office.post(path, data=hush).status_code == 303
    hours = {"reader": "self", "safe_from_hour": "9", "safe_until_hour": "12"}
    assert facilitator.post(path, data=hours | stale).status_code == 303
    assert (stored(own.id).do_not_text, stored(own.id).safe_from_hour) == (True, 9), "both survive"
    asked = facilitator.post(path, data=hours | stale | {"safe_from_hour": "13", "safe_until_hour": "15"})
    assert asked.status_code == 422
    assert "09.00–12.00" in asked.text
    assert "13.00–15.00" in asked.text
    shown = {"do_not_text": "y", "safe_from_hour": "13", "safe_until_hour": "15"}
    insists = hours | shown | carried(asked.text)
    assert facilitator.post(path, data=insists | {"keep-safe_from_hour": "mine"}).status_code == 303
    assert (stored(own.id).do_not_text, stored(own.id).safe_from_hour) == (True, 13)
    assert "0812•••••801: Jam aman: “09.00–12.00” (Siti Aminah)" in facilitator.get(f"/people/{cast.migrant.id}").text


def test_a_number_that_is_there_is_not_added_over_it(facilitator: FlaskClient, cast: Cast, own: Phone) -> None:
    own.reader, own.do_not_text = "employer", True
    db.session.commit()
    answer = facilitator.post(f"/people/{cast.migrant.id}/phones", data={"number": own.number, "reader": "self"})
    assert answer.status_code == 422
    assert "sudah tersimpan" in answer.text
    assert (stored(own.id).reader, stored(own.id).do_not_text) == ("employer", True)


def test_a_relatives_number_is_not_the_persons_own(facilitator: FlaskClient, cast: Cast, own: Phone) -> None:
    path = f"/people/{cast.migrant.id}"
    relative = {"name": "Wagiman", "relation": "father", "number": own.number}
    assert facilitator.post(f"{path}/contacts", data=relative).status_code == 422
    relative["number"] = "+6281377776666"
    assert facilitator.post(f"{path}/contacts", data=relative).status_code == 303
    phone = {"number": "0813 7777 6666", "reader": "self"}
    assert facilitator.post(f"{path}/phones", data=phone).status_code == 422
    assert facilitator.post(f"{path}/phones", data=phone | {"reader": "family"}).status_code == 303


def test_a_phone_of_two_people_is_read_by_others(facilitator: FlaskClient, cast: Cast) -> None:
    number = cast.withdrew.phones[0].number
    phone = {"number": number, "reader": "self"}
    assert facilitator.post(f"/people/{cast.migrant.id}/phones", data=phone).status_code == 422
    phone["reader"] = "family"
    assert facilitator.post(f"/people/{cast.migrant.id}/phones", data=phone).status_code == 303


def test_who_learns_that_somebody_elsewhere_has_a_number_is_in_their_log(
    facilitator: FlaskClient, cast: Cast, db_session: scoped_session[Session]
) -> None:
    now, number = clock.now(), "+6281399990000"
    far = Person.register(area_code=NEIGHBOUR, name="Jauh", sex="f", birth_year=1970, account=cast.stranger, now=now)
    far.add_phone(number, "self", account=cast.stranger, now=now)
    db_session.commit()
    assert register(facilitator, phone=number, name="Lain Sekali", nik="").status_code == 422
    db_session.rollback()
    query = sa.select(AuditEntry).where(AuditEntry.subject_id == far.id, AuditEntry.detail == "alike")
    entry = db_session.scalars(query).one()
    assert (entry.area_code, entry.account_id) == (NEIGHBOUR, cast.facilitator.id)


def test_after_salah_the_number_is_free_for_whoever_answers_there_now(facilitator: FlaskClient, cast: Cast) -> None:
    now, other = clock.now(), cast.withdrew.phones[0]
    db.session.add(NumberState(number=other.number, wrong_person_at=now, heard_at=now))
    db.session.commit()
    phone = {"number": other.number, "reader": "self"}
    assert facilitator.post(f"/people/{cast.migrant.id}/phones", data=phone).status_code == 303
    assert stored(other.id).removed_at is not None


def test_entering_a_halted_number_again_says_that_it_is_right(facilitator: FlaskClient, cast: Cast, own: Phone) -> None:
    now = clock.now()
    db.session.add(NumberState(number=own.number, wrong_person_at=now, heard_at=now))
    db.session.commit()
    again = {"number": own.number, "reader": "self"}
    assert facilitator.post(f"/people/{cast.migrant.id}/phones", data=again).status_code == 303
    assert db.session.get_one(NumberState, own.number, populate_existing=True).wrong_person_at is None


def test_a_restriction_is_never_refused(facilitator: FlaskClient, cast: Cast, own: Phone) -> None:
    cast.withdrew.add_phone(own.number, "family", account=cast.facilitator, now=clock.now())
    db.session.commit()
    path = f"/people/{cast.migrant.id}/phones/{own.id}"
    hush = {"reader": "self", "do_not_text": "y"} | opened(facilitator, path)
    assert facilitator.post(path, data=hush).status_code == 303
    assert stored(own.id).do_not_text


def test_two_different_people_have_no_phone_that_only_one_of_them_reads(
    facilitator: FlaskClient, cast: Cast, own: Phone
) -> None:
    twin = {"phone": own.number, "name": "Lain Sekali", "nik": "", "different_person": "1"}
    assert register(facilitator, **twin).status_code == 422
    assert register(facilitator, **twin, reader="family").status_code == 303


def test_a_number_of_somebody_else_is_told_when_it_is_added(facilitator: FlaskClient, cast: Cast, own: Phone) -> None:
    page = f"/people/{cast.withdrew.id}"
    facilitator.post(f"{page}/phones", data={"number": own.number, "reader": "family"})
    assert "juga tercatat pada orang lain" in facilitator.get(page).text
    facilitator.post(f"{page}/phones", data={"number": "081299998888", "reader": "family"})
    assert "juga tercatat pada orang lain" not in facilitator.get(page).text
