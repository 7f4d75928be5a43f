"""Forms that fit no more when they come: kept for a human, where the person lives by now, and shown to nobody else."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import Login, new_client
from tests.offline.sending import LATER, hand_over, send
from tests.people import HOME, NEIGHBOUR, OTHER_VILLAGE, Cast
from tests.photos import sending as photos
from tests.photos.pictures import encoded, halves
from webapp import clock
from webapp.accounts.model import AuditEntry
from webapp.db import db
from webapp.offline.model import KeptForm
from webapp.people.model import Event
from webapp.photos.model import Photo

NOTE = {"words": "Sudah ke Cilacap"}


@pytest.fixture
def siti(client: FlaskClient, cast: Cast, login: Login) -> FlaskClient:
    login(client, cast.facilitator)
    return client


@pytest.fixture
def joko(app: Flask, cast: Cast, login: Login) -> FlaskClient:
    """Of the next village."""
    client = new_client(app)
    login(client, cast.stranger)
    return client


def kept() -> KeptForm:
    return db.session.scalars(sa.select(KeptForm)).one()


def test_of_somebody_who_moved_it_waits_in_the_new_village(siti: FlaskClient, joko: FlaskClient, cast: Cast) -> None:
    person_id = cast.migrant.id
    siti.get(f"/people/{person_id}")
    cast.migrant.move_house(NEIGHBOUR, account=cast.coordinator, now=clock.now())
    assert send(siti, f"/people/{person_id}/notes", NOTE).status_code == 404
    answer = hand_over(siti, f"/people/{person_id}/notes")
    assert answer.status_code == 200
    assert (kept().area_code, kept().person_id) == (NEIGHBOUR, person_id)
    assert "Catatan" in joko.get("/").text
    page = joko.get((answer.json or {})["location"]).text
    assert "Sudah ke Cilacap" in page
    assert "Siti Aminah menulis ini" in page


def test_its_writer_learns_nothing_of_the_person(siti: FlaskClient, cast: Cast) -> None:
    """Nor whether there is such a person: an id is no question to ask."""
    siti.get(f"/people/{cast.migrant.id}")
    cast.migrant.move_house(NEIGHBOUR, account=cast.coordinator, now=clock.now())
    there = hand_over(siti, f"/people/{cast.migrant.id}/notes")
    nowhere = hand_over(siti, "/people/999999/notes")
    messages = [(answer.json or {})["message"] for answer in (there, nowhere)]
    assert messages[0] == messages[1]
    page = siti.get((there.json or {})["location"]).text
    assert "Sri Wahyuni" not in page
    assert "Buntu" not in page
    newest = db.session.scalars(sa.select(KeptForm).order_by(KeptForm.id.desc()).limit(1)).one()
    assert (newest.area_code, newest.person_id) == (HOME, None)


def test_about_a_stranger_it_stays_with_whoever_wrote_it(siti: FlaskClient, joko: FlaskClient, cast: Cast) -> None:
    """Nobody writes into a village by trying ids of people whom they never saw."""
    cast.migrant.move_house(NEIGHBOUR, account=cast.coordinator, now=clock.now())
    db.session.commit()
    hand_over(siti, f"/people/{cast.migrant.id}/notes", title="Selipan")
    assert (kept().area_code, kept().person_id) == (HOME, None)
    assert joko.get(f"/kept-forms/{kept().id}").status_code == 404
    assert "Selipan" not in joko.get(f"/people/{cast.migrant.id}").text


def test_those_it_is_for_decide_not_its_writer(siti: FlaskClient, joko: FlaskClient, cast: Cast) -> None:
    siti.get(f"/people/{cast.migrant.id}")
    cast.migrant.move_house(NEIGHBOUR, account=cast.coordinator, now=clock.now())
    db.session.commit()
    hand_over(siti, f"/people/{cast.migrant.id}/notes")
    path = f"/kept-forms/{kept().id}"
    assert "Tandai selesai" not in siti.get(path).text
    assert siti.post(f"{path}/settlement", data={"outcome": "Sudah"}).status_code == 404
    assert joko.post(f"{path}/settlement", data={"outcome": "Sudah ke Taiwan"}).status_code == 303
    assert "Taiwan" in joko.get(path).text
    assert "Taiwan" not in siti.get(path).text


def test_it_moves_along_with_its_person(app: Flask, joko: FlaskClient, cast: Cast, login: Login) -> None:
    siti, coordinator = new_client(app), cast.coordinator
    login(siti, cast.facilitator)
    hand_over(siti, f"/people/{cast.migrant.id}/notes")
    path = f"/kept-forms/{kept().id}"
    cast.migrant.move_house(NEIGHBOUR, account=coordinator, now=clock.now())
    db.session.commit()
    assert joko.get(path).status_code == 200
    assert "Sri Wahyuni" in joko.get("/").text
    assert "Sri Wahyuni" not in siti.get("/").text


def test_numbers_are_shown_in_full_only_to_whoever_asks(siti: FlaskClient, cast: Cast) -> None:
    hand_over(siti, f"/people/{cast.migrant.id}/notes", body="words=x&nik=3301062005900001")
    path = f"/kept-forms/{kept().id}"
    assert "3301062005900001" not in siti.get(path).text
    assert "•••001" in siti.get(path).text
    answer = siti.post(f"{path}/words")
    assert "3301062005900001" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    looks = sa.select(AuditEntry.detail).where(AuditEntry.subject == "kept_form", AuditEntry.act == "seen")
    assert "numbers" in db.session.scalars(looks).all()


def test_a_registration_for_a_village_one_worked_in_waits_there(siti: FlaskClient, cast: Cast) -> None:
    siti.get(f"/people/{cast.migrant.id}")
    cast.facilitator.area_code = NEIGHBOUR
    db.session.commit()
    fields = {"name": "Endang", "sex": "f", "birth_date": "1990-05-04", "consent_data": "yes", "area_code": HOME}
    assert send(siti, "/people", fields).status_code == 404
    hand_over(siti, "/people", title="Daftarkan orang", body=f"name=Endang&area_code={HOME}")
    assert kept().area_code == HOME
    hand_over(siti, "/people", title="Tempat lain", body=f"name=Endang&area_code={OTHER_VILLAGE}")
    newest = db.session.scalars(sa.select(KeptForm).order_by(KeptForm.id.desc()).limit(1)).one()
    assert newest.area_code == NEIGHBOUR


def test_others_do_not_see_it(app: Flask, siti: FlaskClient, joko: FlaskClient, cast: Cast, login: Login) -> None:
    hand_over(siti, f"/people/{cast.migrant.id}/notes")
    path = f"/kept-forms/{kept().id}"
    assert joko.get(path).status_code == 404
    assert joko.post(f"{path}/settlement", data={"outcome": "x"}).status_code == 404
    coordinator = new_client(app)
    login(coordinator, cast.coordinator)
    assert coordinator.get(path).status_code == 200


def test_a_kept_report_of_a_broker_is_not_for_colleagues(
    app: Flask, siti: FlaskClient, cast: Cast, login: Login
) -> None:
    """It may accuse one of them."""
    colleague = cast.stranger
    colleague.area_code = HOME
    db.session.commit()
    theirs, coordinator = new_client(app), new_client(app)
    login(theirs, colleague)
    login(coordinator, cast.coordinator)
    hand_over(siti, "/broker-reports", title="Laporkan calo")
    path = f"/kept-forms/{kept().id}"
    assert [client.get(path).status_code for client in (siti, theirs, coordinator)] == [200, 404, 200]
    assert ["Laporkan calo" in client.get("/").text for client in (siti, theirs, coordinator)] == [True, False, True]


def test_it_is_settled_once(siti: FlaskClient, cast: Cast) -> None:
    hand_over(siti, f"/people/{cast.migrant.id}/notes")
    path = f"/kept-forms/{kept().id}/settlement"
    assert siti.post(path, data={"outcome": ""}).status_code == 422
    for outcome in ("Sudah dicatat", "Sekali lagi"):
        assert siti.post(path, data={"outcome": outcome}).status_code == 303
    assert kept().outcome == "Sudah dicatat"
    assert "Formulir yang perlu dilihat" not in siti.get("/").text
    kinds = db.session.scalars(sa.select(Event.kind).where(Event.person_id == cast.migrant.id)).all()
    assert kinds.count("form_kept") == kinds.count("kept_form_settled") == 1


def test_what_was_written_is_sealed(siti: FlaskClient, cast: Cast) -> None:
    hand_over(siti, f"/people/{cast.migrant.id}/notes")
    assert b"3301062005900001" not in kept().words_encrypted + kept().body_encrypted


def test_its_photos_are_not_swept_away(siti: FlaskClient, cast: Cast) -> None:
    photos.send(siti, encoded(halves(40, 30), "JPEG"))
    hand_over(siti, "/broker-reports", title="Laporkan calo", body=f"words=x&photos={photos.KEY}")
    photo = db.session.scalars(sa.select(Photo)).one()
    assert (photo.subject, photo.subject_id) == ("kept_form", kept().id)
    assert siti.get(f"/photos/{photo.id}").status_code == 200
    assert f"/photos/{photo.id}" in siti.get(f"/kept-forms/{kept().id}").text


def test_handed_over_twice_it_is_kept_once(siti: FlaskClient, cast: Cast) -> None:
    fields = {"path": f"/people/{cast.migrant.id}/notes", "title": "Catatan", "words": "[]", "body": ""}
    key = "3f0e1d2c-0000-4000-8000-00000000000d"
    answers = [send(siti, "/kept-forms", fields, key=key, how=LATER).json or {} for _ in range(2)]
    assert answers[0]["receipt"] == answers[1]["receipt"]
    assert kept().title == "Catatan"


@pytest.mark.parametrize(
    "changes",
    [
        {"words": "no json"},
        {"words": "[[1, 2]]"},
        {"words": '{"a": "b"}'},
        {"words": "[" * 5000},
        {"path": "https://evil.example/"},
        {"path": "//evil.example"},
        {"title": ""},
    ],
)
def test_what_no_phone_of_ours_sends_is_refused(siti: FlaskClient, cast: Cast, changes: dict[str, str]) -> None:
    path = f"/people/{cast.migrant.id}/notes"
    assert hand_over(siti, **{"path": path, **changes}).status_code == 400
    assert db.session.scalar(sa.select(sa.func.count(KeptForm.id))) == 0


def test_many_go_on_on_further_pages(siti: FlaskClient, cast: Cast) -> None:
    for number in range(12):
        hand_over(siti, f"/people/{cast.migrant.id}/notes", title=f"Formulir {number}")
    page = siti.get("/").text
    assert "Formulir 11" in page
    assert "Formulir 1<" not in page
    onward = siti.get(f"/today/kept?after={sorted(db.session.scalars(sa.select(KeptForm.id)))[2]}").text
    assert "Formulir 1<" in onward
