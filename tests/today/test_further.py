"""The lists of *Hari ini* go on where the page ends: everybody once, in order, and nobody of another village."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from tests.conftest import Login
from tests.people import HOME, JAKARTA, Cast
from webapp import clock
from webapp.db import db
from webapp.departures.model import Departure
from webapp.outbox.model import Message
from webapp.people.model import Person
from webapp.people.tasks import Task, open_task

MANY = 60


@pytest.fixture
def village(cast: Cast) -> date:
    """Sixty people: each leaves soon, should have left, has not answered, and is to be called. Returns today."""
    now, officer = clock.now(), cast.facilitator
    today = clock.day_of(now, JAKARTA)
    rows, departures = [], []
    for n in range(MANY):
        rows.append(
            Person(
                name=f"Sri {n}", name_key=f"sri {n:02}", search_text=f"sri {n}", sex="f", birth_year=1990,
                created_by_id=officer.id, area_code=HOME, created_at=now, updated_at=now, stage="in_process",
            )
        )  # fmt: skip
    db.session.add_all(rows)
    db.session.flush()
    for n, person in enumerate(rows):
        for day in (today + timedelta(days=1 + n % 3), today - timedelta(days=1 + n % 3)):
            departures.append(
                Departure(
                    person_id=person.id, area_code=HOME, destination_code="TW", scheme="p3mi", planned_on=day,
                    state="open", version=1, created_by_id=officer.id, created_at=now, updated_at=now,
                )
            )  # fmt: skip
        open_task(f"t:{n}", person, "call_back", now)
        db.session.execute(sa.insert(Message).values(_question(person, n)))
    db.session.add_all(departures)
    db.session.commit()
    return today


def _question(person: Person, n: int) -> dict[str, object]:
    asked = clock.now() - timedelta(days=4 + n % 3)
    text = {"key": f"q:{n}", "cause": "departure:1", "reference": f"{n:032}", "number": "+6281234567801"}
    state = {"state": "sent", "expects": "1_2", "text_code": "P1", "purpose": "reminder", "sent_at": asked}
    times = {"due_at": asked, "created_at": asked, "updated_at": asked}
    return {"person_id": person.id, "area_code": HOME} | text | state | times


@pytest.mark.parametrize("part", ["leaving", "gone", "unanswered", "tasks"])
def test_everybody_is_shown_once(client: FlaskClient, cast: Cast, login: Login, village: date, part: str) -> None:
    login(client, cast.facilitator)
    seen, page = [], client.get("/").text
    assert f"/today/{part}?after=" in page
    assert "+</strong>" in page, "the head says that there are more"
    link = f"/today/{part}"
    while link:
        page = client.get(link).text
        seen += re.findall(r"Sri \d+", page)
        link = next(iter(re.findall(rf'href="(/today/{part}\?after=\d+)"', page)), "")
    assert len(seen) == len(set(seen)) == MANY


@pytest.mark.parametrize("part", ["leaving", "gone", "unanswered", "tasks"])
def test_nobody_of_another_village(client: FlaskClient, cast: Cast, login: Login, village: date, part: str) -> None:
    login(client, cast.stranger)
    assert "Sri" not in client.get(f"/today/{part}").text
    mine = db.session.scalars(sa.select(Departure.id).order_by(Departure.id)).first()
    assert "Sri" not in client.get(f"/today/{part}?after={mine}").text


def test_an_unknown_list_is_404(client: FlaskClient, cast: Cast, login: Login) -> None:
    login(client, cast.facilitator)
    assert client.get("/today/everything").status_code == 404


def test_a_task_shows_what_was_asked_and_answered(client: FlaskClient, cast: Cast, login: Login, village: date) -> None:
    message = db.session.scalars(sa.select(Message).order_by(Message.id)).first()
    assert message is not None
    message.body, message.answer, message.state = "Sudah sampai? 1=baik, 2=minta ditelepon", "2", "delivered"
    person = db.session.get_one(Person, message.person_id)
    open_task(f"answer:{message.id}", person, "call_back", clock.now())
    db.session.commit()
    login(client, cast.facilitator)
    task = db.session.scalar(sa.select(Task.id).where(Task.key == f"answer:{message.id}"))
    page = client.get(f"/tasks/{task}").text
    assert "Sudah sampai? 1=baik, 2=minta ditelepon" in page
    assert "<dd>2</dd>" in page
