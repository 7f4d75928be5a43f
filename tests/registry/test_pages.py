"""A registered person's pages: who sees them, and every act on them."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, scoped_session

from tests.conftest import Login
from tests.editing import opened
from tests.people import NEIGHBOUR, OTHER_VILLAGE, Cast
from tests.registry.forms import FORM, NIK, newest, register
from webapp import clock
from webapp.accounts.model import AuditEntry
from webapp.db import db
from webapp.people import consent
from webapp.people.model import Event, FamilyContact, Person, Phone


def test_a_view_of_a_person_is_noted(facilitator: FlaskClient, db_session: scoped_session[Session], cast: Cast) -> None:
    facilitator.get(f"/people/{cast.migrant.id}")
    query = sa.select(AuditEntry).where(AuditEntry.subject == "person", AuditEntry.subject_id == cast.migrant.id)
    assert db_session.scalars(query).one().act == "seen"


def test_a_phone_can_be_called_from_the_page(facilitator: FlaskClient, cast: Cast) -> None:
    assert 'href="tel:+6281234567801"' in facilitator.get(f"/people/{cast.migrant.id}").text


@pytest.mark.parametrize(
    "path",
    [
        "", "/edit", "/village", "/phones", "/contacts", "/consents", "/stage", "/stage/reversal", "/nonprocedural",
    ],
)  # fmt: skip
def test_strangers_find_nobody(client: FlaskClient, cast: Cast, login: Login, path: str) -> None:
    login(client, cast.stranger)
    assert client.get(f"/people/{cast.migrant.id}{path}").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "", "/village", "/phones", "/contacts", "/consents", "/stage", "/stage/reversal", "/nonprocedural", "/notes",
        "/nik-views",
    ],
)  # fmt: skip
def test_strangers_change_nobody(
    client: FlaskClient, db_session: scoped_session[Session], cast: Cast, login: Login, path: str
) -> None:
    login(client, cast.stranger)
    before = cast.migrant.version
    assert client.post(f"/people/{cast.migrant.id}{path}", data=FORM | {"words": "x"}).status_code == 404
    assert cast.migrant.version == before


def edit_of(person: Person, **changes: Any) -> dict[str, Any]:
    form = {"name": person.name, "sex": person.sex, "language": person.language, "version": person.version}
    return form | {"birth_date": person.birth_date.isoformat() if person.birth_date else ""} | changes


def test_details_are_changed(facilitator: FlaskClient, cast: Cast) -> None:
    answer = facilitator.post(f"/people/{cast.migrant.id}", data=edit_of(cast.migrant, address="RT 2"))
    assert answer.status_code == 303
    assert cast.migrant.address == "RT 2"


def test_an_empty_nik_keeps_the_stored_one_until_it_is_removed(
    facilitator: FlaskClient, db_session: scoped_session[Session]
) -> None:
    register(facilitator)
    path = f"/people/{newest(db_session).id}"
    facilitator.post(path, data=edit_of(newest(db_session), nik=""))
    assert newest(db_session).nik == NIK
    facilitator.post(path, data=edit_of(newest(db_session), remove_nik="y"))
    assert newest(db_session).nik == ""
    assert newest(db_session).nik_hash is None


def test_a_nik_that_somebody_else_has_is_asked_about(
    facilitator: FlaskClient, db_session: scoped_session[Session], cast: Cast
) -> None:
    register(facilitator)
    changes = edit_of(cast.migrant, nik=NIK, birth_date="1996-03-17")
    assert facilitator.post(f"/people/{cast.migrant.id}", data=changes).status_code == 422
    assert facilitator.post(f"/people/{cast.migrant.id}", data=changes | {"nik_confirmed": "y"}).status_code == 303


def test_a_phone_is_added_changed_and_removed(
    facilitator: FlaskClient, db_session: scoped_session[Session], cast: Cast
) -> None:
    path = f"/people/{cast.migrant.id}/phones"
    facilitator.post(
        path, data={"number": "0813-1111-2222", "reader": "family", "safe_from_hour": "9", "safe_until_hour": "17"}
    )
    phone = db_session.scalars(sa.select(Phone).where(Phone.number == "+6281311112222")).one()
    assert (phone.reader, phone.safe_from_hour, phone.do_not_text) == ("family", 9, False)
    assert "checked" in facilitator.get(f"{path}/{phone.id}").text
    facilitator.post(
        f"{path}/{phone.id}", data={"reader": "self", "do_not_text": "y"} | opened(facilitator, f"{path}/{phone.id}")
    )
    db_session.refresh(phone)
    assert (phone.reader, phone.safe_from_hour, phone.do_not_text) == ("self", None, True)
    facilitator.post(f"{path}/{phone.id}/removal")
    db_session.refresh(phone)
    assert phone.removed_at is not None
    assert facilitator.get(f"{path}/{phone.id}").status_code == 404
    assert "081311112222" not in cast.migrant.search_text


def test_a_phone_of_somebody_else_is_not_found(facilitator: FlaskClient, cast: Cast) -> None:
    other = cast.withdrew.phones[0].id
    assert facilitator.post(f"/people/{cast.migrant.id}/phones/{other}/removal").status_code == 404


@pytest.mark.parametrize(
    ("safe_from", "safe_until", "status"),
    [("9", "17", 303), ("17", "9", 422), ("9", "9", 422), ("99", "", 422), ("21", "", 422), ("", "6", 422)],
)
def test_safe_hours_end_after_they_begin(
    facilitator: FlaskClient, cast: Cast, safe_from: str, safe_until: str, status: int
) -> None:
    form = {"number": "081311112222", "reader": "self", "safe_from_hour": safe_from, "safe_until_hour": safe_until}
    assert facilitator.post(f"/people/{cast.migrant.id}/phones", data=form).status_code == status


def test_a_relative_is_added_and_removed(
    facilitator: FlaskClient, db_session: scoped_session[Session], cast: Cast
) -> None:
    path = f"/people/{cast.migrant.id}/contacts"
    facilitator.post(path, data={"name": "Bu Parti", "relation": "mother", "number": "0857 9999 0000"})
    contact = db_session.scalars(sa.select(FamilyContact)).one()
    assert 'href="tel:+6285799990000"' in facilitator.get(f"/people/{cast.migrant.id}").text
    facilitator.post(f"{path}/{contact.id}/removal")
    assert "Bu Parti" not in facilitator.get(f"/people/{cast.migrant.id}").text


def test_consent_is_taken_back_as_easily_as_given(facilitator: FlaskClient, cast: Cast) -> None:
    path = f"/people/{cast.migrant.id}/consents"
    for given, holds in (("no", False), ("yes", True)):
        assert facilitator.post(path, data={"consent_sms": given, "how": "spoken"}).status_code == 303
        line = consent.current(cast.migrant.id)["sms"]
        assert line is not None
        assert line.given is holds
    assert len(consent.ledger(cast.migrant.id)) == 4
    assert "2026-1" in facilitator.get(path).text


def test_a_stage_is_moved_and_taken_back_with_a_reason(facilitator: FlaskClient, cast: Cast) -> None:
    path = f"/people/{cast.migrant.id}/stage"
    assert facilitator.post(path, data={"stage": "in_process", "on_day": "2026-11-02"}).status_code == 303
    assert cast.migrant.stage == "in_process"
    move_id = moved(cast)
    assert f'name="move_id" value="{move_id}"' in facilitator.get(f"{path}/reversal").text
    assert facilitator.post(f"{path}/reversal", data={"reason": "", "move_id": move_id}).status_code == 422
    back = {"reason": "salah orang", "move_id": move_id}
    assert facilitator.post(f"{path}/reversal", data=back).status_code == 303
    assert cast.migrant.stage == "prospect"


def moved(cast: Cast) -> str:
    newest = cast.migrant.newest_move()
    assert newest is not None
    return str(newest.id)


def test_of_two_who_take_the_same_step_back_the_second_undoes_nothing(facilitator: FlaskClient, cast: Cast) -> None:
    path = f"/people/{cast.migrant.id}/stage"
    facilitator.post(path, data={"stage": "in_process", "on_day": "2026-11-02"})
    seen_by_both = {"reason": "salah orang", "move_id": moved(cast)}
    assert facilitator.post(f"{path}/reversal", data=seen_by_both).status_code == 303
    second = facilitator.post(f"{path}/reversal", data=seen_by_both)
    assert second.status_code == 409
    assert "Tahapnya sudah berubah" in second.text
    assert facilitator.post(f"{path}/reversal", data={"reason": "salah orang"}).status_code == 409
    assert cast.migrant.stage == "prospect"


@pytest.mark.parametrize(
    "form",
    [
        {"stage": "returning", "on_day": "2026-11-02"},
        {"stage": "nowhere", "on_day": "2026-11-02"},
        {"stage": "in_process", "on_day": "2099-11-02"},
        {"stage": "in_process", "on_day": ""},
        {"stage": "in_process", "on_day": "0001-01-01"},
    ],
)
def test_a_step_that_cannot_be_is_refused(facilitator: FlaskClient, cast: Cast, form: dict[str, str]) -> None:
    assert facilitator.post(f"/people/{cast.migrant.id}/stage", data=form).status_code == 422
    assert cast.migrant.stage == "prospect"


def test_the_first_stage_cannot_be_taken_back(facilitator: FlaskClient, cast: Cast) -> None:
    assert "<form" not in facilitator.get(f"/people/{cast.migrant.id}/stage/reversal").text
    first = {"reason": "x", "move_id": moved(cast)}
    assert facilitator.post(f"/people/{cast.migrant.id}/stage/reversal", data=first).status_code == 404


def test_the_mark_of_an_illegal_path_is_set_and_taken_away(facilitator: FlaskClient, cast: Cast) -> None:
    path = f"/people/{cast.migrant.id}/nonprocedural"
    facilitator.post(path, data={"marked": "yes", "reason": "lewat Batam"})
    assert cast.migrant.nonprocedural
    assert facilitator.post(path, data={}).status_code == 422
    facilitator.post(path, data={"marked": "no"} | opened(facilitator, path))
    assert not cast.migrant.nonprocedural


def test_a_note_stands_in_the_timeline(facilitator: FlaskClient, cast: Cast) -> None:
    path = f"/people/{cast.migrant.id}"
    assert facilitator.post(f"{path}/notes", data={"words": "Paspor <lama> hilang"}).status_code == 303
    assert "Paspor &lt;lama&gt; hilang" in facilitator.get(path).text
    assert facilitator.post(f"{path}/notes", data={"words": "  "}).status_code == 422


def test_a_person_moves_to_another_village_of_the_regency(coordinator: FlaskClient, cast: Cast) -> None:
    path = f"/people/{cast.migrant.id}/village"
    assert "Buntu" in coordinator.get(f"{path}?q=buntu").text
    assert coordinator.post(path, data={"area_code": OTHER_VILLAGE}).status_code == 404
    assert coordinator.post(path, data={"area_code": NEIGHBOUR}).status_code == 303
    assert cast.migrant.area_code == NEIGHBOUR


def test_every_act_has_words_in_the_timeline(
    facilitator: FlaskClient, db_session: scoped_session[Session], cast: Cast
) -> None:
    from webapp.people.words import EVENT_LABELS

    register(facilitator)
    kinds = set(db_session.scalars(sa.select(Event.kind)))
    assert kinds
    assert kinds <= set(EVENT_LABELS)


def test_a_death_is_no_slip_of_the_thumb(client: FlaskClient, cast: Cast, login: Login) -> None:
    login(client, cast.facilitator)
    page = f"/people/{cast.migrant.id}"
    died = {"stage": "deceased", "on_day": clock.day_of(clock.now(), "Asia/Jakarta").isoformat()}
    assert "Tulis dari siapa kabar ini" in client.post(f"{page}/stage", data=died).text
    assert db.session.get(Person, cast.migrant.id).stage != "deceased"
    assert client.post(f"{page}/stage", data=died | {"reason": "kabar dari KBRI"}).status_code == 303
    shown = client.get(page).text
    assert "Tidak ada SMS lagi" in shown
    assert f"{page}/stage/reversal" in shown, "a mistake can still be taken back"
