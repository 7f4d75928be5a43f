"""Registering: what is stored, what is asked about, and what is refused."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, scoped_session

from tests.conftest import Login
from tests.people import HOME, NEIGHBOUR, OTHER_VILLAGE, Cast
from tests.registry.forms import NIK, count, newest, register
from webapp.accounts.model import AuditEntry
from webapp.people import consent


def test_a_person_is_registered_with_phone_family_and_consent(
    facilitator: FlaskClient, db_session: scoped_session[Session]
) -> None:
    answer = register(facilitator)
    person = newest(db_session)
    assert answer.status_code == 303
    assert answer.location == f"/people/{person.id}"
    assert (person.name, person.area_code, person.stage, person.birth_year) == (
        "Endang Sulastri",
        HOME,
        "prospect",
        1996,
    )
    assert [(p.number, p.reader) for p in person.phones] == [("+6281234567899", "self")]
    assert [(c.name, c.relation, c.number) for c in person.contacts] == [("Pak Karto", "father", "+6285712345678")]
    lines = consent.current(person.id)
    assert lines["sms"] is not None
    assert lines["sms"].given
    assert lines["sms"].witness == "Pak Karto"
    assert lines["forwarding"] is None
    assert person.nik == NIK


def test_the_nik_is_stored_encrypted_and_shown_masked(
    facilitator: FlaskClient, db_session: scoped_session[Session]
) -> None:
    register(facilitator)
    person = newest(db_session)
    assert person.nik_encrypted is not None
    assert NIK.encode() not in person.nik_encrypted
    page = facilitator.get(f"/people/{person.id}").text
    assert NIK not in page
    assert "3301••••••••0001" in page


def test_the_whole_nik_is_shown_once_and_noted(facilitator: FlaskClient, db_session: scoped_session[Session]) -> None:
    register(facilitator)
    person = newest(db_session)
    answer = facilitator.post(f"/people/{person.id}/nik-views")
    assert NIK in answer.text.replace(" ", ""), "in groups, as one reads it aloud"
    assert answer.headers["Cache-Control"] == "no-store"
    query = sa.select(AuditEntry).where(AuditEntry.subject == "nik", AuditEntry.subject_id == person.id)
    assert db_session.scalars(query).one().act == "seen"


def test_a_repeated_view_of_the_nik_shows_it_no_more(
    facilitator: FlaskClient, db_session: scoped_session[Session]
) -> None:
    register(facilitator)
    person = newest(db_session)
    key = {"client_id": "11111111-2222-3333-4444-555555555555"}
    assert NIK in facilitator.post(f"/people/{person.id}/nik-views", data=key).text.replace(" ", "")
    again = facilitator.post(f"/people/{person.id}/nik-views", data=key)
    assert again.status_code == 303
    assert NIK not in again.text.replace(" ", "")


def test_from_the_likely_duplicates_a_way_leads_back_to_what_was_written(
    facilitator: FlaskClient, db_session: scoped_session[Session], cast: Cast
) -> None:
    before = count(db_session)
    twin = {"name": "Sri Wahjuni", "birth_date": ["19", "5", "1994"], "nik": ""}
    assert "Kembali ke tulisan saya" in register(facilitator, **twin).text
    page = register(facilitator, **twin, again="1").text
    for part in ('value="Sri Wahjuni"', 'value="19"', 'value="0812 3456 7899"', 'value="Pak Karto"'):
        assert part in page
    assert "Mohon perbaiki dulu" not in page
    assert count(db_session) == before
    assert register(facilitator, **twin, different_person="1").status_code == 303


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": " "}, "name"),
        ({"name": "王"}, "name"),
        ({"sex": ""}, "sex"),
        ({"sex": "x"}, "sex"),
        ({"birth_date": ""}, "birth_date"),
        ({"birth_date": "2031-01-01"}, "birth_date"),
        ({"birth_date": "", "age": "200"}, "age"),
        ({"birth_date": ["", "", "94"]}, "birth_date"),
        ({"birth_date": ["31", "2", "1994"]}, "birth_date"),
        ({"birth_date": ["", "5", "1994"]}, "birth_date"),
        ({"birth_date": ["17", "5", ""]}, "birth_date"),
        ({"birth_date": ["", "", "1890"]}, "birth_date"),
        ({"phone": "0812"}, "phone"),
        ({"phone": "O8123456789"}, "phone"),
        ({"reader": ""}, "reader"),
        ({"reader": "boss"}, "reader"),
        ({"contact_number": ""}, "contact_number"),
        ({"contact_name": ""}, "contact_name"),
        ({"contact_relation": ""}, "contact_relation"),
        ({"nik": "123"}, "nik"),
        ({"nik": "3301065703960001x"}, "nik"),
        ({"consent_data": ""}, "consent_data"),
        ({"consent_data": "no"}, "consent_data"),
        ({"language": "xx"}, "language"),
        ({"address": "a" * 201}, "address"),
    ],
)
def test_what_does_not_fit_is_said_at_the_field_and_nothing_is_stored(
    facilitator: FlaskClient, db_session: scoped_session[Session], changes: dict[str, str], words: str
) -> None:
    before = count(db_session)
    answer = register(facilitator, **changes)
    assert answer.status_code == 422
    assert f'id="{words}-error"' in answer.text
    assert count(db_session) == before


def test_what_was_typed_is_kept(facilitator: FlaskClient) -> None:
    answer = register(facilitator, sex="")
    assert 'value="Endang Sulastri"' in answer.text
    assert 'value="0812 3456 7899"' in answer.text


@pytest.mark.parametrize(
    "changes",
    [
        {"nik": "3301061703960001"},  # the day of a man
        {"nik": "3301065703970001"},  # another year
        {"nik": "9999065703960001"},  # no such regency
        {"nik": "3301067113960001"},  # day 31 of month 13
    ],
)
def test_a_doubtful_nik_is_asked_about_and_may_be_confirmed(
    facilitator: FlaskClient, db_session: scoped_session[Session], changes: dict[str, str]
) -> None:
    asked = register(facilitator, **changes)
    assert asked.status_code == 422
    assert 'name="nik_confirmed"' in asked.text
    assert register(facilitator, **changes, nik_confirmed="y").status_code == 303
    assert newest(db_session).nik == changes["nik"]


def test_an_age_of_eighteen_is_grown_up(facilitator: FlaskClient, db_session: scoped_session[Session]) -> None:
    register(facilitator, birth_date="", age="18", nik="")
    person = newest(db_session)
    assert person.birth_date is None
    assert person.age_on(person.created_at.date()) == 18


def test_a_minor_may_be_registered_and_is_marked(facilitator: FlaskClient, db_session: scoped_session[Session]) -> None:
    register(facilitator, birth_date="", age="16", nik="")
    assert "badge is-warn" in facilitator.get(f"/people/{newest(db_session).id}").text


def test_somebody_with_the_same_phone_is_shown_before_storing(
    facilitator: FlaskClient, db_session: scoped_session[Session], cast: Cast
) -> None:
    before, known = count(db_session), cast.migrant.id
    asked = register(facilitator, phone="+62 812 3456 7801")
    assert asked.status_code == 422
    assert f'href="/people/{known}"' in asked.text
    assert count(db_session) == before
    different = {"phone": "+62 812 3456 7801", "different_person": "1", "reader": "family"}
    assert register(facilitator, **different).status_code == 303
    assert count(db_session) == before + 1


def test_somebody_with_a_like_name_and_near_birth_is_shown(facilitator: FlaskClient, cast: Cast) -> None:
    asked = register(facilitator, name="Sri Wahjuni", birth_date="1994-05-19", nik="")
    assert asked.status_code == 422
    assert f'href="/people/{cast.migrant.id}"' in asked.text


def test_the_question_about_duplicates_carries_everything_that_was_typed(
    facilitator: FlaskClient, db_session: scoped_session[Session]
) -> None:
    asked = register(facilitator, phone="081234567801", area_code=HOME)
    for name, value in (("nik", NIK), ("contact_name", "Pak Karto"), ("consent_sms", "yes"), ("witness", "Pak Karto")):
        assert f'name="{name}" value="{value}"' in asked.text


def test_of_people_outside_the_area_nothing_is_told_but_that_there_is_somebody(
    client: FlaskClient, cast: Cast, login: Login
) -> None:
    login(client, cast.stranger)
    asked = register(client, phone="081234567801", area_code=NEIGHBOUR)
    assert asked.status_code == 422
    assert "notice" in asked.text
    assert "Sri Wahyuni" not in asked.text
    assert f"/people/{cast.migrant.id}" not in asked.text


def test_a_facilitator_registers_only_in_the_own_village(
    facilitator: FlaskClient, db_session: scoped_session[Session]
) -> None:
    """A form of another village, perhaps of the one before, registers nobody here: whoever is there looks at it."""
    before = newest(db_session).id
    assert register(facilitator, area_code=NEIGHBOUR).status_code == 404
    assert newest(db_session).id == before
    assert register(facilitator, area_code=HOME).status_code == 303
    assert newest(db_session).area_code == HOME


def test_a_coordinator_chooses_a_village_of_the_own_regency(
    coordinator: FlaskClient, db_session: scoped_session[Session]
) -> None:
    assert f"/people/new?village={NEIGHBOUR}" in coordinator.get("/people/new").text
    assert NEIGHBOUR in coordinator.get("/people/new?q=bunt").text
    assert 'name="area_code"' in coordinator.get(f"/people/new?village={NEIGHBOUR}").text
    assert register(coordinator, area_code=OTHER_VILLAGE).status_code == 404
    assert register(coordinator, area_code=NEIGHBOUR).status_code == 303
    assert newest(db_session).area_code == NEIGHBOUR


def test_an_own_phone_is_not_also_the_relatives(facilitator: FlaskClient, db_session: scoped_session[Session]) -> None:
    before = count(db_session)
    page = register(facilitator, contact_number="0812-3456-7899")
    assert page.status_code == 422
    assert "nomor keluarga" in page.text
    assert count(db_session) == before
    assert register(facilitator, contact_number="0812-3456-7899", reader="family").status_code == 303
