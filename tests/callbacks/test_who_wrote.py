"""Whose text it is: a person's, a relative's, or nobody's; and what a number may be told afterwards."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import count

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import Login, new_client
from tests.people import HOME, NEIGHBOUR, Cast
from webapp.accounts import acts as accounts
from webapp.accounts import invitations
from webapp.callbacks import intake
from webapp.cases.model import Case
from webapp.conversations.model import Incoming
from webapp.db import db
from webapp.departures import acts
from webapp.outbox.model import Message
from webapp.outbox.receipts import flag_numbers
from webapp.people.model import NumberState, Person, Task

NOW = datetime(2026, 11, 30, 2, 0, tzinfo=UTC)
SRI, MOTHER, STRANGER = "+6281234567801", "+6281377776666", "+6281299990000"
_ids = count(1)


def say(words: str, number: str = SRI, now: datetime = NOW) -> Incoming:
    provider_id = f"who-{next(_ids)}"
    intake.receive("simulator", provider_id, number, words, now)
    return db.session.scalars(sa.select(Incoming).where(Incoming.provider_id == provider_id)).one()


def replies(number: str = SRI) -> list[Message]:
    query = sa.select(Message).where(Message.purpose == "reply", Message.number == number)
    return list(db.session.scalars(query.order_by(Message.id)))


def tasks() -> list[str]:
    return list(db.session.scalars(sa.select(Task.kind)))


@pytest.fixture
def with_mother(cast: Cast) -> Person:
    cast.migrant.add_contact("Suminah", "mother", MOTHER, account=cast.facilitator, now=NOW)
    db.session.commit()
    return cast.migrant


def test_a_relative_is_heard_in_the_village(with_mother: Person) -> None:
    incoming = say("Anak saya belum sampai bu", MOTHER)
    assert (incoming.area_code, incoming.person_id, incoming.for_human) == (HOME, with_mother.id, True)
    assert incoming.contact_id == with_mother.contacts[0].id


def test_a_relative_who_was_removed_is_unknown_again(with_mother: Person, cast: Cast) -> None:
    with_mother.remove_contact(with_mother.contacts[0], account=cast.facilitator, now=NOW)
    db.session.commit()
    assert say("halo", MOTHER).person_id is None


def test_a_call_for_help_is_a_task_and_is_answered(cast: Cast) -> None:
    incoming = say("BANTU")
    assert (incoming.command, incoming.for_human, tasks()) == ("help", True, ["help"])
    (answer,) = replies()
    assert (answer.text_code, answer.values["dar"], answer.values["rw"]) == ("KBANTU", "110", "08001000")
    assert answer.values["k"] == db.session.scalars(sa.select(Case.reference)).one()
    say("tolong saya bu", now=NOW + timedelta(minutes=2))
    assert tasks() == ["help"], "one call to make"


def test_a_second_call_after_the_first_was_dealt_with_is_a_task_again(cast: Cast) -> None:
    say("BANTU")
    db.session.execute(sa.update(Task).values(done_at=NOW))
    db.session.commit()
    say("BANTU", now=NOW + timedelta(hours=1))
    assert tasks() == ["help", "help"]


def test_abroad_the_mission_is_named(cast: Cast) -> None:
    departure = acts.record(cast.migrant, cast.facilitator, NOW, destination_code="TW", scheme="p3mi")
    acts.leave(departure, cast.facilitator, NOW, date(2026, 11, 20))
    db.session.commit()
    say("bantu")
    assert (replies()[0].values["dar"], replies()[0].values["rw"]) == ("+886901132000", "+622129244800")


def test_a_relative_is_not_called_by_the_persons_name(with_mother: Person) -> None:
    say("tolong bu", MOTHER)
    assert "n" not in replies(MOTHER)[0].values
    assert tasks() == ["help"]


def test_an_unknown_number_that_calls_for_help_is_answered_too(cast: Cast) -> None:
    assert say("BANTU", STRANGER).for_human
    assert replies(STRANGER)[0].text_code == "KBANTU"


def test_a_number_that_writes_exists(cast: Cast) -> None:
    db.session.add(NumberState(number=SRI, invalid_at=NOW))
    db.session.commit()
    say("halo")
    assert db.session.get_one(NumberState, SRI).invalid_at is None


def test_an_officer_who_enters_the_number_again_ends_salah_but_not_stop(cast: Cast) -> None:
    sri = cast.migrant
    say("salah orang")
    say("stop", now=NOW + timedelta(hours=1))
    sri.remove_phone(sri.phones[0], account=cast.facilitator, now=NOW)
    sri.add_phone(SRI, "self", account=cast.facilitator, now=NOW)
    db.session.commit()
    state = db.session.get_one(NumberState, SRI)
    assert state.wrong_person_at is None
    assert state.stopped_at is not None


def test_mulai_after_salah_is_for_a_human(cast: Cast) -> None:
    say("salah orang")
    assert say("mulai").for_human
    assert "KMULAI" not in [message.text_code for message in replies()]


def test_a_dead_number_of_a_receipt_is_flagged_until_it_writes(cast: Cast) -> None:
    say("halo")
    message = Message.id.in_(sa.select(Message.id).where(Message.number == SRI))
    flag_numbers(db.session, message, NOW)
    db.session.commit()
    say("halo lagi", now=NOW + timedelta(hours=1))
    assert db.session.get_one(NumberState, SRI).invalid_at is None


@pytest.mark.parametrize(
    ("first", "then", "stored"), [("stop", None, 422), ("salah orang", None, 422), ("stop", "bu?", 303)]
)
def test_an_officer_answers_only_who_may_be_answered(
    client: FlaskClient, cast: Cast, login: Login, first: str, then: str | None, stored: int
) -> None:
    question = say("kapan pelatihan bu?")
    say(first, now=NOW + timedelta(minutes=1))
    if then:
        say(then, now=NOW + timedelta(minutes=2))
    login(client, cast.facilitator)
    page = client.post(f"/inbox/{question.id}/replies", data={"body": "Besok jam 9 ya"})
    assert page.status_code == stored
    assert any(message.body.endswith("Besok jam 9 ya") for message in replies()) is (stored == 303)


def test_the_code_of_an_invitation_is_in_nobodys_thread(client: FlaskClient, cast: Cast, login: Login) -> None:
    """An administrator who was invited by SMS answers it; the national office reads the answer."""
    invited = accounts.create(
        name="Wati", username="wati", phone=STRANGER, role="administrator", area_code="ID", now=NOW
    )
    with client.application.test_request_context():
        code = invitations.make(invited, cast.administrator, NOW, by_sms=True)
    db.session.commit()
    incoming = say("Baik, terima kasih", STRANGER)
    login(client, cast.nation)
    page = client.get(f"/inbox/{incoming.id}")
    assert page.status_code == 200
    assert code not in page.text


def test_why_a_number_may_not_be_answered_is_said_before_anything_is_typed(
    client: FlaskClient, cast: Cast, login: Login
) -> None:
    question = say("kapan pelatihan bu?")
    say("stop", now=NOW + timedelta(minutes=1))
    login(client, cast.facilitator)
    page = client.get(f"/inbox/{question.id}").text
    assert "STOP" in page
    assert f'action="/inbox/{question.id}/replies"' not in page
    assert f'href="tel:{SRI}"' in page, "call instead"


@pytest.mark.parametrize(
    ("words", "said"), [("stop", "Hanya SMS berisi MULAI dari HP ini"), ("salah orang", "salah orang")]
)
def test_a_persons_page_says_what_came_from_the_phone(
    client: FlaskClient, cast: Cast, login: Login, words: str, said: str
) -> None:
    login(client, cast.facilitator)
    page = f"/people/{cast.migrant.id}"
    assert said not in client.get(page).text
    say(words)
    assert said in client.get(page).text


def test_a_relative_of_two_migrants_writes_about_each_to_their_own_village(
    app: Flask, client: FlaskClient, cast: Cast, login: Login
) -> None:
    mother = "+6281377776666"
    cast.migrant.add_contact("Suminah", "mother", mother, account=cast.facilitator, now=NOW)
    db.session.commit()
    first = say("Sri kabur dari majikan di Taiwan", mother)
    siti = new_client(app)
    login(siti, cast.facilitator)
    assert siti.post(f"/inbox/{first.id}/replies", data={"body": "Sri di rumah aman"}).status_code == 303
    other = Person.register(area_code=NEIGHBOUR, name="Budi", sex="m", birth_year=1990, account=cast.stranger, now=NOW)
    other.add_contact("Suminah", "mother", mother, account=cast.stranger, now=NOW)
    db.session.commit()
    second = say("halo bu", mother, now=NOW + timedelta(minutes=1))
    assert second.area_code == NEIGHBOUR
    login(client, cast.stranger)
    page = client.get(f"/inbox/{second.id}").text
    assert "halo bu" in page
    assert "kabur" not in page
    assert "rumah aman" not in page
