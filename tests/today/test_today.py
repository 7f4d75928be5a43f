"""*Hari ini*: what one facilitator must see this morning, and nobody else's."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from tests.conftest import Login, new_client
from tests.people import JAKARTA, SINCE, Cast
from webapp import clock
from webapp.conversations.model import Incoming
from webapp.db import db
from webapp.departures import acts, answers
from webapp.departures.model import Departure
from webapp.outbox.model import Message, Worker
from webapp.outbox.workers import SILENT_AFTER
from webapp.people.model import Task
from webapp.people.tasks import open_task


def leaving(cast: Cast, in_days: int) -> Departure:
    now = clock.now()
    made = acts.record(
        cast.migrant,
        cast.facilitator,
        now,
        destination_code="TW",
        scheme="p3mi",
        planned_on=clock.day_of(now, JAKARTA) + timedelta(days=in_days),
    )
    db.session.commit()
    return made


def asked(code: str, days_ago: int) -> Message:
    """A question of the migrant's departure that was sent so many days ago."""
    message = db.session.scalars(sa.select(Message).where(Message.text_code == code).limit(1)).one()
    message.state, message.sent_at = "sent", clock.now() - timedelta(days=days_ago)
    db.session.commit()
    return message


def test_an_empty_day_says_so(client: FlaskClient, cast: Cast, login: Login) -> None:
    login(client, cast.facilitator)
    assert "Hari ini tidak ada yang menunggu" in client.get("/").text


def test_who_leaves_soon_and_what_is_missing(client: FlaskClient, cast: Cast, login: Login) -> None:
    leaving(cast, 9)
    login(client, cast.facilitator)
    page = client.get("/").text
    assert "Sri Wahyuni" in page
    assert "9 hari lagi" in page
    assert "penjelasan petugas, ujian bahasa" not in page, "not the steps of another scheme"
    assert "lagi" in page.split("Kurang:")[1][:80], "the most urgent by name, the others counted"


def test_a_call_for_help_stands_first_and_once(client: FlaskClient, cast: Cast, login: Login) -> None:
    person, now = cast.migrant, clock.now()
    db.session.add(
        Incoming(
            gateway="simulator",
            provider_id="help-1",
            number=person.phones[0].number,
            body="Tolong saya disekap",
            received_at=now,
            command="help",
            person_id=person.id,
            area_code=person.area_code,
            for_human=True,
        )
    )
    open_task("t:1", cast.withdrew, "call_back", now)
    open_task("t:2", person, "help", now)
    db.session.commit()
    login(client, cast.facilitator)
    page = client.get("/").text
    assert page.count("Minta tolong") == 1
    assert page.index("Minta tolong") < page.index("Minta ditelepon")
    assert f'href="tel:{person.phones[0].number}"' in page
    assert "Perlu dibaca" not in page


def test_who_was_cancelled_by_hand_does_not_leave(client: FlaskClient, cast: Cast, login: Login) -> None:
    leaving(cast, 9)
    cast.migrant.move_to("cancelled", on_day=SINCE.date(), account=cast.facilitator, now=SINCE)
    db.session.commit()
    login(client, cast.facilitator)
    assert "Sri Wahyuni" not in client.get("/").text


@pytest.mark.parametrize("days", [15, 60])
def test_who_leaves_later_is_not_on_the_page(client: FlaskClient, cast: Cast, login: Login, days: int) -> None:
    leaving(cast, days)
    login(client, cast.facilitator)
    assert "Sri Wahyuni" not in client.get("/").text


def test_a_stranger_sees_nothing(client: FlaskClient, cast: Cast, login: Login) -> None:
    leaving(cast, 3)
    open_task("t:1", cast.migrant, "call_back", clock.now())
    login(client, cast.stranger)
    assert "Sri Wahyuni" not in client.get("/").text


@pytest.mark.parametrize(
    ("who", "days", "shown"),
    [("facilitator", 2, False), ("facilitator", 4, True), ("coordinator", 4, False), ("coordinator", 8, True)],
)
def test_no_answer_is_first_the_facilitators_then_the_coordinators(
    client: FlaskClient, cast: Cast, login: Login, who: str, days: int, shown: bool
) -> None:
    leaving(cast, 30)
    question = asked("P1", days)
    login(client, getattr(cast, who))
    assert ("Belum menjawab" in client.get("/").text) is shown
    assert client.get(f"/questions/{question.id}").status_code == 200


def test_a_call_takes_the_question_off_the_page(client: FlaskClient, cast: Cast, login: Login) -> None:
    leaving(cast, 30)
    question = asked("P1", 4)
    login(client, cast.facilitator)
    response = client.post(f"/questions/{question.id}/closure", data={"outcome": "well", "note": "Ibunya bilang baik"})
    assert response.status_code == 303
    assert "Belum menjawab" not in client.get("/").text
    assert "Ibunya bilang baik" in client.get(f"/people/{cast.migrant.id}").text


def test_a_planned_day_that_passed_asks_whether_they_left(client: FlaskClient, cast: Cast, login: Login) -> None:
    made = leaving(cast, 5)
    made.planned_on = clock.day_of(clock.now(), JAKARTA) - timedelta(days=1)
    db.session.commit()
    login(client, cast.facilitator)
    assert "Apakah sudah berangkat?" in client.get("/").text


def test_a_task_is_closed_with_what_was_done(client: FlaskClient, cast: Cast, login: Login) -> None:
    open_task("t:1", cast.migrant, "call_back", clock.now())
    db.session.commit()
    task = db.session.scalars(sa.select(Task)).one()
    login(client, cast.facilitator)
    assert "Minta ditelepon" in client.get("/").text
    assert client.post(f"/tasks/{task.id}/closure", data={"outcome": ""}).status_code == 422
    assert client.post(f"/tasks/{task.id}/closure", data={"outcome": "Sudah ditelepon"}).status_code == 303
    assert "Minta ditelepon" not in client.get("/").text


def test_whoever_closes_a_task_second_is_told_and_keeps_their_words(
    client: FlaskClient, cast: Cast, login: Login
) -> None:
    open_task("t:1", cast.migrant, "call_back", clock.now())
    db.session.commit()
    task = db.session.scalars(sa.select(Task)).one()
    other = new_client(client.application)
    for browser, account in ((client, cast.facilitator), (other, cast.coordinator)):
        login(browser, account)
    client.post(f"/tasks/{task.id}/closure", data={"outcome": "Ibunya bilang baik"})
    answer = other.post(f"/tasks/{task.id}/closure", data={"outcome": "Orangnya sendiri bilang sakit"})
    assert "sudah ditutup" in other.get(answer.headers["Location"]).text
    timeline = client.get(f"/people/{cast.migrant.id}").text
    assert "Ibunya bilang baik" in timeline
    assert "Orangnya sendiri bilang sakit" in timeline
    db.session.refresh(task)
    assert (task.outcome, task.done_by_id) == ("Ibunya bilang baik", cast.facilitator.id)


def test_when_nothing_sends_the_page_says_so(client: FlaskClient, cast: Cast, login: Login) -> None:
    login(client, cast.facilitator)
    assert "SMS tertahan" in client.get("/").text


@pytest.mark.parametrize("silent", [False, True])
def test_the_page_and_health_agree_on_silence(client: FlaskClient, cast: Cast, login: Login, silent: bool) -> None:
    beat = clock.real_now() - SILENT_AFTER + timedelta(seconds=-1 if silent else 10)
    db.session.add(Worker(id="w", gateway="told", started_at=beat, beat_at=beat))
    db.session.commit()
    login(client, cast.facilitator)
    assert ("SMS tertahan" in client.get("/").text) is silent
    assert (client.get("/health").json["status"] != "ok") is silent


def test_the_page_asks_the_database_a_fixed_number_of_questions(client: FlaskClient, cast: Cast, login: Login) -> None:
    def count() -> int:
        seen: list[str] = []

        def note(*args: object) -> None:
            seen.append(str(args[2]))

        sa.event.listen(db.engine, "before_cursor_execute", note)
        client.get("/")
        sa.event.remove(db.engine, "before_cursor_execute", note)
        return len(seen)

    leaving(cast, 3)
    login(client, cast.facilitator)
    client.get("/")
    with_one = count()
    for days in (4, 5, 6, 7):
        leaving(cast, days)
    assert count() == with_one


def test_dates_in_the_future_are_not_taken_as_left(client: FlaskClient, cast: Cast, login: Login) -> None:
    made = leaving(cast, 3)
    login(client, cast.facilitator)
    tomorrow: date = clock.day_of(clock.now(), JAKARTA) + timedelta(days=1)
    response = client.post(f"/departures/{made.id}/leaving", data={"on_day": tomorrow.isoformat()})
    assert response.status_code == 422
    assert db.session.get_one(Departure, made.id).departed_on is None


def test_a_wage_task_names_the_code_that_the_person_was_told(client: FlaskClient, cast: Cast, login: Login) -> None:
    acts.leave(leaving(cast, 0), cast.facilitator, clock.now(), clock.day_of(clock.now(), JAKARTA))
    db.session.commit()
    question = asked("P2", 0)
    reply = answers.record(question.id, "2", clock.now())
    db.session.commit()
    assert reply is not None
    task = db.session.scalars(sa.select(Task)).one()
    login(client, cast.facilitator)
    page = client.get(f"/tasks/{task.id}").text
    assert reply[1]["k"] in page
    assert "jangan dengan keluarga" in page
